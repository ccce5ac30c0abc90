import re
import signal
import subprocess

import pytest

from tests.acceptance.processes import KLARSYN, klarsyn

pytestmark = [pytest.mark.network, pytest.mark.slow]


def test_settings_are_printed_and_it_ends_quietly(tmp_path):
    """
    What is printed can be pasted into a shell; Ctrl-C ends it without a traceback.
    """
    running = subprocess.Popen(
        [KLARSYN, "standins", "mailchimp"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout
    assert running.stderr
    first = running.stdout.readline()
    second = running.stdout.readline()
    told = running.stderr.readline()
    running.send_signal(signal.SIGINT)
    _, rest = running.communicate(timeout=60)

    assert re.fullmatch(r"export KLARSYN_STANDIN_MAILCHIMP=http://127\.0\.0\.1:\d+\n", first)
    assert re.fullmatch(r"export KLARSYN_MAILCHIMP_API_KEY=[0-9a-f]{32}-us21\n", second)
    assert (0, "They run until you press Ctrl-C.\n", "") == (running.returncode, told, rest)


def test_command_is_run_beside_them(tmp_path):
    """
    Its exit code is ours, and it finds the settings in its environment.
    """
    done = klarsyn(
        "standins", "mailchimp", "--run", 'test -n "$KLARSYN_STANDIN_MAILCHIMP" && exit 7',
        folder=tmp_path,
    )  # fmt: skip

    assert 7 == done.returncode


def test_unknown_standin(tmp_path):
    """
    The names that there are.
    """
    done = klarsyn("standins", "mailchip", folder=tmp_path)

    assert 15 == done.returncode
    assert "there is no stand-in for 'mailchip'" in done.stderr


def test_time_may_pass_quickly_there(tmp_path):
    """
    The command beside them is told how quickly, and since when.
    """
    done = klarsyn(
        "standins", "mailchimp", "--hurry", "30", "--run", 'echo "$KLARSYN_STANDINS_HURRY"',
        folder=tmp_path,
    )  # fmt: skip

    assert re.fullmatch(r"30@\d+\.\d+\n", done.stdout)
