"""Building packs and reading what was built."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

from kernel.moves import Facts

from evidence.application.commands import EvidenceOfOtherMatter
from evidence.application.ledger import Ledger
from evidence.application.ports import Door, Outside, Uow
from evidence.domain import merkle
from evidence.domain.events import PackBuilt
from evidence.domain.item import EvidenceItem
from evidence.domain.ledger import Checkpoint, Entry
from evidence.domain.pack import FORMAT, Pack, check_order


class PackUow(Uow, Ledger, Protocol):
    """One transaction over evidence, ledger and packs."""

    async def entries_about(self, keys: Sequence[str], below: int) -> Sequence[Entry]:
        """The leaves below an index whose events are of these aggregates."""
        ...

    async def earlier(self, handed_to: str, than: Checkpoint) -> Checkpoint:
        """The checkpoint that the receiver had last, if he had one; else the first by the same key."""
        ...

    async def pack(self, pack_id: UUID) -> Pack:
        """Raises: PackNotFound."""
        ...

    async def packs_of(self, object_kind: str, object_id: UUID) -> Sequence[Pack]: ...


@dataclass(frozen=True)
class SealedDocument:
    """A sealed document: what is said of it, and where its file can be read now."""

    id: str
    record: Mapping[str, Any]
    url: str

    @property
    def sha256(self) -> str:
        return str(self.record["sha256"])


@dataclass(frozen=True)
class Content:
    """Everything that goes into a pack, before it is one file. `head` is the manifest without what follows from the files."""

    pack_id: UUID
    org_path: str
    head: Mapping[str, Any]
    documents: Sequence[SealedDocument]
    items: Sequence[EvidenceItem]
    checkpoint: Checkpoint
    earlier: Checkpoint
    proofs: Mapping[str, Any]
    consistency: Mapping[str, Any]
    statement: Mapping[str, Any]


@dataclass(frozen=True)
class Pressed:
    """The one locked version of the file."""

    object_key: str
    object_version: str
    size: int
    sha256: str
    sm3: str
    manifest_sha256: str
    locked_until: datetime


class Press(Protocol):
    """What a pack is made with."""

    async def document(self, document_id: UUID) -> SealedDocument:
        """Raises: DocumentNotSealed, and what documents answers."""
        ...

    async def checkpoint(self) -> Checkpoint:
        """A checkpoint that covers all that the ledger holds now. Raises: LedgerEmpty."""
        ...

    async def press(self, content: Content) -> Pressed:
        """Raises: PackSourceDiffers, PackTooLarge, PackDefective."""
        ...


async def build(
    uow: PackUow,
    *,
    facts: Facts,
    outside: Outside,
    press: Press,
    object_kind: str,
    object_id: UUID,
    case_id: UUID,
    handed_to: str,
    document_ids: Sequence[UUID],
    item_ids: Sequence[UUID],
    withheld: Sequence[dict[str, str]],
    statement: Mapping[str, Any],
) -> Pack:
    """Raises what `check_order` and the press raise, EvidenceNotFound, EvidenceOfOtherMatter, and what the owner of the case answers."""
    documents, named = list(dict.fromkeys(map(str, document_ids))), list(dict.fromkeys(item_ids))
    check_order(handed_to=handed_to, documents=documents, items=named, withheld=withheld)
    matter = await outside.matters.matter("case", case_id)
    # Signed before the items are read: a chain of custody then never lacks a link that the checkpoint covers.
    checkpoint = await press.checkpoint()
    items = [await uow.item(item_id) for item_id in sorted(named)]
    for item in items:
        if item.org_path != matter.org_path:
            raise EvidenceOfOtherMatter("the item belongs to another body than the case", evidence=str(item.id), case=str(case_id))
    pack_id = uuid4()
    head = {
        "format": FORMAT,
        "pack_id": str(pack_id),
        "object": {"kind": object_kind, "id": str(object_id)},
        "case_id": str(case_id),
        "handed_by": {"org_path": matter.org_path, "person": facts.by.id},
        "handed_to": handed_to,
        "built_at": facts.now.isoformat(),
        "withheld": [dict(line) for line in withheld],
    }
    earlier = await uow.earlier(handed_to, checkpoint)
    content = Content(
        pack_id=pack_id,
        org_path=matter.org_path,
        head=head,
        documents=[await press.document(UUID(document_id)) for document_id in sorted(documents)],
        items=items,
        checkpoint=checkpoint,
        earlier=earlier,
        consistency=await _grown(uow, earlier, checkpoint),
        proofs=await _proofs(uow, checkpoint, [str(object_id), str(case_id), *documents, *map(str, named)]),
        statement=statement,
    )
    pressed = await press.press(content)
    pack = Pack(
        id=pack_id,
        org_path=matter.org_path,
        object_kind=object_kind,
        object_id=object_id,
        case_id=case_id,
        handed_to=handed_to,
        document_ids=sorted(documents),
        evidence_ids=[str(item.id) for item in items],
        withheld=[dict(line) for line in withheld],
        checkpoint_size=checkpoint.size,
        built_by=facts.by.id,
        built_at=facts.now,
        **pressed.__dict__,
    )
    uow.add(pack)
    uow.record(PackBuilt(pack.id, object_kind, object_id, handed_to, pack.sha256, pack.manifest_sha256, facts.now))
    return pack


async def _proofs(uow: PackUow, checkpoint: Checkpoint, keys: Sequence[str]) -> dict[str, Any]:
    """Inclusion proofs of every event of these aggregates, under the checkpoint."""
    entries = await uow.entries_about(keys, checkpoint.size)
    paths = [merkle.inclusion_path(entry.index, checkpoint.size) for entry in entries]
    nodes = await uow.nodes({node for path in paths for node in merkle.needed(path)})
    lines = [
        {
            "index": entry.index,
            "entry": dict(entry.stated()),
            "value": base64.b64encode(entry.value).decode(),
            "leaf_hash": entry.leaf_hash.hex(),
            "hashes": [value.hex() for value in merkle.hashes(path, nodes)],
        }
        for entry, path in zip(entries, paths, strict=True)
    ]
    return {"tree_size": checkpoint.size, "entries": lines}


async def _grown(uow: PackUow, earlier: Checkpoint, checkpoint: Checkpoint) -> dict[str, Any]:
    """That the ledger only grew since the receiver last had a checkpoint of it."""
    path = merkle.consistency_path(earlier.size, checkpoint.size)
    nodes = await uow.nodes(merkle.needed(path))
    hashes = [value.hex() for value in merkle.hashes(path, nodes)]
    return {"from_size": earlier.size, "to_size": checkpoint.size, "hashes": hashes}


async def get(uow: PackUow, *, pack_id: UUID) -> Pack:
    return await uow.pack(pack_id)


async def of_object(uow: PackUow, *, object_kind: str, object_id: UUID) -> dict[str, Sequence[Pack]]:
    return {"packs": await uow.packs_of(object_kind, object_id)}


async def file(uow: PackUow, *, outside: Outside, pack_id: UUID) -> dict[str, Any]:
    pack = await uow.pack(pack_id)
    door: Door = await outside.objects.door_out(pack.object_key, pack.object_version)
    return {
        **{name: getattr(pack, name) for name in ("sha256", "sm3", "size", "object_version")},
        "url": door.url,
        "expires_at": door.expires_at,
    }
