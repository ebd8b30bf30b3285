"""What the commands need from outside: protocols, because the unit tests have a second implementation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from kernel.guards import ActingBody, Officer
from kernel.moves import Machine

from inspections.domain.file import InspectionFile
from inspections.domain.finding import Finding
from inspections.domain.form import DocumentLine, Form
from inspections.domain.inspection import Inspection
from inspections.domain.measure import CoerciveMeasure
from inspections.domain.visit import Stay
from inspections.domain.wording import CheckItem


@dataclass(frozen=True)
class Unit:
    """An enterprise as the register holds it."""

    id: UUID
    name: str
    code: str
    address: str
    industry_code: str
    region_code: str
    legal_representative: str
    phone: str
    ceased: bool


@dataclass(frozen=True)
class Body:
    """The acting body on a day, and its place in the tree; `printed` is what documents say of the issuer and its remedies."""

    acting: ActingBody
    path: str
    printed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Filters:
    """Of the list of tasks; empty ones do not filter."""

    state: str = ""
    enterprise_id: UUID | None = None
    officer_id: str = ""
    source: str = ""
    created_from: datetime | None = None
    created_to: datetime | None = None


@dataclass(frozen=True)
class MeasureFilters:
    """Of the list of coercive measures; empty ones do not filter."""

    state: str = ""
    inspection_id: UUID | None = None
    case_id: str = ""
    enterprise_id: UUID | None = None


class Uow(Protocol):
    """One transaction over tasks, findings and orders. A file is loaded whole, in a fixed number of statements."""

    def add(self, thing: Any) -> None: ...

    def record(self, event: Any) -> None: ...

    def expect(self, thing: Any, version: int) -> None:
        """Raises: ChangedMeanwhile."""
        ...

    async def file(self, inspection_id: UUID) -> InspectionFile:
        """Raises: InspectionNotFound."""
        ...

    async def file_of_finding(self, finding_id: UUID) -> InspectionFile:
        """Raises: FindingNotFound."""
        ...

    async def file_of_order(self, order_id: UUID) -> InspectionFile:
        """Raises: OrderNotFound."""
        ...

    async def file_of_recusal(self, recusal_id: UUID) -> InspectionFile:
        """Raises: RecusalNotFound."""
        ...

    async def file_of_publicity(self, publicity_id: UUID) -> InspectionFile:
        """Raises: PublicityItemNotFound."""
        ...

    async def file_of_measure(self, measure_id: UUID) -> InspectionFile:
        """Raises: MeasureNotFound."""
        ...

    async def measures(self, filters: MeasureFilters, size: int, token: str) -> tuple[list[CoerciveMeasure], str]:
        """Newest first; without their tasks."""
        ...

    async def measures_of_case(self, case_id: str) -> list[CoerciveMeasure]:
        """Each in its file."""
        ...

    async def measures_at_appraisal(self, evidence_id: str) -> list[CoerciveMeasure]:
        """Those whose present test is of this item, each in its file."""
        ...

    async def findings(self, ids: Sequence[UUID]) -> list[Finding]:
        """In the order asked for. Raises: FindingNotFound."""
        ...

    async def machine(self, id: UUID) -> Machine:
        """A task, finding, order, recusal, publicity item or measure. Raises: InspectionNotFound."""
        ...

    async def tasks(self, filters: Filters, size: int, token: str) -> tuple[list[Inspection], str]: ...

    async def checks_since(self, enterprise_id: UUID, since: datetime) -> int:
        """How many tasks of this authority over the enterprise, cancelled ones aside."""
        ...

    async def on_site(self, officer_ids: Sequence[str], *, besides: UUID) -> dict[str, str]:
        """Officer -> other task in which he is on site."""
        ...

    async def enter_site(self, stays: Sequence[Stay]) -> None:
        """Raises: OfficerElsewhere, also if another arrival came first."""
        ...

    async def leave_site(self, inspection_id: UUID, officer_ids: Sequence[str], at: datetime) -> None: ...

    async def line(self, document_id: UUID) -> DocumentLine | None: ...

    async def matter_of(self, object_kind: str, object_id: UUID) -> tuple[UUID, str] | None:
        """Task and org_path of the object of a document; None if it is none of ours."""
        ...


class Lawbook(Protocol):
    async def items(self, ids: Sequence[str], on: date) -> list[CheckItem]:
        """Raises: CHECK_ITEM_NOT_IN_FORCE."""
        ...


class Identity(Protocol):
    async def officers(self, ids: Sequence[str], at: datetime) -> dict[str, Officer]: ...

    async def body(self, org_id: str, on: date) -> Body: ...


class Enterprises(Protocol):
    async def enterprise(self, enterprise_id: UUID) -> Unit: ...


class Evidence(Protocol):
    async def items(self, inspection_id: UUID) -> set[str]:
        """Ids of what is kept of the task."""
        ...


class Documents(Protocol):
    async def check(self, document_id: UUID, capacities: Sequence[str]) -> Form:
        """Content complete and at least these signatures present."""
        ...
