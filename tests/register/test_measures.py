import typing

from klarsyn.register.measures import Measure


def test_headings_are_those_of_annex_ii():
    """
    Seventeen examples of the annex, and assistance to the controller, which it asks for besides.
    """
    headings = typing.get_args(typing.get_type_hints(Measure)["heading"])

    assert 17 + 1 == len(headings) == len(set(headings))
    assert "assistance-to-the-controller" == headings[-1]
