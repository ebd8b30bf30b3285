"""What people ask of cases."""

from typing import Any
from uuid import UUID

from kernel.moves import Machine

from penalties.application.ports import CaseQuery, Uow
from penalties.domain.case import Case


async def case(uow: Uow, *, id: UUID) -> Case:
    return await uow.case(id)


async def machines(uow: Uow, *, id: UUID) -> list[Machine]:
    """The case and the small machines that hang on it."""
    found = await uow.case(id)
    hung = (*found.hearings, *found.accounts, *found.publicity_items, *found.upward_filings, *found.remedies, *found.recusals)
    return [found, *hung]


async def cases(uow: Uow, *, query: CaseQuery, size: int, token: str) -> dict[str, Any]:
    found, following = await uow.cases(query, size, token)
    return {"cases": found, "next_page_token": following}


async def screens(uow: Uow, *, inspection_id: str) -> dict[str, Any]:
    return {"screens": [seen.screen for seen in await uow.screens_of(inspection_id)]}
