"""
`klarsyn deliver`: what vendors should hold against what they were sent; planned, then carried out.
"""

from __future__ import annotations

import click

from klarsyn.cli.deliver_apply import apply
from klarsyn.cli.deliver_letters import letters
from klarsyn.cli.deliver_offboarding import off_boarding
from klarsyn.cli.deliver_optouts import opt_in, opt_outs
from klarsyn.cli.deliver_pauses import pause, resume, retry
from klarsyn.cli.deliver_plan import plan
from klarsyn.cli.deliver_settle import settle
from klarsyn.cli.deliver_status import status


@click.group()
def command() -> None:
    """Send each vendor exactly the data elements that the register declares for it."""


_COMMANDS = (plan, apply, status, pause, resume, retry, settle, letters, off_boarding)
for one in (*_COMMANDS, opt_outs, opt_in):
    command.add_command(one)
