import pytest

from klarsyn.errors import SourceUnread
from klarsyn.sourcesettings import Place, SourceForm, SourceSql
from klarsyn.transport.source import opened

FORM = SourceForm(delimiter=";", encoding="utf-8", decimal=",", date="%d.%m.%Y")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (Place(csv="gone.csv", form=FORM), r"gone\.csv: there is no such file"),
        (Place(parquet="gone.parquet"), r"gone\.parquet: there is no such file"),
        (
            Place(sql=SourceSql(address="sqlite:///gone.db", table="people")),
            "The source in SQL: there is no such file",
        ),
    ],
)
def test_each_kind_of_place_is_looked_for_beside_klarsyn_yaml(place, told, tmp_path):
    """
    And is not made where it is not there.
    """
    with pytest.raises(SourceUnread, match=told), opened(place, tmp_path, {}, "no"):
        pass

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(csv="people.csv"), "people.csv"),
        (Place(parquet="people.parquet"), "people.parquet"),
        (Place(sql=SourceSql(address="x", table="crm.people")), "crm.people"),
        (Place(sql=SourceSql(address="x", query="select 1")), "query"),
    ],
)
def test_a_place_has_a_name_for_messages(place, expected):
    """
    Never its address.
    """
    assert expected == place.shown


def test_a_place_that_names_nothing_is_no_source(tmp_path):
    """
    The settings refuse one before; nobody else makes places.
    """
    with pytest.raises(ValueError, match="names nothing"), opened(Place(), tmp_path, {}, "no"):
        pass
