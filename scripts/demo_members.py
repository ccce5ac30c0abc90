"""
Tell Plecto's stand-in its members, as a company does that has its users in Plecto.

    python scripts/demo_members.py CUSTOMERS.csv

Klarsyn delivers there to members who are known, and makes none. It reads what
`klarsyn standins` puts into the environment; for the demo, and for nothing else.
"""

from __future__ import annotations

import base64
import csv
import json
import os
import sys
import urllib.request
from pathlib import Path

from klarsyn.testing.standins.plecto import PlectoStandIn


def main() -> int:
    """Add a member for each customer, by their user name."""
    address = os.environ["KLARSYN_STANDIN_PLECTO"]
    login = base64.b64encode(f"{PlectoStandIn.EMAIL}:{PlectoStandIn.PASSWORD}".encode()).decode()
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter=";"):
        member = {
            "updating_api_provider": "the company",
            "updating_api_provider_id": row["customer_no"],
            "name": row["username"],
        }
        request = urllib.request.Request(  # noqa: S310  (loopback, as the next line)
            f"{address}/api/v2/members/",
            json.dumps(member).encode(),
            {"Authorization": f"Basic {login}", "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request).close()  # noqa: S310
    return 0


if __name__ == "__main__":
    sys.exit(main())
