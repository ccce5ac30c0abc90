"""
A company whose register connects to a vendor, for tests of commands that speak with one.
"""

import shutil

from tests.acceptance.processes import EXAMPLES, klarsyn

MAILCHIMP = """
connection:
  settings: {audiences: 3f9a1c07be}
  map:
    person.name: member.name
    person.email: member.email
    subscription.newsletter_status: member.status
    customer.source_partner: member.merge_fields.SOURCE
    customer.rating: member.rating
"""


def company(folder, **connections):
    """Return a copy of KlarPris in which only these vendors have these connections."""
    shutil.copytree(EXAMPLES / "klarpris", folder)
    for file in (folder / "register" / "vendors").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        begun = text.find("\nconnection:")
        if begun >= 0:
            ends = text.find("\nremarks:", begun)
            ends = ends if ends >= 0 else text.find("\nprinted:", begun)
            file.write_text(text[:begun] + text[ends:], encoding="utf-8")
    for name, connection in connections.items():
        file = folder / "register" / "vendors" / f"{name}.yaml"
        file.write_text(file.read_text(encoding="utf-8") + connection, encoding="utf-8")
    return folder


def beside(standins, command, folder):
    """Run a command of ours while stand-ins listen, with the settings to reach them by."""
    return klarsyn("standins", *standins, "--run", command, folder=folder)
