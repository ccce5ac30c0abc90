import pytest

from tests.cli.shop import shop

pytestmark = [pytest.mark.network, pytest.mark.slow]


def pause(place, who=None):
    """Let somebody pause Mailchimp."""
    return place.run("deliver", "pause", "mailchimp", "--why", "we move lists", who=who)


def test_nobody_acts_where_nobody_has_an_account(tmp_path):
    """
    It says how to begin: an account, or a company of one.
    """
    with shop(tmp_path, "mailchimp") as place:
        place.run("users", "list")
        done = pause(place)

    assert 81 == done.returncode
    assert "`klarsyn users add NAME`" in done.stderr
    assert "`four_eyes: false`" in done.stderr


def test_company_of_one_acts_under_a_pseudonym(tmp_path):
    """
    Once somebody has an account, it is theirs that counts.
    """
    with shop(tmp_path, "mailchimp", four_eyes=False) as place:
        place.run("users", "list")
        assert 0 == pause(place).returncode
        (one,) = place.json("deliver", "status", "mailchimp")
        assert "one-person-company" == one["paused"]["by"]
        place.hire("freja", "tove")
        assert 0 == pause(place, "tove").returncode


def test_role_has_to_allow_it(tmp_path):
    """
    An editor works and pauses, but enables nothing.
    """
    with shop(tmp_path, "mailchimp") as place:
        place.hire("freja", "tove")
        assert 0 == pause(place, "tove").returncode
        assert 81 == place.run("vendors", "enable", "--yes", "mailchimp", who="tove").returncode
