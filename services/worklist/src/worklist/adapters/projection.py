"""What a batch of events makes of the tables: the same few statements for one event as for five hundred."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from kernel.calendar import Calendar
from opentelemetry import metrics
from servicekit.db import Uow
from sqlalchemy import and_, delete, func, or_, select, text

from worklist.adapters import tables as t
from worklist.adapters.bulk import given, newer, put
from worklist.domain import events
from worklist.domain.lines import NEVER, OPEN, BreachLine, DeadlineLine, NoticeLine, TodoLine
from worklist.domain.notices import Kind, Rule, desks, notice, plan
from worklist.domain.seats import places, seats_of_moves

breached = metrics.get_meter("worklist").create_counter(
    "anzhi.worklist.breached", "{deadline}", "Legal deadlines that ended without the act they call for, by owner and timer"
)
WRITER = text("SELECT pg_advisory_xact_lock(hashtext('worklist.projection'))")


def whose(org_path: str) -> dict[str, str]:
    root, second, third = (*places(org_path), "", "", "")[:3]
    return {"root": root, "place_2": second, "place_3": third}


def _row(line: Any, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(line).items() if not name.startswith("_")} | more


class Projection(Uow):
    """Collects what the events of a batch say and writes it at the end of its transaction."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._todos: dict[tuple[UUID, str], TodoLine] = {}
        self._deadlines: dict[UUID, DeadlineLine] = {}
        self._breaches: dict[UUID, BreachLine] = {}
        self._calendar: Calendar | None = None

    def moved(self, line: TodoLine) -> None:
        known = self._todos.get(line.key)
        if known is None or line.age > known.age:
            self._todos[line.key] = line

    def changed(self, line: DeadlineLine, calendar: Calendar) -> None:
        self._calendar = calendar
        known = self._deadlines.get(line.id)
        if known is None or line.recorded_at > known.recorded_at:
            self._deadlines[line.id] = line
        if line.breached_at is not None:
            names = ("id", "service", "timer", "object_kind", "object_id", "org_path", "legal_expiry", "derivation", "breached_at")
            self._breaches[line.id] = BreachLine(**{name: getattr(line, name) for name in names})

    async def end(self, *, request_id: str = "", response: bytes = b"") -> None:
        if self._todos or self._deadlines:
            await self._project()
        await super().end(request_id=request_id, response=response)

    async def alone(self) -> None:
        """Until the transaction ends no other batch or sweep writes: a matter and its parts come over several partitions."""
        await self.session.execute(WRITER)

    async def _project(self) -> None:
        await self.alone()
        rules = await self.rules() if self._deadlines else []
        await self._keep_todos()
        await self._keep_deadlines(rules)
        told = {(line.object_id, line.object_kind) for line in self._deadlines.values()}
        whom = await self._reseat({*self._todos, *told})
        new = await put(self, t.breaches, (_row(line, **whose(line.org_path)) for line in self._breaches.values()))
        who = {line.id: line.who for line in self._deadlines.values()}
        due = [
            notice(line, rule, line.breached_at)
            for line in self._breaches.values()
            if (line.id,) in new
            for rule in rules
            if rule.kind is Kind.BREACH and rule.concerns(who[line.id])
        ]
        await self.give(due, whom)
        for line in self._breaches.values():
            if (line.id,) in new:
                breached.add(1, {"owner": line.service, "timer": line.timer})
        self._todos, self._deadlines, self._breaches = {}, {}, {}

    async def rules(self) -> Sequence[Rule]:
        return await self.all(select(Rule).order_by(t.notice_rules.c.id))

    async def _keep_todos(self) -> None:
        rows = [_row(line, moves=[asdict(move) for move in line.moves]) for line in self._todos.values()]
        if rows:
            # When it is due is reckoned from its deadlines, never told.
            names = [name for name in rows[0] if name != "due_at"]
            await put(self, t.todos, rows, newer(t.todos, names, ("version", "recorded_at")))

    async def _keep_deadlines(self, rules: Sequence[Rule]) -> None:
        rows = []
        for line in self._deadlines.values():
            planned = plan(line, rules, self._calendar) if self._calendar is not None else []
            line.next_notice_at = planned[0].at if planned else None
            more = {"open": line.state in OPEN, "presses": line.presses, "ends_at": line.ends_at, "state": str(line.state)}
            rows.append(_row(line, **more, **whose(line.org_path)))
        if rows:
            await put(self, t.deadlines, rows, newer(t.deadlines, rows[0], ("recorded_at",)))

    async def _reseat(self, keys: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], tuple[Sequence[str], str]]:
        """Anew: when each matter is due and on whose desks it lies. A part has the officers of its whole. Answers them."""
        ids = sorted({key[0] for key in keys})
        todos, whole, c = t.todos.c, t.todos.alias("whole"), t.deadlines.c
        pressing = select(func.min(c.ends_at)).where(c.object_id == todos.object_id, c.object_kind == todos.object_kind, c.presses)
        statement = (
            select(
                *(todos.object_id, todos.object_kind, todos.org_path, todos.moves),
                func.coalesce(whole.c.officer_ids, todos.officer_ids).label("officer_ids"),
                func.coalesce(whole.c.lead_id, todos.lead_id).label("lead_id"),
                pressing.scalar_subquery().label("due_at"),
            )
            .join(whole, and_(whole.c.object_id == todos.whole_id, whole.c.object_kind == todos.whole_kind), isouter=True)
            .where(or_(todos.object_id.in_(ids), todos.whole_id.in_(ids)))
        )
        found = (await self.session.execute(statement)).all()
        sat, due = [], []
        for row in found:
            key = {"object_id": str(row.object_id), "object_kind": row.object_kind, "due_at": (row.due_at or NEVER).isoformat()}
            due.append({**key, "officer_ids": row.officer_ids, "lead_id": row.lead_id})
            for seat in sorted(seats_of_moves(row.moves, row.officer_ids, row.lead_id, row.org_path)):
                sat.append({"seat": seat, **key, "org_path": row.org_path})
        await self.session.execute(delete(t.seats).where(t.seats.c.object_id.in_([row.object_id for row in found])))
        await put(self, t.seats, sat)
        if due:
            update = (
                "UPDATE todos SET due_at = given.due_at, officer_ids = given.officer_ids, lead_id = given.lead_id"  # noqa: S608 - names of tables.py
                f" FROM {given(t.todos, tuple(due[0]))} WHERE todos.object_id = given.object_id"
                " AND todos.object_kind = given.object_kind AND (todos.due_at, todos.officer_ids, todos.lead_id)"
                " IS DISTINCT FROM (given.due_at, given.officer_ids, given.lead_id)"
            )
            await self.session.execute(text(update), {"rows": json.dumps(due, ensure_ascii=False)})
        return {(row.object_id, row.object_kind): (row.officer_ids, row.lead_id) for row in found}

    async def give(self, due: Sequence[NoticeLine], whom: Mapping[tuple[UUID, str], tuple[Sequence[str], str]]) -> int:
        """Write the notices that are not there yet, with the desks they lie on. Answers how many were new."""
        new = await put(self, t.notices, (_row(line) for line in due))
        seats = []
        for line in due:
            if (line.id,) not in new:
                continue
            officers, lead = whom.get((line.object_id, line.object_kind), ((), ""))
            about = {"notice_id": line.id, "org_path": line.org_path, "given_at": line.given_at}
            seats += [{"seat": seat, **about} for seat in sorted(desks(line.level, officers, lead, line.org_path))]
            self.record(
                events.NoticeGiven(
                    line.id,
                    line.deadline_id,
                    line.kind,
                    line.level,
                    line.timer,
                    line.object_kind,
                    line.object_id,
                    line.org_path,
                    line.given_at,
                )
            )
        await put(self, t.notice_seats, seats)
        return len(new)
