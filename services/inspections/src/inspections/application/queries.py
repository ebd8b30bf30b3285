"""What callers may ask."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from kernel.days import day_begins, day_ends
from kernel.moves import Machine

from inspections.application.ports import Filters, MeasureFilters, Uow
from inspections.domain.file import InspectionFile
from inspections.domain.measure import CoerciveMeasure


async def file(uow: Uow, *, inspection_id: UUID) -> InspectionFile:
    return await uow.file(inspection_id)


async def tasks(
    uow: Uow,
    *,
    size: int,
    token: str,
    state: str,
    enterprise_id: UUID | None,
    officer_id: str,
    source: str,
    created_from: date | None,
    created_to: date | None,
) -> dict[str, Any]:
    filters = Filters(
        state,
        enterprise_id,
        officer_id,
        source,
        day_begins(created_from) if created_from else None,
        day_ends(created_to) if created_to else None,
    )
    rows, following = await uow.tasks(filters, size, token)
    return {"inspections": rows, "next_page_token": following}


async def findings(uow: Uow, *, ids: Sequence[UUID]) -> dict[str, Any]:
    return {"findings": await uow.findings(ids)}


async def machines(uow: Uow, *, inspection_id: UUID) -> list[Machine]:
    """The task and everything that hangs on it."""
    found = await uow.file(inspection_id)
    return [found.inspection, *found.findings, *found.orders, *found.recusals, *found.publicity]


async def machine(uow: Uow, *, id: UUID) -> Machine:
    return await uow.machine(id)


async def measure(uow: Uow, *, measure_id: UUID) -> CoerciveMeasure:
    return (await uow.file_of_measure(measure_id)).measure(measure_id)


async def measures(
    uow: Uow, *, size: int, token: str, state: str, inspection_id: UUID | None, case_id: str, enterprise_id: UUID | None
) -> dict[str, Any]:
    rows, following = await uow.measures(MeasureFilters(state, inspection_id, case_id, enterprise_id), size, token)
    return {"measures": rows, "next_page_token": following}
