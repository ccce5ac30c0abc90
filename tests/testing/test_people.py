import pytest

from klarsyn.testing.people import draw


def test_same_seed_draws_the_same_people():
    """
    A test that fails fails again.
    """
    assert draw(20, 5) == draw(20, 5)
    assert draw(20, 5) != draw(20, 6)


@pytest.mark.parametrize("field", ["email", "phone", "company", "number"])
def test_nobody_is_drawn_twice(field):
    """
    A thousand people are told apart by any of these.
    """
    assert 1000 == len({getattr(one, field) for one in draw(1000)})


def test_nobody_can_be_real():
    """
    Addresses of example domains, phone numbers kept for fiction, no real organisation numbers.
    """
    for one in draw(100):
        assert one.email.partition("@")[2] in {"example.com", "example.org", "example.net"}
        assert one.email.isascii()
        assert one.phone.startswith("+44 7700 900")
        assert 8 == len(one.organisation_number)
        assert one.name == f"{one.first_name} {one.last_name}"
