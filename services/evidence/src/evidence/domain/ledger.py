"""The ledger: what a leaf of the Merkle log says, and when a checkpoint is due. docs/formats/ledger.md is the same in words."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from kernel.errors import NotFound, Precondition

from evidence.domain import merkle

# A tree that did not grow is signed again, so that silence can be told from death.
AT_LEAST_EVERY = timedelta(hours=1)


class LedgerEmpty(Precondition):
    """No event has reached the ledger yet."""


class EntryNotFound(NotFound):
    """The ledger has no such event."""


class EntryNotCheckpointed(Precondition):
    """The event is a leaf already; the next checkpoint, within a minute, covers it."""


class CheckpointNotFound(NotFound):
    """No checkpoint of that size was signed."""


@dataclass(frozen=True)
class Arrived:
    """An event with its CloudEvents attributes; `topic` without the prefix of the installation."""

    id: str
    type: str
    source: str
    root: str
    time: str
    topic: str
    key: str
    value: bytes


@dataclass(frozen=True)
class Entry:
    """A leaf."""

    index: int
    ce_id: str
    ce_root: str
    ce_source: str
    ce_time: str
    ce_type: str
    key: str
    topic: str
    value: bytes
    leaf_hash: bytes

    @property
    def value_sha256(self) -> str:
        return sha256(self.value).hexdigest()

    def stated(self) -> Mapping[str, str]:
        """What the leaf hash covers."""
        return {
            "ce_id": self.ce_id,
            "ce_root": self.ce_root,
            "ce_source": self.ce_source,
            "ce_time": self.ce_time,
            "ce_type": self.ce_type,
            "key": self.key,
            "topic": self.topic,
            "value_sha256": self.value_sha256,
        }


def canonical(stated: Mapping[str, str]) -> bytes:
    """JSON with sorted names, no spaces, UTF-8 (RFC 8785 for what stands here: texts)."""
    return json.dumps(stated, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry(index: int, event: Arrived) -> Entry:
    made = Entry(index, event.id, event.root, event.source, event.time, event.type, event.key, event.topic, event.value, b"")
    return Entry(**{**made.__dict__, "leaf_hash": merkle.leaf_hash(canonical(made.stated()))})


@dataclass(frozen=True)
class Checkpoint:
    """A signed tree head. `signed_at` is real time."""

    origin: str
    size: int
    root: bytes
    signed_at: datetime
    note: str
    key_name: str
    public_key: str


def head(origin: str, size: int, root: bytes) -> str:
    """What a checkpoint signs (C2SP tlog-checkpoint)."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def due(last: Checkpoint | None, *, size: int, now: datetime, every: timedelta) -> bool:
    """`every`: how soon after the last one a grown tree is signed again."""
    if size == 0:
        return False
    if last is None:
        return True
    age = now - last.signed_at
    return (size > last.size and age >= every) or age >= AT_LEAST_EVERY
