"""A Merkle log in the shape of RFC 9162 (RFC 6962): hashes, growing, proofs. Pure: whoever calls fetches the nodes.

A node is a perfect subtree: `Node(level, position)` covers the leaves from position * 2^level on, 2^level of them. Once its
leaves are there it never changes, so a log is stored as its nodes and only ever grows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from kernel.errors import Invalid

EMPTY_ROOT = sha256().digest()


class Node(NamedTuple):
    level: int
    position: int


class TreeSizeUnknown(Invalid):
    """The log never had that size."""


class LeafOutsideTree(Invalid):
    """A tree of that size does not hold the leaf."""


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[Node]:
    """The perfect subtrees that a tree of `size` leaves is made of, left to right."""
    return _cover(0, size)


def root(size: int, nodes: Mapping[Node, bytes]) -> bytes:
    """Root of the first `size` leaves; `nodes` holds at least `peaks(size)`."""
    return _fold([nodes[peak] for peak in peaks(size)])


@dataclass(frozen=True)
class Growth:
    """What an append adds: new perfect subtrees (level 0 too), and the tree afterwards."""

    nodes: Mapping[Node, bytes]
    size: int
    root: bytes


def grow(size: int, nodes: Mapping[Node, bytes], leaves: Iterable[bytes]) -> Growth:
    """Append leaf hashes to a tree of `size`; `nodes` holds at least `peaks(size)`."""
    stack = [(peak, nodes[peak]) for peak in peaks(size)]
    made: dict[Node, bytes] = {}
    for leaf in leaves:
        node, value = Node(0, size), leaf
        made[node] = value
        while node.position % 2:
            sibling, left = stack.pop()
            assert sibling == (node.level, node.position - 1)
            node, value = Node(node.level + 1, node.position // 2), node_hash(left, value)
            made[node] = value
        stack.append((node, value))
        size += 1
    return Growth(made, size, _fold([value for _, value in stack]))


def inclusion_path(index: int, size: int) -> list[list[Node]]:
    """The nodes behind each hash of the proof that leaf `index` is in the tree of `size`, from the leaf upwards.

    Each hash is the root of a range of leaves: `_fold` of its perfect subtrees. Raises: LeafOutsideTree.
    """
    if not 0 <= index < size:
        raise LeafOutsideTree("a tree of that size does not hold the leaf", index=index, size=size)
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_cover(middle, high))
            high = middle
        else:
            path.append(_cover(low, middle))
            low = middle
    return path[::-1]


def consistency_path(first: int, second: int) -> list[list[Node]]:
    """The nodes behind each hash of the proof that the tree of `first` begins the tree of `second`.

    Raises: TreeSizeUnknown.
    """
    if not 0 < first <= second:
        raise TreeSizeUnknown("the first size is above 0 and not above the second", first=first, second=second)
    low, high, path, whole = 0, second, [], True
    while high != first:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(_cover(middle, high))
            high = middle
        else:
            path.append(_cover(low, middle))
            low, whole = middle, False
    if not whole:
        path.append(_cover(low, high))
    return path[::-1]


def needed(path: Sequence[Sequence[Node]]) -> set[Node]:
    return {node for ranges in path for node in ranges}


def hashes(path: Sequence[Sequence[Node]], nodes: Mapping[Node, bytes]) -> list[bytes]:
    return [_fold([nodes[node] for node in ranges]) for ranges in path]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _cover(low: int, high: int) -> list[Node]:
    """The perfect subtrees of leaves low … high - 1, for a range that the log's own splits make."""
    cover = []
    while low < high:
        level = (high - low).bit_length() - 1
        if low:
            level = min(level, (low & -low).bit_length() - 1)
        cover.append(Node(level, low >> level))
        low += 1 << level
    return cover


def _fold(values: Sequence[bytes]) -> bytes:
    """Root of the range whose perfect subtrees these are, left to right."""
    if not values:
        return EMPTY_ROOT
    folded = values[-1]
    for left in reversed(values[:-1]):
        folded = node_hash(left, folded)
    return folded
