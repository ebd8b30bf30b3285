"""The words of a coercive measure: its kind, its objects, the steps on site. Law brief 3.7, 3.8."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from inspections.domain.form import Form


class Kind(StrEnum):
    """查封, 扣押, 停止供电(供应民用爆炸物品)."""

    SEAL = "SEAL"
    SEIZE = "SEIZE"
    POWER = "POWER"


class Sort(StrEnum):
    """A place is sealed, never seized. Law: WSL 65(1)(4)."""

    PLACE = "PLACE"
    EQUIPMENT = "EQUIPMENT"
    GOODS = "GOODS"


class Excluded(StrEnum):
    """What may not be sealed or seized. Law: AEL 23."""

    UNRELATED = "UNRELATED"
    DAILY_NECESSITY = "DAILY_NECESSITY"
    SEALED_ELSEWHERE = "SEALED_ELSEWHERE"


class ObjectHandling(StrEnum):
    """How the objects end. Law: AEL 27, 28."""

    RETURN = "RETURN"
    CONFISCATE = "CONFISCATE"
    DESTROY = "DESTROY"


@dataclass(frozen=True)
class MeasureObject:
    """A line of the inventory. Objects of one `group` share one fate, one record and one clock (3.7)."""

    no: int
    name: str
    cas: str = ""
    model: str = ""
    quantity: str = ""
    unit: str = ""
    packaging: str = ""
    place: str = ""
    lot: str = ""
    owner: str = ""
    evidence_id: str = ""
    sort: Sort | None = None
    group: int = 1
    excluded: str = ""


@dataclass(frozen=True)
class CoercionSteps:
    """The steps on site, as the officers saw them through. Law: AEL 18; APL 47."""

    certificates_shown: bool = False
    party_called: bool = False
    party_present: bool = False
    reasons_told: bool = False
    rights_told: bool = False
    statement_heard: bool = False
    statement: str = ""
    witness: str = ""
    device_id: str = ""
    recording: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """An absent party is told and heard by nobody; a witness stands in."""
        always = ("certificates_shown", "party_called")
        before_party = ("reasons_told", "rights_told", "statement_heard") if self.party_present else ()
        return tuple(step for step in (*always, *before_party) if not getattr(self, step))


@dataclass(frozen=True)
class PowerGrounds:
    """The conditions of a power cut. Law: WSL 70; AEL 43."""

    stop_document_id: str = ""
    refusal_evidence_id: str = ""
    danger: str = ""
    danger_evidence_id: str = ""
    cut_safety: str = ""
    supplier: str = ""
    explosives: bool = False
    feeds_residents: bool = False


@dataclass(frozen=True)
class Appraisal:
    """A test of the objects. Its days are out of D02, at most those stated to the party. Law: AEL 25(3)."""

    evidence_id: str
    notice_evidence_id: str
    stated_days: int
    from_on: date
    ended_on: date | None = None
    opinion_evidence_id: str = ""


@dataclass(frozen=True)
class Paper:
    form: str
    document_id: UUID


@dataclass(frozen=True)
class Destruction:
    """Before a witness, by whom a contract binds; fireworks go through the police. Law: FWR 43."""

    ground: str
    witness: str
    contract_evidence_id: str
    record_evidence_id: str
    fireworks: bool = False
    police_evidence_id: str = ""


@dataclass(frozen=True)
class Cut:
    """What the officer enters of the cut: the supplier's receipt, the refusal that goes on, an emergency."""

    receipt_evidence_id: str
    refusal_goes_on: bool
    emergency: str = ""


@dataclass(frozen=True)
class HandOver:
    """Who gave the objects to the police and who took them (C25)."""

    transfer_id: str
    handed_by: tuple[str, ...]
    received_by: tuple[str, ...]


@dataclass(frozen=True)
class Papers:
    """The forms that a move releases, by their id."""

    forms: tuple[Form, ...]

    def of(self, form: str) -> Form | None:
        return next((one for one in self.forms if one.form == form), None)
