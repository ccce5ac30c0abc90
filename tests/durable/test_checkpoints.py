import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn.durable.checkpoints import Checkpoints, Unread
from klarsyn.errors import WorkFailed, said
from klarsyn.personal import Personal

OLD, NEW = klarsyn_keys.made("old"), klarsyn_keys.made("new")


def checkpoints(*parts):
    """Return what writes and reads under these keys."""
    return Checkpoints(klarsyn_keys.load({"KLARSYN_KEYS": " ".join(parts)}))


def test_checkpoint_is_encrypted():
    """
    Neither the value nor its base64 stands there (trap 1d.5).
    """
    written = checkpoints(OLD).serialize({"vendor": "postdesk"})

    assert written.startswith("old:")
    assert "postdesk" not in written
    assert {"vendor": "postdesk"} == checkpoints(OLD).deserialize(written)


def test_older_key_still_reads():
    """
    A key is exchanged while work is under way (trap 1d.5).
    """
    before = checkpoints(OLD).serialize([1])
    both = checkpoints(OLD, NEW)

    assert [1] == both.deserialize(before)
    assert both.serialize([1]).startswith("new:")


@pytest.mark.parametrize("spoil", [lambda text: text.replace("new", "old"), lambda text: text[:-9]])
def test_checkpoint_that_cannot_be_read_raises_nothing(spoil):
    """
    The engine would record for ever that the work failed, where only a key is missing.
    """
    read = checkpoints(OLD).deserialize(spoil(checkpoints(NEW).serialize([1])))

    assert isinstance(read, Unread)
    assert ((), {"unread": True}) == (read["args"], read["kwargs"])


def test_error_comes_back_as_what_is_kept_of_it():
    """
    Its own words do not.
    """
    one = checkpoints(OLD)
    read = one.deserialize(one.serialize(WorkFailed(said("Enough."), cause="enough")))

    assert ("enough", "Enough.") == (read.cause, str(read.message))
    assert "KeyError" == one.deserialize(one.serialize(KeyError("astrid"))).cause


def test_value_of_a_person_is_refused():
    """
    Not even encrypted does it lie in the queue.
    """
    with pytest.raises(TypeError, match="Personal"):
        checkpoints(OLD).serialize({"email": Personal("astrid@example.org")})
    assert "klarsyn-1" == checkpoints(OLD).name()
