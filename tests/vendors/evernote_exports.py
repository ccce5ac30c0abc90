"""
A colleague who exports Evernote's notebooks: the stand-in's account, written to a folder.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from klarsyn.testing.standins import enex
from klarsyn.testing.standins.evernote import EvernoteStandIn

#: What the desktop program leaves out of an export.
LEFT_OUT = ("trash", "version", "SharedNotebook", "lastEditedBy")


class Exports(EvernoteStandIn):
    """The account as files: one a notebook."""

    def start(self, port=0):
        """Write the exports; nothing listens."""
        del port
        self._folder = TemporaryDirectory()
        for number, guid in enumerate(self.account.notebooks):
            with (Path(self._folder.name) / f"{number}.enex").open("wb") as out:
                enex.write(out, self.account, notebook=guid)
        kept = [one for one in self.planted if not any(word in one.place for word in LEFT_OUT)]
        self.planted[:] = kept
        return self

    def stop(self):
        """Delete them."""
        self._folder.cleanup()

    @property
    def url(self):
        """There is no address."""
        return ""

    @property
    def secrets(self):
        """The folder."""
        return {"exports": self._folder.name}
