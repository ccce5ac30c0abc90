"""
Signifly: an agency that hosts, without an API; what it holds is known by its signed word alone.

From the agency's public pages, read on 2026-11-22: no API is documented. The register declares
that it holds nothing of anybody, and an attestation of that lasts a year.
"""

from klarsyn.errors import said
from klarsyn.vendors.sheet import Api, Assumption, Depth, HowFar, NoAuth, Setting, Vendor

api = Api(
    protocol="none",
    base="",
    hosts=(),
    auth=NoAuth(),
    settings=(
        Setting(
            "attested",
            said("the day on which the agency last signed what it holds, as 2026-11-22"),
            required=False,
            form=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
        ),
    ),
    reference="https://signifly.com",
    read_on="2026-11-22",
)

ASK = said(
    "ask in writing, naming no more than it takes to know the person again; Art. 12(3) gives a "
    "month; an answer of done or nothing held is kept with its evidence, and no answer is a finding"
)

signifly = Vendor(
    id="signifly",
    name="Signifly",
    api=api,
    records=(),
    read=HowFar(
        Depth.MANUAL,
        said(
            "by attestation: somebody with a name and a role signs, once a year, what is hosted "
            "and where, which logs hold addresses, which backups and copies for tests there are, "
            "and who else works for the agency"
        ),
    ),
    find=HowFar(Depth.MANUAL, ASK),
    rectify=HowFar(Depth.MANUAL, ASK),
    erase=HowFar(Depth.MANUAL, ASK),
    deliver=HowFar(Depth.NONE, said("nothing is declared, so nothing may be sent")),
    unseen=(
        said("everything: servers, logs with IP addresses, backups, copies for tests"),
        said("who else works for the agency there"),
    ),
    assumptions=(Assumption(said("the agency has no API by which a customer could ask")),),
)
