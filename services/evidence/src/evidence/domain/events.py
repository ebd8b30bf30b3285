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


@dataclass(frozen=True)
class EvidencePreserved:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    decide_by: str
    at: datetime


@dataclass(frozen=True)
class PreservedDecided:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    option: str
    measure_id: str
    at: datetime


@dataclass(frozen=True)
class PreservationLapsed:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    legal_expiry: str
    at: datetime


@dataclass(frozen=True)
class EvidenceSampled:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    at: datetime


@dataclass(frozen=True)
class EvidenceAtAppraisal:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    measure_id: str
    due_on: str
    at: datetime


@dataclass(frozen=True)
class OpinionRecorded:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    opinion_evidence_id: str
    measure_id: str
    used_up: bool
    at: datetime


@dataclass(frozen=True)
class EvidenceHandedToPolice:
    evidence_id: UUID
    transfer_id: str
    case_id: str
    at: datetime


@dataclass(frozen=True)
class EvidenceReturnedByPolice:
    evidence_id: UUID
    transfer_id: str
    at: datetime


@dataclass(frozen=True)
class EvidenceReturned:
    evidence_id: UUID
    object_kind: str
    object_id: UUID
    measure_id: str
    at: datetime


@dataclass(frozen=True)
class EvidenceConfiscated:
    evidence_id: UUID
    case_id: str
    at: datetime


@dataclass(frozen=True)
class EvidenceDisposed:
    evidence_id: UUID
    method: str
    at: datetime


@dataclass(frozen=True)
class DocumentReleased:
    object_kind: str
    object_id: UUID
    document_ids: tuple[str, ...]
    released_by: str
    at: datetime
    evidence_id: UUID
