"""Timers whose period ended: a move, or a breach entry. Runs in the service that owns them."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from anzhi.ops.v1 import ops_pb2
from anzhi.ops.v1.ops_pb2_grpc import OpsServiceServicer
from kernel.errors import DomainError
from kernel.moves import SYSTEM, Facts, Transition
from kernel.timers import Timer, TimerState
from opentelemetry.trace import SpanKind
from sqlalchemy import case, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from servicekit import auth, record, telemetry
from servicekit.clock import root_of
from servicekit.db import Sessions, Uow, facts_for, transaction
from servicekit.faults import away, collided
from servicekit.privacy import words_of
from servicekit.settings import ServiceSettings
from servicekit.tables import instant, legal_clock, timers

log = logging.getLogger(__name__)
TickHandler = Callable[[Any, Timer, Facts], Awaitable[Any]]
# What else falls due on the legal clock: of one root or of all; answers how much it did.
Sweep = Callable[[str | None], Awaitable[int]]
PAUSE = 0.1
TRIES = 5
LEARN_SECONDS = 10.0
AGAIN_SECONDS = 60.0
_ROOT = func.concat("/", func.split_part(timers.c.org_path, "/", 2), "/")


async def breach(uow: Uow, timer: Timer, facts: Facts) -> None:
    """The standard handler: the entry that the period ended, on the timer and in the history of its object."""
    timer.breach(facts.now)
    entry(uow, timer, facts, "breach", f"{timer.timer} ended: {timer.legal_expiry}", cause=str(timer.id))


def entry(uow: Uow, timer: Timer, facts: Facts, name: str, told: str, *, reason: str = "", cause: str = "") -> None:
    """What happened to a timer, in the history of its object."""
    moved = (timer.object_kind, str(timer.object_id), timer.timer, name, str(TimerState.RUNNING), str(timer.state))
    line = Transition(*moved, (facts.by.id,), facts.now, (), (), (told,), reason, cause or facts.cause)
    record.note(uow.session, line, org_path=timer.org_path, version=None)


class Ticks:
    """`handlers`: timer id -> handler. Facts.now of a handler is the instant at which the timer expired."""

    def __init__(
        self,
        sessions: Sessions,
        store: type[Uow],
        handlers: Mapping[str, TickHandler],
        settings: ServiceSettings,
        sweeps: Sequence[Sweep] = (),
    ) -> None:
        self.sessions, self.store, self.handlers, self.settings, self.sweeps = sessions, store, handlers, settings, sweeps
        self._failed: dict[UUID, float] = {}
        self._learned = float("-inf")

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self._learn_clocks()
            if await self.sessions.look(self._due(None).with_only_columns(timers.c.id)):
                await self.sweep()
            for sweep in self.sweeps:
                await sweep(None)
            try:
                await asyncio.wait_for(stop.wait(), self.settings.tick_seconds)
            except TimeoutError:
                continue

    async def _learn_clocks(self) -> None:
        """Ask identity for the offset of each root that has running timers and was never told."""
        now = time.monotonic()
        if not self.sessions.clock.on or now - self._learned < LEARN_SECONDS:
            return
        self._learned = now
        told = select(legal_clock.c.root)
        for root in await self.sessions.look(select(_ROOT).where(timers.c.state == TimerState.RUNNING, _ROOT.not_in(told)).distinct()):
            try:
                offset = await self.sessions.clock.offset(root)
            except Exception as error:
                if not away(error):
                    raise
                log.warning("the legal time of %s is not known: %s", root, words_of(error))
                return
            async with transaction(self.sessions, Uow, jobs=True) as uow:
                await set_clock(uow, root, offset)

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
        except _Stopped as stopped:
            error = stopped.error
            if isinstance(error, DomainError):
                # The move is not possible any more (or not yet): the period ended all the same.
                log.warning("timer %s cannot move: %s", stopped.timer_id, error.reason, extra={"facts": {"reason": error.reason}})
                return await self._take(root, refused=stopped.timer_id)
            if root is not None:
                raise error from stopped
            # A fault of ours in one handler stops neither the other timers nor the service; it is tried again later.
            log.error("timer %s fails", stopped.timer_id, exc_info=error)
            telemetry.swept.add(1, {"timer": "", "outcome": "failed"})
            self._failed[stopped.timer_id] = time.monotonic() + AGAIN_SECONDS
            return True

    async def _take(self, root: str | None, refused: UUID | None) -> bool:
        async with transaction(self.sessions, self.store, jobs=True, scope="/", root=root or "") as uow:
            chosen = self._due(root) if refused is None else select(Timer).where(timers.c.id == refused)
            # Who asked for one root waits for the timers that another sweep has in hand.
            timer = await uow.one(chosen.with_for_update(skip_locked=root is None, of=timers))
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
                except Exception as error:
                    if collided(error) or away(error):
                        raise
                    raise _Stopped(timer.id, error) from error
                if timer.state is TimerState.RUNNING and timer.stopped_at is None and timer.expires_at <= facts.now:
                    await breach(uow, timer, facts)
            telemetry.swept.add(1, {"timer": timer.timer, "outcome": str(timer.state)})
        return True

    async def overdue(self) -> int:
        """How many timers are due and wait for a sweep."""
        counted = self._due(None).with_only_columns(func.count(timers.c.id)).order_by(None).limit(None)
        return int((await self.sessions.look(counted))[0])

    def _due(self, root: str | None) -> Any:
        now = literal(datetime.now(UTC), instant())
        due = select(Timer).where(timers.c.state == TimerState.RUNNING, timers.c.stopped_at.is_(None))
        if self.sessions.clock.on:
            offset = select(legal_clock.c.offset_seconds).where(legal_clock.c.root == _ROOT).scalar_subquery()
            # No offset, no legal now: the comparison is NULL and the timer waits. The furthest clock bounds what the index answers.
            furthest = select(func.max(legal_clock.c.offset_seconds)).where(legal_clock.c.root == (root or legal_clock.c.root))
            due = due.where(timers.c.expires_at <= now + furthest.scalar_subquery() * timedelta(seconds=1))
            due = due.where(timers.c.expires_at <= now + offset * timedelta(seconds=1))
        else:
            due = due.where(timers.c.expires_at <= now)
        if root is not None:
            due = due.where(timers.c.org_path.startswith(root, autoescape=True))
        if root is None and self._failed:
            now_ = time.monotonic()
            self._failed = {id: again for id, again in self._failed.items() if again > now_}
            due = due.where(timers.c.id.not_in(list(self._failed)))
        return due.order_by(timers.c.expires_at, timers.c.id).limit(1)


class _Stopped(Exception):
    def __init__(self, timer_id: UUID, error: Exception) -> None:
        super().__init__(str(error))
        self.timer_id, self.error = timer_id, error


async def set_clock(uow: Uow, root: str, offset_seconds: int) -> None:
    """Keep the offset of a root. The clock only moves forward, so an older word changes nothing.

    0 is what a root has before it is first set, which may be to the past.
    """
    row = insert(legal_clock).values(root=root, offset_seconds=offset_seconds)
    known, told = legal_clock.c.offset_seconds, row.excluded.offset_seconds
    later = case((known == 0, told), else_=func.greatest(known, told))
    await uow.session.execute(row.on_conflict_do_update(index_elements=["root"], set_={"offset_seconds": later, "set_at": func.now()}))


class Ops(OpsServiceServicer):
    def __init__(self, ticks: Ticks) -> None:
        self.ticks = ticks

    async def SweepTo(self, request: ops_pb2.SweepToRequest, context: Any) -> ops_pb2.SweepToResponse:
        async with transaction(self.ticks.sessions, Uow, jobs=True) as uow:
            await set_clock(uow, request.root, request.offset_seconds)
        swept = await self.ticks.sweep(request.root)
        return ops_pb2.SweepToResponse(swept=swept + sum([await sweep(request.root) for sweep in self.ticks.sweeps]))
