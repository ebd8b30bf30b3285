"""What each service follows by itself: the legal clock of identity and the law parameters of lawbook."""

from collections.abc import Mapping
from uuid import UUID

from anzhi.identity.v1.events_pb2 import LegalNowSet
from anzhi.lawbook.v1.events_pb2 import ParametersPublished
from kernel.moves import Facts
from kernel.timers import Timer, TimerState
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from servicekit.consumer import Handlers
from servicekit.db import Uow
from servicekit.parameters import over_shipped
from servicekit.tables import law_parameters, timers
from servicekit.ticks import entry, set_clock

BATCH = 1_000
CLOCK, PARAMETERS = "identity.clock.v1", "lawbook.parameters.v1"


async def on_clock(uow: Uow, event: LegalNowSet, facts: Facts) -> None:
    await set_clock(uow, event.root, event.offset_seconds)


async def on_parameters(uow: Uow, event: ParametersPublished, facts: Facts) -> None:
    """Keep the version; the newest one derives anew every open timer that it touches, and logs both dates (CT-14, CY01, CY02)."""
    row = insert(law_parameters).values(version=event.version, overrides=event.overrides)
    kept = await uow.session.execute(row.on_conflict_do_nothing().returning(law_parameters.c.version))
    newest = await uow.one(select(law_parameters.c.version).order_by(law_parameters.c.version.desc()).limit(1))
    if kept.first() is None or newest != event.version:
        return
    law = over_shipped(event.version, event.overrides)
    running = select(Timer).where(timers.c.state == TimerState.RUNNING).order_by(timers.c.id).limit(BATCH).with_for_update()
    after = UUID(int=0)
    while found := await uow.all(running.where(timers.c.id > after)):
        after = found[-1].id
        for timer in found:
            if timer.touched_by(law):
                before = timer.legal_expiry or timer.raw
                timer.recompute(law.at(timer.org_path), why=f"law parameters {event.version}: {event.source}")
                entry(uow, timer, facts, "recompute", f"{timer.timer}: {before} -> {timer.legal_expiry or timer.raw}", reason=event.source)
            else:
                uow.session.expunge(timer)


def followed(service: str) -> Mapping[str, Handlers]:
    """The owner of a topic knows its own word already."""
    topics: dict[str, Handlers] = {CLOCK: {LegalNowSet: on_clock}, PARAMETERS: {ParametersPublished: on_parameters}}
    return {topic: handlers for topic, handlers in topics.items() if not topic.startswith(f"{service}.")}
