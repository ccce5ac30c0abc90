import pytest

from klarsyn.transport.words import DELETE, GET, PATCH, POST, PUT, Call, Place, Repeat


@pytest.mark.parametrize("path", ["/people", "/people/{id}/notes", "/people/{id}x", "/"])
def test_deletion_names_one_record(path):
    """
    A deletion that could hit more than one record cannot be written down, nor made of another.
    """
    with pytest.raises(ValueError, match="names no single record"):
        DELETE(path)
    with pytest.raises(ValueError, match="names no single record"):
        GET(path).but(method="DELETE")


def test_deletion_may_name_its_record_in_the_query():
    """
    Some vendors take the id as a parameter; a fixed parameter is no id.
    """
    assert "DELETE /people" == DELETE("/people", query={"id": Place("id")}).template
    with pytest.raises(ValueError, match="names no single record"):
        DELETE("/people", query={"all": "true"})


def test_words_say_what_they_change():
    """
    GET reads; POST is looked at before a repeat; PUT, PATCH and DELETE may be sent again.
    """
    assert GET("/a").reads
    assert Repeat.LOOK_FIRST is POST("/a").repeat
    assert Repeat.NEVER is POST("/a", repeat=Repeat.NEVER).repeat
    assert [Repeat.SAFE] * 3 == [one("/a/{id}").repeat for one in (PUT, PATCH, DELETE)]
    assert not any(one("/a/{id}").reads for one in (PUT, PATCH, DELETE, POST))


def test_what_is_harmless():
    """
    What reads, and what is safe to repeat, may be sent again without a thought.
    """
    assert GET("/a").harmless
    assert PUT("/a/{id}").harmless
    assert POST("/search", reads=True).harmless
    assert not POST("/a").harmless


def test_template_and_places():
    """
    A call prints as method and path with its places unfilled, or under its name.
    """
    call = Call("GET", "/teams/{team}/people/{id}", solid=("guid",))

    assert "GET /teams/{team}/people/{id}" == call.template
    assert ("team", "id", "guid") == call.places
    assert "NoteStore.getNote" == call.but(name="NoteStore.getNote").template
