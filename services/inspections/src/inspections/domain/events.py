"""What happened in a task: frozen facts, named and shaped as in events.proto."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from inspections.domain.terms import Severity


@dataclass(frozen=True)
class OfTask:
    """Something happened to a task."""

    inspection_id: UUID
    at: datetime


@dataclass(frozen=True)
class OfFinding:
    """Something happened to a finding."""

    inspection_id: UUID
    finding_id: UUID
    at: datetime


@dataclass(frozen=True)
class OfOrder:
    """Something happened to an order."""

    inspection_id: UUID
    order_id: UUID
    at: datetime


class SchemeSubmitted(OfTask):
    """The scheme is with the reviewers (I06), also a scheme afterwards (I09)."""


class SchemeReturned(OfTask):
    """The scheme was returned (I07)."""


class SchemeOverdue(OfTask):
    """The scheme of an urgent check did not follow within 24 hours."""


class InspectionObstructed(OfTask):
    """Access was refused or the check obstructed (I11)."""


class AccessGiven(OfTask):
    """Access was given after all (I12)."""


class ObstructionPersisted(OfTask):
    """The obstruction persisted (I13)."""


class InspectionCancelled(OfTask):
    """The task was cancelled (I19)."""


@dataclass(frozen=True)
class InspectionCreated:
    inspection_id: UUID
    enterprise_id: UUID
    source: str
    at: datetime


@dataclass(frozen=True)
class OfficersAssigned:
    inspection_id: UUID
    officer_ids: Sequence[str]
    lead_id: str
    at: datetime


@dataclass(frozen=True)
class OfficerReplaced:
    inspection_id: UUID
    officer_id: str
    by_officer_id: str
    ground: str
    at: datetime


@dataclass(frozen=True)
class SchemeApproved:
    inspection_id: UUID
    document_id: UUID
    at: datetime


@dataclass(frozen=True)
class ArrivedOnSite:
    inspection_id: UUID
    officer_ids: Sequence[str]
    urgent: bool
    at: datetime


@dataclass(frozen=True)
class RecordLine:
    """A finding as the record shows it."""

    finding_id: UUID
    check_item_id: str
    act_id: str
    severity: Severity | None
    persons: int


@dataclass(frozen=True)
class RecordSigned:
    inspection_id: UUID
    enterprise_id: UUID
    document_id: UUID
    refused: bool
    findings: Sequence[RecordLine]
    at: datetime


@dataclass(frozen=True)
class RecordSupplemented:
    inspection_id: UUID
    document_id: UUID
    at: datetime


@dataclass(frozen=True)
class IssuesOpened:
    inspection_id: UUID
    finding_ids: Sequence[UUID]
    at: datetime


@dataclass(frozen=True)
class InspectionReferred:
    inspection_id: UUID
    document_id: UUID
    department: str
    at: datetime


@dataclass(frozen=True)
class InspectionClosed:
    inspection_id: UUID
    enterprise_id: UUID
    at: datetime


@dataclass(frozen=True)
class FindingRecorded:
    inspection_id: UUID
    finding_id: UUID
    check_item_id: str
    at: datetime


@dataclass(frozen=True)
class FindingClassified:
    inspection_id: UUID
    finding_id: UUID
    severity: Severity
    standard_item: str
    at: datetime


@dataclass(frozen=True)
class FindingConfirmed:
    finding_id: UUID
    inspection_id: UUID
    enterprise_id: UUID
    check_item_id: str
    act_id: str
    severity: Severity
    at: datetime


@dataclass(frozen=True)
class MeasuresApplied:
    inspection_id: UUID
    finding_ids: Sequence[UUID]
    measures: Sequence[str]
    document_id: UUID
    at: datetime


@dataclass(frozen=True)
class RectificationStarted:
    inspection_id: UUID
    finding_id: UUID
    due_on: date | None
    at: datetime


@dataclass(frozen=True)
class SupervisionChanged:
    inspection_id: UUID
    finding_id: UUID
    supervised: bool
    at: datetime


@dataclass(frozen=True)
class ExtensionRequested:
    inspection_id: UUID
    order_id: UUID
    finding_ids: Sequence[UUID]
    at: datetime


@dataclass(frozen=True)
class ExtensionDecided:
    inspection_id: UUID
    order_id: UUID
    finding_ids: Sequence[UUID]
    granted: bool
    due_on: date | None
    at: datetime


class ExtensionReplyOverdue(OfFinding):
    """The reply to an application for more time is late (D27), or never came before the order ended (HD27)."""


@dataclass(frozen=True)
class RecheckDue:
    inspection_id: UUID
    finding_id: UUID
    overdue: bool
    recheck_by: str
    at: datetime


class LateRecheck(OfFinding):
    """The re-inspection did not follow in time (D28): a breach of the authority."""


class SuspensionReviewDue(OfFinding):
    """A temporary suspension ran its six months and has to be reviewed (D29)."""


class ResumeReviewOverdue(OfFinding):
    """The review of a listed danger is late (D31)."""


@dataclass(frozen=True)
class FindingNotRectified:
    inspection_id: UUID
    finding_id: UUID
    act_id: str
    at: datetime


@dataclass(frozen=True)
class ObjectionChanged:
    inspection_id: UUID
    finding_id: UUID
    disputed: bool
    upheld: bool
    at: datetime


@dataclass(frozen=True)
class FindingClosed:
    inspection_id: UUID
    finding_id: UUID
    state: str
    at: datetime


@dataclass(frozen=True)
class CaseClueRaised:
    inspection_id: UUID
    enterprise_id: UUID
    finding_ids: Sequence[UUID]
    act_id: str
    branch: str
    order_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class OrderDrafted:
    inspection_id: UUID
    order_id: UUID
    finding_ids: Sequence[UUID]
    at: datetime


@dataclass(frozen=True)
class OrderIssued:
    inspection_id: UUID
    order_id: UUID
    document_id: UUID
    at: datetime


@dataclass(frozen=True)
class OrderServed:
    inspection_id: UUID
    order_id: UUID
    document_id: UUID
    finding_ids: Sequence[UUID]
    deemed_on: date


@dataclass(frozen=True)
class OrderExpired:
    inspection_id: UUID
    order_id: UUID
    finding_ids: Sequence[UUID]
    at: datetime


@dataclass(frozen=True)
class OrderRechecked:
    inspection_id: UUID
    order_id: UUID
    result: str
    passed_ids: Sequence[UUID]
    failed_ids: Sequence[UUID]
    document_id: UUID
    at: datetime


class OrderClosed(OfOrder):
    """An order ended (R10, R11)."""


@dataclass(frozen=True)
class WithdrawalReleased:
    inspection_id: UUID
    order_id: UUID
    document_id: UUID
    at: datetime


class OrderWithdrawn(OfOrder):
    """An order was withdrawn (R12)."""


@dataclass(frozen=True)
class RecusalRaised:
    inspection_id: UUID
    recusal_id: UUID
    officer_id: str
    at: datetime


@dataclass(frozen=True)
class RecusalDecided:
    inspection_id: UUID
    recusal_id: UUID
    officer_id: str
    accepted: bool
    at: datetime


@dataclass(frozen=True)
class PublicityDue:
    inspection_id: UUID
    publicity_id: UUID
    at: datetime


@dataclass(frozen=True)
class ResultPublished:
    inspection_id: UUID
    publicity_id: UUID
    at: datetime


@dataclass(frozen=True)
class PublicityWithdrawn:
    inspection_id: UUID
    publicity_id: UUID
    at: datetime


@dataclass(frozen=True)
class PublicityOverdue:
    inspection_id: UUID
    timer: str
    at: datetime


@dataclass(frozen=True)
class DocumentReleased:
    inspection_id: UUID
    document_ids: Sequence[UUID]
    object_kind: str
    object_id: UUID
    released_by: str
    at: datetime
