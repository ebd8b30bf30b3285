"""What happened to a coercive measure: frozen facts, named and shaped as in events.proto."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class OfMeasure:
    """Something happened to a measure."""

    measure_id: UUID
    decision_id: UUID
    inspection_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MeasureProposed(OfMeasure):
    enterprise_id: UUID
    kind: str
    hazardous_chemicals: bool


@dataclass(frozen=True, kw_only=True)
class MeasureApproved(OfMeasure):
    approved_by: str


class MeasureRejected(OfMeasure):
    """It was refused, or not carried out (Q21)."""


@dataclass(frozen=True, kw_only=True)
class MeasureApplied(OfMeasure):
    case_id: str
    enterprise_id: UUID
    kind: str
    evidence_ids: Sequence[str]
    urgent: bool
    last_on: str


class MeasureConfirmed(OfMeasure):
    """An urgent measure was approved afterwards (Q05)."""


@dataclass(frozen=True, kw_only=True)
class MeasureLinked(OfMeasure):
    case_id: str
    last_on: str


@dataclass(frozen=True, kw_only=True)
class MeasureExtended(OfMeasure):
    days: int
    last_on: str


@dataclass(frozen=True, kw_only=True)
class MeasureEnding(OfMeasure):
    days_left: int
    last_on: str


@dataclass(frozen=True, kw_only=True)
class AppraisalStarted(OfMeasure):
    evidence_ids: Sequence[str]
    stated_days: int


@dataclass(frozen=True, kw_only=True)
class AppraisalEnded(OfMeasure):
    last_on: str


@dataclass(frozen=True, kw_only=True)
class HandlingDecided(OfMeasure):
    case_id: str
    handling: str


@dataclass(frozen=True, kw_only=True)
class ObjectsReturned(OfMeasure):
    evidence_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ObjectsConfiscated(OfMeasure):
    case_id: str
    evidence_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ObjectsDestroyed(OfMeasure):
    evidence_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class MeasureHandedToPolice(OfMeasure):
    case_id: str
    transfer_id: str
    evidence_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class LiftOverdue(OfMeasure):
    case_id: str
    alarm_to: str


@dataclass(frozen=True, kw_only=True)
class MeasureLifted(OfMeasure):
    evidence_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class UrgentApprovalOverdue(OfMeasure):
    alarm_to: str


@dataclass(frozen=True, kw_only=True)
class PowerNoticed(OfMeasure):
    cut_from: datetime | None


@dataclass(frozen=True, kw_only=True)
class PowerCut(OfMeasure):
    emergency: bool


class PowerResumed(OfMeasure):
    """The supply is to be resumed (Q20)."""
