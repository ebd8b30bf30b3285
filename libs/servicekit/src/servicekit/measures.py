"""What a process tells of itself and of its queues, at an interval: no request pays a statement for it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from opentelemetry import metrics
from sqlalchemy import func, select, text

from servicekit import migrations, telemetry
from servicekit.consumer import Consumer
from servicekit.db import Sessions
from servicekit.privacy import words_of
from servicekit.tables import outbox
from servicekit.ticks import Ticks

log = logging.getLogger(__name__)
_meter = metrics.get_meter("servicekit")
# The loop is looked at this often; what is shown of the pools is the most seen since the last measure.
LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 5.0
# A backlog is counted up to here: what matters beyond is its age.
MOST = 100_000
Measure = Callable[[], Awaitable[None]]

loop_lag = _meter.create_histogram(
    "anzhi.loop.lag", "s", "How late the event loop ran what was due", explicit_bucket_boundaries_advisory=telemetry.FAST
)
pool_in_use = _meter.create_gauge("anzhi.pool.in_use", "{connection}", "Most connections in use since the last measure, by pool")
pool_size = _meter.create_gauge("anzhi.pool.size", "{connection}", "Connections that a pool may open")
outbox_backlog = _meter.create_gauge("anzhi.outbox.backlog", "{event}", "Events committed and not published, counted up to 100,000")
outbox_age = _meter.create_gauge("anzhi.outbox.age", "s", "Age of the oldest event that is not published")
consumer_lag = _meter.create_gauge("anzhi.consumer.lag", "{event}", "Events in the partitions of this member that it has not done")
timers_overdue = _meter.create_gauge("anzhi.timers.overdue", "{timer}", "Timers that are due and not swept")
schema_behind = _meter.create_gauge("anzhi.schema.behind", "{migration}", "1: the database waits for a migration that the code knows")


class Measures:
    """Runs `measures` every `seconds`, and looks at the loop and the pools in between."""

    def __init__(self, measures: Sequence[Measure], seconds: float, sessions: Sessions | None = None) -> None:
        self.measures, self.seconds, self.sessions = measures, seconds, sessions
        self._most: dict[str, int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Until stop: a measure that waits for something that is away is left."""
        tasks = [asyncio.create_task(each, name="measures") for each in (stop.wait(), self._look(), self._measure(stop))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _measure(self, stop: asyncio.Event) -> None:
        """Looks at `stop` too: a client of a broker or a database may swallow that it is cancelled just as it gets its answer."""
        while not stop.is_set():
            for pool, most in self._most.items():
                pool_in_use.set(most, {"pool": pool})
            self._most = dict.fromkeys(self._most, 0)
            for measure in self.measures:
                try:
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        await measure()
                except Exception as error:  # noqa: BLE001 - a measure that fails is told; what is measured goes on
                    log.warning("%s cannot be measured: %s", getattr(measure, "__name__", measure), words_of(error))
                if stop.is_set():
                    return
            await asyncio.sleep(self.seconds)

    async def _look(self) -> None:
        while True:
            self._count_pools()
            due = time.monotonic() + LOOK_SECONDS
            await asyncio.sleep(LOOK_SECONDS)
            loop_lag.record(max(0.0, time.monotonic() - due))

    def _count_pools(self) -> None:
        engines = {} if self.sessions is None else {"serve": self.sessions.serve, "jobs": self.sessions.jobs}
        for name, engine in engines.items():
            if engine is not None:
                pool = engine.pool
                self._most[name] = max(self._most.get(name, 0), pool.checkedout())  # type: ignore[attr-defined]
                pool_size.set(pool.size(), {"pool": name})  # type: ignore[attr-defined]


def of_outbox(sessions: Sessions) -> Measure:
    waiting = outbox.c.published_at.is_(None)
    counted = select(func.count()).select_from(select(outbox.c.id).where(waiting).limit(MOST).subquery())
    oldest = select(outbox.c.recorded_at).where(waiting).order_by(outbox.c.id).limit(1)

    async def measure_outbox() -> None:
        first = await sessions.look(oldest)
        outbox_age.set((datetime.now(UTC) - first[0]).total_seconds() if first else 0.0)
        outbox_backlog.set((await sessions.look(counted))[0] if first else 0)

    return measure_outbox


def of_consumer(consumer: Consumer) -> Measure:
    async def measure_consumer() -> None:
        for topic, behind in (await consumer.behind()).items():
            consumer_lag.set(behind, {"group": consumer.group, "topic": topic})

    return measure_consumer


def of_timers(ticks: Ticks) -> Measure:
    async def measure_timers() -> None:
        timers_overdue.set(await ticks.overdue())

    return measure_timers


def of_schema(service: str, sessions: Sessions) -> Measure:
    head = migrations.head(migrations.folder(service))

    async def measure_schema() -> None:
        stands = await sessions.look(text("SELECT version_num FROM alembic_version"))  # type: ignore[arg-type]
        schema_behind.set(int(head not in stands))

    return measure_schema
