import json
from collections import Counter
from importlib.metadata import version

import pytest

from klarsyn.register import RULES
from tests.acceptance.processes import EXAMPLES, klarsyn

KLARPRIS, NORDLYS = EXAMPLES / "klarpris", EXAMPLES / "nordlys"
DAY = ("--date", "2026-11-22")


def check(folder, *words):
    """Check a company as of the day of the examples."""
    return klarsyn("-C", folder, "check", *DAY, *words)


@pytest.fixture(scope="module")
def report():
    """KlarPris's findings as JSON."""
    return json.loads(check(KLARPRIS, "--format", "json").stdout)


@pytest.fixture(scope="module")
def sarif():
    """KlarPris's findings as SARIF."""
    return json.loads(check(KLARPRIS, "--format", "sarif").stdout)


def test_findings_are_no_failure():
    """
    A register with open findings is checked, told, and fine.
    """
    done = check(KLARPRIS)

    assert 0 == done.returncode
    assert "" == done.stderr


def test_strict_fails_while_a_finding_is_open():
    """
    1: the table is printed all the same, and the refusal after it.
    """
    done = check(KLARPRIS, "--strict")

    assert 1 == done.returncode
    assert check(KLARPRIS).stdout == done.stdout
    assert "[findings-remain]" in done.stderr
    assert "accepted.yaml" in done.stderr


def test_strict_lets_a_complete_register_pass():
    """
    0: Nordlys has nothing open.
    """
    done = check(NORDLYS, "--strict")

    assert 0 == done.returncode
    assert "0 findings are open." in done.stdout


@pytest.mark.parametrize("day", ["22.11.2026", "2026-13-01", "tomorrow", ""])
def test_no_date_is_a_mistake_of_usage(day):
    """
    2: how a date is written is told.
    """
    done = klarsyn("-C", KLARPRIS, "check", "--date", day)

    assert 2 == done.returncode
    assert "2026-11-22" in done.stderr


@pytest.mark.parametrize("day", ["20261122", "2026-W47-7"])
def test_other_spellings_of_a_date_are_refused(day):
    """
    One spelling, the one of the files: YYYY-MM-DD.
    """
    assert 2 == klarsyn("-C", KLARPRIS, "check", "--date", day).returncode


# For programs


def test_json_counts_what_it_lists(report):
    """
    The counts are those of the rows; rows name rules that there are.
    """
    counts = Counter(row["id"] for row in report["findings"])

    assert 1 == report["format"]
    assert "2026-11-22" == report["date"]
    assert "klarpris" == report["company"]
    assert counts == report["counts"]
    assert set(counts) <= set(RULES)
    assert [] == report["accepted"]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("role-missing", 16),
        ("country-missing", 16),
        ("agreement-missing", 16),
        ("heading-language", 5),
        ("lineage-gap", 8),
        ("none-unproved", 3),
        ("secret-listed", 1),
        ("claim-for-all", 1),
    ],
)
def test_json_has_the_counts_of_klarpris(report, rule, count):
    """
    What the first page left open, counted by hand, is found.
    """
    assert count == report["counts"][rule]


def test_json_row_leads_to_its_line(report):
    """
    File and line of a row are there in the register.
    """
    for row in report["findings"]:
        lines = (KLARPRIS / row["file"]).read_text().splitlines()
        assert 1 <= row["line"] <= len(lines)
        assert row["what"]
        assert row["remedy"]
        assert "{" not in row["what"] + row["remedy"]


def test_sarif_is_of_version_2_1_0(report, sarif):
    """
    OASIS SARIF 2.1.0: one run, a driver with rules, a result for each finding.
    """
    (run,) = sarif["runs"]
    driver = run["tool"]["driver"]

    assert "2.1.0" == sarif["version"]
    assert "sarif-2.1.0" in sarif["$schema"]
    assert ("klarsyn", version("klarsyn")) == (driver["name"], driver["version"])
    assert list(report["counts"]) == [rule["id"] for rule in driver["rules"]]
    assert [row["id"] for row in report["findings"]] == [one["ruleId"] for one in run["results"]]


def test_sarif_results_have_level_message_and_place(report, sarif):
    """
    What a review tool needs to show a finding at its line.
    """
    levels = {"high": "error", "medium": "warning", "low": "note"}

    for row, one in zip(report["findings"], sarif["runs"][0]["results"], strict=True):
        place = one["locations"][0]["physicalLocation"]
        assert levels[row["severity"]] == one["level"]
        assert one["message"]["text"].startswith(row["what"])
        assert row["file"] == place["artifactLocation"]["uri"]
        assert row["line"] == place["region"]["startLine"]


def test_sarif_fingerprints_tell_results_apart(sarif):
    """
    A tool that follows a finding from run to run never mixes up two of them.
    """
    prints = [json.dumps(one["partialFingerprints"]) for one in sarif["runs"][0]["results"]]

    assert [] == sorted({one for one in prints if prints.count(one) > 1})


def test_same_day_gives_the_same_report():
    """
    Two checks print the same bytes.
    """
    words = ("--format", "sarif")

    assert check(KLARPRIS, *words).stdout == check(KLARPRIS, *words).stdout
