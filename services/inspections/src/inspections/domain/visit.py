"""What a visit consists of: its scheme, the arrival, the answers, an obstruction."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from inspections.domain.form import Form
from inspections.domain.terms import Answer


@dataclass(frozen=True)
class Assignment:
    """The officers of a task and who leads it."""

    officer_ids: tuple[str, ...]
    lead_id: str


@dataclass(frozen=True)
class Scheme:
    """When, what and how: the content of F02. Law: SZR 19."""

    window_from: datetime
    window_to: datetime
    content: str
    method: str
    check_item_ids: tuple[str, ...]
    remarks: str = ""
    submitted_by: str = ""
    submitted_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    document_id: UUID | None = None


@dataclass(frozen=True)
class Position:
    """Measured on site, WGS 84."""

    latitude: float
    longitude: float
    accuracy_m: float = 0.0


@dataclass(frozen=True)
class ItemAnswer:
    check_item_id: str
    matter: str
    answer: Answer
    note: str
    answered_by: str
    answered_at: datetime
    finding_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrival:
    """What the officers bring when they arrive. Law: WSL 67; APL 47, 55."""

    device_id: str
    recording: bool
    certificates_shown: bool = True
    notified_before: bool = False
    position: Position | None = None
    reason: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None


@dataclass(frozen=True)
class Obstruction:
    """A refusal or obstruction. `form`: the record F03 with the refusal noted, if it was made already. Law: WSL 68, 108."""

    reason: str
    warning_given: bool
    recording: bool
    evidence_ids: tuple[str, ...] = ()
    police_called_at: datetime | None = None
    form: Form | None = None


@dataclass(eq=False)
class Stay:
    """An officer on site, from arrival to leaving. INV-08: no two of one officer overlap."""

    officer_id: str
    inspection_id: UUID
    org_path: str
    from_at: datetime
    to_at: datetime | None = None
    id: UUID = field(default_factory=uuid4)
