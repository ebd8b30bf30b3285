"""What a transaction writes beside the rows of its domain: history, outbox, the stored answer. One statement for all.

Round trips are most of the cost of a small transaction, so the opening and the end are one statement each.
"""

import json
from datetime import UTC
from typing import Any

from kernel.moves import Machine, Transition
from kernel.timers import Timer
from sqlalchemy import ARRAY, Text, bindparam, event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from servicekit import telemetry

# Row security reads the settings, so they have to be made before the claim is inserted: it selects from `opened`.
_OPEN = """
WITH opened AS MATERIALIZED (
    SELECT set_config('anzhi.scope', :scope, true) AS scope, set_config('anzhi.handed_to', :handed_to, true) AS handed_to
){claim}
SELECT scope, handed_to, (SELECT offset_seconds FROM legal_clock WHERE root = :root) AS clock,
    (SELECT max(version) FROM law_parameters) AS law, {claimed} AS claimed
FROM opened"""

OPEN = text(_OPEN.format(claim="", claimed="NULL"))

# A concurrent twin waits here on the unique key until the first has committed or failed.
OPEN_REQUEST = text(
    _OPEN.format(
        claim=""", claim AS (
    INSERT INTO requests (request_id, digest, org_path) SELECT :request_id, :digest, :place FROM opened
    ON CONFLICT DO NOTHING RETURNING request_id
)""",
        claimed="(SELECT array_agg(request_id) FROM claim)",
    )
)

OPEN_EVENTS = text(
    _OPEN.format(
        claim=""", claim AS (
    INSERT INTO inbox (event_id, reader) SELECT unnest(:event_ids), :reader FROM opened
    ON CONFLICT DO NOTHING RETURNING event_id
)""",
        claimed="(SELECT array_agg(event_id) FROM claim)",
    )
).bindparams(bindparam("event_ids", type_=ARRAY(Text)))

_LINE = """machine text, object_id text, version bigint, "row" text, move text, source text, target text, actors text[], at timestamptz,
    guards text[], document_ids text[], deadlines text[], reason text, cause text, org_path text, trace_id text"""
_EVENT = "event_id uuid, topic text, key text, type text, payload bytea, root text, traceparent text"


def _insert(table: str, columns: str) -> str:
    names = ", ".join(column.split()[0] for column in columns.split(","))
    given = f"jsonb_to_recordset(CAST(:{table} AS jsonb)) AS given({columns})"
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM {given}"  # noqa: S608 - names of this module


_BOTH = f"WITH moved AS ({_insert('history', _LINE)}), happened AS ({_insert('outbox', _EVENT)})"
_END = text(f"{_BOTH} SELECT 1")
_END_REQUEST = text(f"{_BOTH} UPDATE requests SET response = :response WHERE request_id = :request_id")  # noqa: S608 - the same


async def end(session: AsyncSession, events: list[dict[str, Any]], *, request_id: str = "", response: bytes = b"") -> None:
    """Write the history collected so far, these events, and the answer of this request."""
    lines = session.info.pop("history", [])
    given = {"history": json.dumps(lines, ensure_ascii=False), "outbox": json.dumps(events, ensure_ascii=False)}
    if request_id:
        await session.execute(_END_REQUEST, {**given, "request_id": request_id, "response": response})
    elif lines or events:
        await session.execute(_END, given)


def note(session: AsyncSession | Session, line: Transition, *, org_path: str, version: int | None) -> None:
    """A line of history, written with the end of the transaction."""
    session.info.setdefault("history", []).append(
        {
            "machine": line.machine,
            "object_id": line.object_id,
            "version": version,
            "row": line.row,
            "move": line.name,
            "source": line.source,
            "target": line.target,
            "actors": list(line.actors),
            "at": line.at.astimezone(UTC).isoformat(),
            "guards": list(line.guards),
            "document_ids": [str(id) for id in line.documents],
            "deadlines": list(line.deadlines),
            "reason": line.reason,
            "cause": line.cause,
            "org_path": org_path,
            "trace_id": telemetry.trace_id(),
        }
    )


@event.listens_for(Session, "loaded_as_persistent")
def _hold(session: Session, thing: object) -> None:
    """A session knows what it loaded weakly: an aggregate that a handler let go would take what it had logged along."""
    if isinstance(thing, Machine):
        session.info.setdefault("held", []).append(thing)


@event.listens_for(Session, "before_flush")
def touch_moved(session: Session, *_: object) -> None:
    """What changes no column (a move to the state it came from, a line of history) still makes a new version.

    Uow.end asks for it too: a session in which no column changed would not flush at all.
    """
    for thing in session.identity_map.values():
        if isinstance(thing, Machine) and "_transitions" in thing.__dict__ and not session.is_modified(thing):
            flag_modified(thing, "state")


@event.listens_for(Session, "after_flush")
def _take_transitions(session: Session, *_: object) -> None:
    """Every mapped aggregate, without its doing; the new version is known now."""
    touched = session.info.setdefault("touched", {})
    for thing in [*session.new, *session.identity_map.values()]:
        if isinstance(thing, Machine) and "_transitions" in thing.__dict__:
            place = getattr(thing, "org_path", None) or session.info.get("org_path", "")
            for line in thing.take_transitions():
                note(session, line, org_path=place, version=getattr(thing, "version", None))
                touched[id(thing)] = (thing, line.at)
    touched |= {id(thing): (thing, None) for thing in (*session.new, *session.dirty) if isinstance(thing, Timer)}
