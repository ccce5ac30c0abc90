"""G7. Klarsyn calls no host while it checks or publishes."""

import os
import subprocess
import sys

import pytest

from tests.guarantees.folders import written

#: Runs the command line with every way to a network cut, and tells of an attempt.
DEAF = """
import socket, sys

def refused(*arguments, **named):
    sys.stderr.write("NETWORK")
    raise OSError("no network here")

for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refused)
for name in ("getaddrinfo", "gethostbyname", "create_connection"):
    setattr(socket, name, refused)

from klarsyn.cli import main

sys.argv = ["klarsyn", *sys.argv[1:]]
main()
"""

COMMANDS = [
    ["check"],
    ["check", "--format", "json"],
    ["check", "--format", "sarif"],
    ["publish", "site"],
    ["explain", "R82"],
    ["schema"],
    ["init", "new", "--name", "Havnelys", "--vendor", "Larkdesk"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_command_asks_nobody(tmp_path, words):
    """
    Every command does its work where no host can be reached, and never tries to.
    """
    folder = written(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", DEAF, *words],
        cwd=folder,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stderr
    assert "NETWORK" not in done.stderr


def test_attempt_would_be_seen(tmp_path):
    """
    The test above can fail: a connection under the same conditions is told.
    """
    tried = DEAF.replace(
        "from klarsyn.cli import main", "socket.create_connection(('127.0.0.1', 9))"
    )
    done = subprocess.run(
        [sys.executable, "-c", tried], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert "NETWORK" in done.stderr
