"""
What tests record: deliveries to two vendors, some of them of three people each.
"""

import hashlib

PEOPLE = [hashlib.sha256(name).digest()[:16] for name in (b"anna", b"bo", b"cia")]
SOME = 11


def record(journal, upto, first=0):
    """Append entries with the numbers after `first`; every third one has rows of people."""
    subjects = [journal.subject(one) for one in PEOPLE]
    for at in range(first, upto):
        rows = [(one, {"kind": "create", "elements": ["contact.email"]}) for one in subjects]
        journal.append(
            f"deliver-{at}:send:ok",
            "delivery.sent",
            vendor="slack" if at % 2 else "mailchimp",
            by="" if at % 4 else "staff-7",
            facts={"batch": at, "title": "Blåbær", "sizes": [1, None, True]},
            people=rows if at % 3 == 0 else (),
        )
