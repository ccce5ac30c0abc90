"""
A sheet of another distribution stands beside ours.
"""

import textwrap

from tests.acceptance.processes import EXAMPLES, klarsyn

MODULE = '''
"""Postdesk, whom somebody else connects."""

from klarsyn.errors import said
from klarsyn.vendors.sheet import *

contact = Record(
    name="contact",
    about=said("people who wrote to support"),
    read=GET("/contacts", items="data", pages=Cursor(read="next", send="after")),
    elements=(Element("email", means="user.contact.email"),),
)
full = HowFar(Depth.FULL)
none = HowFar(Depth.NONE, said("not here"))
postdesk = Vendor(
    id="postdesk",
    name="Postdesk",
    api=Api(
        base="https://api.postdesk.example",
        hosts=("api.postdesk.example",),
        settings=(),
        auth=NoAuth(),
        reference="https://postdesk.example/reference",
        read_on="2026-11-26",
    ),
    records=(contact,),
    read=full,
    find=full,
    rectify=none,
    erase=none,
    deliver=none,
)
'''


def installed(folder):
    """Return a folder that holds an installed distribution with a sheet."""
    (folder / "postdesk_klarsyn.py").write_text(textwrap.dedent(MODULE))
    info = folder / "postdesk_klarsyn-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: postdesk-klarsyn\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[klarsyn.vendors]\npostdesk = postdesk_klarsyn:postdesk\n"
    )
    return str(folder)


def test_sheet_of_another_distribution_is_found(tmp_path):
    """
    By its entry point, with all that a built-in one has.
    """
    done = klarsyn(
        "vendors", "show", "postdesk", folder=EXAMPLES / "nordlys", PYTHONPATH=installed(tmp_path)
    )

    assert 0 == done.returncode, done.stderr
    assert done.stdout.startswith("Postdesk  https://postdesk.example/reference (2026-11-26)\n")
    assert "contact.email" in done.stdout
