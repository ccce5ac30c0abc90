from klarsyn.register import Place
from tests.register.builders import HOST, VENDOR, line, register


def test_place_reads_as_an_acceptance_names_it():
    """
    The place of a finding is what somebody writes into accepted.yaml.
    """
    assert "vendors/hotjar/processing/0" == str(Place("vendors/hotjar.yaml", "processing/0"))
    assert "vendors/hotjar" == str(Place("vendors/hotjar.yaml"))


def test_line_is_the_nearest_thing_written_down():
    """
    What is absent is shown where it would stand.
    """
    read = register()

    assert 13 == read.line(Place(VENDOR, "processing/0/retention/period"))
    assert 13 == read.line(Place(VENDOR, "processing/0/retention/statute"))
    assert 1 == read.line(Place(VENDOR, "supervision_plan"))
    assert 1 == read.line(Place("nowhere.yaml", "a/b"))


def test_vendors_are_in_the_order_of_their_name():
    """
    By name, small and capital letters alike, not by file.
    """
    read = register(line(HOST, "name: Vault", "name: anker"))

    assert ["vault", "postdesk"] == list(read.vendors)


def test_uses_name_each_element_at_each_vendor():
    """
    One use for every element of every row, with its place.
    """
    uses = list(register().uses())

    assert ["person.name", "person.email", "person.name", "person.email", "order.score"] == [
        use.held.element for use in uses
    ]
    assert "vendors/postdesk/processing/0/elements/1" == str(uses[1].place)


def test_source_is_looked_up_in_the_vendors_own_file():
    """
    A source belongs to the file that names it.
    """
    read = register()

    assert read.vendors["postdesk"].sources["own"] == read.source("postdesk", "own")
    assert read.source("postdesk", "elsewhere") is None
    assert read.source("postdesk", None) is None
    assert read.source("nobody", "own") is None


def test_text_is_given_in_the_language_asked_for():
    """
    R16: a text that the company publishes is there in that language.
    """
    read = register()

    assert "Processors of Fjordkraft" == read.in_language(read.company.title, "en")
