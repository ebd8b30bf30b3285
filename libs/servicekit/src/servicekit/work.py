"""What worklist is told of a transaction: each object at its new version, each timer as it stands now.

A service whose store has `work_topic(name)` among its topics tells it, in the outbox of the same transaction.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from anzhi.work.v1 import events_pb2 as pb
from google.protobuf.message import Message
from kernel.matters import actors_of, matter_of
from kernel.timers import Timer, TimerState

from servicekit import wire

SUFFIX = ".work.v1"


@cache
def _open(kind: Any, state: Any) -> tuple[pb.OpenMove, ...]:
    """The rows from this state that a person may make: of a kind and state always the same."""
    found = [(move, [pb.Actor(role=role, delegated=act) for role, act in actors_of(move.by)]) for move in kind.MOVES]
    return tuple(
        pb.OpenMove(row=move.row, move=move.name, by=str(move.by), stops=move.stops, actors=actors)
        for move, actors in found
        if actors and state in move.sources and state not in kind.RESTS
    )


def told(service: str, touched: Iterable[tuple[Any, datetime | None]]) -> list[Message]:
    """A machine with `APART = True` is nobody's work and nobody else's business; a bell is no deadline."""
    now = datetime.now(UTC)
    open_ = [(thing, at) for thing, at in touched if not (getattr(thing, "APART", False) or getattr(thing, "bell", False))]
    return [_deadline(service, thing, now) if isinstance(thing, Timer) else _moved(service, thing, at, now) for thing, at in open_]


def _moved(service: str, machine: Any, at: datetime | None, now: datetime) -> Message:
    own = {"service": service, "object_kind": machine.MACHINE, "object_id": machine.id, "org_path": getattr(machine, "org_path", "")}
    moves = _open(machine.__class__, machine.state)
    stands = {"state": str(machine.state), "version": getattr(machine, "version", None) or 0, "moves": moves}
    return wire.write(pb.ObjectMoved, {**own, **stands, **vars(matter_of(machine)), "at": at, "recorded_at": now})


def _deadline(service: str, timer: Timer, now: datetime) -> Message:
    paused = timer.state is TimerState.RUNNING and not timer.raw and any(event.get("kind") == "suspend" for event in timer.events)
    state = "PAUSED" if paused else str(timer.state)
    return wire.write(pb.DeadlineChanged, {**vars(timer), "service": service, "deadline_id": timer.id, "state": state, "recorded_at": now})
