from hypothesis import given
from hypothesis import strategies as st

from klarsyn.people.seen import Seen


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=5), max_size=5))
def test_it_answers_as_a_dictionary_does(batches):
    """
    The line of the first row with that key, across batches.
    """
    known: dict[str, int] = {}
    seen, line = Seen(), 0
    for keys in batches:
        lines = range(line + 1, line + 1 + len(keys))
        expected = {}
        for at, key in enumerate(keys):
            if key in known:
                expected[at] = known[key]
            known.setdefault(key, lines[at])

        assert expected == seen.add(keys, lines)
        line += len(keys)


def test_it_grows_and_forgets_nothing():
    """
    After a hundred thousand keys the first is known, and so is the last; no key is none.
    """
    seen = Seen()
    for begin in range(0, 100_000, 1000):
        keys = [str(one) for one in range(begin, begin + 1000)]
        assert {} == seen.add(keys, range(begin + 2, begin + 1002))

    assert {0: 2, 2: 100_001} == seen.add(["0", "", "99999", ""], range(4))


def test_two_thousand_at_once():
    """
    A batch larger than the table makes it as large as it has to be.
    """
    seen = Seen()

    assert {} == seen.add([str(one) for one in range(5000)], range(5000))
    assert 5000 == len(seen.add([str(one) for one in range(5000)], range(5000)))
