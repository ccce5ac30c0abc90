import pytest
from msgspec import inspect as types

from klarsyn.register.changes import KINDS, diff
from klarsyn.register.changes.kinds import (
    ASPECTS,
    MEANING,
    PURPOSES,
    Compared,
    compared,
    is_gap,
    kept,
    spots,
    value,
)
from klarsyn.register.changes.tree import MISSING, ORDER
from tests.register.changes import whole

# Which field is of which kind: docs/reference/changes.md, field by field. A field that is added
# to the register has to be entered in one of these two tables.

SUBSTANCE = {
    "elements.about": "data",
    "elements.personal_if": "data",
    "elements.origin": "data",
    "elements.sensitivity": "data",
    "elements.group": "data",
    "elements.profiling": "data",
    "elements.score": "data",
    "purposes.kind": "purpose",
    "purposes.legal_basis": "purpose",
    "purposes.data_subjects": "data",
    "vendors.end": "removed",
    "vendors.applies_to": "purpose",
    "vendors.processing[]": "purpose",
    "vendors.processing.purpose": "purpose",
    "vendors.processing.role": "purpose",
    "vendors.processing.declaration": "data",
    "vendors.processing.elements[]": "data",
    "vendors.processing.elements.element": "data",
    "vendors.processing.elements.direction": "data",
    "vendors.processing.elements.definition": "data",
    "vendors.processing.elements.includes": "data",
    "vendors.processing.elements.form": "data",
    "vendors.processing.access": "purpose",
    "vendors.processing.storage": "purpose",
    "vendors.processing.retention.period": "purpose",
    "vendors.processing.retention.criterion": "purpose",
    "vendors.processing.retention.statute": "purpose",
    "vendors.processing.nature": "purpose",
    "vendors.processing.frequency": "purpose",
    "vendors.entity.registration": "entity",
    "vendors.entity.group": "entity",
    "vendors.entity.country": "country",
    "vendors.countries.storage": "country",
    "vendors.countries.access": "country",
    "vendors.transfers[]": "mechanism",
    "vendors.transfers.to": "mechanism",
    "vendors.transfers.mechanism": "mechanism",
    "vendors.transfers.since": "mechanism",
    "vendors.transfers.until": "mechanism",
    "vendors.transfers.entity": "mechanism",
    "vendors.transfers.scope": "mechanism",
    "vendors.transfers.module": "mechanism",
    "vendors.transfers.fallback": "mechanism",
    "vendors.chain[]": "added",
    "vendors.chain.name": "added removed",
    "vendors.chain.country": "country",
    "vendors.chain.what": "purpose",
    "vendors.device_access": "purpose",
    "scores.definitions.text": "data",
}

EDITORIAL = {
    "vendors.connection.map",
    "vendors.connection.settings",
    "vendors.connection.sheet",
    "vendors.deliver.elements",
    "vendors.deliver.into",
    "vendors.deliver.population",
    "vendors.deliver.purpose",
    # The company's own data, look, languages and texts; the page that it kept by hand.
    *[
        "company.format",
        "company.id",
        "company.name",
        "company.legal_name",
        "company.registration",
        "company.address",
        "company.country",
        "company.contact",
        "company.data_protection_officer",
        "company.no_data_protection_officer",
        "company.representative",
        "company.acts_as",
        "company.markets",
        "company.languages",
        "company.not_reviewed",
        "company.timezone",
        "company.notice_period",
        "company.objections",
        "company.title",
        "company.introduction",
        "company.measures[]",
        "company.measures.heading",
        "company.measures.what",
        "company.measures.evidence",
        "company.measures.tested",
        "company.look.base_address",
        "company.look.home",
        "company.look.logo",
        "company.look.accent",
        "company.look.accent_dark",
        "company.publish_findings",
        "company.known_gaps[]",
        "company.known_gaps.what",
        "company.known_gaps.source",
        "company.remarks[]",
        "company.remarks.what",
        "company.remarks.source",
        "company.printed.file",
        "company.printed.sha256",
        "company.printed.language",
        "company.printed.updated",
        "company.printed.updated_as_printed",
        "company.printed.title",
        "company.printed.intro",
        "company.printed.outro",
        "company.printed.agreements_for_all",
    ],
    # Sources and their dates.
    *(
        f"{file}.sources{name}"
        for file in ("company", "vendors", "scores")
        for name in ("{}", ".what", ".as_of", ".basis", ".read", ".note")
    ),
    # Words for elements and purposes, their place in public vocabularies, what is still asked.
    *[
        "elements.label",
        "elements.explanation",
        "elements.from_others",
        "elements.sole_traders",
        "elements.free_text",
        "elements.dpv.terms",
        "elements.dpv.match",
        "elements.fideslang.terms",
        "elements.fideslang.match",
        "elements.question",
        "elements.note",
        "purposes.label",
        "purposes.explanation",
        "purposes.legitimate_interests",
        "purposes.necessity",
        "purposes.withdrawal",
        "purposes.one_opt_out",
        "purposes.nature",
        "purposes.duration",
        "purposes.dpv",
        "purposes.fideslang",
        "data_subjects.label",
    ],
    # A vendor's names and addresses while the legal entity stays; papers, reviews, assessments.
    *[
        "vendors.format",
        "vendors.name",
        "vendors.kind",
        "vendors.service",
        "vendors.start",
        "vendors.processing.elements.printed.label",
        "vendors.processing.elements.printed.explanation",
        "vendors.processing.rule",
        "vendors.processing.evidence[]",
        "vendors.processing.evidence.kind",
        "vendors.processing.evidence.what",
        "vendors.processing.evidence.on",
        "vendors.processing.evidence.until",
        "vendors.processing.evidence.file",
        "vendors.processing.evidence.sha256",
        "vendors.processing.is_source",
        "vendors.processing.conduit_for",
        "vendors.entity.name",
        "vendors.entity.address",
        "vendors.entity.contact",
        "vendors.entity.former[]",
        "vendors.entity.former.name",
        "vendors.entity.former.country",
        "vendors.entity.former.until",
        "vendors.entity.former.source",
        "vendors.transfers.source",
        "vendors.transfers.checked",
        "vendors.transfers.assessment.file",
        "vendors.transfers.assessment.on",
        "vendors.transfers.assessment.by",
        "vendors.transfers.assessment.next",
        "vendors.transfers.supplementary",
        "vendors.transfers.copy",
        "vendors.plan_used",
        "vendors.agreement",
        "vendors.agreement_terms",
        "vendors.own_list",
        "vendors.chain.address",
        "vendors.chain.contact",
        "vendors.chain.mirror_clauses",
        "vendors.notice",
        "vendors.measures[]",
        "vendors.measures.heading",
        "vendors.measures.what",
        "vendors.measures.evidence",
        "vendors.measures.tested",
        "vendors.device_consent",
        "vendors.risk",
        "vendors.supervision.points",
        "vendors.supervision.concept",
        "vendors.supervision.next",
        "vendors.supervision.report",
        "vendors.review.last",
        "vendors.review.by",
        "vendors.review.next",
        "vendors.review.evidence",
        "vendors.remarks[]",
        "vendors.remarks.what",
        "vendors.remarks.source",
        "vendors.printed.heading",
        "vendors.printed.purpose",
        "vendors.printed.statement",
    ],
    # In use, or kept as an archive only; its end is told when the day is set (the pairs 016-022).
    "vendors.status",
    # Score cards, but for their definitions; what customers agreed to; findings accepted.
    *[
        "scores.format",
        "scores.elements",
        "scores.label",
        "scores.definitions{}",
        "scores.definitions.confirmed",
        "scores.definitions.printed",
        "scores.inputs",
        "scores.period",
        "scores.method",
        "scores.version",
        "scores.acted_on_by",
        "scores.effect",
        "scores.human_step",
        "scores.objection",
        "scores.example",
        "scores.shown_per_person",
        "scores.calculation.algorithm",
        "scores.calculation.definition",
        "scores.calculation.figures[]",
        "scores.calculation.figures.table",
        "scores.calculation.figures.statistic",
        "scores.calculation.figures.direction",
        "scores.calculation.figures.weight",
        "scores.calculation.figures.full_at",
        "scores.calculation.figures.label",
        "scores.calculation.decimals",
        "scores.calculation.bands[]",
        "scores.calculation.bands.id",
        "scores.calculation.bands.at_least",
        "scores.calculation.bands.label",
        "scores.calculation.example",
        "scores.calculation.version",
        "scores.calculation.period",
        "customers.authorisation",
        "customers.notice_period",
        "customers.contract",
        "customers.since",
        "customers.forward_requests",
        "accepted.finding",
        "accepted.place",
        "accepted.reason",
        "accepted.by",
        "accepted.until",
    ],
}

FIELDS = {field.name: field for field in whole.fields()}
ONE_VALUE = {name for name in FIELDS if name.endswith(".format")}
"""Fields that cannot say anything else."""


def other(field):
    """Return another value for a field; None where only leaving it out is another."""
    if field.name.endswith("[]"):
        return [whole.made(field.type.item_type, turn) for turn in (0, 1)]
    if field.name.endswith("{}"):
        inner = field.type.value_type
        return {whole.ID: whole.made(inner, 0), "two": whole.made(inner, 1)}
    made = whole.made(field.type, 1)
    return made if made != whole.made(field.type, 0) else None


def changes(field, value, was=...):
    """Return what is told where one field of the whole register gets another value."""
    old = whole.register() if was is ... else whole.register((field, was))
    return diff(old, whole.register((field, value))).changes


def test_each_field_of_the_register_is_decided_on():
    """
    A field is substance or editorial; one that is added later is decided on that day.
    """
    assert set(FIELDS) == SUBSTANCE.keys() | EDITORIAL
    assert set() == SUBSTANCE.keys() & EDITORIAL


@pytest.mark.parametrize("name", SUBSTANCE)
def test_field_of_substance_has_its_kind(name):
    """
    Another value is told under the kind that the table of R98 gives it, and under no other.
    """
    told = changes(FIELDS[name], other(FIELDS[name]))

    assert set(SUBSTANCE[name].split()) == {one.kind for one in told}
    assert [False] * len(told) == [one.first_told for one in told]


@pytest.mark.parametrize("name", sorted(EDITORIAL - ONE_VALUE))
def test_other_field_is_editorial(name):
    """
    Another value is seen, told once, and owed to nobody.
    """
    field = FIELDS[name]

    assert ["editorial"] == [one.kind for one in changes(field, other(field))]


FACTS = sorted(name for name, field in FIELDS.items() if field.is_fact)
OF_THEIR_OWN = {"vendors.end", "vendors.entity.name"} | {
    name for name in FACTS if ".retention." in name
}
"""Facts of which test_aspects.py says what happens when they become known."""
GAP = {"not_yet_known_until": "2027-03-31"}


@pytest.mark.parametrize("name", FACTS)
def test_source_or_remark_of_a_fact_is_editorial(name):
    """
    The same fact from another source is the same fact.
    """
    field = FIELDS[name]
    fact = whole.made(field.type)

    for same in ({**fact, "source": "two"}, {**fact, "note": "looked at again"}):
        assert ["editorial"] == [one.kind for one in changes(field, same)]


@pytest.mark.parametrize("name", sorted({*FACTS} & {*SUBSTANCE} - OF_THEIR_OWN))
def test_fact_that_became_known_is_first_told(name):
    """
    The vendor did before what the page says now; and so where something is no longer known.
    """
    field = FIELDS[name]
    known = whole.made(field.type)
    told = [changes(field, GAP), changes(field, known, was=GAP)]

    for changed in told:
        assert [(SUBSTANCE[name], True)] == [(one.kind, one.first_told) for one in changed]


@pytest.mark.parametrize("name", sorted({*FACTS} - {*SUBSTANCE} - OF_THEIR_OWN))
def test_editorial_fact_that_became_known_is_editorial(name):
    """
    What is not substance when it changes is none when it becomes known.
    """
    field = FIELDS[name]

    assert ["editorial"] == [one.kind for one in changes(field, GAP)]


TEXTS = sorted(
    name
    for name, field in FIELDS.items()
    if isinstance(field.type, types.DictType) and not name.endswith("{}")
)


@pytest.mark.parametrize("name", TEXTS)
def test_text_corrected_in_one_language_is_editorial(name):
    """
    A translation mended says nothing new, of substance or not.
    """
    field = FIELDS[name]
    corrected = {**whole.made(field.type), "fi": "jotain muuta"}

    assert ["editorial"] == [one.kind for one in changes(field, corrected)]


def test_whole_register_is_equal_to_itself():
    """
    What the tables rest on.
    """
    assert not diff(whole.register(), whole.register())
    assert {"vendors.processing.role", "scores.definitions.text"} <= set(FIELDS)


def test_aspects_have_names_of_their_own_and_known_kinds():
    """
    A name tells what changed, wherever it is compared.
    """
    names = [one.name for one in (*ASPECTS, *PURPOSES)]

    assert len(names) == len(set(names))
    assert {one.kind for one in (*ASPECTS, *PURPOSES)} <= set(KINDS) - {"editorial"}
    assert {f"elements.{name}" for name in MEANING} <= SUBSTANCE.keys()


# Texts


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ({"en": "a", "da": "b"}, {"en": "a", "da": "b"}, True),
        ({"en": "a", "da": "b"}, {"en": "a", "da": "c"}, True),
        ({"en": "a", "da": "b"}, {"en": "c", "da": "d"}, False),
        ({"en": "Sends it."}, {"en": "sends  it!"}, True),
        ({"en": "a"}, {"en": "a", "da": "b"}, True),
        ({"en": "a"}, {"da": "a"}, False),
        ({"en": "år"}, {"en": "ar"}, False),
    ],
)
def test_text_is_kept_while_one_language_keeps_its_words(before, after, same):
    """
    Letters and digits count; signs, spaces and size do not; a new language is no new text.
    """
    assert same == kept(before, after) == kept(after, before)


# Places


def test_pattern_matches_where_both_trees_have_the_parents():
    """
    A purpose that only one version has is no place to compare, a fact that only one has is.
    """
    old = {"processing": {"a": {"role": 1}, "b": {"role": 1}, ORDER: ["a", "b"]}}
    new = {"processing": {"a": {}, "c": {"role": 1}, ORDER: ["a", "c"]}}

    assert [("processing", "a", "role")] == list(spots(old, new, ("processing", "*", "role")))


def test_pattern_that_leads_nowhere_matches_nothing():
    """
    A vendor without a chain has no place in it.
    """
    assert [] == list(spots({}, {"chain": {"x": {}}}, ("chain", "*", "country")))


def test_pattern_without_a_star_is_one_place():
    """
    What stands at one place is compared there, be it in one version only.
    """
    assert [("applies_to",)] == list(spots({}, {}, ("applies_to",)))


# Values

KNOWN, UNKNOWN = {"value": "a", "source": "own"}, {"not_yet_known_until": "2027-01-01"}
ALL = {"value": {"en": "All"}, "source": "own"}


@pytest.mark.parametrize(
    ("old", "new", "form", "expected"),
    [
        (KNOWN, {**KNOWN, "source": "dpa"}, "fact", None),
        (KNOWN, {**KNOWN, "value": "b"}, "fact", Compared("a", "b", first_told=False)),
        (KNOWN, UNKNOWN, "fact", Compared("a", None, first_told=True)),
        (UNKNOWN, KNOWN, "fact", Compared(None, "a", first_told=True)),
        (MISSING, KNOWN, "fact", Compared(None, "a", first_told=True)),
        (MISSING, UNKNOWN, "fact", None),
        ({"value": ["b", "a"]}, {"value": ["a", "b"]}, "set", None),
        ({"value": ["a"]}, {"value": ["b", "a"]}, "set", Compared(("a",), ("a", "b"), False)),
        (MISSING, ALL, "scope", Compared(None, {"en": "All"}, first_told=False)),
        (UNKNOWN, ALL, "scope", Compared(None, {"en": "All"}, first_told=True)),
        (ALL, MISSING, "scope", Compared({"en": "All"}, None, first_told=False)),
        (MISSING, ALL, "text", Compared(None, {"en": "All"}, first_told=True)),
        ("a", "b", "plain", Compared("a", "b", first_told=False)),
        ("a", MISSING, "plain", Compared("a", None, first_told=False)),
        ({"en": "A!"}, {"en": "a"}, "words", None),
        ({"en": "a"}, {"en": "b"}, "words", Compared({"en": "a"}, {"en": "b"}, False)),
    ],
)
def test_values_compare_by_their_form(old, new, form, expected):
    """
    A gap that closes is first told; a limit to some customers that was not written was none.
    """
    assert expected == compared(old, new, form)


def test_empty_list_is_a_value():
    """
    No country at all, from a source, is another thing than a country not yet known.
    """
    assert () == value({"value": [], "source": "own"}, "set")
    assert not is_gap({"value": []}, {"value": ["DK"]}, "set")
