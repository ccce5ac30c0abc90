"""
Who answers for what a command does: somebody who has signed in, or a company of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klarsyn.errors import RoleMissing, said

if TYPE_CHECKING:
    from klarsyn.cli.group import App
    from klarsyn.tasks import Right, Users

ALONE: Final = "one-person-company"
"""The pseudonym of whoever acts where four eyes are switched off and nobody has an account."""


def acting(app: App, users: Users, right: Right) -> str:
    """
    Return the pseudonym of whoever acts, proved by their passphrase.

    RoleMissing where nobody has an account, unless klarsyn.yaml switches four eyes off.
    """
    from klarsyn.cli.tasks_desk import sign_in

    if users.all():
        return users.check(sign_in(app, users), right).pseudonym
    if not app.settings.four_eyes:
        return ALONE
    raise RoleMissing(
        said("Nobody has an account here yet who could answer for this."),
        said(
            "Add yourself with `klarsyn users add NAME`, and sign in; "
            "a company of one writes `four_eyes: false` into klarsyn.yaml."
        ),
    )
