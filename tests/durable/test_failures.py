import pytest

from klarsyn.durable.failures import failure_of, from_plain, kept, to_plain
from klarsyn.errors import KlarsynError, UnknownName, WorkFailed, said
from klarsyn.personal import Personal

VALUE = "astrid@example.org"


def test_error_of_ours_keeps_id_and_message():
    """
    It can be said again in any language.
    """
    failure = failure_of(UnknownName(said("No {name}.", name="press"), said("Look again.")))

    read = from_plain(to_plain(failure))
    assert ("unknown-name", "No press.", "Look again.") == (
        read.cause,
        str(read.message),
        str(read.remedy),
    )


def test_error_of_others_keeps_class_and_place():
    """
    Its words may repeat a value of a person (trap 1d.5).
    """

    def fail():
        raise ValueError(VALUE)

    with pytest.raises(WorkFailed) as failed:
        kept(fail)

    assert "ValueError" == failed.value.cause
    assert "ValueError was raised at tests.durable.test_failures:" in str(failed.value)
    assert VALUE not in str(to_plain(failed.value))
    assert failed.value.__cause__ is None


def test_error_that_was_never_raised_has_no_place():
    """
    It is kept all the same.
    """
    assert "OSError was raised at ?." == str(failure_of(OSError(VALUE)).message)


@pytest.mark.parametrize("part", ["message", "remedy"])
def test_message_with_a_value_is_not_kept(part):
    """
    An error of ours that holds one is kept like one of others.
    """
    wrong = said("{who} is not there.", who=Personal(VALUE))
    error = KlarsynError(wrong) if part == "message" else KlarsynError(said("No."), wrong)

    assert "KlarsynError" == failure_of(error).cause


def test_what_is_kept_stays_as_it_is():
    """
    A failure passes through steps and work unchanged.
    """
    failure = WorkFailed(said("Enough."), cause="enough")

    assert failure is failure_of(failure)
    assert 3 == kept(lambda: 3)
