"""The Uow over SQLAlchemy."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from anzhi.inspections.v1 import events_pb2
from kernel.errors import NotFound
from kernel.moves import Machine
from servicekit.db import Topic, Uow, page, work_topic
from sqlalchemy import Table, func, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError

from inspections.adapters import tables
from inspections.application.ports import Filters, MeasureFilters
from inspections.domain import measure_events
from inspections.domain.file import InspectionFile
from inspections.domain.finding import Finding
from inspections.domain.form import DocumentLine
from inspections.domain.inspection import Inspection
from inspections.domain.measure import CoerciveMeasure
from inspections.domain.measure_refusals import MeasureNotFound
from inspections.domain.measure_rows import State as MeasureState
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
from inspections.domain.task_rows import State
from inspections.domain.visit import Stay

_OF_OBJECTS = {"finding": tables.findings, "order": tables.orders, "measure": tables.measures}
OF_MEASURES = tuple(sorted(kind.__name__ for kind in measure_events.OfMeasure.__subclasses__()))


class Store(Uow):
    topics = (
        Topic("inspections.measure.v1", events_pb2, key="measure_id", events=OF_MEASURES),
        Topic("inspections.inspection.v1", events_pb2, key="inspection_id"),
        work_topic("inspections"),
    )

    async def file(self, inspection_id: UUID) -> InspectionFile:
        return InspectionFile(
            await self.get(Inspection, inspection_id, InspectionNotFound),
            await self._of(Finding, tables.findings, inspection_id, tables.findings.c.found_at),
            await self._of(RectificationOrder, tables.orders, inspection_id, tables.orders.c.created_at),
            await self._of(Recusal, tables.recusals, inspection_id, tables.recusals.c.raised_at),
            await self._of(PublicityItem, tables.publicity_items, inspection_id, tables.publicity_items.c.id),
            await self._of(DocumentLine, tables.documents, inspection_id, tables.documents.c.noted_at),
            await self._of(CoerciveMeasure, tables.measures, inspection_id, tables.measures.c.created_at),
        )

    async def _of(self, kind: type[Any], table: Table, inspection_id: UUID, order: Any) -> list[Any]:
        key = next(iter(table.primary_key.columns))
        return await self.all(select(kind).where(table.c.inspection_id == inspection_id).order_by(order, key))

    async def file_of_finding(self, finding_id: UUID) -> InspectionFile:
        return await self._file_of(tables.findings, finding_id, FindingNotFound)

    async def file_of_order(self, order_id: UUID) -> InspectionFile:
        return await self._file_of(tables.orders, order_id, OrderNotFound)

    async def file_of_recusal(self, recusal_id: UUID) -> InspectionFile:
        return await self._file_of(tables.recusals, recusal_id, RecusalNotFound)

    async def file_of_publicity(self, publicity_id: UUID) -> InspectionFile:
        return await self._file_of(tables.publicity_items, publicity_id, PublicityItemNotFound)

    async def file_of_measure(self, measure_id: UUID) -> InspectionFile:
        return await self._file_of(tables.measures, measure_id, MeasureNotFound)

    async def measures(self, filters: MeasureFilters, size: int, token: str) -> tuple[list[CoerciveMeasure], str]:
        column = tables.measures.c
        query = select(CoerciveMeasure)
        if filters.state:
            query = query.where(column.state == MeasureState(filters.state))
        if filters.inspection_id:
            query = query.where(column.inspection_id == filters.inspection_id)
        if filters.case_id:
            query = query.where(column.case_id == filters.case_id)
        if filters.enterprise_id:
            query = query.where(column.enterprise_id == filters.enterprise_id)
        return await page(self, query, by=(column.created_at, column.id), size=size, token=token, descending=True)

    async def measures_of_case(self, case_id: str) -> list[CoerciveMeasure]:
        return await self._in_files(tables.measures.c.case_id == case_id)

    async def measures_at_appraisal(self, evidence_id: str) -> list[CoerciveMeasure]:
        tested = type_coerce(tables.measures.c.appraisals, JSONB).contains([{"evidence_id": evidence_id, "ended_on": None}])
        return await self._in_files((tables.measures.c.state == MeasureState.APPRAISAL) & tested)

    async def _in_files(self, chosen: Any) -> list[CoerciveMeasure]:
        column = tables.measures.c
        rows = (await self.session.execute(select(column.id, column.inspection_id).where(chosen))).all()
        files = {inspection_id: await self.file(inspection_id) for inspection_id in {row.inspection_id for row in rows}}
        return [files[row.inspection_id].measure(row.id) for row in rows]

    async def _file_of(self, table: Table, id: UUID, missing: type[NotFound]) -> InspectionFile:
        inspection_id = await self.one(select(table.c.inspection_id).where(table.c.id == id))
        if inspection_id is None:
            raise missing("there is none, or it is not yours to see", id=str(id))
        return await self.file(inspection_id)

    async def findings(self, ids: Sequence[UUID]) -> list[Finding]:
        found = {finding.id: finding for finding in await self.all(select(Finding).where(tables.findings.c.id.in_(ids)))}
        for id in ids:
            if id not in found:
                raise FindingNotFound("there is none, or it is not yours to see", id=str(id))
        return [found[id] for id in ids]

    async def machine(self, id: UUID) -> Machine:
        for kind in (Inspection, Finding, RectificationOrder, Recusal, PublicityItem, CoerciveMeasure):
            found = await self.session.get(kind, id)
            if found is not None:
                return found
        raise InspectionNotFound("there is none, or it is not yours to see", id=str(id))

    async def tasks(self, filters: Filters, size: int, token: str) -> tuple[list[Inspection], str]:
        column = tables.inspections.c
        query = select(Inspection)
        if filters.state:
            query = query.where(column.state == State(filters.state))
        if filters.enterprise_id:
            query = query.where(column.enterprise_id == filters.enterprise_id)
        if filters.officer_id:
            query = query.where(column.officer_ids.contains([filters.officer_id]))
        if filters.source:
            query = query.where(column.source == filters.source)
        if filters.created_from:
            query = query.where(column.created_at >= filters.created_from)
        if filters.created_to:
            query = query.where(column.created_at < filters.created_to)
        return await page(self, query, by=(column.created_at, column.id), size=size, token=token, descending=True)

    async def checks_since(self, enterprise_id: UUID, since: datetime) -> int:
        column = tables.inspections.c
        counted = select(func.count()).where(
            column.enterprise_id == enterprise_id, column.created_at >= since, column.state != State.CANCELLED
        )
        return int(await self.one(counted))

    async def on_site(self, officer_ids: Sequence[str], *, besides: UUID) -> dict[str, str]:
        column = tables.stays.c
        query = select(column.officer_id, column.inspection_id).where(
            column.officer_id.in_(officer_ids), column.to_at.is_(None), column.inspection_id != besides
        )
        return {officer: str(task) for officer, task in (await self.session.execute(query)).all()}

    async def enter_site(self, stays: Sequence[Stay]) -> None:
        """The unique key decides: a stay of another body is not visible here, but it counts."""
        for stay in stays:
            self.add(stay)
        try:
            await self.session.flush()
        except IntegrityError as error:
            officers = ",".join(stay.officer_id for stay in stays)
            raise OfficerElsewhere("an officer is on site in another task", officer=officers, inspection="") from error

    async def leave_site(self, inspection_id: UUID, officer_ids: Sequence[str], at: datetime) -> None:
        column = tables.stays.c
        query = select(Stay).where(column.inspection_id == inspection_id, column.to_at.is_(None))
        for stay in await self.all(query.where(column.officer_id.in_(officer_ids)) if officer_ids else query):
            stay.to_at = at
        await self.session.flush()

    async def line(self, document_id: UUID) -> DocumentLine | None:
        return await self.session.get(DocumentLine, document_id)

    async def matter_of(self, object_kind: str, object_id: UUID) -> tuple[UUID, str] | None:
        if object_kind == "inspection":
            query = select(tables.inspections.c.id, tables.inspections.c.org_path).where(tables.inspections.c.id == object_id)
        elif object_kind in _OF_OBJECTS:
            table = _OF_OBJECTS[object_kind]
            query = select(table.c.inspection_id, table.c.org_path).where(table.c.id == object_id)
        else:
            return None
        found = (await self.session.execute(query)).one_or_none()
        return None if found is None else (found[0], found[1])
