import threading

from klarsyn.journal.subjects import Subjects, in_no_order
from klarsyn.storage.queries import Query
from tests.journal.recording import PEOPLE


def test_person_is_one_subject(storage):
    """
    Random at first use, the same ever after.
    """
    subjects = Subjects(storage)
    found = subjects.of(PEOPLE)

    assert PEOPLE == list(dict.fromkeys(PEOPLE))
    assert 3 == len(set(found.values()))
    assert found == subjects.of([*PEOPLE, *PEOPLE])
    assert found[PEOPLE[1]] == subjects.known(PEOPLE[1])


def test_subject_is_not_made_from_the_person(storage):
    """
    Another journal gives another one.
    """
    subjects = Subjects(storage)
    before = subjects.of(PEOPLE)
    assert [True] * 3 == [subjects.forget(one) for one in PEOPLE]

    assert set() == set(before.values()) & set(subjects.of(PEOPLE).values())


def test_forgotten_person_is_not_known(storage):
    """
    Nothing is left to forget a second time.
    """
    subjects = Subjects(storage)
    subjects.of(PEOPLE)

    assert subjects.forget(PEOPLE[0])
    assert not subjects.forget(PEOPLE[0])
    assert subjects.known(PEOPLE[0]) is None
    assert [(2,)] == storage.run(Query("count", "select count(*) from journal_subject"))


def test_many_ask_at_once(storage):
    """
    Whoever is first, all are told the same.
    """
    found = []

    def ask(people):
        found.append(Subjects(storage).of(people))

    people = [bytes([one]) * 16 for one in range(40)]
    threads = [threading.Thread(target=ask, args=(people[:: 1 - 2 * (n % 2)],)) for n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert 6 == len(found)
    assert 1 == len({tuple(sorted(one.items())) for one in found})


def test_subject_moves_to_another_hash_of_its_person(storage):
    """
    After a new key; who has a subject there already keeps both.
    """
    subjects = Subjects(storage)
    found = subjects.of(PEOPLE)
    new = [bytes([one]) * 16 for one in (201, 202, 203)]
    taken = subjects.of(new[2:])
    subjects.move(dict(zip(PEOPLE, new, strict=True)) | {b"n" * 16: b"o" * 16})

    assert [found[PEOPLE[0]], found[PEOPLE[1]], taken[new[2]]] == [subjects.known(o) for o in new]
    assert [None, None, found[PEOPLE[2]]] == [subjects.known(one) for one in PEOPLE]


def test_rows_in_no_order_are_all_there():
    """
    Who comes first is left to chance.
    """
    rows = list(range(200))
    mixed = in_no_order(rows)
    assert rows != mixed
    assert rows == sorted(mixed)
