"""
The export of a Zapier account: three files, and pages of runs behind addresses.
"""

import csv
import http.client
import io
import json
import zipfile
from contextlib import closing

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.zapier import ZapierStandIn
from klarsyn.testing.standins.zapierexport import HISTORY, ZAP_DATA, ZAPFILE, write_export


def exported(zapier):
    """Return an export, opened."""
    file = io.BytesIO()
    assert 3 == write_export(zapier, file)
    return zipfile.ZipFile(file)


def test_export_has_three_files():
    """
    The same account gives the same bytes.
    """
    zapier, files = ZapierStandIn(clock=StillClock()), [io.BytesIO(), io.BytesIO()]
    for file in files:
        write_export(zapier, file)

    assert [ZAPFILE, ZAP_DATA, HISTORY] == exported(zapier).namelist()
    assert files[0].getvalue() == files[1].getvalue()


def test_zaps_come_with_fields_and_samples():
    """
    One file tells what each step takes and what it gave in a test, the other what it is.
    """
    zapier = ZapierStandIn(clock=StillClock())
    archive, person = exported(zapier), zapier.people[-1]
    run, edit = (json.loads(archive.read(name))["zaps"] for name in (ZAPFILE, ZAP_DATA))

    assert person.email == run[0]["nodes"]["104445735"]["outputs"]["email"]
    assert "{{104445735__email}}" == run[0]["nodes"]["104445737"]["params"]["email"]
    assert person.name in run[1]["title"]
    assert ["WebHookCLIAPI", "StorageCLIAPI", "MailchimpCLIAPI"] == [
        one["selected_api"] for one in edit[0]["nodes"]
    ]
    assert ["on", "off"] == [one["state"] for one in edit]


@pytest.mark.network
def test_addresses_lead_to_every_run():
    """
    Each row names an address of a page of runs; there is none after the last.
    """
    with ZapierStandIn(clock=StillClock()) as zapier:
        rows = list(csv.DictReader(io.StringIO(exported(zapier).read(HISTORY).decode())))
        places = [one["url"].removeprefix("https://api.zapier.com") for one in rows]
        found = [read(zapier, place) for place in places]
        beyond = read(zapier, "/task-history/4.json")

    assert [200] * 3 == [status for status, _ in found]
    assert [one.id for one in zapier.runs] == [each["id"] for _, page in found for each in page]
    assert 404 == beyond[0]


def read(zapier, place):
    """Return status and body of a download."""
    with closing(http.client.HTTPConnection(zapier.url.removeprefix("http://"))) as connection:
        connection.request("GET", place, headers={"Host": "api.zapier.com"})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())
