"""
An owner who exports Zapier's account, and what the contract can judge of talk with it.
"""

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from klarsyn.testing.standins.zapier import ZapierStandIn
from klarsyn.testing.standins.zapierexport import write_export


class ZapierExports(ZapierStandIn):
    """The account as a file, and the pages of runs that somebody has downloaded."""

    def start(self, port=0):
        """Write the files; nothing listens."""
        del port
        self._folder = TemporaryDirectory()
        folder = Path(self._folder.name)
        write_export(self, folder / "export.zip")
        for number, page in enumerate(self.history(), 1):
            text = json.dumps(page, ensure_ascii=False)
            (folder / f"{number:03}.json").write_text(text, encoding="utf-8")
        self.planted[:] = [one for one in self.planted if not one.place.startswith("storage")]
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
        """The file and the folder."""
        return {"export": f"{self._folder.name}/export.zip", "runs": self._folder.name}


def judged(exchanges):
    """
    Return the exchanges that the contract knows, each list's envelope as the contract has it.

    Storage and hooks have no contract.
    """
    for exchange in exchanges:
        if exchange.request.path.startswith("/v2/"):
            reply = exchange.reply
            envelope = isinstance(reply.body, dict) and "links" in reply.body
            body = [reply.body] if envelope else reply.body
            yield replace(exchange, reply=replace(reply, body=body))
