"""Timers whose period ended: a move, or a breach entry. Runs in the service that owns them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from anzhi.ops.v1 import ops_pb2
from anzhi.ops.v1.ops_pb2_grpc import OpsServiceServicer
from kernel.errors import DomainError
from kernel.moves import SYSTEM, Facts, Transition
from kernel.timers import Timer, TimerState
from opentelemetry.trace import SpanKind
from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert

from servicekit import auth, record, telemetry
from servicekit.clock import root_of
from servicekit.db import Sessions, Uow, facts_for, transaction
from servicekit.faults import away, collided
from servicekit.settings import ServiceSettings
from servicekit.tables import instant, legal_clock, timers

log = logging.getLogger(__name__)
TickHandler = Callable[[Any, Timer, Facts], Awaitable[Any]]
PAUSE = 0.1
TRIES = 5


async def breach(uow: Uow, timer: Timer, facts: Facts) -> None:
    """The standard handler: the entry that the period ended, on the timer and in the history of its object."""
    timer.breach(facts.now)
    line = Transition(
        machine=timer.object_kind,
        object_id=str(timer.object_id),
        row=timer.timer,
        name="breach",
        source=str(TimerState.RUNNING),
        target=str(TimerState.BREACHED),
        actors=(facts.by.id,),
        at=facts.now,
        guards=(),
        documents=(),
        deadlines=(f"{timer.timer} ended: {timer.legal_expiry}",),
        reason="",
        cause=str(timer.id),
    )
    record.note(uow.session, line, org_path=timer.org_path, version=None)


class Ticks:
    """`handlers`: timer id -> handler. Facts.now of a handler is the instant at which the timer expired."""

    def __init__(self, sessions: Sessions, store: type[Uow], handlers: Mapping[str, TickHandler], settings: ServiceSettings) -> None:
        self.sessions, self.store, self.handlers, self.settings = sessions, store, handlers, settings

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.sweep()
            try:
                await asyncio.wait_for(stop.wait(), self.settings.tick_seconds)
            except TimeoutError:
                continue

    async def sweep(self, root: str | None = None) -> int:
        """Everything that is due, oldest first, until nothing is; of one root or of all. Answers how many."""
        count, tries = 0, 0
        while True:
            try:
                swept = await self._one(root)
            except Exception as error:
                tries += 1
                if not (collided(error) or away(error)) or tries > TRIES:
                    raise
                await asyncio.sleep(PAUSE * tries)
                continue
            tries = 0
            if not swept:
                return count
            count += 1

    async def _one(self, root: str | None) -> bool:
        try:
            return await self._take(root, refused=None)
        except _Refused as refused:
            # The move is not possible any more (or not yet): the period ended all the same.
            log.warning("timer %s cannot move: %s", refused.timer_id, refused.error.reason, extra={"facts": refused.error.facts})
            return await self._take(root, refused=refused)

    async def _take(self, root: str | None, refused: "_Refused | None") -> bool:
        async with transaction(self.sessions, self.store, jobs=True, scope="/", root=root or "") as uow:
            timer = await uow.one(self._due(root) if refused is None else select(Timer).where(timers.c.id == refused.timer_id))
            if timer is None:
                return False
            assert timer.expires_at is not None
            uow.root = root_of(timer.org_path)
            uow.session.info["org_path"] = timer.org_path
            auth.user_token.set("")
            auth.acting_root.set(uow.root)
            facts = await facts_for(self.sessions, uow, SYSTEM, cause=str(timer.id), now=timer.expires_at)
            handler = breach if refused is not None else self.handlers.get(timer.timer, breach)
            with telemetry.span(f"tick {timer.timer}", SpanKind.INTERNAL):
                try:
                    await handler(uow, timer, facts)
                    await uow.flush()
                except DomainError as error:
                    if collided(error):
                        raise
                    raise _Refused(timer.id, error) from error
                if timer.state is TimerState.RUNNING and timer.stopped_at is None and timer.expires_at <= facts.now:
                    await breach(uow, timer, facts)
            telemetry.swept.add(1, {"timer": timer.timer, "outcome": str(timer.state)})
        return True

    def _due(self, root: str | None) -> Any:
        now = literal(datetime.now(UTC), instant())
        due = select(Timer).where(timers.c.state == TimerState.RUNNING, timers.c.stopped_at.is_(None))
        if self.sessions.clock.on:
            place = func.concat("/", func.split_part(timers.c.org_path, "/", 2), "/")
            offset = select(legal_clock.c.offset_seconds).where(legal_clock.c.root == place).scalar_subquery()
            # No offset, no legal now: the comparison is NULL and the timer waits.
            due = due.where(timers.c.expires_at <= now + offset * timedelta(seconds=1))
        else:
            due = due.where(timers.c.expires_at <= now)
        if root is not None:
            due = due.where(timers.c.org_path.startswith(root, autoescape=True))
        return due.order_by(timers.c.expires_at, timers.c.id).limit(1).with_for_update(skip_locked=True, of=timers)


class _Refused(Exception):
    def __init__(self, timer_id: Any, error: DomainError) -> None:
        super().__init__(str(error))
        self.timer_id, self.error = timer_id, error


async def set_clock(uow: Uow, root: str, offset_seconds: int) -> None:
    """Keep the offset of a root. The clock only moves forward, so an older word changes nothing."""
    row = insert(legal_clock).values(root=root, offset_seconds=offset_seconds)
    later = func.greatest(legal_clock.c.offset_seconds, row.excluded.offset_seconds)
    await uow.session.execute(row.on_conflict_do_update(index_elements=["root"], set_={"offset_seconds": later, "set_at": func.now()}))


class Ops(OpsServiceServicer):
    def __init__(self, ticks: Ticks) -> None:
        self.ticks = ticks

    async def SweepTo(self, request: ops_pb2.SweepToRequest, context: Any) -> ops_pb2.SweepToResponse:
        async with transaction(self.ticks.sessions, Uow, jobs=True) as uow:
            await set_clock(uow, request.root, request.offset_seconds)
        return ops_pb2.SweepToResponse(swept=await self.ticks.sweep(request.root))
