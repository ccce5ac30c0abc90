import pytest

from klarsyn.cli.group import App
from klarsyn.cli.working import engine, works
from klarsyn.errors import SourceInvalid
from klarsyn.people.rejected import Rejections
from tests.cli.shop import customer, shop
from tests.cli.staffed import KEY

pytestmark = [pytest.mark.network, pytest.mark.slow]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A company that may deliver to Mailchimp."""
    with shop(tmp_path, "mailchimp") as found:
        found.hire("freja")
        found.enable("mailchimp")
        for name, value in {"KLARSYN_KEYS": KEY, **found.environ}.items():
            monkeypatch.setenv(name, value)
        yield found


def test_every_kind_of_work_is_known():
    """
    By name and version; a worker refuses to begin where one is missing.
    """
    assert {
        "disclosure.deliver/1",
        "disclosure.resume/1",
        "disclosure.read-back/1",
        "disclosure.round/1",
    } <= {one.full_name for one in works()}


def test_register_is_read_anew_for_each_piece_of_work(place):
    """
    A worker lives for weeks; what was narrowed meanwhile is not sent by it any more.
    """
    with engine(App(place.folder)) as (_, now):
        before = now().limits.removals
        place.append("klarsyn.yaml", "ceilings: {removals: 3, percent: 10, few: 1}\n")
        after = now()

    assert (25, 3, 0.1, 1) == (before, after.limits.removals, after.limits.share, after.limits.few)


def test_schedule_delivers_everywhere(place):
    """
    The work of the schedule starts one for each vendor; a worker carries them.
    """
    with engine(App(place.folder)) as (opened, _):
        opened.start("disclosure.round", "round-1")
        opened.work(opened.is_idle)
        rows = opened.state("round-1").result

    assert {"vendors": ["mailchimp"]} == rows
    assert 2 == place.json("sent", "mailchimp")["people"]


def test_work_that_needs_no_source_goes_on_without_one(place):
    """
    What is old is erased also where nothing is delivered.
    """
    text = (place.folder / "klarsyn.yaml").read_text(encoding="utf-8")
    bare = "".join(text.partition("# 200 invented")[:1])
    (place.folder / "klarsyn.yaml").write_text(bare, encoding="utf-8")
    with engine(App(place.folder)) as (_, now):
        assert [] == [one.kind for one in now().journal.entries() if "delivery" in one.kind]
        with pytest.raises(SourceInvalid, match="there is no `source:`"):
            list(now().source.read(Rejections()))


def test_around_has_what_klarsyn_yaml_says(place):
    """
    Four eyes, the source, and the scores of today that its tables allow.
    """
    with engine(App(place.folder)) as (_, now):
        around = now()
        place.write(customer(1))
        people = sum(len(batch) for batch in around.source.read(Rejections()))
        may_write = around.bind("mailchimp").enabled

    assert (True, 1, True) == (around.four_eyes, people, may_write)
    assert {"company.rating", "customer.rating", "user.rating"} == set(around.calculated)
    assert around.surroundings("mailchimp").detour == place.standins["mailchimp"].url
