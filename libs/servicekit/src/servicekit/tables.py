"""Tables that each service has in its own database, column types, and the mapping of timers.

The shared tables are made by `servicekit.migrations.shared_1`; what stands here is how code reads them.
"""

from enum import StrEnum
from typing import Any

from kernel.money import Money
from kernel.timers import Timer, TimerState
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    and_,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Relationship, foreign, registry, relationship
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Word(TypeDecorator[StrEnum]):
    """A StrEnum as text: a new member needs no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class Fen(TypeDecorator[Money]):
    """Money as fen."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.fen

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        return None if value is None else Money(value)


def identifier() -> TypeEngine[Any]:
    return Uuid()


def instant() -> TypeEngine[Any]:
    return TIMESTAMP(timezone=True)


def word(words: type[StrEnum]) -> Word:
    return Word(words)


def fen() -> Fen:
    return Fen()


def document() -> TypeEngine[Any]:
    """JSON. Assign a new value to change it; a change inside is not seen."""
    return JSONB(none_as_null=True)


def texts() -> TypeEngine[Any]:
    return ARRAY(Text)


def org_path() -> Column[str]:
    """The body that the row belongs to, `/44/4419/dalingshan/`; row security rests on it (`migrations.protect`)."""
    return Column("org_path", Text, nullable=False)


def handed_to() -> Column[str]:
    """The partner to whom the row was handed, his client id; empty for most."""
    return Column("handed_to", Text, nullable=False, server_default="")


_shared = MetaData(naming_convention=NAMING)

outbox = Table(
    "outbox",
    _shared,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("root", Text, nullable=False),
    Column("traceparent", Text, nullable=False),
    Column("recorded_at", instant(), nullable=False, server_default=text("now()")),
    Column("published_at", instant()),
    Index("ix_outbox_unpublished", "id", postgresql_where=text("published_at IS NULL")),
    Index("ix_outbox_published_at", "published_at"),
)

inbox = Table(
    "inbox",
    _shared,
    Column("event_id", Text, primary_key=True),
    Column("reader", Text, primary_key=True),
    Column("at", instant(), nullable=False, server_default=text("now()")),
    Index("ix_inbox_at", "at"),
)

requests = Table(
    "requests",
    _shared,
    Column("request_id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("response", LargeBinary),
    Column("org_path", Text, nullable=False),
    Column("at", instant(), nullable=False, server_default=text("now()")),
    Index("ix_requests_at", "at"),
)

proposals = Table(
    "proposals",
    _shared,
    Column("id", Uuid, primary_key=True),
    Column("move", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("machine", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("arguments", JSONB, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposer", JSONB, nullable=False),
    Column("proposed_at", instant(), nullable=False),
    Column("recorded_at", instant(), nullable=False, server_default=text("now()")),
    Column("org_path", Text, nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_at", instant()),
    Index("ix_proposals_object_id", "object_id"),
)

history = Table(
    "history",
    _shared,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("machine", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("version", BigInteger),
    Column("row", Text, nullable=False),
    Column("move", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("actors", texts(), nullable=False),
    Column("at", instant(), nullable=False),
    Column("guards", texts(), nullable=False),
    Column("document_ids", texts(), nullable=False),
    Column("deadlines", texts(), nullable=False),
    Column("reason", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("org_path", Text, nullable=False),
    Column("trace_id", Text, nullable=False),
    Column("recorded_at", instant(), nullable=False, server_default=text("now()")),
    Index("ix_history_object_id_id", "object_id", "id"),
)

reads = Table(
    "reads",
    _shared,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("rpc", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("query", JSONB, nullable=False),
    Column("by", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("org_id", Text, nullable=False),
    Column("org_path", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("trace_id", Text, nullable=False),
    Column("at", instant(), nullable=False, server_default=text("now()")),
    Index("ix_reads_object_id_at", "object_id", "at"),
    Index("ix_reads_by_at", "by", "at"),
)

timers = Table(
    "timers",
    _shared,
    Column("id", Uuid, primary_key=True),
    Column("timer", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", Uuid, nullable=False),
    Column("org_path", Text, nullable=False),
    Column("starts_at", instant(), nullable=False),
    Column("events", JSONB, nullable=False),
    Column("params", JSONB, nullable=False),
    Column("state", Word(TimerState), nullable=False),
    Column("raw", Text, nullable=False),
    Column("legal_expiry", Text, nullable=False),
    Column("internal_due", Text, nullable=False),
    Column("expires_at", instant()),
    Column("provisional", Boolean, nullable=False),
    Column("law", Text, nullable=False),
    Column("law_version", Text, nullable=False),
    Column("derivation", JSONB, nullable=False),
    Column("earlier", JSONB, nullable=False),
    Column("stopped_at", instant()),
    Column("breached_at", instant()),
    Index("ix_timers_object_id", "object_id"),
    Index("ix_timers_due", "expires_at", postgresql_where=text("state = 'RUNNING'")),
)

legal_clock = Table(
    "legal_clock",
    _shared,
    Column("root", Text, primary_key=True),
    Column("offset_seconds", BigInteger, nullable=False),
    Column("set_at", instant(), nullable=False, server_default=text("now()")),
)

law_parameters = Table(
    "law_parameters",
    _shared,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("overrides", LargeBinary, nullable=False),
    Column("received_at", instant(), nullable=False, server_default=text("now()")),
)

registry(metadata=_shared).map_imperatively(Timer, timers)


def metadata_for(service: str) -> MetaData:
    """A MetaData of this service's own, with the shared tables in it."""
    metadata = MetaData(naming_convention=NAMING, info={"service": service})
    for table in _shared.sorted_tables:
        table.to_metadata(metadata)
    return metadata


def timers_of(table: Table, *, id_column: str = "id") -> Relationship[Any]:
    """The property `timers` of a Clocked aggregate whose rows stand in `table`."""
    return relationship(
        Timer,
        primaryjoin=and_(foreign(timers.c.object_id) == table.c[id_column]),
        order_by=(timers.c.starts_at, timers.c.id),
        lazy="selectin",
        cascade="save-update, merge",
        overlaps="timers",
    )
