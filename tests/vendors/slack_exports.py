"""
An owner who exports Slack's workspace: the stand-in's content, written to a ZIP file.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from klarsyn.testing.standins.slack import SlackStandIn
from klarsyn.testing.standins.slackexport import write_export

#: What an export does not hold: what stands in files, and what belongs to one member or app.
LEFT_OUT = ("file.content", "bookmark", "reminder")


class SlackExports(SlackStandIn):
    """The workspace as a file, with what no token of the stand-in sees."""

    def start(self, port=0):
        """Write the export; nothing listens."""
        del port
        self._folder = TemporaryDirectory()
        with (Path(self._folder.name) / "export.zip").open("wb") as out:
            write_export(self, out)
        kept = [one for one in self.planted if not one.place.startswith(LEFT_OUT)]
        self.planted[:] = [*kept, *self.unseen]
        return self

    def stop(self):
        """Delete it."""
        self._folder.cleanup()

    @property
    def url(self):
        """There is no address."""
        return ""

    @property
    def secrets(self):
        """The file."""
        return {"export": f"{self._folder.name}/export.zip"}
