from klarsyn.publication.papers import Choice
from tests.publication.papers.desk import (
    PROCESSOR,
    SUB_PROCESSOR,
    below,
    field,
    fields,
    headings,
    named,
    rows,
    small,
)
from tests.register.builders import (
    ELEMENTS,
    GAP,
    HOST,
    SCORE,
    line,
    swap,
)

PAPER = Choice("recipients")
COLLECTED = swap(
    ELEMENTS, "label: {en: E-mail address}\n    about: person\n    origin: provided",
    "label: {en: E-mail address}\n    about: person\n    origin: collected",
)  # fmt: skip


def test_every_recipient_stands_with_purpose_data_and_country():
    """
    R17: Art. 13(1)(e).
    """
    told = rows(named("nordlys", "en", "recipients"))

    assert 14 == len(told)
    assert [
        "Puffinpost Mail Inc.; Sending the newsletter",
        "Newsletter statistics",
        "Issues opened and links clicked",
        "United States",
    ] in told


def test_what_is_done_for_customers_is_theirs_to_tell():
    """
    R2, R17: the controller informs; here that is the customer.
    """
    told = rows(small(PAPER, PROCESSOR, SUB_PROCESSOR))

    assert ["Hosting"] == [one[1] for one in told]


def test_transfers_tell_of_safeguards_and_where_to_get_a_copy():
    """
    R17, R86: Art. 13(1)(f).
    """
    told = field(named("nordlys", "en", "recipients"), "Transfers")

    assert (
        "Relaygrove: United States: standard contractual clauses (copy of the safeguards: "
        "privacy@nordlys.example)"
    ) in told
    assert 4 == len(told)


def test_retention_is_told_by_purpose():
    """
    R10, R17: Art. 13(2)(a).
    """
    paper = named("nordlys", "en", "recipients")

    assert ["Puffinpost: 1 month", "Relaygrove: 7 days", "Skerryvault: 1 month"] == field(
        paper, "Newsletter"
    )


def test_source_of_what_others_gave_is_told():
    """
    R18: Art. 14(2)(f); a source that nobody wrote down is a gap.
    """
    paper = named("nordlys", "en", "recipients")
    plain, gap = small(PAPER), small(PAPER, COLLECTED)

    assert ["From the accounting firm that signs its client up for the service."] == field(
        paper, "Referring accounting firm"
    )
    assert [] == below(plain, "Data that we have from others")
    assert ["not yet known"] == field(gap, "E-mail address")


def test_score_card_is_told_whole():
    """
    R44-R47: Art. 13(2)(f), the procedure actually applied, with an example.
    """
    paper = named("nordlys", "en", "recipients")

    assert [
        "What goes into it",
        "How it is calculated",
        "From which period",
        "Who acts on it",
        "What it leads to",
        "What a person does",
        "How to object",
        "Example",
    ] == below(paper, "Activity score")
    assert "Open support cases: lowers the score (20/100)" in field(paper, "What goes into it")


def test_card_with_gaps_says_so():
    """
    R46: nothing is made up about a score.
    """
    told = field(small(PAPER, line(SCORE, "inputs:", f"inputs: {GAP}")), "What goes into it")

    assert ["not yet known (to be known by 30 June 2027)"] == told


def test_score_that_nobody_holds_is_not_told():
    """
    R44: only of what is done.
    """
    paper = small(PAPER, line(HOST, "- {element: order.score"))

    assert "Order score" not in headings(paper)
    assert "Order score" in headings(small(PAPER))
    assert "Example" not in dict(fields(paper))
