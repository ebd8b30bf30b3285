"""What the events of penalties say about the objects of a case: confiscated, effective, under a remedy."""

from typing import Any
from uuid import UUID

from evidence.application.ports import Uow


async def decided(uow: Uow, *, case_id: UUID, org_path: str, confiscates: bool) -> None:
    await uow.note_ruling(case_id, {"org_path": org_path, "confiscates": confiscates, "revoked": False, "served": False})


async def served(uow: Uow, *, case_id: UUID) -> None:
    await _change(uow, case_id, served=True)


async def revoked(uow: Uow, *, case_id: UUID) -> None:
    await _change(uow, case_id, revoked=True)


async def remedy(uow: Uow, *, case_id: UUID, remedy_id: str, pending: bool) -> None:
    known = await uow.ruling(case_id)
    if known is not None:
        others = [one for one in known.pending if one != remedy_id]
        await uow.note_ruling(case_id, {"pending": [*others, remedy_id] if pending else others})


async def _change(uow: Uow, case_id: UUID, **changes: Any) -> None:
    """A case that decided nothing on objects was never noted."""
    if await uow.ruling(case_id) is not None:
        await uow.note_ruling(case_id, changes)
