"""The records of the ways around the straight one: collective discussion, suspension, simple procedure, cash, other ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kernel.money import Money


class CaseKind(StrEnum):
    """What a case is about."""

    ORDINARY = "ORDINARY"
    DAILY = "DAILY"


class SuspensionGround(StrEnum):
    """Why an investigation is suspended (5.6)."""

    APPRAISAL = "APPRAISAL"
    LITIGATION = "LITIGATION"
    SUPERIOR_REPLY = "SUPERIOR_REPLY"
    SUCCESSOR_UNKNOWN = "SUCCESSOR_UNKNOWN"
    FORCE_MAJEURE = "FORCE_MAJEURE"


class NoPenaltyGround(StrEnum):
    """Why no penalty is imposed (5.2)."""

    MINOR = "MINOR"
    FIRST_TIME = "FIRST_TIME"
    NO_FAULT = "NO_FAULT"
    UNDER_AGE = "UNDER_AGE"
    NO_CAPACITY = "NO_CAPACITY"
    LIMITATION = "LIMITATION"
    NOT_ESTABLISHED = "NOT_ESTABLISHED"


class TerminationGround(StrEnum):
    """Why a case ends before its end (5.6; AEL 40)."""

    DEATH = "DEATH"
    DISSOLUTION = "DISSOLUTION"
    LIMITATION = "LIMITATION"
    NOTHING_TO_EXECUTE = "NOTHING_TO_EXECUTE"


class SimpleKind(StrEnum):
    """What a simple procedure may impose (APL 51)."""

    WARNING = "WARNING"
    FINE = "FINE"


class CashGround(StrEnum):
    """Why cash may be taken (APL 68, 69)."""

    UP_TO_100 = "UP_TO_100"
    HARD_LATER = "HARD_LATER"
    REMOTE = "REMOTE"


@dataclass(frozen=True)
class Attendant:
    """Somebody who took part in a collective discussion."""

    id: str
    name: str
    post: str
    agrees: bool
    opinion: str = ""


@dataclass(frozen=True)
class Minutes:
    """What is written down of a collective discussion (F31)."""

    starts_at: datetime
    ends_at: datetime
    place: str
    presider_id: str
    reporter: str
    recorder: str
    attendants: tuple[Attendant, ...]
    record: str
    conclusion: str
    document_id: str


@dataclass(frozen=True)
class Deliberation:
    """A collective discussion (1.7): called by the unit (PC24), concluded by the leaders (PC25)."""

    number: int
    grounds: tuple[str, ...]
    called_at: datetime
    called_by: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    presider_id: str = ""
    reporter: str = ""
    recorder: str = ""
    attendants: tuple[Attendant, ...] = ()
    record: str = ""
    conclusion: str = ""
    proposal_number: int = 0
    proposal_digest: str = ""
    document_id: str = ""
    concluded_at: datetime | None = None
    concluded_by: str = ""


@dataclass(frozen=True)
class Suspension:
    """A suspension of the investigation (PC08) and its end (PC09)."""

    ground: SuspensionGround
    reason: str
    document_id: str
    suspended_by: str
    suspended_at: datetime
    resume_reason: str = ""
    resume_document_id: str = ""
    resumed_by: str = ""
    resumed_at: datetime | None = None


@dataclass(frozen=True)
class SimplePenalty:
    """A penalty on the spot (5.3)."""

    kind: SimpleKind
    fine: Money
    facts: str
    violated: str
    basis: str
    evidence_ids: tuple[str, ...] = ()
    correction_order_ids: tuple[str, ...] = ()
    correction_note: str = ""
    drafted_by: tuple[str, ...] = ()
    drafted_at: datetime | None = None
    certificate_shown: bool = False
    rights_told: bool = False
    statement: str = ""
    refused_to_sign: bool = False
    place: str = ""
    document_id: str = ""
    handed_over_at: datetime | None = None
    record_entry: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class CashCollection:
    """Cash taken by an officer, handed in (D06) and deposited (D07). Law: APL 68–71."""

    amount: Money
    ground: CashGround
    receipt_number: str
    collected_by: str
    collected_at: datetime
    party_request_id: str = ""
    landed_at: datetime | None = None
    taken_in_by: str = ""
    taken_in_at: datetime | None = None
    slip: str = ""
    deposited_by: str = ""
    deposited_at: datetime | None = None


@dataclass(frozen=True)
class Ending:
    """How a case ended without a penalty (PC28, PC47–PC49)."""

    row: str
    reason: str
    ended_by: str
    ended_at: datetime
    ground: str = ""
    education: str = ""
    receiver: str = ""
    accepted_on: str = ""
    proof_id: str = ""
    document_ids: tuple[str, ...] = ()
    proposed_by: str = ""


@dataclass(frozen=True)
class RefusalDay:
    """A day on which correction was refused (WSL 112), with its evidence."""

    on: str
    evidence_ids: tuple[str, ...] = ()
