"""What happens to the ledger, and what may be read of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from evidence.domain import ledger, merkle
from evidence.domain.ledger import Arrived, Checkpoint, Entry
from evidence.domain.merkle import Node

DEFAULT_PAGE, LARGEST_PAGE = 100, 500


class Ledger(Protocol):
    """One transaction over the ledger."""

    async def append_alone(self) -> None:
        """Wait until nobody else appends; nobody else does until this transaction ends."""
        ...

    async def tree_size(self) -> int: ...

    async def nodes(self, wanted: set[Node]) -> Mapping[Node, bytes]: ...

    async def recorded(self, ids: Sequence[str]) -> set[str]:
        """Those of the events that are leaves."""
        ...

    async def add_leaves(self, entries: Sequence[Entry], nodes: Mapping[Node, bytes]) -> None: ...

    async def entry(self, *, event_id: str, leaf_hash: bytes) -> Entry:
        """Raises: EntryNotFound."""
        ...

    async def entries(self, start: int, size: int) -> Sequence[Entry]: ...

    async def newest_checkpoint(self) -> Checkpoint | None: ...

    async def checkpoints(self, size: int, token: str) -> tuple[Sequence[Checkpoint], str]:
        """A page, newest first, and the token of the next."""
        ...

    async def checkpoint_of(self, size: int) -> Checkpoint:
        """Raises: CheckpointNotFound."""
        ...

    async def sign_alone(self) -> None:
        """Wait until nobody else signs; nobody else does until this transaction ends."""
        ...

    async def add_checkpoint(self, made: Checkpoint) -> None: ...


class Notary(Protocol):
    """The ledger's own key."""

    origin: str

    def sign(self, size: int, root: bytes, now: datetime) -> Checkpoint: ...


async def append(uow: Ledger, arrived: Sequence[Arrived]) -> None:
    """Each event becomes the next leaf, once: an event that is a leaf already stays the leaf that it is."""
    await uow.append_alone()
    known = await uow.recorded([event.id for event in arrived])
    new = [event for event in arrived if event.id not in known]
    size = await uow.tree_size()
    entries = [ledger.entry(index, event) for index, event in enumerate(new, start=size)]
    if entries:
        grown = merkle.grow(size, await uow.nodes(set(merkle.peaks(size))), [entry.leaf_hash for entry in entries])
        await uow.add_leaves(entries, grown.nodes)


async def sign(uow: Ledger, *, notary: Notary, now: datetime, every: timedelta) -> Checkpoint | None:
    """Sign the tree as it stands, if that is due; answers the newest checkpoint. `now` is real time."""
    await uow.sign_alone()
    last, size = await uow.newest_checkpoint(), await uow.tree_size()
    if not ledger.due(last, size=size, now=now, every=every):
        return last
    made = notary.sign(size, merkle.root(size, await uow.nodes(set(merkle.peaks(size)))), now)
    await uow.add_checkpoint(made)
    return made


async def checkpoint(uow: Ledger, *, size: int) -> dict[str, Any]:
    """Size 0: the newest. Raises: LedgerEmpty, CheckpointNotFound."""
    found = await uow.checkpoint_of(size) if size else await newest(uow)
    return {**found.__dict__, "root": found.root.hex()}


async def newest(uow: Ledger) -> Checkpoint:
    """Raises: LedgerEmpty."""
    newest = await uow.newest_checkpoint()
    if newest is None:
        raise ledger.LedgerEmpty("no event has reached the ledger yet")
    return newest


async def inclusion(uow: Ledger, *, event_id: str, leaf_hash: bytes, tree_size: int) -> dict[str, Any]:
    """Raises: EntryNotFound, EntryNotCheckpointed, LedgerEmpty, TreeSizeUnknown, LeafOutsideTree."""
    found = await uow.entry(event_id=event_id, leaf_hash=leaf_hash)
    size = await _size(uow, tree_size)
    if not tree_size and found.index >= size:
        raise ledger.EntryNotCheckpointed("no checkpoint covers the event yet", index=found.index, size=size)
    path = merkle.inclusion_path(found.index, size)
    nodes = await uow.nodes(merkle.needed(path) | set(merkle.peaks(size)))
    hashes = [value.hex() for value in merkle.hashes(path, nodes)]
    return {"entry": shown(found), "tree_size": size, "root": merkle.root(size, nodes).hex(), "hashes": hashes}


async def consistency(uow: Ledger, *, from_size: int, to_size: int) -> dict[str, Any]:
    """Raises: LedgerEmpty, TreeSizeUnknown."""
    size = await _size(uow, to_size)
    path = merkle.consistency_path(from_size, size)
    nodes = await uow.nodes(merkle.needed(path) | set(merkle.peaks(from_size)) | set(merkle.peaks(size)))
    return {
        "from_size": from_size,
        "from_root": merkle.root(from_size, nodes).hex(),
        "to_size": size,
        "to_root": merkle.root(size, nodes).hex(),
        "hashes": [value.hex() for value in merkle.hashes(path, nodes)],
    }


async def checkpoints(uow: Ledger, *, size: int, token: str) -> dict[str, Any]:
    found, following = await uow.checkpoints(size, token)
    return {"checkpoints": [{**one.__dict__, "root": one.root.hex()} for one in found], "next_page_token": following}


async def entries(uow: Ledger, *, from_index: int, page_size: int) -> dict[str, Any]:
    size = min(page_size, LARGEST_PAGE) if page_size > 0 else DEFAULT_PAGE
    found = await uow.entries(max(from_index, 0), size + 1)
    return {"entries": [shown(entry) for entry in found[:size]], "next_index": found[size].index if len(found) > size else 0}


def shown(entry: Entry) -> dict[str, Any]:
    return {**entry.stated(), "index": entry.index, "value": entry.value, "leaf_hash": entry.leaf_hash.hex()}


async def _size(uow: Ledger, wanted: int) -> int:
    """The size that was asked for, which the log has to have had; 0: that of the newest checkpoint."""
    if not wanted:
        return (await newest(uow)).size
    stands = await uow.tree_size()
    if not 0 < wanted <= stands:
        raise merkle.TreeSizeUnknown("the log never had that size", size=wanted, stands=stands)
    return wanted
