"""Second implementations of the ports, for tests alone. `test_store.py` runs one suite over this Uow and the real one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from inspections.application.ports import Body, Filters, MeasureFilters, Unit
from inspections.domain.file import InspectionFile
from inspections.domain.finding import Finding
from inspections.domain.form import DocumentLine, Form
from inspections.domain.inspection import Inspection
from inspections.domain.measure import CoerciveMeasure
from inspections.domain.measure_refusals import MeasureNotFound
from inspections.domain.order import RectificationOrder
from inspections.domain.publicity import PublicityItem
from inspections.domain.recusal import Recusal
from inspections.domain.refusals import (
    FindingNotFound,
    InspectionNotFound,
    OfficerElsewhere,
    OrderNotFound,
    PublicityItemNotFound,
    RecusalNotFound,
)
from inspections.domain.visit import Stay
from inspections.domain.wording import CheckItem
from kernel.errors import Conflict, NotFound
from kernel.guards import ActingBody, Officer
from kernel.moves import Machine

T = TypeVar("T")


class ChangedMeanwhile(Conflict):
    """As servicekit raises it."""


class FakeUow:
    def __init__(self) -> None:
        self.things: list[Any] = []
        self.events: list[Any] = []

    def add(self, thing: Any) -> None:
        if thing not in self.things:
            self.things.append(thing)

    def record(self, event: Any) -> None:
        self.events.append(event)

    def expect(self, thing: Any, version: int) -> None:
        if thing.version != version:
            raise ChangedMeanwhile("it changed since you read it", version=thing.version)

    def told(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    def all(self, kind: type[T]) -> list[T]:
        return [thing for thing in self.things if isinstance(thing, kind)]

    def _one(self, kind: type[T], id: UUID, missing: type[NotFound]) -> T:
        for thing in self.all(kind):
            if thing.id == id:  # type: ignore[attr-defined]
                return thing
        raise missing("there is none", id=str(id))

    async def file(self, inspection_id: UUID) -> InspectionFile:
        def of(kind: type[T]) -> list[T]:
            return [thing for thing in self.all(kind) if thing.inspection_id == inspection_id]  # type: ignore[attr-defined]

        task = self._one(Inspection, inspection_id, InspectionNotFound)
        return InspectionFile(
            task, of(Finding), of(RectificationOrder), of(Recusal), of(PublicityItem), of(DocumentLine), of(CoerciveMeasure)
        )

    async def file_of_finding(self, finding_id: UUID) -> InspectionFile:
        return await self.file(self._one(Finding, finding_id, FindingNotFound).inspection_id)

    async def file_of_order(self, order_id: UUID) -> InspectionFile:
        return await self.file(self._one(RectificationOrder, order_id, OrderNotFound).inspection_id)

    async def file_of_recusal(self, recusal_id: UUID) -> InspectionFile:
        return await self.file(self._one(Recusal, recusal_id, RecusalNotFound).inspection_id)

    async def file_of_publicity(self, publicity_id: UUID) -> InspectionFile:
        return await self.file(self._one(PublicityItem, publicity_id, PublicityItemNotFound).inspection_id)

    async def file_of_measure(self, measure_id: UUID) -> InspectionFile:
        return await self.file(self._one(CoerciveMeasure, measure_id, MeasureNotFound).inspection_id)

    async def measures(self, filters: MeasureFilters, size: int, token: str) -> tuple[list[CoerciveMeasure], str]:
        found = [
            one
            for one in self.all(CoerciveMeasure)
            if (not filters.state or one.state == filters.state)
            and (filters.inspection_id is None or one.inspection_id == filters.inspection_id)
            and (not filters.case_id or one.case_id == filters.case_id)
            and (filters.enterprise_id is None or one.enterprise_id == filters.enterprise_id)
        ]
        found.sort(key=lambda one: (one.created_at, one.id), reverse=True)
        first = int(token or 0)
        following = str(first + size) if len(found) > first + size else ""
        return found[first : first + size], following

    async def measures_of_case(self, case_id: str) -> list[CoerciveMeasure]:
        return [one for one in self.all(CoerciveMeasure) if one.case_id == case_id]

    async def measures_at_appraisal(self, evidence_id: str) -> list[CoerciveMeasure]:
        tested = [one for one in self.all(CoerciveMeasure) if one.state == "APPRAISAL"]
        return [one for one in tested if one.appraisals[-1].evidence_id == evidence_id]

    async def findings(self, ids: Sequence[UUID]) -> list[Finding]:
        return [self._one(Finding, id, FindingNotFound) for id in ids]

    async def machine(self, id: UUID) -> Machine:
        for thing in self.things:
            if isinstance(thing, Machine) and thing.id == id:
                return thing
        raise InspectionNotFound("there is none", id=str(id))

    async def tasks(self, filters: Filters, size: int, token: str) -> tuple[list[Inspection], str]:
        found = [
            task
            for task in self.all(Inspection)
            if (not filters.state or task.state == filters.state)
            and (filters.enterprise_id is None or task.enterprise_id == filters.enterprise_id)
            and (not filters.officer_id or filters.officer_id in task.officer_ids)
            and (not filters.source or task.source == filters.source)
            and (filters.created_from is None or task.created_at >= filters.created_from)
            and (filters.created_to is None or task.created_at < filters.created_to)
        ]
        found.sort(key=lambda task: (task.created_at, task.id), reverse=True)
        first = int(token or 0)
        following = str(first + size) if len(found) > first + size else ""
        return found[first : first + size], following

    async def checks_since(self, enterprise_id: UUID, since: datetime) -> int:
        tasks = [task for task in self.all(Inspection) if task.enterprise_id == enterprise_id and task.created_at >= since]
        return len([task for task in tasks if task.state != "CANCELLED"])

    async def on_site(self, officer_ids: Sequence[str], *, besides: UUID) -> dict[str, str]:
        open_stays = [stay for stay in self.all(Stay) if stay.to_at is None and stay.inspection_id != besides]
        return {stay.officer_id: str(stay.inspection_id) for stay in open_stays if stay.officer_id in officer_ids}

    async def enter_site(self, stays: Sequence[Stay]) -> None:
        for stay in stays:
            if any(one.officer_id == stay.officer_id and one.to_at is None for one in self.all(Stay)):
                raise OfficerElsewhere("an officer is on site in another task", officer=stay.officer_id, inspection="")
            self.add(stay)

    async def leave_site(self, inspection_id: UUID, officer_ids: Sequence[str], at: datetime) -> None:
        for stay in self.all(Stay):
            if stay.inspection_id == inspection_id and stay.to_at is None and (not officer_ids or stay.officer_id in officer_ids):
                stay.to_at = at

    async def line(self, document_id: UUID) -> DocumentLine | None:
        return next((line for line in self.all(DocumentLine) if line.document_id == document_id), None)

    async def matter_of(self, object_kind: str, object_id: UUID) -> tuple[UUID, str] | None:
        kinds: dict[str, type[Any]] = {
            "inspection": Inspection,
            "finding": Finding,
            "order": RectificationOrder,
            "measure": CoerciveMeasure,
        }
        for thing in self.all(kinds.get(object_kind, type(None))):
            if thing.id == object_id:
                return (thing.id if object_kind == "inspection" else thing.inspection_id), thing.org_path
        return None


@dataclass
class FakeOutside:
    """Identity, lawbook, enterprises and documents in one: what a test says they answer."""

    unit: Unit
    acting: ActingBody
    people: dict[str, Officer]
    check_items: dict[str, CheckItem]
    printed: dict[str, Any] = field(default_factory=dict)
    path: str = "/44/4419/dalingshan/"
    forms: dict[UUID, Form] = field(default_factory=dict)

    def signed(self, form: Form) -> UUID:
        self.forms[form.document_id] = form
        return form.document_id

    async def items(self, ids: Sequence[str], on: date) -> list[CheckItem]:
        return [self.check_items[id] for id in ids]

    async def officers(self, ids: Sequence[str], at: datetime) -> dict[str, Officer]:
        return {id: self.people[id] for id in ids if id in self.people}

    async def body(self, org_id: str, on: date) -> Body:
        return Body(self.acting, self.path, self.printed)

    async def enterprise(self, enterprise_id: UUID) -> Unit:
        return self.unit

    async def check(self, document_id: UUID, capacities: Sequence[str]) -> Form:
        return self.forms[document_id]


@dataclass
class FakeEvidence:
    kept: set[str]

    async def items(self, inspection_id: UUID) -> set[str]:
        return self.kept
