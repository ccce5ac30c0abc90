from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.journal import tree
from klarsyn.journal.tree import Frontier, ProofWrong

#: Leaves and roots of Certificate Transparency's own tests; root n is that over the first n.
LEAVES = [
    bytes.fromhex(one)
    for one in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MANY = [tree.leaf(str(one).encode()) for one in range(201)]
SIZES = st.integers(1, 200)


def slow_root(leaves):
    """Return the root as RFC 6962, 2.1, defines it, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\1" + slow_root(leaves[:split]) + slow_root(leaves[split:])).digest()


def grown(leaves):
    """Return the frontier after so many leaves, and the hashes that each one made known."""
    frontier, made = Frontier(), []
    for one in leaves:
        frontier, hashes = frontier.grown(one)
        made.append(hashes)
    return frontier, made


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size):
    """
    The same leaves give the roots that its own tests hold, whichever way they are computed.
    """
    leaves = [tree.leaf(one) for one in LEAVES[:size]]

    assert ROOTS[size] == tree.root(tree.in_memory(leaves), size).hex()
    assert ROOTS[size] == grown(leaves)[0].root.hex()


def test_frontier_needs_a_peak_for_each_one_in_binary():
    """
    It grows with the logarithm, and its root is the tree's, at every size up to 200.
    """
    frontier = Frontier()
    for size, one in enumerate(MANY[:200], 1):
        frontier, _ = frontier.grown(one)

        assert size.bit_count() == len(frontier.peaks)
        assert slow_root(MANY[:size]) == frontier.root


def test_leaf_makes_known_what_it_completes():
    """
    Stored with the leaf, these are all full subtrees: 2n - 1 hashes and fewer for n leaves.
    """
    _, made = grown(MANY[:200])
    hashes = tree.in_memory(MANY[:200])

    for number, found in enumerate(made, 1):
        completes = [hashes(level, (number >> level) - 1) for level in range(len(found))]
        assert completes == list(found)
    assert sum(map(len, made)) < 400


@pytest.mark.parametrize("size", range(1, 201))
def test_inclusion_is_proved_for_every_leaf(size):
    """
    At every size up to 200, every leaf's proof leads to the root and no longer than log2.
    """
    hashes, root = tree.in_memory(MANY[:size]), slow_root(MANY[:size])
    for index in range(size):
        proof = tree.inclusion(hashes, index, size)

        assert (size - 1).bit_length() >= len(proof)
        assert root == tree.root_by_inclusion(MANY[index], index, size, proof)


@given(st.data())
def test_inclusion_proves_nothing_of_another_leaf(data):
    """
    Neither another leaf, nor another place, nor another hash on the way leads to the root.
    """
    size = data.draw(SIZES)
    index, other = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    proof = tree.inclusion(tree.in_memory(MANY[:size]), index, size)
    root = slow_root(MANY[:size])

    assert root != tree.root_by_inclusion(MANY[size], index, size, proof)
    if other != index:
        assert root != _or_none(MANY[index], other, size, proof)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        spoilt = [*proof[:at], MANY[200], *proof[at + 1 :]]
        assert root != tree.root_by_inclusion(MANY[index], index, size, spoilt)


def _or_none(leaf, index, size, proof):
    try:
        return tree.root_by_inclusion(leaf, index, size, proof)
    except ProofWrong:
        return None


@given(SIZES, st.data())
def test_consistency_is_proved_between_any_two(size, data):
    """
    A tree begins with every smaller one of the same leaves, and the proof shows it.
    """
    old = data.draw(st.integers(1, size))
    older, newer = slow_root(MANY[:old]), slow_root(MANY[:size])
    proof = tree.consistency(tree.in_memory(MANY[:size]), old, size)

    assert (older, newer) == tree.roots_by_consistency(old, older, size, proof)


@given(st.integers(2, 200), st.data())
def test_consistency_proves_nothing_of_another_past(size, data):
    """
    Where one old leaf was another, no proof of today's tree leads to both roots.
    """
    old = data.draw(st.integers(1, size - 1))
    at = data.draw(st.integers(0, old - 1))
    older = slow_root([*MANY[:at], MANY[200], *MANY[at + 1 : old]])
    proof = tree.consistency(tree.in_memory(MANY[:size]), old, size)

    newer = slow_root(MANY[:size])
    assert (older, newer) != tree.roots_by_consistency(old, older, size, proof)


@pytest.mark.parametrize("change", [lambda proof: proof[:-1], lambda proof: [*proof, MANY[0]]])
def test_proof_of_another_length_is_refused(change):
    """
    Neither too short nor too long.
    """
    hashes = tree.in_memory(MANY[:13])
    included, consistent = tree.inclusion(hashes, 4, 13), tree.consistency(hashes, 6, 13)

    with pytest.raises(ProofWrong):
        tree.root_by_inclusion(MANY[4], 4, 13, change(included))
    with pytest.raises(ProofWrong):
        tree.roots_by_consistency(6, MANY[0], 13, change(consistent))


def test_proof_of_nothing_is_refused():
    """
    A place that is not in the tree has no proof, and none is believed.
    """
    hashes = tree.in_memory(MANY[:4])
    with pytest.raises(IndexError):
        tree.inclusion(hashes, 4, 4)
    with pytest.raises(IndexError):
        tree.consistency(hashes, 5, 4)
    with pytest.raises(ProofWrong):
        tree.root_by_inclusion(MANY[0], -1, 4, [])
    with pytest.raises(ProofWrong):
        tree.roots_by_consistency(0, MANY[0], 4, [])
    with pytest.raises(ProofWrong):
        tree.roots_by_consistency(3, MANY[0], 4, [])


def test_no_proof_is_needed_from_nothing_or_from_the_same():
    """
    Every tree begins with the empty one and with itself.
    """
    hashes = tree.in_memory(MANY[:5])

    assert [] == tree.consistency(hashes, 0, 5) == tree.consistency(hashes, 5, 5)
    assert (MANY[0], MANY[0]) == tree.roots_by_consistency(5, MANY[0], 5, [])
