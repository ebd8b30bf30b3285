"""The ledger's part of the Uow: leaves, nodes and checkpoints are only ever added."""

from collections.abc import Mapping, Sequence
from typing import Any

from servicekit.db import Uow, page
from sqlalchemy import ARRAY, BigInteger, LargeBinary, Text, bindparam, func, insert, select, text

from evidence.adapters import tables as t
from evidence.domain.ledger import Checkpoint, CheckpointNotFound, Entry, EntryNotFound
from evidence.domain.merkle import Node

_TEXTS = ("ce_id", "ce_root", "ce_source", "ce_time", "ce_type", "key", "topic")
_LEAVES = text(
    f"INSERT INTO leaves (index, {', '.join(_TEXTS)}, value, leaf_hash) SELECT * FROM unnest("  # noqa: S608 - names of this module
    f":index, {', '.join(f':{name}' for name in _TEXTS)}, :value, :leaf_hash)"
).bindparams(
    bindparam("index", type_=ARRAY(BigInteger)),
    *(bindparam(name, type_=ARRAY(Text)) for name in _TEXTS),
    bindparam("value", type_=ARRAY(LargeBinary)),
    bindparam("leaf_hash", type_=ARRAY(LargeBinary)),
)
_PAIRS = (bindparam("level", type_=ARRAY(BigInteger)), bindparam("index", type_=ARRAY(BigInteger)))
_NODES = text("INSERT INTO nodes (level, index, hash) SELECT * FROM unnest(:level, :index, :hash)").bindparams(
    *_PAIRS, bindparam("hash", type_=ARRAY(LargeBinary))
)
# A leaf's hash stands in its own row; only what is above it is a node in storage.
_WANTED = text(
    "SELECT w.level, w.index, n.hash FROM unnest(:level, :index) AS w(level, index) JOIN nodes n USING (level, index)"
    " UNION ALL SELECT 0, l.index, l.leaf_hash FROM leaves l WHERE l.index = ANY(:leaves)"
).bindparams(*_PAIRS, bindparam("leaves", type_=ARRAY(BigInteger)))


class LedgerRows(Uow):
    async def append_alone(self) -> None:
        await self.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('anzhi.ledger'))"))

    async def sign_alone(self) -> None:
        await self.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('anzhi.ledger.checkpoint'))"))

    async def tree_size(self) -> int:
        last = await self.one(select(func.max(t.leaves.c.index)))
        return 0 if last is None else int(last) + 1

    async def nodes(self, wanted: set[Node]) -> Mapping[Node, bytes]:
        above = sorted(node for node in wanted if node.level)
        leaves = sorted(node.position for node in wanted if not node.level)
        given = {"level": [node.level for node in above], "index": [node.position for node in above], "leaves": leaves}
        found = {Node(level, index): bytes(value) for level, index, value in await self.session.execute(_WANTED, given)}
        if len(found) != len(wanted):
            raise RuntimeError(f"the ledger lacks nodes: {sorted(wanted - found.keys())[:3]}")
        return found

    async def recorded(self, ids: Sequence[str]) -> set[str]:
        return set(await self.all(select(t.leaves.c.ce_id).where(t.leaves.c.ce_id.in_(ids))))

    async def add_leaves(self, entries: Sequence[Entry], nodes: Mapping[Node, bytes]) -> None:
        columns = ("index", *_TEXTS, "value", "leaf_hash")
        await self.session.execute(_LEAVES, {name: [getattr(entry, name) for entry in entries] for name in columns})
        above = [(node.level, node.position, value) for node, value in nodes.items() if node.level]
        if above:
            level, index, hashes = zip(*above, strict=True)
            await self.session.execute(_NODES, {"level": list(level), "index": list(index), "hash": list(hashes)})

    async def entry(self, *, event_id: str, leaf_hash: bytes) -> Entry:
        wanted = t.leaves.c.ce_id == event_id if event_id else t.leaves.c.leaf_hash == leaf_hash
        row = (await self.session.execute(select(t.leaves).where(wanted).order_by(t.leaves.c.index).limit(1))).one_or_none()
        if row is None:
            raise EntryNotFound("the ledger has no such event", event=event_id, leaf_hash=leaf_hash.hex())
        return _entry(row)

    async def entries(self, start: int, size: int) -> Sequence[Entry]:
        rows = await self.session.execute(select(t.leaves).where(t.leaves.c.index >= start).order_by(t.leaves.c.index).limit(size))
        return [_entry(row) for row in rows]

    async def entries_about(self, keys: Sequence[str], below: int) -> Sequence[Entry]:
        """The leaves whose event names one of `keys` as its aggregate."""
        meant = t.leaves.c.key.in_(keys) & (t.leaves.c.index < below)
        return [_entry(row) for row in await self.session.execute(select(t.leaves).where(meant).order_by(t.leaves.c.index))]

    async def newest_checkpoint(self) -> Checkpoint | None:
        found = await self.session.execute(select(t.checkpoints).order_by(t.checkpoints.c.id.desc()).limit(1))
        row = found.one_or_none()
        return None if row is None else shaped(row)

    async def checkpoints(self, size: int, token: str) -> tuple[Sequence[Checkpoint], str]:
        ids, following = await page(self, select(t.checkpoints.c.id), by=(t.checkpoints.c.id,), size=size, token=token, descending=True)
        wanted = select(t.checkpoints).where(t.checkpoints.c.id.in_(ids)).order_by(t.checkpoints.c.id.desc())
        return [shaped(row) for row in await self.session.execute(wanted)], following

    async def checkpoint_of(self, size: int) -> Checkpoint:
        wanted = select(t.checkpoints).where(t.checkpoints.c.size == size).order_by(t.checkpoints.c.id.desc()).limit(1)
        row = (await self.session.execute(wanted)).one_or_none()
        if row is None:
            raise CheckpointNotFound("no checkpoint of that size was signed", size=size)
        return shaped(row)

    async def add_checkpoint(self, made: Checkpoint) -> None:
        await self.session.execute(insert(t.checkpoints).values(**made.__dict__).inline())


def _entry(row: Any) -> Entry:
    values = {name: getattr(row, name) for name in _TEXTS}
    return Entry(index=row.index, **values, value=bytes(row.value), leaf_hash=bytes(row.leaf_hash))


def shaped(row: Any) -> Checkpoint:
    """A checkpoint from its row."""
    values = {name: value for name, value in row._mapping.items() if name not in {"id", "root"}}
    return Checkpoint(**values, root=bytes(row.root))
