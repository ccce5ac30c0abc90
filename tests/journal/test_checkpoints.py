import pytest

from klarsyn.errors import EvidenceUnread, JournalDamaged
from klarsyn.journal.checkpoints import Checkpoint, State, kept, signed
from klarsyn.journal.notes import Signer

STATE = State("ab" * 32, 12, b"r" * 32, "cd" * 32)
LINES = f"""\
klarsyn-journal/{"ab" * 32}
12
cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI=
head {"cd" * 32}
at 2026-11-26T09:00:00.000000Z

— klarsyn-journal/k1 """


@pytest.fixture
def checkpoint(keys, clock):
    """A checkpoint of twelve entries."""
    return signed(STATE, clock.now(), Signer(keys))


def test_checkpoint_is_a_few_lines(checkpoint):
    """
    Which journal, how many entries, their root, the last one's hash, when; signed.
    """
    assert checkpoint.note.startswith(LINES)


def test_note_says_what_was_signed(checkpoint, trusted):
    """
    All is read from the note itself.
    """
    found, key = Checkpoint.verified(checkpoint.note, trusted)

    assert checkpoint == found == Checkpoint.read(checkpoint.note)
    assert STATE == State(found.journal, found.size, found.root, found.head)
    assert trusted[0] == key


@pytest.mark.parametrize("body", ["something else\n", LINES.partition("\n\n")[0][:-9] + "\n"])
def test_other_notes_are_no_checkpoints(keys, trusted, body):
    """
    Though the same key signed them.
    """
    with pytest.raises(JournalDamaged, match="no checkpoint of a journal"):
        Checkpoint.verified(Signer(keys).sign(body), trusted)


def test_kept_checkpoint_may_have_gone_through_mail(checkpoint):
    """
    Line ends of Windows and blanks around it do no harm.
    """
    assert checkpoint == kept("\r\n" + checkpoint.note.replace("\n", "\r\n") + " \r\n")


@pytest.mark.parametrize("text", ["", "nothing", "{}", '{"checkpoint":1}', '{"checkpoint":"x"}'])
def test_what_is_no_checkpoint_is_told(text):
    """
    Before anything is verified by it.
    """
    with pytest.raises(EvidenceUnread):
        kept(text)
