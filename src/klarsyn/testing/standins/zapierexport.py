"""
A Zapier account's export, as an owner gets it by e-mail: a ZIP of three files.

Runs are not in it: the CSV holds addresses from which they are downloaded page by page. What the
vendor's help page does not show of the JSON files is modelled on the Zaps that its users share.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import IO, TYPE_CHECKING

from klarsyn.testing.standins.zapier_account import Record, Step, Zap

if TYPE_CHECKING:
    from pathlib import Path

    from klarsyn.testing.standins.zapier import ZapierStandIn

ZAPFILE, ZAP_DATA, HISTORY = "Zapfile.json", "zap_data.json", "task_history_download_urls.csv"
DOWNLOADS = "https://api.zapier.com"


def write_export(
    standin: ZapierStandIn, target: Path | IO[bytes], *, downloads: str = DOWNLOADS
) -> int:
    """Write all that the account holds; return how many pages of runs are to be downloaded."""
    pages = len(standin.history())
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("name", "url"))
    for page in range(1, pages + 1):
        rows.writerow((f"Task history, page {page}", f"{downloads}/task-history/{page}.json"))
    run = {"metadata": {"version": "1.10"}, "zaps": [_to_run(one) for one in standin.zaps]}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, ZAPFILE, json.dumps(run, ensure_ascii=False))
        edit = {"zaps": [_to_edit(one) for one in standin.zaps]}
        _write(archive, ZAP_DATA, json.dumps(edit, ensure_ascii=False))
        _write(archive, HISTORY, text.getvalue())
    return pages


def _write(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text)


def _nodes(zap: Zap) -> list[tuple[int, Step]]:
    return list(enumerate(zap.steps, start=zap.number))


def _to_run(zap: Zap) -> Record:
    """Return a Zap with what its steps take and gave, as it is needed to run it."""
    nodes = {
        str(number): {
            "id": number,
            "parent_id": number - 1 if number > zap.number else None,
            "action": step.action,
            "selected_api": step.app,
            "params": step.inputs,
            "outputs": step.sample,
        }
        for number, step in _nodes(zap)
    }
    return {"id": zap.number, "title": zap.title, "nodes": nodes}


def _to_edit(zap: Zap) -> Record:
    """Return a Zap with what its steps are, as it is needed to edit it."""
    nodes = [
        {
            "id": number,
            "type_of": step.kind.lower(),
            "action": step.action,
            "selected_api": step.app,
            "authentication_id": step.authentication,
            "description": None,
        }
        for number, step in _nodes(zap)
    ]
    state = "on" if zap.is_enabled else "off"
    return {"id": zap.number, "title": zap.title, "state": state, "nodes": nodes}
