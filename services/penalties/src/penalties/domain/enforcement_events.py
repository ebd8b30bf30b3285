"""What happened after the decision, or to it: facts as in protos/anzhi/penalties/v1/events.proto."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.money import Money


@dataclass(frozen=True)
class FineDeferred:
    case_id: UUID
    until: str
    instalments: int
    at: datetime


@dataclass(frozen=True)
class DeferralEnded:
    case_id: UUID
    missed_on: str
    at: datetime


@dataclass(frozen=True)
class DemandReleased:
    case_id: UUID
    at: datetime


@dataclass(frozen=True)
class FineDemanded:
    case_id: UUID
    served_on: str
    wait_until: str


@dataclass(frozen=True)
class CourtApplied:
    case_id: UUID
    late_application: bool
    at: datetime


@dataclass(frozen=True)
class CourtRuled:
    case_id: UUID
    kind: str
    on: str


@dataclass(frozen=True)
class RefundDue:
    case_id: UUID
    amount: Money
    at: datetime


@dataclass(frozen=True)
class FineRefunded:
    case_id: UUID
    amount: Money
    refunded_on: str


@dataclass(frozen=True)
class RemedyFiled:
    case_id: UUID
    remedy_id: UUID
    kind: str
    filed_on: str


@dataclass(frozen=True)
class RemedyEnded:
    case_id: UUID
    remedy_id: UUID
    effect: str
    received_on: str


@dataclass(frozen=True)
class DecisionRevoked:
    case_id: UUID
    enterprise_id: str
    document_ids: tuple[str, ...]
    redecide: bool
    at: datetime
    withdrawn_by: str = ""


@dataclass(frozen=True)
class DecisionChanged:
    case_id: UUID
    enterprise_id: str
    fine: Money
    at: datetime


@dataclass(frozen=True)
class PublicityEnded:
    case_id: UUID
    enterprise_id: str
    withdrawn: bool
    at: datetime


@dataclass(frozen=True)
class CaseSentToPolice:
    case_id: UUID
    transfer_id: UUID
    at: datetime


@dataclass(frozen=True)
class CaseResumedFromTransfer:
    case_id: UUID
    transfer_id: UUID
    decide_by: str
    at: datetime


@dataclass(frozen=True)
class ExecutionPaused:
    case_id: UUID
    paused: bool
    at: datetime


@dataclass(frozen=True)
class FileLent:
    case_id: UUID
    borrower: str
    returned: bool
    at: datetime
