"""A move that rests on photos or papers names items that the task's evidence keeps, not words. Law: APL 40, 46; WSL 68."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from kernel.errors import Invalid
from kernel.moves import Facts

from inspections.application.ports import Evidence, Uow

Command = Callable[..., Awaitable[Any]]


class EvidenceNotOfTask(Invalid):
    """An item that the move names is not kept in the evidence of the task."""


def resting_on(evidence: Evidence, command: Command, *fields: str) -> Command:
    """The command, run once every item in these fields of its input is found in the evidence of its task."""

    async def checked(uow: Uow, *, facts: Facts, **given: Any) -> Any:
        named = [id for field in fields for id in _ids(given[field]) if id]
        if named:
            task_id = await _task_of(uow, given)
            missing = sorted(set(named) - await evidence.items(task_id)) if task_id else []
            if missing:
                raise EvidenceNotOfTask(f"not in the evidence of the task: {', '.join(missing)}", missing=",".join(missing))
        return await command(uow, facts=facts, **given)

    return checked


def _ids(value: Any) -> Iterable[str]:
    """A text, texts, one record of items, objects with an item each, or results of a re-inspection with photos."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [str(one) for field, one in value.items() if field.endswith("evidence_id")]
    return [id for one in value for id in (_of_line(one) if isinstance(one, Mapping) else [one])]


def _of_line(line: Mapping[str, Any]) -> Iterable[str]:
    return line["photo_after_ids"] if "photo_after_ids" in line else [line["evidence_id"]]


async def _task_of(uow: Uow, given: Mapping[str, Any]) -> UUID | None:
    """None where the object does not exist: the command says so."""
    for kind in ("finding", "order", "measure"):
        if f"{kind}_id" in given:
            found = await uow.matter_of(kind, given[f"{kind}_id"])
            return found[0] if found else None
    task_id: UUID = given["inspection_id"]
    return task_id
