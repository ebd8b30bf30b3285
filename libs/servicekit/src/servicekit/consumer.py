"""Kafka → command. The event's mark in the inbox and what it does are one transaction; the offset follows the commit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from google.protobuf.message import DecodeError, Message
from kernel.errors import DomainError
from kernel.moves import SYSTEM
from opentelemetry.trace import SpanKind

from servicekit import auth, broker, telemetry
from servicekit.db import Sessions, Uow, facts_for, transaction
from servicekit.faults import away, collided
from servicekit.privacy import words_of
from servicekit.record import OPEN_EVENTS
from servicekit.relay import producer
from servicekit.settings import ServiceSettings

log = logging.getLogger(__name__)
Handler = Callable[..., Awaitable[Any]]
Handlers = Mapping[type[Message], Handler]
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
# How often a collision or an error of ours is tried before the event becomes a dead letter.
TRIES = 6
BATCH = 500


class Undecodable(ValueError):
    """The bytes are not the message that `ce_type` names."""


class Consumer:
    """Reads `topics` as one member of `group`. `batch`: up to 500 events, their inbox rows and writes in one transaction."""

    def __init__(
        self,
        group: str,
        topics: Mapping[str, Handlers],
        sessions: Sessions,
        store: type[Uow],
        settings: ServiceSettings,
        *,
        batch: bool = False,
    ) -> None:
        self.group, self.sessions, self.store, self.settings, self.batch = group, sessions, store, settings, batch
        self.hears = tuple(topics)
        self.topics = {
            settings.topic_prefix + topic: {kind.DESCRIPTOR.full_name: (kind, handle) for kind, handle in handlers.items()}
            for topic, handlers in topics.items()
        }
        self.ready = asyncio.Event()
        self._reader: AIOKafkaConsumer | None = None
        self._done: dict[TopicPartition, int] = {}

    async def behind(self) -> Mapping[str, int]:
        """Events that stand in the partitions of this member and are not done, by topic."""
        reader = self._reader
        if reader is None or not (mine := reader.assignment()):
            return {}
        lag: dict[str, int] = {}
        for part, end in (await reader.end_offsets(list(mine))).items():
            if part in reader.assignment():
                done = self._done[part] if part in self._done else await reader.position(part)
                topic = part.topic.removeprefix(self.settings.topic_prefix)
                lag[topic] = lag.get(topic, 0) + max(0, end - done)
        return lag

    async def run(self, stop: asyncio.Event) -> None:
        reader = AIOKafkaConsumer(
            **broker.options(self.settings),
            group_id=self.settings.topic_prefix + self.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_interval_ms=600_000,
            session_timeout_ms=6_000,
            heartbeat_interval_ms=1_500,
        )
        dead = producer(self.settings)
        await dead.start()
        try:
            reader.subscribe(sorted(self.topics), listener=_Ready(self.ready, self._done))
            await reader.start()
            self._reader = reader
            for topic in self.hears:
                # The first dead letter has to be a rise, not the birth of a series.
                telemetry.consumed.add(0, {"group": self.group, "topic": topic, "outcome": "dead"})
            try:
                while not stop.is_set():
                    fetched = await reader.getmany(timeout_ms=200, max_records=BATCH)
                    if fetched:
                        for part, records in fetched.items():
                            self._done.setdefault(part, records[0].offset)
                        await self._commit(reader, fetched, await self._take(fetched, dead, stop))
            finally:
                self._reader = None
                await reader.stop()
        finally:
            await dead.stop()

    async def _take(
        self, fetched: Mapping[TopicPartition, Sequence[ConsumerRecord]], dead: AIOKafkaProducer, stop: asyncio.Event
    ) -> Mapping[TopicPartition, int]:
        """Partitions side by side. Answers the offsets to commit."""
        done = await asyncio.gather(*(self._partition(records, dead, stop) for records in fetched.values()))
        return {part: offset for part, offset in zip(fetched, done, strict=True) if offset is not None}

    async def _commit(self, reader: AIOKafkaConsumer, fetched: Mapping[TopicPartition, Any], offsets: Mapping[TopicPartition, int]) -> None:
        mine = {part: offset for part, offset in offsets.items() if part in reader.assignment()}
        if mine:
            await reader.commit(mine)
            self._done.update(mine)
        for part in fetched.keys() - offsets.keys():
            if part in reader.assignment():
                reader.seek(part, fetched[part][0].offset)

    async def _partition(self, records: Sequence[ConsumerRecord], dead: AIOKafkaProducer, stop: asyncio.Event) -> int | None:
        """In order, one by one or as one batch. Answers the offset to commit, None if nothing was done before stopping."""
        if self.batch and len(records) > 1:
            try:
                await self._apply(records)
            except Exception as error:  # noqa: BLE001 - each is tried alone and judged there
                log.warning("batch of %d fails, one by one: %s", len(records), words_of(error))
            else:
                self.count(records[0].topic, "done", len(records))
                return int(records[-1].offset) + 1
        done = None
        for record in records:
            if stop.is_set() or not await self._until_done(record, dead, stop):
                break
            done = int(record.offset) + 1
        return done

    async def _until_done(self, record: ConsumerRecord, dead: AIOKafkaProducer, stop: asyncio.Event) -> bool:
        tries = 0
        while True:
            try:
                await self._apply([record])
                self.count(record.topic, "done")
                return True
            except Exception as error:  # noqa: BLE001 - judged: another try, or a dead letter
                tries += 1
                if not self._worth_another(error, tries):
                    await self._bury(record, error, dead)
                    return True
                self.count(record.topic, "tried")
                log.warning("%s:%d:%d tried %d times: %s", record.topic, record.partition, record.offset, tries, words_of(error))
            try:
                await asyncio.wait_for(stop.wait(), PAUSES[min(tries, len(PAUSES)) - 1])
            except TimeoutError:
                continue
            return False

    def _worth_another(self, error: Exception, tries: int) -> bool:
        if away(error):
            return True
        if isinstance(error, Undecodable) or (isinstance(error, DomainError) and not collided(error)):
            return False
        return tries < TRIES

    async def _apply(self, records: Sequence[ConsumerRecord]) -> None:
        work = [(meta, *found) for record in records if (found := self._decode(record, meta := meta_of(record)))]
        if not work:
            return
        root = work[0][0].get("ce_root", "")
        if any(meta.get("ce_root", "") != root for meta, _, _ in work):
            for meta, message, handle in work:
                await self._transact([(meta, message, handle)], meta.get("ce_root", ""))
            return
        await self._transact(work, root)

    async def _transact(self, work: Sequence[tuple[dict[str, str], Message, Handler]], root: str) -> None:
        auth.user_token.set("")
        auth.acting_root.set(root)
        others = [meta.get("traceparent", "") for meta, _, _ in work]
        with telemetry.span(f"consume {self.group}", SpanKind.CONSUMER, work[0][0], others, events=len(work)) as span:
            span.set_attribute("type", work[0][0]["ce_type"])
            claim: dict[str, Any] = {"event_ids": [meta["ce_id"] for meta, _, _ in work], "reader": self.group}
            async with transaction(self.sessions, self.store, jobs=True, scope=root or "/", root=root, opening=OPEN_EVENTS, **claim) as uow:
                new = set(uow.claimed)
                for meta, message, handle in work:
                    if meta["ce_id"] in new:
                        new.discard(meta["ce_id"])
                        await handle(uow, message, await facts_for(self.sessions, uow, SYSTEM, cause=meta["ce_id"]))

    def count(self, topic: str, outcome: str, events: int = 1) -> None:
        telemetry.consumed.add(events, {"group": self.group, "topic": topic.removeprefix(self.settings.topic_prefix), "outcome": outcome})

    def _decode(self, record: ConsumerRecord, meta: Mapping[str, str]) -> tuple[Message, Handler] | None:
        found = self.topics[record.topic].get(meta.get("ce_type", ""))
        if found is None:
            return None
        if not meta.get("ce_id"):
            raise Undecodable("no ce_id")
        kind, handle = found
        try:
            return kind.FromString(record.value), handle
        except DecodeError as error:
            raise Undecodable(f"no {meta['ce_type']}") from error

    async def _bury(self, record: ConsumerRecord, error: Exception, dead: AIOKafkaProducer) -> None:
        reason = error.reason if isinstance(error, DomainError) else "UNDECODABLE" if isinstance(error, Undecodable) else "INTERNAL"
        log.error(
            "dead letter %s:%d:%d %s",
            record.topic,
            record.partition,
            record.offset,
            reason,
            exc_info=error if reason == "INTERNAL" else None,
            extra={"facts": {"reason": reason, "detail": words_of(error)}},
        )
        self.count(record.topic, "dead")
        extra = [("reason", reason.encode()), ("detail", str(error)[:1000].encode()), ("reader", self.group.encode())]
        await dead.send_and_wait(f"{record.topic}.dead", record.value, key=record.key, headers=[*record.headers, *extra])


def meta_of(record: ConsumerRecord) -> dict[str, str]:
    return {name: value.decode(errors="replace") for name, value in record.headers}


class _Ready(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, ready: asyncio.Event, done: dict[TopicPartition, int]) -> None:
        self.ready, self.done = ready, done

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """What was in flight is deduplicated by the inbox of whoever reads it again."""
        for part in revoked:
            self.done.pop(part, None)

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self.ready.set()
