"""The lists: what waits for a person, what runs in a body, what was missed, what was told."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from kernel.moves import Facts

from worklist.application.ports import DeadlineQuery, ReadNotice, Uow, Words
from worklist.domain.lines import BreachLine, DeadlineLine, OpenMove, TodoLine
from worklist.domain.seats import keys_of, officers_of, seats_of


async def my_todos(uow: Uow, *, words: Words, facts: Facts, size: int, token: str) -> dict[str, Any]:
    keys = keys_of(facts.by)
    lines, token = await uow.todos_of(keys, size, token)
    pressing: dict[tuple[UUID, str], list[DeadlineLine]] = {}
    for deadline in await uow.deadlines_of(line.object_id for line in lines) if lines else ():
        pressing.setdefault((deadline.object_id, deadline.object_kind), []).append(deadline)
    todos = [_todo(line, pressing.get(line.key, ()), words, frozenset(keys)) for line in lines]
    return {"todos": todos, "next_page_token": token}


def _todo(line: TodoLine, pressing: Sequence[DeadlineLine], words: Words, keys: frozenset[str]) -> dict[str, Any]:
    mine = [move for move in line.moves if keys & seats_of(move.actors, line.officer_ids, line.lead_id, line.org_path)]
    ends = [deadline.ends_at for deadline in pressing if deadline.expires_at is not None]
    return {
        **_fields(line),
        "moves": [_doer(move, line) for move in mine],
        "deadlines": [_deadline(deadline, line, words) for deadline in pressing],
        "due_at": min(ends, default=None),
    }


def _fields(line: object) -> dict[str, Any]:
    return {name: value for name, value in vars(line).items() if not name.startswith("_")}


def _doer(move: OpenMove, line: TodoLine) -> dict[str, Any]:
    roles = list(dict.fromkeys(actor.role for actor in move.actors))
    named = dict.fromkeys(id for role in roles for id in officers_of(role, line.officer_ids, line.lead_id))
    return {"move": move.move, "row": move.row, "by": move.by, "roles": roles, "officer_ids": list(named)}


def _deadline(line: DeadlineLine, matter: TodoLine | None, words: Words) -> dict[str, Any]:
    stopping = [move for move in matter.moves if line.timer in move.stops] if matter is not None else []
    return {
        **_fields(line),
        "number": matter.number if matter is not None else "",
        "title": words.title(line.timer),
        "consequence": words.consequence(line.timer),
        "must_act": [_doer(move, matter) for move in stopping if matter is not None],
    }


async def deadlines(uow: Uow, *, words: Words, query: DeadlineQuery, size: int, token: str) -> dict[str, Any]:
    lines, token = await uow.deadlines(query, size, token)
    matters = await _matters(uow, lines)
    found = [_deadline(line, matters.get((line.object_id, line.object_kind)), words) for line in lines]
    return {"deadlines": found, "next_page_token": token}


async def deadline(uow: Uow, *, words: Words, id: UUID) -> dict[str, Any]:
    line = await uow.deadline(id)
    return _deadline(line, (await _matters(uow, [line])).get((line.object_id, line.object_kind)), words)


async def _matters(uow: Uow, lines: Iterable[DeadlineLine]) -> Mapping[tuple[UUID, str], TodoLine]:
    ids = {line.object_id for line in lines}
    return {matter.key: matter for matter in await uow.matters(ids)} if ids else {}


async def breaches(uow: Uow, *, words: Words, timer: str, object_id: UUID | None, size: int, token: str) -> dict[str, Any]:
    lines, token = await uow.breaches(timer, object_id, size, token)
    return {"breaches": [_breach(line, words) for line in lines], "next_page_token": token}


def _breach(line: BreachLine, words: Words) -> dict[str, Any]:
    said = {"title": words.title(line.timer), "consequence": words.consequence(line.timer)}
    return {**_fields(line), "deadline_id": line.deadline_id, **said}


async def notices(uow: Uow, *, words: Words, facts: Facts, unread: bool, size: int, token: str) -> dict[str, Any]:
    found, token = await uow.notices_of(keys_of(facts.by), facts.by.id, size, token, unread=unread)
    return {"notices": [told(each, words) for each in found], "next_page_token": token}


def told(each: ReadNotice, words: Words) -> dict[str, Any]:
    line = each.line
    said = {"title": words.title(line.timer), "consequence": words.consequence(line.timer)}
    return {**_fields(line), "read_at": each.read_at, **said}


async def rules(uow: Uow) -> dict[str, Any]:
    return {"rules": await uow.rules()}
