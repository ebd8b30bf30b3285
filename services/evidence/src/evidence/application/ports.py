"""What commands and queries need from outside: protocols, because the unit tests have a second implementation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from kernel.guards import Officer

from evidence.domain.item import EvidenceItem, Matter, Stored
from evidence.domain.records import Paper, Ruling
from evidence.domain.upload import Upload


class Uow(Protocol):
    """One transaction over evidence."""

    def add(self, thing: Any) -> None: ...

    def record(self, event: Any) -> None: ...

    async def upload(self, upload_id: UUID) -> Upload:
        """Raises: UploadNotFound."""
        ...

    async def item(self, item_id: UUID) -> EvidenceItem:
        """Raises: EvidenceNotFound."""
        ...

    async def items_of(self, object_kind: str, object_id: UUID) -> Sequence[EvidenceItem]:
        """The items of the matter and those linked to it, oldest first."""
        ...

    async def items_held(self, measure_id: str) -> Sequence[EvidenceItem]:
        """The items that a coercive measure holds."""
        ...

    async def ruling_of(self, item: EvidenceItem, case_id: UUID | None = None) -> Ruling | None:
        """What was decided on the case of the item, or on this one of the cases that it is linked to."""
        ...

    async def note_ruling(self, case_id: UUID, changes: Mapping[str, Any]) -> None:
        """Keep what was decided on a case; what `changes` does not name stays."""
        ...

    async def ruling(self, case_id: UUID) -> Ruling | None: ...

    async def link(self, case_id: UUID, item_ids: Sequence[UUID], org_path: str) -> Sequence[UUID]:
        """Link the items; answers those that were not linked before."""
        ...


@dataclass(frozen=True)
class Door:
    """Where a client may put or read a file until `expires_at` (real time)."""

    url: str
    headers: Mapping[str, str]
    expires_at: datetime


class Objects(Protocol):
    """The object store. Every read names one version."""

    async def door_in(self, key: str, media_type: str) -> Door: ...

    async def door_out(self, key: str, version: str) -> Door: ...

    async def put(self, key: str, content: bytes, media_type: str) -> str:
        """The version that was written."""
        ...

    async def newest(self, key: str) -> str | None:
        """The version that was put last, None if nothing was put."""
        ...

    async def hashes(self, key: str, version: str) -> tuple[int, str, str] | None:
        """Size, SHA-256 and SM3 of one version; None if it is gone."""
        ...

    async def lock(self, key: str, version: str) -> tuple[str, datetime]:
        """Lock the version for the retention of evidence; answers mode and end (real time)."""
        ...


class Matters(Protocol):
    """The services that own inspections and cases."""

    async def matter(self, object_kind: str, object_id: UUID) -> Matter:
        """Raises: MatterKindUnknown, and what the owner answers."""
        ...


class Officers(Protocol):
    """Identity: officers with their certificates."""

    async def officers(self, ids: Sequence[str]) -> Sequence[Officer]: ...


class Registers(Protocol):
    """Registers that a query may be put to, in the caller's name."""

    async def ask(self, register: str, terms: Mapping[str, Any]) -> Mapping[str, Any]:
        """The whole answer, JSON-able. Raises: RegisterUnknown, and what the register refuses."""
        ...


class Documents(Protocol):
    """Documents: the sealed file of a document."""

    async def sealed_file(self, document_id: str) -> tuple[bytes, str]:
        """Content and title. Raises: DocumentNotSealed, DocumentFileDiffers, and what documents answers."""
        ...

    async def check(self, document_id: str) -> Paper:
        """Whether the document could be sealed now. Raises: what documents answers."""
        ...


@dataclass(frozen=True)
class Outside:
    """The ports together."""

    objects: Objects
    matters: Matters
    officers: Officers
    registers: Registers
    documents: Documents

    async def keep(self, key: str, version: str, found: tuple[int, str, str]) -> Stored:
        """Lock one version whose size, SHA-256 and SM3 were found."""
        size, sha256, sm3 = found
        mode, until = await self.objects.lock(key, version)
        return Stored(key, version, size, sha256, sm3, mode, until)
