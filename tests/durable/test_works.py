import pytest

from klarsyn.durable.works import Run, Work, Works, as_json, work
from klarsyn.errors import UnknownName, VendorDown, WorkFailed, said
from klarsyn.personal import Personal


@work("press.print", 1)
def old(run: Run[None], page: int) -> int:
    """Print a page, as it was done before."""
    return page


@work("press.print", 2)
def new(run: Run[None], page: int) -> int:
    """Print a page."""
    return page


def test_work_has_name_and_version():
    """
    What is recorded tells changed code from older code (trap 1d.4).
    """
    assert ("press.print/1", "press.print/2") == (old.full_name, new.full_name)


@pytest.mark.parametrize("name", ["Press", "press print", "", "press/print", ".press"])
def test_name_is_dotted_words(name):
    """
    It stands in ids and in lines of a log.
    """
    with pytest.raises(ValueError, match="is no name of work"):
        work(name, 1)


def test_versions_count_from_one():
    """
    A nought would be no version.
    """
    with pytest.raises(ValueError, match="press/0 is no name of work"):
        work("press", 0)


def test_newest_version_is_found_by_the_bare_name():
    """
    What is started is new; what was started goes on as it began.
    """
    works = Works([new, old])

    assert new is works["press.print"]
    assert old is works["press.print/1"]
    assert [old, new] == list(works)


def test_unknown_work_is_refused():
    """
    A misspelt name is told, not queued.
    """
    assert "press.paint" not in Works([new])
    with pytest.raises(UnknownName, match=r"There is no work called press\.paint"):
        Works([new])["press.paint"]


def test_kind_of_work_stands_once():
    """
    Two functions of one name and version are a mistake.
    """
    with pytest.raises(ValueError, match=r"two kinds of work called press\.print/1"):
        Works([old, Work("press.print", 1, new.do)])


def test_what_can_be_scheduled_is_found_by_its_schedule():
    """
    Names of klarsyn.yaml are shorter than those of the code.
    """
    daily = work("press.daily", 1, schedule="print")(lambda _: None)

    assert {"print": daily} == Works([new, daily]).scheduled()


def test_arguments_have_to_fit():
    """
    A slip is told where work is started, not by a worker.
    """
    assert {"page": 3} == new.checked({"page": 3})
    with pytest.raises(TypeError):
        new.checked({"sheet": 3})


def test_value_of_a_person_is_no_argument():
    """
    What is recorded are references.
    """
    with pytest.raises(TypeError, match="Personal"):
        new.checked({"page": Personal("Astrid")})  # type: ignore[dict-item]


def test_json_is_read_back_at_once():
    """
    A step gives the same the first time and when it is repeated.
    """
    assert {"a": [1, 2]} == as_json({"a": (1, 2)})


def test_steps_of_a_run_without_engine_simply_run():
    """
    A test of work needs no engine.
    """
    run = Run("press:1", "around")

    assert {"a": 1} == run.step("one", lambda: {"a": 1})
    assert ("press:1", "around") == (run.id, run.around)


def test_error_of_a_step_is_one_kind():
    """
    Work that catches it behaves the same when the step is not done again, but remembered.
    """

    def fail():
        raise VendorDown(said("{vendor} is away.", vendor="postdesk"), after=30)

    with pytest.raises(WorkFailed, match="postdesk is away") as failed:
        Run("press:1", None).step("one", fail)

    assert ("vendor-down", 30) == (failed.value.cause, failed.value.after)
