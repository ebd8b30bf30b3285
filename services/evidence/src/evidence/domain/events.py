"""What happened to evidence: frozen facts, named and shaped as in events.proto."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class EvidenceCaptured:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    origin: str
    sha256: str
    captured_at: datetime


@dataclass(frozen=True)
class EvidenceRegistered:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    kind: str


@dataclass(frozen=True)
class EvidenceStored:
    evidence_id: UUID


@dataclass(frozen=True)
class EvidenceChallenged:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    challenged_at: datetime


@dataclass(frozen=True)
class EvidenceReviewed:
    evidence_id: UUID
    cause: str


@dataclass(frozen=True)
class EvidenceAdmitted:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    admitted_at: datetime


@dataclass(frozen=True)
class EvidenceExcluded:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    excluded_at: datetime


@dataclass(frozen=True)
class EvidenceLinked:
    evidence_id: UUID
    case_id: UUID


@dataclass(frozen=True)
class EvidenceArchived:
    evidence_id: UUID
    archived_at: datetime


@dataclass(frozen=True)
class CustodyRecorded:
    evidence_id: UUID
    seq: int
    type: str
    this_hash: str


@dataclass(frozen=True)
class PackBuilt:
    pack_id: UUID
    object_kind: str
    object_id: UUID
    handed_to: str
    sha256: str
    manifest_sha256: str
    built_at: datetime
