from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import KnownPeople, digitruns
from klarsyn.recognition.findings import Hit
from klarsyn.recognition.knownfast import FastNames, likely_numbers
from klarsyn.recognition.knownplain import PlainNames

WORDS = st.sampled_from(["Åsa", "Asa", "Aasa", "Bo", "Cedrik", "Cedrick", "Ek", "Æsop", "x"])
NUMBERS = st.text("0123456789", min_size=7, max_size=13) | st.sampled_from(
    ["+46 70 174 06 05", "070-174 06 05", "16988077-9170", "988077917001", "0046701740605"]
)
NAMES = st.lists(WORDS, max_size=7).map(" ".join)


@given(st.lists(NAMES, max_size=5), st.lists(WORDS, min_size=1, max_size=3))
def test_index_answers_as_the_plain_one(names, asked):
    """
    Rows, initials, words and near words.
    """
    companies = [f"{name} AS" if name else "" for name in reversed(names)]
    fast, plain = FastNames(names, companies), PlainNames(names, companies)
    words = tuple(word.lower().replace("å", "a").replace("æ", "a") for word in asked)

    assert plain.row(words) == fast.row(words)
    assert plain.initial(words[0][0], words[-1]) == fast.initial(words[0][0], words[-1])
    assert plain.knows(words[0]) == fast.knows(words[0])
    assert plain.near(words[0]) == fast.near(words[0])


@given(
    st.lists(NAMES, max_size=4), st.lists(WORDS | st.sampled_from([",", ".", "\0"])).map(" ".join)
)
def test_texts_are_read_as_by_the_plain_one(names, text):
    """
    The bitmap only says where to look.
    """
    fast_hits: list[Hit] = []
    plain_hits: list[Hit] = []
    FastNames(names, names).find(text, fast_hits)
    PlainNames(names, names).find(text, plain_hits)

    assert plain_hits == fast_hits


@given(st.lists(NUMBERS, max_size=4), st.lists(NUMBERS | st.sampled_from("(+/")).map(" ".join))
def test_no_known_number_is_left_out(phones, text):
    """
    What is not asked is nobody's; a plain dictionary of runs is asked whole.
    """
    known = KnownPeople.build({"phone": one, "orgnr": one} for one in phones)
    data = f"\0{text}\0\0".encode()
    runs = digitruns.places(data)
    asked = likely_numbers(data, runs, known.endings)
    every = likely_numbers(data, dict(runs), known.endings)
    owned = [span for span in every if known.number(data[slice(*span)].decode())]

    assert set(owned) <= set(asked) <= set(every)
    assert len(runs) == len(every)
