"""Outbox → Kafka. One relay of a service publishes at a time, in order; a crash between send and mark sends twice."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaProducer
from opentelemetry.trace import SpanKind
from sqlalchemy import delete, func, select, text, tuple_, update

from servicekit import broker, telemetry
from servicekit.db import Sessions, Uow, transaction
from servicekit.settings import ServiceSettings
from servicekit.tables import inbox, outbox, requests

log = logging.getLogger(__name__)
BATCH = 1_000
CLEAN_SECONDS = 3_600.0
CLEAN_ROWS = 10_000


def producer(settings: ServiceSettings) -> AIOKafkaProducer:
    """Idempotent, acknowledged by all replicas. Not started."""
    return AIOKafkaProducer(**broker.options(settings), enable_idempotence=True, acks="all", linger_ms=2, request_timeout_ms=10_000)


class Relay:
    def __init__(self, service: str, sessions: Sessions, settings: ServiceSettings) -> None:
        self.service, self.sessions, self.settings = service, sessions, settings
        self._cleaned = float("-inf")

    async def run(self, stop: asyncio.Event) -> None:
        sender = producer(self.settings)
        await sender.start()
        try:
            while not stop.is_set():
                self.sessions.recorded.clear()
                waiting = await self.sessions.look(select(outbox.c.id).where(outbox.c.published_at.is_(None)).limit(1))
                if not waiting or await self.publish(sender) < BATCH:
                    await self._clean()
                    await self._wait(stop)
        finally:
            await sender.stop()

    async def _wait(self, stop: asyncio.Event) -> None:
        waiting = [asyncio.ensure_future(event.wait()) for event in (stop, self.sessions.recorded)]
        try:
            await asyncio.wait(waiting, timeout=self.settings.relay_poll_seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def publish(self, sender: AIOKafkaProducer) -> int:
        """Send what stands unpublished, oldest first, and mark it. Answers how many; 0 if another relay is at it."""
        async with transaction(self.sessions, Uow, jobs=True) as uow:
            if not (await uow.session.execute(text("SELECT pg_try_advisory_xact_lock(hashtext('anzhi.relay'))"))).scalar_one():
                return 0
            rows = (
                await uow.session.execute(select(outbox).where(outbox.c.published_at.is_(None)).order_by(outbox.c.id).limit(BATCH))
            ).all()
            if not rows:
                return 0
            parents = {row.traceparent for row in rows if row.traceparent}
            # Of one trace it is a part of it; a batch of many has a trace of its own, linked with theirs.
            carrier = {"traceparent": parents.pop()} if len(parents) == 1 else {}
            with telemetry.span("relay", SpanKind.PRODUCER, carrier, parents, events=len(rows)):
                await self._send(sender, rows)
            await uow.session.execute(update(outbox).where(outbox.c.id.in_([row.id for row in rows])).values(published_at=func.now()))
        return len(rows)

    async def _send(self, sender: AIOKafkaProducer, rows: Sequence[Any]) -> None:
        sent = []
        for row in rows:
            sent.append(
                await sender.send(
                    self.settings.topic_prefix + row.topic, row.payload, key=row.key.encode(), headers=headers(self.service, row)
                )
            )
        await asyncio.gather(*sent)
        now = datetime.now(UTC)
        for row in rows:
            telemetry.published.add(1, {"topic": row.topic})
            telemetry.outbox_lag.record((now - row.recorded_at).total_seconds())

    async def _clean(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._cleaned < CLEAN_SECONDS:
            return
        self._cleaned = now
        old = datetime.now(UTC) - timedelta(days=self.settings.retention_days)
        read = datetime.now(UTC) - timedelta(days=self.settings.inbox_days)
        for table, condition in ((outbox, outbox.c.published_at < old), (requests, requests.c.at < old), (inbox, inbox.c.at < read)):
            keys = list(table.primary_key)
            doomed = select(*keys).where(condition).limit(CLEAN_ROWS)
            async with transaction(self.sessions, Uow, jobs=True) as uow:
                await uow.session.execute(delete(table).where(tuple_(*keys).in_(doomed)))


def headers(service: str, row: Any) -> list[tuple[str, bytes]]:
    """CloudEvents attributes in Kafka's binary mode; `ce_root` names the legal clock that the event follows."""
    values = {
        "ce_specversion": "1.0",
        "ce_id": str(row.event_id),
        "ce_type": row.type,
        "ce_source": f"/anzhi/{service}",
        "ce_time": row.recorded_at.isoformat(),
        "ce_root": row.root,
        "content-type": "application/protobuf",
        "traceparent": row.traceparent,
    }
    return [(name, value.encode()) for name, value in values.items()]
