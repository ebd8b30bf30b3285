from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from evidence.application import ledger
from evidence.domain.ledger import (
    Arrived,
    Checkpoint,
    CheckpointNotFound,
    Entry,
    EntryNotCheckpointed,
    EntryNotFound,
    LedgerEmpty,
    canonical,
    due,
    entry,
    head,
)
from evidence.domain.merkle import EMPTY_ROOT, LeafOutsideTree, Node, TreeSizeUnknown, leaf_hash

NOW = datetime(2022, 6, 14, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class FakeLedger:
    def __init__(self) -> None:
        self.leaves: list[Entry] = []
        self.stored: dict[Node, bytes] = {}
        self.signed: list[Checkpoint] = []
        self.locks: list[str] = []

    async def append_alone(self) -> None:
        self.locks.append("append")

    async def sign_alone(self) -> None:
        self.locks.append("sign")

    async def tree_size(self) -> int:
        return len(self.leaves)

    async def nodes(self, wanted: set[Node]) -> Mapping[Node, bytes]:
        return {node: self.stored[node] for node in wanted}

    async def recorded(self, ids: Sequence[str]) -> set[str]:
        return {leaf.ce_id for leaf in self.leaves} & set(ids)

    async def add_leaves(self, entries: Sequence[Entry], nodes: Mapping[Node, bytes]) -> None:
        assert not set(self.stored) & set(nodes)
        self.leaves += entries
        self.stored |= nodes

    async def entry(self, *, event_id: str, leaf_hash: bytes) -> Entry:
        for leaf in self.leaves:
            if leaf.ce_id == event_id or leaf.leaf_hash == leaf_hash:
                return leaf
        raise EntryNotFound("there is none")

    async def entries(self, start: int, size: int) -> Sequence[Entry]:
        return self.leaves[start : start + size]

    async def newest_checkpoint(self) -> Checkpoint | None:
        return self.signed[-1] if self.signed else None

    async def checkpoints(self, size: int, token: str) -> tuple[Sequence[Checkpoint], str]:
        return self.signed[::-1], ""

    async def checkpoint_of(self, size: int) -> Checkpoint:
        for made in self.signed:
            if made.size == size:
                return made
        raise CheckpointNotFound("there is none")

    async def add_checkpoint(self, made: Checkpoint) -> None:
        self.signed.append(made)


class FakeNotary:
    origin = "test/ledger"

    def sign(self, size: int, root: bytes, now: datetime) -> Checkpoint:
        return Checkpoint(self.origin, size, root, now, head(self.origin, size, root), self.origin, "public")


def event(name: str, **given: Any) -> Arrived:
    return Arrived(name, "t.v1.Happened", "/anzhi/t", "/44/", "2022-06-14T09:00:00+00:00", "t.thing.v1", f"k-{name}", b"bytes", **given)


async def filled(number: int = 5) -> FakeLedger:
    uow = FakeLedger()
    await ledger.append(uow, [event(f"e{count}") for count in range(number)])
    return uow


async def signed(number: int = 5) -> FakeLedger:
    uow = await filled(number)
    await ledger.sign(uow, notary=FakeNotary(), now=NOW, every=MINUTE)
    return uow


async def test_a_leaf_states_the_attributes_of_the_event_and_the_hash_of_its_bytes():
    made = entry(0, event("e"))

    assert canonical(made.stated()).decode() == (
        '{"ce_id":"e","ce_root":"/44/","ce_source":"/anzhi/t","ce_time":"2022-06-14T09:00:00+00:00","ce_type":"t.v1.Happened",'
        f'"key":"k-e","topic":"t.thing.v1","value_sha256":"{sha256(b"bytes").hexdigest()}"}}'
    )
    assert made.leaf_hash == leaf_hash(canonical(made.stated()))


async def test_an_event_that_is_a_leaf_stays_the_leaf_that_it_is():
    uow = await filled()

    await ledger.append(uow, [event("e1"), event("new"), event("e4")])

    assert [leaf.ce_id for leaf in uow.leaves] == ["e0", "e1", "e2", "e3", "e4", "new"]
    assert [leaf.index for leaf in uow.leaves] == list(range(6))


async def test_a_batch_of_known_events_appends_nothing():
    uow = await filled()

    await ledger.append(uow, [event("e1")])

    assert len(uow.leaves) == 5
    assert uow.locks == ["append", "append"]


async def test_a_grown_tree_is_signed_after_a_minute_and_an_idle_one_after_an_hour():
    uow, notary = await filled(), FakeNotary()

    async def sign(after: timedelta) -> int:
        await ledger.sign(uow, notary=notary, now=NOW + after, every=MINUTE)
        return len(uow.signed)

    assert await sign(timedelta()) == 1
    assert await sign(2 * MINUTE) == 1
    await ledger.append(uow, [event("more")])
    assert await sign(timedelta(seconds=59)) == 1
    assert await sign(MINUTE) == 2
    assert await sign(timedelta(minutes=60)) == 2
    assert await sign(timedelta(minutes=61)) == 3
    assert [made.size for made in uow.signed] == [5, 6, 6]


async def test_an_empty_ledger_is_not_signed():
    uow = FakeLedger()

    assert await ledger.sign(uow, notary=FakeNotary(), now=NOW, every=MINUTE) is None
    assert not due(None, size=0, now=NOW, every=MINUTE)
    with pytest.raises(LedgerEmpty):
        await ledger.checkpoint(uow, size=0)


async def test_a_checkpoint_is_found_by_its_size_or_is_the_newest():
    uow = await signed()
    await ledger.append(uow, [event("more")])
    await ledger.sign(uow, notary=FakeNotary(), now=NOW + MINUTE, every=MINUTE)

    assert (await ledger.checkpoint(uow, size=5))["size"] == 5
    assert (await ledger.checkpoint(uow, size=0))["root"] == uow.signed[-1].root.hex()
    assert [line["size"] for line in (await ledger.checkpoints(uow, size=0, token=""))["checkpoints"]] == [6, 5]
    with pytest.raises(CheckpointNotFound):
        await ledger.checkpoint(uow, size=4)


async def test_an_event_above_the_newest_checkpoint_waits_for_the_next():
    uow = await signed()
    await ledger.append(uow, [event("young")])

    with pytest.raises(EntryNotCheckpointed):
        await ledger.inclusion(uow, event_id="young", leaf_hash=b"", tree_size=0)
    proof = await ledger.inclusion(uow, event_id="young", leaf_hash=b"", tree_size=6)
    assert (proof["tree_size"], proof["entry"]["ce_id"]) == (6, "young")


@pytest.mark.parametrize(("size", "error"), [(2, LeafOutsideTree), (6, TreeSizeUnknown), (-1, TreeSizeUnknown)])
async def test_a_tree_without_the_leaf_proves_nothing(size: int, error: type[Exception]):
    uow = await signed()

    with pytest.raises(error):
        await ledger.inclusion(uow, event_id="e3", leaf_hash=b"", tree_size=size)


async def test_two_sizes_are_consistent():
    uow = await signed()

    proof = await ledger.consistency(uow, from_size=3, to_size=0)

    assert (proof["from_size"], proof["to_size"], proof["to_root"]) == (3, 5, uow.signed[-1].root.hex())
    with pytest.raises(TreeSizeUnknown):
        await ledger.consistency(uow, from_size=5, to_size=3)


async def test_entries_come_by_pages():
    uow = await filled(5)

    first = await ledger.entries(uow, from_index=-3, page_size=3)
    rest = await ledger.entries(uow, from_index=first["next_index"], page_size=0)

    assert [line["index"] for line in first["entries"]] == [0, 1, 2]
    assert ([line["index"] for line in rest["entries"]], rest["next_index"]) == ([3, 4], 0)


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert sha256(b"").digest() == EMPTY_ROOT
