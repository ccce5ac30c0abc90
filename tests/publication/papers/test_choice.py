import pytest

from klarsyn.errors import PaperRefused, UnknownName
from klarsyn.publication.papers import ABOUT, Choice, choices, make
from tests.publication.papers.desk import (
    PROCESSOR,
    SUB_PROCESSOR,
    every,
    of_example,
    order,
)
from tests.publication.sites import LANGUAGES
from tests.register.builders import COMPANY, swap


def offered(ordered):
    """Return what can be made, as it is written on the command line."""
    return [str(one) for one in choices(ordered)]


def test_what_applies_is_offered():
    """
    A controller is offered no paper of a processor, and the other way round.
    """
    processor = swap(COMPANY, "[controller]", "[processor]")

    assert [
        "scc-2021-915 --vendor postdesk",
        "scc-2021-915 --vendor vault",
        "ropa --role controller",
        "recipients",
        "supervision",
    ] == offered(order())
    assert [
        "scc-2021-915",
        "scc-2021-915 --vendor vault",
        "danish-clauses",
        "ropa --role controller",
        "ropa --role processor",
        "recipients",
        "supervision",
    ] == offered(order(PROCESSOR, SUB_PROCESSOR))
    assert "ropa --role controller" not in offered(order(processor))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["nordlys", "klarpris"])
def test_all_that_is_offered_can_be_made(name, language):
    """
    Both examples, every paper, every language: no refusal and no missing translation.
    """
    papers = every(name, language)

    assert {"nordlys": 16, "klarpris": 25}[name] == len(papers)
    assert len(papers) == len({one.name for one in papers})
    assert all(one.blocks and language == one.language for one in papers)


def test_every_paper_is_offered_for_the_complete_example():
    """
    No kind of paper is without an example.
    """
    assert set(ABOUT) == {one.paper for one in choices(of_example("nordlys", "en"))}


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (Choice("scc-2021"), "There is no paper called scc-2021. Name one of: scc-2021-914,"),
        (Choice("scc-2021-914", "slack"), "There is no vendor called slack. Name one of: postdesk"),
        (Choice("ropa", role="auditor"), "There is no role called auditor. Name one of: contr"),
    ],
)
def test_unknown_name_is_refused_with_the_list(choice, told):
    """
    A slip of the pen says what there is.
    """
    with pytest.raises(UnknownName) as refusal:
        make(order(), choice)

    assert told in str(refusal.value)


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (Choice("scc-2021-914"), "is made per vendor. No vendor has a transfer"),
        (Choice("ropa"), "There are two records of processing. Name one with --role"),
        (Choice("recipients", "postdesk"), "is not made for one vendor. Leave out --vendor."),
        (Choice("recipients", role="controller"), "is not made for a role. Leave out --role."),
    ],
)
def test_what_is_missing_or_too_much_is_told(choice, told):
    """
    An option that a paper needs, or does not take.
    """
    with pytest.raises(PaperRefused) as refusal:
        make(order(), choice)

    assert told in str(refusal.value)


def test_vendors_of_the_clauses_are_named():
    """
    Where there are some, the refusal names them.
    """
    with pytest.raises(PaperRefused, match="Name one with --vendor: puffinpost, relaygrove"):
        make(of_example("nordlys", "en"), Choice("scc-2021-914"))
