"""
Print what recognition answers, a line a finding: `python -m tests.recognition.answers`.

The first line names the file that answered. Two builds of the same sources print the same rest:
over the notes and over random texts, with both engines, both indexes of known people, in
characters and in bytes.
"""

from collections.abc import Iterator
from typing import Any

from klarsyn.recognition import CATEGORIES, ByteRecords, Findings, KnownPeople, digits, recognise
from scripts.accuracy import notes, random_texts

RANDOM = 3_000
FIELDS = ("epost", "cvr", "navn", "mobil", "orgnr", None, "konto")


def people(every: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return customers: whoever the notes name, with what else the same note holds of them."""
    columns = {"PERSON": "name", "COMPANY": "company", "EMAIL": "email", "PHONE": "phone"}
    return [
        {
            columns[span["label"]]: note["text"][span["start"] : span["end"]]
            for span in note["spans"]
            if span["label"] in columns
        }
        for note in every
    ]


def answers() -> Iterator[tuple[str, Findings]]:
    """Yield what was asked, and the findings."""
    every = notes()
    texts = [note["text"] for note in every] + list(random_texts(RANDOM, seed=11))
    fields = [FIELDS[n % len(FIELDS)] for n in range(len(texts))]
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = [sum(map(len, raw[:n])) for n in range(len(raw) + 1)]
    ten = [one for one in CATEGORIES if one != "PERSON"]
    for fast in (True, False):
        known = KnownPeople.build(people(every), fast=fast)
        yield f"{fast=}, all", recognise(texts, fast=fast)
        yield f"{fast=}, ten, known", recognise(texts, categories=ten, known=known, fast=fast)
        yield f"{fast=}, fields", recognise(texts, field_names=fields, fast=fast)
        yield f"{fast=}, bytes", recognise(ByteRecords(b"".join(raw), offsets), fast=fast)


if __name__ == "__main__":
    print(digits.__file__)
    for asked, findings in answers():
        for one in findings:
            print(asked, *one)
