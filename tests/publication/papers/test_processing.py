from klarsyn.publication.papers import processing
from tests.publication.papers.desk import NATURE, of_example, order, words
from tests.register.builders import (
    ELEMENTS,
    GAP,
    HOST,
    OWN,
    PURPOSES,
    VENDOR,
    after,
    line,
    swap,
)

SECRET = swap(
    ELEMENTS,
    "  person.email:",
    """\
  account.password:
    label: {en: Passphrase}
    about: account
    origin: provided
    sensitivity: secret
    dpv: {terms: ["pd:Password"], match: exact}
    fideslang: {terms: [user.authorization.password], match: exact}
  person.email:""",
)


def held(form=""):
    """Keep the secret at the host, in a form that is known or not."""
    return swap(
        HOST,
        "{element: person.name, direction: held-by-us-at-the-host}",
        f"{{element: account.password, direction: held-by-us-at-the-host{form}}}",
    )


def host(*edits):
    """Return an order and the host's rows."""
    ordered = order(*edits)
    return ordered, [one for one in ordered.rows() if "vault" == one.vendor_id]


def desk(*edits):
    """Return an order and the desk's rows."""
    ordered = order(*edits)
    return ordered, [one for one in ordered.rows() if "postdesk" == one.vendor_id]


def test_purpose_stands_before_what_differs():
    """
    Two purposes with different data are two lines; the same answer for both is one.
    """
    ordered = order()
    rows = ordered.rows()

    assert [
        "Customer support: Name and E-mail address",
        "Hosting: Name, E-mail address and Order score",
    ] == words(processing.data(ordered, rows))
    assert ["2 years"] == words(processing.retention(ordered, rows))


def test_data_of_one_purpose_are_put_together():
    """
    What several vendors have for one purpose is one category of data, not one per vendor.
    """
    ordered = of_example("nordlys", "en")
    rows = [one for one in ordered.rows() if "customer_follow_up" == one.processing.purpose]

    assert ["Name, Company name and Activity score"] == words(processing.data(ordered, rows))


def test_secret_is_told_by_its_form_only():
    """
    R11: never as data that are shared.
    """
    form = ", form: {value: {en: a salted hash}, source: own}"

    assert "Passphrase: never shared; held as a salted hash" in words(
        processing.data(*host(SECRET, held(form)))
    )
    assert "Passphrase: never shared; in which form it is held is not yet known" in words(
        processing.data(*host(SECRET, held()))
    )


def test_none_without_evidence_is_a_claim():
    """
    R12: "no personal data" is marked as long as nothing proves it.
    """
    vaktuggla = of_example("nordlys", "en")
    proved = [one for one in vaktuggla.rows() if "vaktuggla" == one.vendor_id]
    hotjar = of_example("klarpris", "en")
    claimed = [one for one in hotjar.rows() if "hotjar" == one.vendor_id]

    assert ["no personal data"] == words(processing.data(vaktuggla, proved))
    assert ["no personal data (a claim not yet proved)"] == words(processing.data(hotjar, claimed))
    assert ["nothing is kept"] == words(processing.retention(vaktuggla, proved))


def test_incidental_data_are_told_as_such():
    """
    R29: normally none, and what could be written in; a group says what it holds.
    """
    ordered = of_example("nordlys", "en")
    rows = [one for one in ordered.rows() if "snakkebord" == one.vendor_id]

    expected = (
        "normally none, but they can be written in: Name and Contact details (Phone number and "
        "E-mail address)"
    )

    assert [expected] == words(processing.data(ordered, rows))


def test_sensitive_data_are_named_with_what_restricts_them():
    """
    R71, R90: a sole trader's number is one, and is masked; the rule for staff restricts.
    """
    ordered = of_example("nordlys", "en")
    rows = [one for one in ordered.rows() if "bogholm" == one.vendor_id]
    invoicing = [one for one in ordered.rows() if "customer_invoicing" == one.processing.purpose]

    kind = "national identity number in the case of a Swedish sole trader"

    assert [
        f"Company registration number: {kind}",
        "numbers of sole traders are masked",
    ] == words(processing.sensitive(ordered, rows))
    assert "None." == words(processing.sensitive(ordered, invoicing))[0]
    assert 2 == len(processing.sensitive(ordered, invoicing))


def test_frequency_that_nobody_told_is_a_gap():
    """
    R71: one-off or continuous is asked for, and not guessed.
    """
    told = after(VENDOR, "declaration:", "    frequency: {value: one-off, source: own}\n")

    assert ["not yet known"] == words(processing.frequency(*desk()))
    assert ["on a one-off basis"] == words(processing.frequency(*desk(told)))


def test_nature_is_the_declared_one_else_the_service():
    """
    R70: what the vendor does, for this purpose if that is said.
    """
    service = line(VENDOR, "kind: other", "kind: other\nservice: {en: A shared inbox.}")

    assert ["Keeps the questions."] == words(processing.nature(*desk(NATURE, service)))
    assert ["A shared inbox."] == words(processing.nature(*desk(service)))
    assert ["not yet known"] == words(processing.nature(*desk()))


def test_description_carries_no_further_than_the_role():
    """
    G4: who is listed as a sub-processor on hearsay is marked.
    """
    ordered, rows = desk(NATURE, swap(VENDOR, OWN, OWN.replace("basis: own", "basis: memory")))

    assert "unverified" == processing.described(ordered, rows[0]).state


def test_statute_stands_beside_the_period():
    """
    R36: why the data are kept so long.
    """
    statute = swap(
        VENDOR,
        "retention: {period: {value: P2Y, source: own}}",
        "retention: {period: {value: P5Y, source: own}, statute: dk-bookkeeping}",
    )

    assert ["5 years (bogføringsloven § 12)"] == words(processing.retention(*desk(statute)))


def test_data_subjects_that_nobody_named_are_a_gap():
    """
    R57.
    """
    gap = swap(
        PURPOSES,
        "6-1-b-contract, source: own}\n    data_subjects: {value: [customers], source: own}",
        f"6-1-b-contract, source: own}}\n    data_subjects: {GAP}",
    )

    assert ["Customers"] == words(processing.data_subjects(*desk()))
    assert ["not yet known (to be known by 30 June 2027)"] == words(
        processing.data_subjects(*desk(gap))
    )


def test_duration_runs_from_start_to_end():
    """
    R71: since when, and until when; a start that nobody knows is a gap.
    """
    over = line(
        VENDOR,
        "start:",
        "start: {value: 2025-02-01, source: own}\nend: {value: 2027-03-01, source: own}",
    )

    assert "from 1 February 2025 until the agreement ends" == (
        processing.duration(order(), "postdesk").words
    )
    assert "from 1 February 2025 to 1 March 2027" == (
        processing.duration(order(over), "postdesk").words
    )
    unknown = line(VENDOR, "start:", f"start: {GAP}")
    assert "unknown" == processing.duration(order(unknown), "postdesk").state
    assert [
        "Subject matter: not yet known",
        "Duration: from 1 February 2025 until the agreement ends",
    ] == words(processing.subject_and_duration(order(), "postdesk"))


def test_purposes_come_with_their_explanation():
    """
    R16: a label alone may say too little.
    """
    told = after(PURPOSES, "label: {en: Customer support}", "    explanation: {en: We answer.}\n")

    assert ["Customer support: We answer."] == words(processing.purposes(*desk(told)))
