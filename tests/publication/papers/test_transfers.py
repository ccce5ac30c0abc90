from klarsyn.publication.papers import transfers
from tests.publication.papers.desk import of_example, order, words
from tests.register.builders import GAP, VENDOR, add, line

US = line(VENDOR, "storage: {value: [DE]", "storage: {value: [US], source: own}")


def test_inside_the_eea_there_is_nothing_to_tell():
    """
    R82, R91.
    """
    assert ["None."] == words(transfers.lines(order(), ["postdesk", "vault"]))


def test_ground_is_told_with_its_check_and_copy():
    """
    R84, R86.
    """
    told = words(transfers.of_vendor(of_example("nordlys", "en"), "puffinpost"))

    assert 1 == len(told)
    assert told[0] == (
        "Puffinpost: United States: EU-US Data Privacy Framework, checked on 2 October 2026 (copy "
        "of the safeguards: privacy@nordlys.example)"
    )


def test_country_without_a_ground_is_a_gap():
    """
    R82: as the page's finding says.
    """
    (told,) = transfers.of_vendor(order(US), "postdesk")

    assert "Postdesk: United States: the ground is not yet known" == told.text
    assert "unknown" == told.state


def test_ground_that_does_not_count_is_marked():
    """
    R85, decision 0011: standard clauses without a module rest on nothing that can be shown.
    """
    bare = add(VENDOR, "transfers: [{to: US, mechanism: scc, source: own}]\n")
    whole = add(VENDOR, "transfers: [{to: US, mechanism: scc, source: own, module: c2p}]\n")

    assert ["unverified"] == [one.state for one in transfers.of_vendor(order(US, bare), "postdesk")]
    assert ["known"] == [one.state for one in transfers.of_vendor(order(US, whole), "postdesk")]


def test_country_that_nobody_knows_is_a_gap():
    """
    R82: where data lie, or from where they are read.
    """
    (told,) = transfers.of_vendor(
        order(line(VENDOR, "access: {value: [", f"access: {GAP}")), "postdesk"
    )

    assert "unknown" == told.state
