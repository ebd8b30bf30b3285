"""The Uow of worklist: lists for one person or one body, each a fixed number of statements whatever the page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from anzhi.worklist.v1 import events_pb2
from kernel.errors import NotFound
from servicekit.db import Topic, page, page_size, page_token, read_page_token
from sqlalchemy import Select, String, and_, bindparam, column, func, literal, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import aliased

from worklist.adapters import tables as t
from worklist.adapters.projection import Projection
from worklist.application.ports import DeadlineQuery, ReadNotice
from worklist.domain.lines import BreachLine, DeadlineLine, NoticeLine, TodoLine
from worklist.domain.seats import places


class DeadlineNotFound(NotFound):
    """No such deadline, or not of your jurisdiction."""


class NoticeNotFound(NotFound):
    """No such notice, or it is not for you."""


class Store(Projection):
    topics = (Topic("worklist.notice.v1", events_pb2, key="notice_id"),)

    async def todos_of(self, keys: Sequence[str], size: int, token: str) -> tuple[Sequence[TodoLine], str]:
        """The first of each seat in their order, then the first of all: never more rows than seats × page."""
        found, token = await self._on_desks(t.seats, ("due_at", "object_id", "object_kind"), keys, size, token)
        if not found:
            return [], ""
        lines = await self.all(
            select(TodoLine).where(
                tuple_(t.todos.c.object_id, t.todos.c.object_kind).in_([(row.object_id, row.object_kind) for row in found])
            )
        )
        known = {line.key: line for line in lines}
        return [known[own] for row in found if (own := (row.object_id, row.object_kind)) in known], token

    async def _on_desks(
        self, table: Any, names: Sequence[str], keys: Sequence[str], size: int, token: str, *, descending: bool = False, unread_by: str = ""
    ) -> tuple[Sequence[Any], str]:
        size = page_size(size)
        seat = (
            func.unnest(bindparam(None, list(keys), type_=ARRAY(String))).table_valued(column("seat", String), name="mine").render_derived()
        )
        by = [table.c[name] for name in names]
        each: Select[Any] = select(*by).where(table.c.seat == seat.c.seat)
        if unread_by:
            read = and_(t.notice_reads.c.notice_id == table.c.notice_id, t.notice_reads.c.read_by == unread_by)
            each = each.where(~select(literal(1)).where(read).exists())
        if token:
            row, last = tuple_(*by), tuple_(*read_page_token(token, by))
            each = each.where(row < last if descending else row > last)
        order = [one.desc() for one in by] if descending else by
        lateral = each.order_by(*order).limit(size + 1).lateral("first")
        outer = [lateral.c[name].desc() if descending else lateral.c[name] for name in names]
        statement = select(*(lateral.c[name] for name in names)).distinct().select_from(seat.join(lateral, true())).order_by(*outer)
        found = (await self.session.execute(statement.limit(size + 1))).all()
        return found[:size], page_token(found[size - 1]) if len(found) > size else ""

    async def deadlines_of(self, object_ids: Iterable[UUID]) -> Sequence[DeadlineLine]:
        """Those that still press on these matters, the next to end first."""
        c = t.deadlines.c
        return await self.all(select(DeadlineLine).where(c.object_id.in_(list(object_ids)), c.presses).order_by(c.ends_at, c.id))

    async def matters(self, object_ids: Iterable[UUID]) -> Sequence[TodoLine]:
        return await self.all(select(TodoLine).where(t.todos.c.object_id.in_(list(object_ids))))

    async def deadlines(self, query: DeadlineQuery, size: int, token: str) -> tuple[Sequence[DeadlineLine], str]:
        c = t.deadlines.c
        statement = self._of_body(select(DeadlineLine), t.deadlines)
        if query.state:
            statement = statement.where(c.open.is_(query.state in {"RUNNING", "PAUSED"}), c.state == query.state)
        else:
            statement = statement.where(c.open.is_(True))
        for one, wanted in ((c.timer, query.timer), (c.object_kind, query.object_kind), (c.object_id, query.object_id)):
            if wanted:
                statement = statement.where(one == wanted)
        if query.until is not None:
            statement = statement.where(c.ends_at <= query.until)
        return await page(self, statement, by=(c.ends_at, c.id), size=size, token=token)

    async def deadline(self, id: UUID) -> DeadlineLine:
        return await self.get(DeadlineLine, id, DeadlineNotFound)

    async def breaches(self, timer: str, object_id: UUID | None, size: int, token: str) -> tuple[Sequence[BreachLine], str]:
        c = t.breaches.c
        statement = self._of_body(select(BreachLine), t.breaches)
        for one, wanted in ((c.timer, timer), (c.object_id, object_id)):
            if wanted:
                statement = statement.where(one == wanted)
        return await page(self, statement, by=(c.breached_at, c.id), size=size, token=token, descending=True)

    def _of_body(self, statement: Select[Any], table: Any) -> Select[Any]:
        """Row security decides; this names the column that an index answers by."""
        above = places(self.scope)
        if not above:
            return statement
        return statement.where((table.c.root, table.c.place_2, table.c.place_3)[min(len(above), 3) - 1] == above[:3][-1])

    async def notices_of(
        self, keys: Sequence[str], reader: str, size: int, token: str, *, unread: bool
    ) -> tuple[Sequence[ReadNotice], str]:
        by = ("given_at", "notice_id")
        unread_by = reader if unread else ""
        found, token = await self._on_desks(t.notice_seats, by, keys, size, token, descending=True, unread_by=unread_by)
        if not found:
            return [], ""
        known = {each.line.id: each for each in await self._read([row.notice_id for row in found], reader)}
        return [known[row.notice_id] for row in found if row.notice_id in known], token

    async def notice_for(self, id: UUID, keys: Sequence[str], reader: str) -> ReadNotice:
        mine = select(t.notice_seats.c.notice_id).where(t.notice_seats.c.notice_id == id, t.notice_seats.c.seat.in_(list(keys)))
        found = await self._read([id], reader) if (await self.session.execute(mine.limit(1))).first() else []
        if not found:
            raise NoticeNotFound("there is none, or it is not for you", id=str(id))
        return found[0]

    async def _read(self, ids: Sequence[UUID], reader: str) -> list[ReadNotice]:
        read = aliased(t.notice_reads)
        mine = and_(read.c.notice_id == t.notices.c.id, read.c.read_by == reader)
        statement = select(NoticeLine, read.c.read_at).join(read, mine, isouter=True).where(t.notices.c.id.in_(list(ids)))
        return [ReadNotice(row[0], row[1]) for row in await self.session.execute(statement)]

    async def read_notice(self, line: NoticeLine, reader: str, at: datetime) -> bool:
        """Whether it had not been read before."""
        row = insert(t.notice_reads).values(notice_id=line.id, read_by=reader, org_path=line.org_path, read_at=at)
        done = await self.session.execute(row.on_conflict_do_nothing().returning(t.notice_reads.c.notice_id))
        return done.first() is not None
