import pytest

from tests.register.builders import (
    COMPANY,
    ELEMENTS,
    HOST,
    PURPOSES,
    VENDOR,
    Case,
    Edit,
    add,
    after,
    examined,
    findings,
    line,
    said,
    swap,
    unknown,
)

ON_DEVICE = line(VENDOR, "device_access:", "device_access: {value: true, source: own}")
CONSENT = """\
  statistics:
    label: {en: Statistics}
    kind: analytics
    legal_basis: {value: 6-1-a-consent, source: own}
    data_subjects: {value: [customers], source: own}
"""
WITH_CONSENT = add(VENDOR, "device_consent: statistics\n")
SAME_PURPOSE = line(HOST, "- purpose:", "- purpose: support")
NO_CARRIER = line(HOST, "kind:", "kind: chat")
MARKETING = line(PURPOSES, "kind: service", "kind: marketing\n    necessity: It is what is bought.")
HELPDESK = line(VENDOR, "kind:", "kind: helpdesk")
GAPS = add(COMPANY, "known_gaps: [{what: {en: Telephone calls}, source: own}]\n")


def opt_out(value: str) -> Edit:
    """Say whether one opt-out stops every vendor of the purpose."""
    return after(PURPOSES, "support:", f"    one_opt_out: {{value: {value}, source: own}}\n")


CASES = [
    Case(
        "R88 device-access-unsaid",
        f"{VENDOR}: device_access:",
        (ON_DEVICE,),
        (ON_DEVICE, WITH_CONSENT, add(PURPOSES, CONSENT)),
    ),
    Case(
        "R36 live-system-unknown",
        f"{PURPOSES}: support:",
        (SAME_PURPOSE, unknown(VENDOR, "status")),
        (SAME_PURPOSE,),
    ),
    Case(
        "R42 opt-out-split",
        f"{PURPOSES}: support:",
        (SAME_PURPOSE, NO_CARRIER, MARKETING),
        (SAME_PURPOSE, NO_CARRIER, MARKETING, opt_out("true")),
        beside=("contract-necessity-doubtful",),
    ),
    Case(
        "R12 list-too-short",
        f"{VENDOR}: elements:",
        (HELPDESK,),
        (HELPDESK, swap(ELEMENTS, '["pd:EmailAddress"]', '["pd:EmailAddress", "pd:EmailContent"]')),
    ),
    Case("R5 R17 not-listed", f"{COMPANY}: known_gaps:", (GAPS,)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    """
    Each rule fires once, at its line, and is silent once the fact is there.
    """
    assert case.expected() == case.found()
    assert [] == case.left_when_answered()


@pytest.mark.parametrize("kind", ["session-replay", "e-mail-marketing"])
def test_kinds_that_work_on_devices_have_to_answer(kind):
    """
    R88, D09: a recorder of sessions cannot leave open whether it stores on devices.
    """
    edits = (line(VENDOR, "kind:", f"kind: {kind}"), unknown(VENDOR, "device_access"))

    assert 1 == len(findings("device-access-unsaid", *edits))


def test_other_kinds_may_leave_it_open():
    """
    R88: for an unlikely kind the gap is only a gap, until its date.
    """
    assert [] == findings("device-access-unsaid", unknown(VENDOR, "device_access"))


def test_device_consent_has_to_be_a_consent():
    """
    R88: a purpose that rests on something else covers no access to devices.
    """
    contract = add(VENDOR, "device_consent: support\n")

    assert 1 == len(findings("device-access-unsaid", ON_DEVICE, contract))


def test_opt_out_that_stops_one_vendor_only_is_told():
    """
    R42, D20: "no" is an honest answer and still a finding.
    """
    edits = (SAME_PURPOSE, NO_CARRIER, MARKETING, opt_out("false"))

    assert 1 == len(findings("opt-out-split", *edits))


def test_host_of_a_marketing_system_sends_nothing():
    """
    R42: a purpose that also runs on a host, or through a conduit, still has one opt-out.
    """
    assert [] == findings("opt-out-split", SAME_PURPOSE, MARKETING)


def test_one_vendor_of_a_marketing_purpose_splits_nothing():
    """
    R42: one system has one opt-out.
    """
    assert () == examined(MARKETING).open


def test_short_list_names_what_is_missing():
    """
    D15: a helpdesk without messages is too short to be true.
    """
    (told,) = said("list-too-short", HELPDESK)

    assert "e-mails and messages" in told


def test_vendor_that_serves_a_purpose_twice_is_one_vendor():
    """
    R36, R42: two rows of one vendor for one purpose are no second system.
    """
    row = "  - {purpose: support, role: {value: processor, source: own}, declaration: none,\n"
    row += "     access: {value: false, source: own}, storage: {value: false, source: own},\n"
    row += "     retention: {}, evidence: [{kind: probe, what: {en: Looked.}, on: 2026-01-01,\n"
    row += "     until: 2026-12-31}]}\n"

    assert [] == findings("opt-out-split", after(VENDOR, "processing:", row), MARKETING)
