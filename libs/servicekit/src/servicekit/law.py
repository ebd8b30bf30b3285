"""What each service follows by itself: the legal clock of identity and the law parameters of lawbook."""

from collections.abc import Mapping

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
from servicekit.ticks import set_clock

CLOCK, PARAMETERS = "identity.clock.v1", "lawbook.parameters.v1"


async def on_clock(uow: Uow, event: LegalNowSet, facts: Facts) -> None:
    await set_clock(uow, event.root, event.offset_seconds)


async def on_parameters(uow: Uow, event: ParametersPublished, facts: Facts) -> None:
    """Keep the version; the newest one derives every open timer anew (CT-14)."""
    row = insert(law_parameters).values(version=event.version, overrides=event.overrides)
    kept = await uow.session.execute(row.on_conflict_do_nothing().returning(law_parameters.c.version))
    newest = await uow.one(select(law_parameters.c.version).order_by(law_parameters.c.version.desc()).limit(1))
    if kept.first() is None or newest != event.version:
        return
    law = over_shipped(event.version, event.overrides)
    open_timers = select(Timer).where(timers.c.state == TimerState.RUNNING).order_by(timers.c.id).with_for_update()
    for timer in await uow.all(open_timers):
        timer.recompute(law.at(timer.org_path), why=f"law parameters {event.version}")


def followed(service: str) -> Mapping[str, Handlers]:
    """The owner of a topic knows its own word already."""
    topics: dict[str, Handlers] = {CLOCK: {LegalNowSet: on_clock}, PARAMETERS: {ParametersPublished: on_parameters}}
    return {topic: handlers for topic, handlers in topics.items() if not topic.startswith(f"{service}.")}
