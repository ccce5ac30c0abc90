from klarsyn.publication.papers import security
from tests.publication.papers.desk import of_example, order, words
from tests.register.builders import OWN, VENDOR, swap


def test_measures_stand_under_the_headings_of_annex_ii_in_its_order():
    """
    R76: whatever order the register has them in; with evidence and the day of the test.
    """
    ordered = of_example("nordlys", "en")
    vendor = ordered.register.vendors["skerryvault"]
    block = security.fields(ordered.own, vendor.measures)

    assert [
        "Restoring availability after an incident",
        "Protection during storage",
        "Physical security",
        "Logging of events",
    ] == [one.label for one in block.fields]
    assert words(block.fields[1].lines)[0].endswith(
        "(evidence: Audit report for 2026; tested on 19 May 2026)"
    )


def test_missing_measures_are_one_gap():
    """
    R76: no heading is printed empty.
    """
    (field,) = security.fields(order().own, []).fields

    assert "Technical and organisational measures" == field.label
    assert ["unknown"] == [one.state for one in field.lines]
    assert ["unknown"] == [one.state for one in security.flat(order().own, [])]


def test_assistance_is_what_measures_and_agreement_say():
    """
    R57: Art. 28(3)(e) and (f), by the clause of the agreement.
    """
    told = words(security.assistance(of_example("nordlys", "en"), "nakymapaja"))

    assert told[0].startswith("Whoever objects to the score is taken off the dashboard")
    assert "By the data processing agreement, kohta 7 (Art. 28(3)(e))" == told[1]
    assert 3 == len(told)


def test_agreement_that_nobody_has_seen_binds_with_a_mark():
    """
    G4, R56.
    """
    hearsay = swap(VENDOR, OWN, OWN.replace("basis: own", "basis: memory"))

    assert {"unverified"} == {one.state for one in security.assistance(order(hearsay), "postdesk")}


def test_without_agreement_and_measures_assistance_is_a_gap():
    """
    R57.
    """
    told = security.assistance(of_example("klarpris", "en"), "mailchimp")

    assert ["unknown"] == [one.state for one in told]
