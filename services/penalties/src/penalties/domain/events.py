"""What happened to a case, as facts. Names and fields are those of protos/anzhi/penalties/v1/events.proto."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.money import Money


@dataclass(frozen=True)
class CaseOpened:
    case_id: UUID
    inspection_id: str
    finding_ids: tuple[str, ...]
    enterprise_id: str
    act_id: str
    opened_at: datetime


@dataclass(frozen=True)
class FilingProposed:
    case_id: UUID
    proposed_at: datetime


@dataclass(frozen=True)
class CaseFiled:
    case_id: UUID
    inspection_id: str
    finding_ids: tuple[str, ...]
    enterprise_id: str
    act_id: str
    filed_at: datetime


@dataclass(frozen=True)
class CaseNotFiled:
    case_id: UUID
    inspection_id: str
    finding_ids: tuple[str, ...]
    refused_at: datetime


@dataclass(frozen=True)
class InvestigationStarted:
    case_id: UUID
    started_at: datetime


@dataclass(frozen=True)
class CaseScreened:
    case_id: UUID
    result: str
    offences: tuple[str, ...]
    screened_at: datetime
    inspection_id: str
    enterprise_id: str
    org_path: str
    suspects: tuple[str, ...]
    point: str


@dataclass(frozen=True)
class PenaltyProposed:
    case_id: UUID
    number: int
    fine: Money
    proposed_at: datetime


@dataclass(frozen=True)
class CaseReported:
    case_id: UUID
    inspection_id: str
    evidence_ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class CaseSentBack:
    case_id: UUID
    at: datetime


@dataclass(frozen=True)
class ReviewRequested:
    case_id: UUID
    round: str
    at: datetime


@dataclass(frozen=True)
class ReviewFinished:
    case_id: UUID
    round: str
    result: str
    at: datetime


@dataclass(frozen=True)
class NoticeDrafting:
    case_id: UUID
    returned: bool
    at: datetime


@dataclass(frozen=True)
class NoticeReleased:
    case_id: UUID
    at: datetime


@dataclass(frozen=True)
class NoticeServed:
    case_id: UUID
    enterprise_id: str
    deemed_on: str
    statement_by: str


@dataclass(frozen=True)
class StatementTaken:
    case_id: UUID
    mode: str
    at: datetime


@dataclass(frozen=True)
class DecisionRequested:
    case_id: UUID
    at: datetime


@dataclass(frozen=True)
class CaseDecided:
    case_id: UUID
    inspection_id: str
    enterprise_id: str
    act_id: str
    basis: str
    fine: Money
    late: bool
    decided_at: datetime
    confiscated_income: Money
    goods_value: Money
    confiscates_goods: bool
    org_path: str


@dataclass(frozen=True)
class CaseServed:
    case_id: UUID
    enterprise_id: str
    served_on: str
    pay_by: str


@dataclass(frozen=True)
class ExecutionStarted:
    case_id: UUID
    at: datetime


@dataclass(frozen=True)
class FineOverdue:
    case_id: UUID
    at: datetime


@dataclass(frozen=True)
class FinePaid:
    case_id: UUID
    amount: Money
    settled: bool
    paid_on: str


@dataclass(frozen=True)
class CaseExecuted:
    case_id: UUID
    executed_at: datetime


@dataclass(frozen=True)
class CaseExtended:
    case_id: UUID
    decide_by: str
    at: datetime


@dataclass(frozen=True)
class PenaltyPublished:
    case_id: UUID
    enterprise_id: str
    published_at: datetime


@dataclass(frozen=True)
class PenaltyFiledUpward:
    case_id: UUID
    filed_at: datetime


@dataclass(frozen=True)
class CaseClosed:
    case_id: UUID
    inspection_id: str
    finding_ids: tuple[str, ...]
    closed_at: datetime


@dataclass(frozen=True)
class CaseArchived:
    case_id: UUID
    document_ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class CaseDeadlineBreached:
    case_id: UUID
    timer: str
    legal_expiry: str
    at: datetime


@dataclass(frozen=True)
class DocumentReleased:
    object_kind: str
    object_id: UUID
    document_ids: tuple[str, ...]
    released_by: str
    at: datetime
