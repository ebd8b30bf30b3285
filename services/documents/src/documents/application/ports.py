"""What commands and queries need from outside: protocols, because the unit tests have a second implementation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from kernel.guards import Officer

from documents.domain.document import Document, File, Issuer
from documents.domain.numbering import Number


class Uow(Protocol):
    """One transaction over documents."""

    jobs: bool
    scope: str
    root: str

    def add(self, thing: Any) -> None: ...

    def record(self, event: Any) -> None: ...

    def expect(self, thing: Any, version: int) -> None:
        """Raises: ChangedMeanwhile."""
        ...

    async def document(self, document_id: UUID) -> Document:
        """Raises: DocumentNotFound."""
        ...

    async def of_matter(self, matter_id: UUID, forms: Sequence[str] = ()) -> Sequence[Document]:
        """The documents of an inspection or case, oldest first; only of these forms if any are given."""
        ...

    async def number_of(self, document_id: UUID) -> Number | None: ...

    async def search(
        self, *, object_kind: str, object_id: UUID | None, matter_id: UUID | None, form: str, state: str, size: int, token: str
    ) -> tuple[Sequence[Document], str]: ...

    async def numbers(self, *, issuer_id: str, letter_code: str, year: int, size: int, token: str) -> tuple[Sequence[Number], str]: ...


@dataclass(frozen=True)
class OwnerAnswer:
    """What the owner of a matter says about a document of it."""

    allowed: bool
    reason: str = ""
    detail: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    org_id: str = ""
    org_path: str = ""
    matter_id: UUID | None = None


class Owners(Protocol):
    """Inspections and penalties: DocumentOwnerService."""

    async def may_draft(self, form: str, object_kind: str, object_id: UUID) -> OwnerAnswer: ...

    async def may_serve(self, document: Document) -> OwnerAnswer: ...


class Bodies(Protocol):
    """Identity: in whose name a body acts."""

    async def issuer(self, org_id: str, on: date) -> Issuer: ...


class Officers(Protocol):
    async def officers(self, ids: Sequence[str], at: datetime | None = None) -> list[Officer]: ...


class Register(Protocol):
    """The register of numbers. A number is taken in a transaction of its own and belongs to its document from then on."""

    async def take(self, uow: Uow, document: Document, year: int, at: datetime) -> Number: ...


class Press(Protocol):
    """Typesets, seals and keeps: the document's final file, one locked version."""

    async def issue(self, document: Document, verify_url: str, at: datetime) -> File: ...

    async def link(self, document: Document) -> tuple[str, datetime]:
        """Where to read the file, and until when."""
        ...


class Typeface(Protocol):
    def __call__(self, text: str) -> list[str]:
        """Characters of the text that would print as an empty box."""
        ...


@dataclass(frozen=True)
class Outside:
    owners: Owners
    bodies: Bodies
    officers: Officers
    register: Register
    press: Press
    missing_characters: Typeface
    public_url: str

    def verify_url(self, document: Document) -> str:
        """What the QR code holds; the digits after # are of the body's digest (docs/decisions)."""
        return f"{self.public_url.rstrip('/')}/v/{document.id}#{document.body_digest[:16]}" if document.body_digest else ""
