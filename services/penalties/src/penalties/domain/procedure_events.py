"""What happened on the ways around the straight one. Names and fields are those of protos/anzhi/penalties/v1/events.proto."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.money import Money


@dataclass(frozen=True)
class UrgentInvestigationStarted:
    case_id: UUID
    inspection_id: str
    started_at: datetime


@dataclass(frozen=True)
class CaseSuspended:
    case_id: UUID
    ground: str
    at: datetime


@dataclass(frozen=True)
class CaseResumed:
    case_id: UUID
    decide_by: str
    at: datetime


@dataclass(frozen=True)
class HearingRequested:
    case_id: UUID
    hearing_id: UUID
    in_time: bool
    hold_by: str
    requested_at: datetime


@dataclass(frozen=True)
class HearingAccepted:
    case_id: UUID
    hearing_id: UUID
    presider_id: str
    at: datetime


@dataclass(frozen=True)
class HearingRefusedLate:
    case_id: UUID
    hearing_id: UUID
    at: datetime


@dataclass(frozen=True)
class HearingNoticed:
    case_id: UUID
    hearing_id: UUID
    scheduled_at: datetime
    earliest_on: str
    target_reason: str


@dataclass(frozen=True)
class HearingPostponed:
    case_id: UUID
    hearing_id: UUID
    scheduled_at: datetime
    at: datetime


@dataclass(frozen=True)
class HearingHeld:
    case_id: UUID
    hearing_id: UUID
    held: bool
    at: datetime


@dataclass(frozen=True)
class HearingReported:
    case_id: UUID
    hearing_id: UUID
    at: datetime


@dataclass(frozen=True)
class HearingWithdrawn:
    case_id: UUID
    hearing_id: UUID
    at: datetime


@dataclass(frozen=True)
class DeliberationCalled:
    case_id: UUID
    grounds: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class DeliberationConcluded:
    case_id: UUID
    number: int
    at: datetime


@dataclass(frozen=True)
class NoPenaltyDecided:
    case_id: UUID
    inspection_id: str
    enterprise_id: str
    ground: str
    decided_at: datetime


@dataclass(frozen=True)
class CaseMoved:
    case_id: UUID
    inspection_id: str
    finding_ids: tuple[str, ...]
    receiver: str
    at: datetime


@dataclass(frozen=True)
class CaseWithdrawn:
    case_id: UUID
    inspection_id: str
    finding_ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class CaseTerminated:
    case_id: UUID
    inspection_id: str
    finding_ids: tuple[str, ...]
    ground: str
    at: datetime


@dataclass(frozen=True)
class CaseSplit:
    case_id: UUID
    sibling_id: UUID
    at: datetime


@dataclass(frozen=True)
class SimpleDrafted:
    case_id: UUID
    inspection_id: str
    fine: Money
    at: datetime


@dataclass(frozen=True)
class SimpleDecided:
    case_id: UUID
    inspection_id: str
    enterprise_id: str
    act_id: str
    fine: Money
    warning: bool
    pay_by: str
    decided_at: datetime
    finding_ids: tuple[str, ...]


@dataclass(frozen=True)
class SimpleRecorded:
    case_id: UUID
    at: datetime


@dataclass(frozen=True)
class CashMoved:
    case_id: UUID
    step: str
    amount: Money
    at: datetime
