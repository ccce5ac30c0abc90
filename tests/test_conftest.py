import os
import socket

import pytest


@pytest.fixture
def listener():
    """A server on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


def test_connection_is_refused(listener):
    """
    A test without the mark reaches nothing, not even this machine.
    """
    with socket.socket() as client, pytest.raises(ConnectionRefusedError, match="may not connect"):
        client.connect(listener)


@pytest.mark.network
def test_loopback_is_reached_with_the_mark(listener):
    """
    A test marked network reaches this machine.
    """
    with socket.socket() as client:
        client.connect(listener)


@pytest.mark.network
def test_other_machines_are_refused_even_with_the_mark():
    """
    No mark lets a test out. The address is one that is reserved for documentation.
    """
    with socket.socket() as client, pytest.raises(ConnectionRefusedError, match="may not connect"):
        client.connect_ex(("192.0.2.1", 80))


def test_environment_is_clean(empty_home):
    """
    Home is empty, the language neutral, colours are off.
    """
    assert str(empty_home) == os.environ["HOME"]
    assert "C.UTF-8" == os.environ["LANG"]
    assert "1" == os.environ["NO_COLOR"]
    assert [] == [name for name in os.environ if name.startswith(("XDG_", "LC_"))]
