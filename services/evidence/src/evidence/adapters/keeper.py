"""Every event of some topics as it came, whatever its type: up to 500 in one transaction, and none is ever passed over.

A consumer acts on what it understands and buries the rest; a keeper understands nothing and loses nothing: when its
transaction fails it tries again until that succeeds.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import resources
from typing import Any

from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition
from opentelemetry.trace import SpanKind
from servicekit import auth, telemetry
from servicekit.consumer import PAUSES, Consumer, Undecodable, meta_of
from servicekit.db import Sessions, Uow, transaction
from servicekit.faults import away
from servicekit.privacy import words_of
from servicekit.settings import ServiceSettings

from evidence.domain.ledger import Arrived

log = logging.getLogger(__name__)
Keep = Callable[[Any, Sequence[Arrived]], Awaitable[Any]]


def domain_topics() -> list[str]:
    """What the published contract of events lists, less topics that are compacted (settings) and the feeds of to-dos."""
    channels = json.loads((resources.files("anzhi") / "asyncapi.json").read_bytes())["channels"]
    kept = {name for name, channel in channels.items() if "cleanup.policy" not in channel["bindings"]["kafka"]["topicConfiguration"]}
    return sorted(name for name in kept if not name.endswith(".work.v1"))


class Keeper(Consumer):
    """Keeps every event of `topics` by `async def keep(uow, arrived)`, which knows by itself what it has already: no inbox beside it."""

    def __init__(
        self, group: str, topics: Sequence[str], keep: Keep, sessions: Sessions, store: type[Uow], settings: ServiceSettings
    ) -> None:
        super().__init__(group, {topic: {} for topic in topics}, sessions, store, settings)
        self.keep = keep

    async def _take(
        self, fetched: Mapping[TopicPartition, Sequence[ConsumerRecord]], dead: AIOKafkaProducer, stop: asyncio.Event
    ) -> Mapping[TopicPartition, int]:
        records = [record for part in fetched.values() for record in part]
        tries = 0
        while True:
            try:
                await self._keep([record for record in records if meta_of(record).get("ce_id")])
                break
            except Exception as error:  # noqa: BLE001 - told, and tried again
                tries += 1
                log.log(
                    logging.WARNING if away(error) else logging.ERROR,
                    "%s cannot keep %d events: %s",
                    self.group,
                    len(records),
                    words_of(error),
                )
            try:
                await asyncio.wait_for(stop.wait(), PAUSES[min(tries, len(PAUSES)) - 1])
            except TimeoutError:
                continue
            return {}
        for record in records:
            if not meta_of(record).get("ce_id"):
                await self._bury(record, Undecodable("no ce_id"), dead)
        for part, found in fetched.items():
            self.count(part.topic, "done", len(found))
        return {part: int(found[-1].offset) + 1 for part, found in fetched.items()}

    async def _keep(self, records: Sequence[ConsumerRecord]) -> None:
        arrived: dict[str, Arrived] = {}
        for event in map(self._arrived, records):
            arrived.setdefault(event.id, event)
        if not arrived:
            return
        auth.user_token.set("")
        auth.acting_root.set("")
        parents = {parent for record in records if (parent := meta_of(record).get("traceparent"))}
        # Events of one trace are kept in it; a batch of many has a trace of its own, linked with theirs.
        carrier = {"traceparent": next(iter(parents))} if len(parents) == 1 else {}
        with telemetry.span(f"consume {self.group}", SpanKind.CONSUMER, carrier, parents, events=len(arrived)):
            async with transaction(self.sessions, self.store, jobs=True, scope="/") as uow:
                await self.keep(uow, list(arrived.values()))

    def _arrived(self, record: ConsumerRecord) -> Arrived:
        meta = {name: text.replace("\0", "\ufffd") for name, text in meta_of(record).items()}
        key = (record.key or b"").decode(errors="replace").replace("\0", "\ufffd")
        topic = record.topic.removeprefix(self.settings.topic_prefix)
        attributes = {name: meta.get(f"ce_{name}", "") for name in ("id", "type", "source", "root", "time")}
        return Arrived(**attributes, topic=topic, key=key, value=record.value or b"")
