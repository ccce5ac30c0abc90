"""
How far each job has to go at each vendor, at least. Lower needs a decision that cites a reference.
"""

import pytest

from klarsyn.vendors import names, sheet

JOBS = ("read", "find", "rectify", "erase", "deliver")
#: In the order of JOBS: F full, P partial, M manual, N none.
FLOOR = {
    "activecampaign": "FFFPF",
    "mailchimp": "FFFFF",
    "zendesk": "FFFFF",
    "pipedrive": "FFFFF",
    "recurly": "FFFFF",
    "e-conomic": "FFFPF",
    "reviso": "FFFPF",
    "slack": "FFPPN",
    "slack-export": "FFMMN",
    "evernote": "FFFPN",
    "evernote-enex": "FFMMN",
    "microsoft": "FFFFF",
    "microsoft-blob": "FFFFN",
    "hotjar": "PMMPN",
    "signifly": "MMMMN",
    "zapier": "PPPPF",
    "zapier-export": "FFMMN",
    "plecto": "FPPPF",
    "teamviewer": "FPPPF",
    "trello": "FFFPN",
}
ORDER = {"full": 3, "partial": 2, "manual": 1, "none": 0}
LETTERS = {"F": "full", "P": "partial", "M": "manual", "N": "none"}


@pytest.mark.parametrize("name", names())
def test_vendor_has_a_floor(name):
    """
    A new sheet is held to something from its first day.
    """
    assert name in FLOOR


@pytest.mark.parametrize(("name", "floor"), FLOOR.items(), ids=list(FLOOR))
def test_no_job_goes_less_far(name, floor):
    """
    What the table of the project promises, the sheet says and the suite shows.
    """
    jobs = sheet(name).jobs
    lower = [
        f"{job}: {jobs[job].depth.value}, at least {LETTERS[letter]}"
        for job, letter in zip(JOBS, floor, strict=True)
        if ORDER[jobs[job].depth.value] < ORDER[LETTERS[letter]]
    ]

    assert [] == lower


@pytest.mark.parametrize("name", names())
def test_less_than_full_is_explained(name):
    """
    What is left out, or what a person has to do, stands beside the word.
    """
    jobs = sheet(name).jobs

    assert [] == [job for job, one in jobs.items() if one.depth.value != "full" and not one.note]


@pytest.mark.parametrize("name", names())
def test_full_job_has_the_means(name):
    """
    A sheet that says full for a job has a record on which it can be done.
    """
    vendor = sheet(name)
    if vendor.catalogue:
        return  # its records exist only once a connection is read; its own tests show them
    for job in ("rectify", "erase", "deliver"):
        if vendor.jobs[job].depth.value == "full":
            assert any(getattr(record, job) for record in vendor.records), job


@pytest.mark.parametrize("name", names())
def test_secret_tells_where_it_is_made(name):
    """
    One who lacks a key is led to the page where it is made, and to the rights it needs.
    """
    secrets = [one for one in sheet(name).api.settings if one.secret and one.required]

    assert [] == [one.name for one in secrets if not one.made_at or not one.rights]
