"""What happened to documents: facts, shaped like the messages of anzhi.documents.v1."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class DocumentDrafted:
    document_id: UUID
    form: str
    object_kind: str
    object_id: UUID
    matter_id: UUID
    drafted_at: datetime


@dataclass(frozen=True)
class DocumentReturned:
    document_id: UUID
    form: str
    object_kind: str
    object_id: UUID
    at: datetime


@dataclass(frozen=True)
class DocumentSealed:
    document_id: UUID
    form: str
    number: str
    object_kind: str
    object_id: UUID
    matter_id: UUID
    sha256: str
    sm3: str
    body_digest: str
    issuer_id: str
    dated_on: date
    sealed_at: datetime


@dataclass(frozen=True)
class DocumentEffective:
    document_id: UUID
    form: str
    object_kind: str
    object_id: UUID
    matter_id: UUID
    effective_at: datetime


@dataclass(frozen=True)
class DocumentServed:
    document_id: UUID
    form: str
    object_kind: str
    object_id: UUID
    matter_id: UUID
    served_on: date
    deemed_on: date
    mode: str
    number: str
    receipt_id: UUID
    at: datetime


@dataclass(frozen=True)
class DocumentVoided:
    document_id: UUID
    form: str
    object_kind: str
    object_id: UUID
    matter_id: UUID
    number: str
    voided_at: datetime


@dataclass(frozen=True)
class DocumentArchived:
    document_id: UUID
    form: str
    object_kind: str
    object_id: UUID
    matter_id: UUID
    archived_at: datetime


@dataclass(frozen=True)
class DocumentSuperseded:
    document_id: UUID
    form: str
    object_kind: str
    object_id: UUID
    matter_id: UUID
    by_document_id: UUID
    at: datetime


@dataclass(frozen=True)
class DocumentRevoked:
    document_id: UUID
    form: str
    object_kind: str
    object_id: UUID
    matter_id: UUID
    at: datetime
