"""What the other services tell of their work, in batches."""

from anzhi.work.v1.events_pb2 import DeadlineChanged, ObjectMoved
from google.protobuf.json_format import MessageToDict
from kernel.moves import Facts
from servicekit import wire
from servicekit.consumer import Handlers

from worklist.adapters.store import Store
from worklist.domain.lines import Actor, DeadlineLine, DeadlineState, OpenMove, TodoLine

TOLD_BY = ("criminal-transfer", "documents", "evidence", "inspections", "penalties")


async def on_moved(uow: Store, event: ObjectMoved, facts: Facts) -> None:
    moves = [
        OpenMove(move.row, move.move, move.by, tuple(Actor(actor.role, actor.delegated) for actor in move.actors), tuple(move.stops))
        for move in event.moves
    ]
    uow.moved(
        TodoLine(
            service=event.service,
            object_kind=event.object_kind,
            object_id=wire.uuid(event.object_id),
            org_path=event.org_path or facts.by.org_path,
            state=event.state,
            version=event.version,
            number=event.number,
            party_id=event.party_id,
            officer_ids=list(event.officer_ids),
            lead_id=event.lead_id,
            moves=moves,
            moved_at=wire.instant(event.at),
            recorded_at=event.recorded_at.ToDatetime(tzinfo=facts.now.tzinfo),
            whole_kind=event.whole_kind,
            whole_id=wire.uuid_or_none(event.whole_id, "whole_id"),
        )
    )


async def on_deadline(uow: Store, event: DeadlineChanged, facts: Facts) -> None:
    row = facts.law.timers.get(event.timer)
    uow.changed(
        DeadlineLine(
            id=wire.uuid(event.deadline_id),
            service=event.service,
            timer=event.timer,
            who=row.who if row is not None else "",
            object_kind=event.object_kind,
            object_id=wire.uuid(event.object_id),
            org_path=event.org_path,
            state=DeadlineState(wire.word(DeadlineChanged.State, event.state)),
            starts_at=event.starts_at.ToDatetime(tzinfo=facts.now.tzinfo),
            raw=event.raw,
            legal_expiry=event.legal_expiry,
            internal_due=event.internal_due,
            expires_at=wire.instant(event.expires_at),
            provisional=event.provisional,
            law=event.law,
            law_version=event.law_version,
            derivation=list(event.derivation),
            earlier=[MessageToDict(each, preserving_proto_field_name=True) for each in event.earlier],
            stopped_at=wire.instant(event.stopped_at),
            breached_at=wire.instant(event.breached_at),
            recorded_at=event.recorded_at.ToDatetime(tzinfo=facts.now.tzinfo),
        ),
        facts.law.calendar,
    )


def told() -> dict[str, Handlers]:
    return {f"{service}.work.v1": {ObjectMoved: on_moved, DeadlineChanged: on_deadline} for service in TOLD_BY}
