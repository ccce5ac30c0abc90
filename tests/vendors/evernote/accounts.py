"""
An account of Evernote's stand-in, as the tests of its sheet look at it.
"""

from klarsyn.testing.standins import evernote_enml
from klarsyn.testing.standins.evernote import EvernoteStandIn
from klarsyn.testing.standins.evernote_wire import new
from klarsyn.transport.connection import Purpose
from klarsyn.vendors.evernote import note
from klarsyn.vendors.reading import read


class Evernote(EvernoteStandIn):
    """The stand-in, which can be told what to raise instead of doing what a method does."""

    def __init__(self, **options):
        """Raise nothing."""
        self.instead = {}
        super().__init__(**options)

    def _perform(self, name, arguments):
        if name in self.instead:
            raise self.instead[name](*arguments)
        return super()._perform(name, arguments)


def called(running):
    """Return the names of the methods that were called, in order."""
    bodies = (one.request.body for one in running.standin.exchanges)
    return [body[8 : 8 + int.from_bytes(body[4:8])].decode() for body in bodies]


def guid_of(running, title):
    """Return the guid of the first note with that title."""
    return next(g for g, one in running.standin.account.notes.items() if one.title == title)


def target_of(running, guid):
    """Return a note as a job gets it."""
    with running.open(Purpose.FIND) as connection:
        seen = [one for page in read(connection, note) for one in page if one.key == guid]
    running.standin.exchanges.clear()
    return seen[0].target


def written(running, title, *paragraphs, **fields):
    """Return the guid of a note that a colleague writes now."""
    content = evernote_enml.note(*paragraphs)
    return running.standin.account.create(new("Note", title=title, content=content, **fields)).guid
