"""The Merkle log against the vectors of RFC 6962's reference tests and against a tree written naively."""

from hashlib import sha256

import pytest
from evidence.domain import merkle
from evidence.domain.merkle import Node
from hypothesis import given
from hypothesis import strategies as st

# Inputs and roots of the Certificate Transparency reference tests.
TEXTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
INPUTS = [bytes.fromhex(text) for text in TEXTS]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 2.1.1, word for word; `leaves` are leaf hashes."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_inclusion(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*naive_inclusion(index, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_inclusion(index - k, leaves[k:]), naive_root(leaves[:k])]


def naive_consistency(first: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """RFC 9162 2.1.4.1."""
    if first == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if first <= k:
        return [*naive_consistency(first, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_consistency(first - k, leaves[k:], False), naive_root(leaves[:k])]


def tree(leaves: list[bytes]) -> merkle.Growth:
    return merkle.grow(0, {}, leaves)


def test_the_known_roots():
    leaves = [merkle.leaf_hash(entry) for entry in INPUTS]

    assert tree([]).root.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [tree(leaves[:size]).root.hex() for size in range(1, 9)] == ROOTS


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_known_inclusion_proofs(index: int, size: int):
    nodes = tree([merkle.leaf_hash(entry) for entry in INPUTS]).nodes

    assert [value.hex() for value in merkle.hashes(merkle.inclusion_path(index, size), nodes)] == INCLUSION[index, size]


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_the_known_consistency_proofs(first: int, second: int):
    nodes = tree([merkle.leaf_hash(entry) for entry in INPUTS]).nodes

    assert [value.hex() for value in merkle.hashes(merkle.consistency_path(first, second), nodes)] == CONSISTENCY[first, second]


@given(st.data())
def test_proofs_are_those_of_a_naive_tree(data: st.DataObject):
    size = data.draw(st.integers(1, 300))
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(size)]
    grown = tree([*leaves, merkle.leaf_hash(b"later")])

    inclusion, consistency = merkle.inclusion_path(index, size), merkle.consistency_path(first, size)

    assert merkle.hashes(inclusion, grown.nodes) == naive_inclusion(index, leaves)
    assert merkle.hashes(consistency, grown.nodes) == naive_consistency(first, leaves)
    assert merkle.root(size, grown.nodes) == naive_root(leaves)


@given(st.lists(st.integers(0, 40), max_size=8))
def test_growing_in_batches_is_growing_at_once(batches: list[int]):
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(sum(batches))]
    nodes: dict[Node, bytes] = {}
    size = 0
    for batch in batches:
        grown = merkle.grow(size, nodes, leaves[size : size + batch])
        assert not set(grown.nodes) & set(nodes)
        nodes |= grown.nodes
        size = grown.size

    assert (size, nodes) == (len(leaves), tree(leaves).nodes)
    assert merkle.root(size, nodes) == naive_root(leaves)


@given(st.integers(1, 10**9), st.data())
def test_a_proof_asks_for_a_few_nodes_of_a_large_tree(size: int, data: st.DataObject):
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))

    assert len(merkle.needed(merkle.inclusion_path(index, size))) <= 2 * size.bit_length()
    assert len(merkle.needed(merkle.consistency_path(first, size))) <= 2 * size.bit_length()


@pytest.mark.parametrize("index", [-1, 8, 9])
def test_a_leaf_outside_the_tree_has_no_proof(index: int):
    with pytest.raises(merkle.LeafOutsideTree):
        merkle.inclusion_path(index, 8)


@pytest.mark.parametrize(("first", "second"), [(0, 8), (9, 8), (-1, 8)])
def test_sizes_that_never_were_have_no_proof(first: int, second: int):
    with pytest.raises(merkle.TreeSizeUnknown):
        merkle.consistency_path(first, second)
