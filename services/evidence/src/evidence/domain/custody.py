"""The chain of custody: who had an item, where, and what it hashed to. Law brief 8.6."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from kernel.errors import Forbidden

Digest = Callable[[bytes], str]


class CustodyType(StrEnum):
    COLLECT = "COLLECT"
    SEAL = "SEAL"
    TRANSFER = "TRANSFER"
    STORE = "STORE"
    OPEN = "OPEN"
    COPY = "COPY"
    TEST = "TEST"
    RETURN = "RETURN"
    HANDOVER = "HANDOVER"
    RELEASE = "RELEASE"
    DESTROY = "DESTROY"


class OpenedAlone(Forbidden):
    """A sealed item is opened by two persons."""


@dataclass(eq=False)
class CustodyEvent:
    """One link. `this_hash` = SM3(`prev_hash` and the canonical JSON of the event); the first `prev_hash` is empty."""

    evidence_id: UUID
    seq: int
    type: CustodyType
    at: datetime
    place: str
    actors: list[str]
    org_path: str
    from_holder: str = ""
    to_holder: str = ""
    seal_no: str = ""
    hash_before: str = ""
    hash_after: str = ""
    reason: str = ""
    document_id: str = ""
    prev_hash: str = ""
    this_hash: str = ""

    def seal(self, digest: Digest) -> None:
        """Raises: OpenedAlone."""
        if self.type is CustodyType.OPEN and len(set(self.actors)) < 2:
            raise OpenedAlone("a sealed item is opened by two persons", evidence=str(self.evidence_id))
        self.this_hash = self.hash(digest)

    def stated(self) -> dict[str, Any]:
        """What its hash covers beside the hash before."""
        return {
            "evidence_id": str(self.evidence_id),
            "seq": self.seq,
            "type": str(self.type),
            "at": self.at.isoformat(),
            "place": self.place,
            "actors": self.actors,
            "from_holder": self.from_holder,
            "to_holder": self.to_holder,
            "seal_no": self.seal_no,
            "hash_before": self.hash_before,
            "hash_after": self.hash_after,
            "reason": self.reason,
            "document_id": self.document_id,
        }

    def hash(self, digest: Digest) -> str:
        canonical = json.dumps(self.stated(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return digest(self.prev_hash.encode() + canonical.encode())


def intact(chain: Sequence[CustodyEvent], digest: Digest) -> bool:
    """Whether no link is missing, changed or out of order, and each takes over the hash that the one before left."""
    before = ""
    file_hash = ""
    for position, event in enumerate(chain, start=1):
        if event.seq != position or event.prev_hash != before or event.this_hash != event.hash(digest):
            return False
        if file_hash and event.hash_before and event.hash_before != file_hash:
            return False
        before, file_hash = event.this_hash, event.hash_after or file_hash
    return True
