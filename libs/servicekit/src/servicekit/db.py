"""Transactions: one RPC or one consumed event is one. Nobody else commits.

`Sessions` holds the engines of the roles serve and jobs. `transaction` opens one session, sets the scope that row security
reads, hands out the service's `Uow`, writes what it recorded to the outbox, and commits.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import ModuleType
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid4

import asyncpg
from anzhi.work.v1 import events_pb2 as work_pb2
from google.protobuf.message import Message
from kernel.errors import Conflict, Invalid, NotFound
from kernel.moves import Facts, Person
from opentelemetry.trace import SpanKind
from sqlalchemy import ColumnElement, Select, TextClause, bindparam, event, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import QueryableAttribute, joinedload

from servicekit import record, telemetry, wire, work
from servicekit.auth import Caller
from servicekit.clock import LegalClock
from servicekit.parameters import LawInForce
from servicekit.settings import ServiceSettings

_statements: ContextVar[list[int] | None] = ContextVar("statements", default=None)
T = TypeVar("T")
U = TypeVar("U", bound="Uow")
MAX_PAGE = 200


class ChangedMeanwhile(Conflict):
    """Someone else changed the object since it was read."""


class PageTokenInvalid(Invalid):
    """The page token is none that a list answered."""


@dataclass(frozen=True)
class Topic:
    """Where recorded events go. `key` is the field of the event that names its aggregate; `events` limits it to these names."""

    name: str
    module: ModuleType
    key: str
    events: tuple[str, ...] = ()

    def holds(self, event_name: str) -> bool:
        return event_name in self.events if self.events else event_name in self.module.DESCRIPTOR.message_types_by_name


def work_topic(service: str) -> Topic:
    """Among a store's topics it makes every transaction tell worklist what moved and which timers changed."""
    return Topic(f"{service}{work.SUFFIX}", work_pb2, key="object_id")


@dataclass
class Sessions:
    """The ways into the database of one service. An engine connects when it is first used."""

    serve: AsyncEngine | None
    jobs: AsyncEngine | None
    clock: LegalClock
    law: LawInForce
    # Set at each commit that left events, so that a relay in this process need not wait for its next look.
    recorded: asyncio.Event = field(default_factory=asyncio.Event)

    def engine(self, *, jobs: bool) -> AsyncEngine:
        engine = self.jobs if jobs else self.serve
        if engine is None:
            raise RuntimeError(f"{'DATABASE_JOBS_URL' if jobs else 'DATABASE_URL'} is not set")
        return engine

    async def look(self, question: Select[Any]) -> list[Any]:
        """First column of each row as jobs sees it, in one round trip and no transaction: is there work at all?"""
        async with self.engine(jobs=True).connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            return list((await connection.execute(question)).scalars())

    async def close(self) -> None:
        for engine in (self.serve, self.jobs):
            if engine is not None:
                await engine.dispose()


@asynccontextmanager
async def database(settings: ServiceSettings) -> AsyncIterator[Sessions]:
    def engine(url: str | None) -> AsyncEngine | None:
        if url is None:
            return None
        made = create_async_engine(
            "postgresql+asyncpg://",
            # The driver reads the address: it knows sslmode and sslrootcert as every client of PostgreSQL does.
            async_creator=partial(asyncpg.connect, url, timeout=5, command_timeout=30, server_settings={"jit": "off", "timezone": "UTC"}),
            pool_size=settings.database_pool,
            max_overflow=0,
            pool_timeout=5,
            pool_use_lifo=True,
            # What people told the platform stands in no message of an error.
            hide_parameters=True,
        )
        event.listen(made.sync_engine, "before_cursor_execute", _count)
        return made

    serve, jobs = settings.database_url, settings.database_jobs_url
    sessions = Sessions(
        engine(serve.get_secret_value() if serve else None),
        engine(jobs.get_secret_value() if jobs else None),
        LegalClock(on=settings.legal_clock),
        LawInForce(),
    )
    try:
        yield sessions
    finally:
        await sessions.close()


class Uow:
    """One transaction as commands see it. A service subclasses it with getters and names its `topics`."""

    topics: ClassVar[tuple[Topic, ...]] = ()

    def __init__(self, session: AsyncSession, *, root: str, scope: str, jobs: bool, caller: Caller | None) -> None:
        self.session = session
        self.root = root
        self.scope = scope
        self.jobs = jobs
        self.caller = caller
        self.claimed: frozenset[str] = frozenset()
        self._facts: Facts | None = None
        self._events: list[object] = []

    @property
    def facts(self) -> Facts:
        if self._facts is None:
            raise RuntimeError("this transaction has no facts")
        return self._facts

    def use(self, facts: Facts) -> None:
        self._facts = facts

    def add(self, thing: object) -> None:
        self.session.add(thing)

    def record(self, happened: object) -> None:
        """An event of the domain. It is published if, and only if, the transaction commits."""
        self.topic_of(happened)
        self._events.append(happened)

    def topic_of(self, happened: object) -> Topic:
        name = type(happened).__name__
        for topic in self.topics:
            if topic.holds(name):
                return topic
        raise TypeError(f"no topic of {type(self).__name__} takes {name}")

    async def get(self, kind: type[T], id: UUID, missing: type[NotFound], *, lock: bool = False) -> T:
        # One round trip for an aggregate and its timers; PostgreSQL cannot lock the far side of an outer join.
        timers = getattr(kind, "timers", None)
        options = (joinedload(timers),) if isinstance(timers, QueryableAttribute) and not lock else ()
        found = await self.session.get(kind, id, with_for_update=lock or None, options=options)
        if found is None:
            raise missing("there is none, or it is not yours to see", id=str(id))
        return found

    async def one(self, statement: Select[Any]) -> Any:
        """The only row's first column, or None."""
        return (await self.session.execute(statement)).scalars().one_or_none()

    async def all(self, statement: Select[Any]) -> list[Any]:
        """First column of each row."""
        return list((await self.session.execute(statement)).scalars().all())

    def expect(self, thing: Any, version: int) -> None:
        """What the caller read is what stands."""
        if thing.version != version:
            raise ChangedMeanwhile("it changed since you read it", version=thing.version, given=version)

    async def flush(self) -> None:
        """Send the changes to the database: where a command needs a value that the database makes."""
        await self.session.flush()

    async def end(self, *, request_id: str = "", response: bytes = b"") -> None:
        """The last statement before the commit: history, events and stored answer."""
        record.touch_moved(self.session.sync_session)
        await self.session.flush()
        rows = [self._row(topic := self.topic_of(each), wire.event(topic.module, each)) for each in self._events]
        self._events = []
        touched = self.session.info.pop("touched", {})
        for topic in self.topics:
            if topic.name.endswith(work.SUFFIX):
                rows += [self._row(topic, message) for message in work.told(topic.name.removesuffix(work.SUFFIX), touched.values())]
        await record.end(self.session, rows, request_id=request_id, response=response)
        if rows:
            self.session.info["recorded"] = True

    def forget(self) -> None:
        """Nothing of this happened."""
        self._events = []
        self.session.info.pop("history", None)
        self.session.info.pop("touched", None)

    def _row(self, topic: Topic, message: Message) -> dict[str, Any]:
        return {
            "event_id": str(uuid4()),
            "topic": topic.name,
            "key": str(getattr(message, topic.key)),
            "type": message.DESCRIPTOR.full_name,
            "payload": "\\x" + message.SerializeToString(deterministic=True).hex(),
            "root": self.root,
            "traceparent": telemetry.traceparent(),
        }


@asynccontextmanager
async def transaction(
    sessions: Sessions,
    store: type[U],
    *,
    jobs: bool = False,
    scope: str = "",
    handed_to: str = "",
    root: str = "",
    caller: Caller | None = None,
    opening: TextClause = record.OPEN,
    **claim: object,
) -> AsyncIterator[U]:
    """Begin, do, write history and outbox, commit; roll back on any error.

    An empty scope shows no row to the serve role. `opening` and `claim`: what is claimed in the same breath, a request_id
    or events (`record.OPEN_…`); the answer is `uow.claimed`.
    """
    async with AsyncSession(sessions.engine(jobs=jobs), expire_on_commit=False, autoflush=False) as session:
        session.info["org_path"] = scope or root
        with _counted():
            async with session.begin():
                opened = (await session.execute(opening, {"scope": scope, "handed_to": handed_to, "root": root, **claim})).one()
                session.info["offset"], session.info["law"] = opened.clock, opened.law
                uow = store(session, root=root, scope=scope, jobs=jobs, caller=caller)
                uow.claimed = frozenset(opened.claimed or ())
                yield uow
                await uow.end()
        if session.info.pop("recorded", False):
            sessions.recorded.set()


@contextmanager
def _counted() -> Iterator[None]:
    """A span of the transaction that says how many statements it took."""
    outer, count = _statements.get(), [0]
    with telemetry.span("transaction", SpanKind.CLIENT) as span:
        _statements.set(count)
        try:
            yield
        finally:
            _statements.set(outer)
            span.set_attribute("statements", count[0])


def _count(*_: object) -> None:
    if (count := _statements.get()) is not None:
        count[0] += 1


async def legal_now(sessions: Sessions, uow: Uow) -> datetime:
    """Legal now of the root of this transaction."""
    return await sessions.clock.now(uow.root, uow.session.info["offset"])


async def facts_for(
    sessions: Sessions, uow: Uow, by: Person, *, second: Person | None = None, cause: str = "", now: datetime | None = None
) -> Facts:
    """The facts of this transaction, also kept as `uow.facts`."""
    law = await sessions.law.at(uow.session, uow.session.info["law"], uow.session.info["org_path"])
    uow.use(Facts(by=by, now=now or await legal_now(sessions, uow), law=law, second=second, cause=cause))
    return uow.facts


async def page(
    uow: Uow, statement: Select[Any], *, by: Sequence[ColumnElement[Any]], size: int = 0, token: str = "", descending: bool = False
) -> tuple[list[Any], str]:
    """A page of first columns (aggregates) after `token`, ordered by `by`, which must end in a unique column; and the next token."""
    size = page_size(size)
    if token:
        after = read_page_token(token, by)
        row, last = tuple_(*by), tuple_(*after)
        statement = statement.where(row < last if descending else row > last)
    order = [column.desc() for column in by] if descending else list(by)
    found = (await uow.session.execute(statement.add_columns(*by).order_by(*order).limit(size + 1))).all()
    rows = [row[0] for row in found[:size]]
    if len(found) <= size:
        return rows, ""
    return rows, page_token(found[size - 1][1:])


def page_size(asked: int) -> int:
    return min(asked, MAX_PAGE) if asked > 0 else 50


def page_token(values: Sequence[Any]) -> str:
    plain = [value.isoformat() if hasattr(value, "isoformat") else value if isinstance(value, int) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read_page_token(token: str, by: Sequence[ColumnElement[Any]]) -> list[Any]:
    try:
        plain = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        values = []
        for column, value in zip(by, plain, strict=True):
            kind = column.type.python_type
            values.append(kind.fromisoformat(value) if hasattr(kind, "fromisoformat") else kind(value))
    except (ValueError, TypeError) as error:
        raise PageTokenInvalid("page_token is none that this list answered") from error
    return [bindparam(None, value, type_=column.type) for column, value in zip(by, values, strict=True)]
