"""
What colleagues wrote into Evernote about customers, where none of it belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.standins import evernote_enml as enml
from klarsyn.testing.standins.evernote_account import Account, data
from klarsyn.testing.standins.evernote_wire import Struct, new

_HOUR = 3_600_000


def fill(account: Account, people: tuple[InventedPerson, ...]) -> Iterator[tuple[int, str]]:
    """Write the notes; yield whom (by place in `people`) each place now holds."""
    write = _Writing(account)
    account.create(write.asked("Inköpslista", "Kaffe, mjölk, häftklammer", tagNames=["kontoret"]))
    account.create(write.asked("Veckomöte", "Dagordning: driften, semestern, övrigt"))
    for number, (person, kind) in enumerate(zip(people, cycle(_KINDS), strict=False)):
        for place in kind(write, person):
            yield number, place


class _Writing:
    """Notes as a colleague writes them."""

    def __init__(self, account: Account) -> None:
        """Write into an account, partly into a notebook that is shared with others."""
        self.account = account
        self.shared = account.add_notebook("Uppföljning")

    def asked(self, title: str, *paragraphs: str, **fields: object) -> Struct:
        """Return a note that is not there yet."""
        return new("Note", title=title, content=enml.note(*paragraphs), **fields)

    def note(self, title: str, *paragraphs: str, **fields: object) -> Struct:
        """Keep a note."""
        return self.account.create(self.asked(title, *paragraphs, **fields))


Places = list[str]


def _reminder(write: _Writing, person: InventedPerson) -> Places:
    attributes = new(
        "NoteAttributes",
        reminderTime=write.account.now() + 24 * _HOUR,
        source="mobile.android",
        author="Stina Kontorsson",
    )
    contact = f"Telefon {person.phone}, e-post {person.email}, {person.company} & Co"
    write.note(f"Ring {person.name}", contact, attributes=attributes)
    return ["Note.title", "Note.content"]


def _trashed(write: _Writing, person: InventedPerson) -> Places:
    note = write.note("Gammal lapp", f"{person.name} {person.email} ville bli uppringd")
    write.account.delete(note.guid)
    return ["Note.content in the trash"]


def _old_version(write: _Writing, person: InventedPerson) -> Places:
    note = write.note("Avtal", f"Kontakt: {person.name}, {person.phone}, {person.email}")
    write.account.update(write.asked("Avtal", "Kontakten finns i systemet", guid=note.guid))
    return ["Note.content of a version"]


def _tag(write: _Writing, person: InventedPerson) -> Places:
    write.note("Offert", "Skickad i måndags", tagNames=[person.name, "offert"])
    return ["Tag.name"]


def _file(write: _Writing, person: InventedPerson) -> Places:
    body = (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{person.name}\r\nEMAIL:{person.email}\r\nEND:VCARD\r\n"
    )
    resource = new(
        "Resource",
        data=data(body.encode()),
        mime="text/vcard",
        attributes=new("ResourceAttributes", fileName=f"{person.name}.vcf", attachment=True),
    )
    write.note("Visitkort", "Se bilagan", resources=[resource])
    return ["Resource.attributes.fileName", "Resource.data"]


def _attributes(write: _Writing, person: InventedPerson) -> Places:
    attributes = new(
        "NoteAttributes",
        author=person.name,
        source="mail.smtp",
        sourceURL=f"mailto:{person.email}",
        placeName=f"{person.street}, {person.postal_code} {person.city}",
        lastEditedBy=person.name,
        applicationData=new("LazyMap", fullMap={"crm": person.organisation_number}),
    )
    write.note("Vidarebefordrat", "Se nedan", attributes=attributes)
    return [
        "Note.attributes.author",
        "Note.attributes.sourceURL",
        "Note.attributes.placeName",
        "Note.attributes.lastEditedBy",
        "Note.attributes.applicationData",
    ]


def _shared(write: _Writing, person: InventedPerson) -> Places:
    write.account.share_notebook(write.shared, person.email)
    write.note("Möte", "Protokollet kommer", notebookGuid=write.shared)
    return ["SharedNotebook.email"]


def _picture(write: _Writing, person: InventedPerson) -> Places:
    seen = f'<recoIndex><item x="1"><t w="90">{person.name}</t></item></recoIndex>'
    resource = new(
        "Resource",
        data=data(b"\x89PNG\r\n\x1a\n" + bytes(64)),
        mime="image/png",
        width=8,
        height=8,
        recognition=data(seen.encode()),
        attributes=new("ResourceAttributes", fileName="skylt.png"),
    )
    write.note("Foto av skylten", "Från besöket", resources=[resource])
    return ["Resource.recognition"]


_KINDS: tuple[Callable[[_Writing, InventedPerson], Places], ...] = (
    _reminder,
    _trashed,
    _old_version,
    _tag,
    _file,
    _attributes,
    _shared,
    _picture,
)
