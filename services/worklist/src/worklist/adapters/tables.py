"""The tables of worklist: a projection of the other services, and the notices that it made itself."""

from dataclasses import asdict
from typing import Any

from servicekit.tables import document, identifier, instant, metadata_for, org_path, texts, word
from sqlalchemy import BigInteger, Boolean, Column, Dialect, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator

from worklist.domain.lines import Actor, BreachLine, DeadlineLine, DeadlineState, NoticeLine, OpenMove, TodoLine
from worklist.domain.notices import CountedFrom, Kind, Level, Rule

metadata = metadata_for("worklist")


class Moves(TypeDecorator[list[OpenMove]]):
    """Open moves as JSON."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: list[OpenMove] | None, dialect: Dialect) -> Any:
        return None if value is None else [asdict(move) for move in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[OpenMove] | None:
        return None if value is None else [open_move(raw) for raw in value]


def open_move(raw: dict[str, Any]) -> OpenMove:
    actors = tuple(Actor(actor["role"], actor["delegated"]) for actor in raw["actors"])
    return OpenMove(raw["row"], raw["move"], raw["by"], actors, tuple(raw["stops"]))


def whose() -> tuple[Column[str], ...]:
    """The bodies above a row, one a column: an index can only answer for a body if its condition is an equality (row security)."""
    return Column("root", Text, nullable=False), Column("place_2", Text, nullable=False), Column("place_3", Text, nullable=False)


todos = Table(
    "todos",
    metadata,
    Column("object_id", identifier(), primary_key=True),
    Column("object_kind", Text, primary_key=True),
    org_path(),
    Column("service", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("party_id", Text, nullable=False),
    Column("officer_ids", texts(), nullable=False),
    Column("lead_id", Text, nullable=False),
    Column("moves", Moves(), nullable=False),
    Column("moved_at", instant()),
    Column("recorded_at", instant(), nullable=False),
    Column("whole_kind", Text, nullable=False),
    Column("whole_id", identifier()),
    Column("due_at", instant(), nullable=False),
    Index("ix_todos_whole", "whole_id"),
)

seats = Table(
    "seats",
    metadata,
    Column("seat", Text, primary_key=True),
    Column("object_id", identifier(), primary_key=True),
    Column("object_kind", Text, primary_key=True),
    org_path(),
    Column("due_at", instant(), nullable=False),
    Index("ix_seats_due", "seat", "due_at", "object_id", "object_kind"),
    Index("ix_seats_object", "object_id"),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    *whose(),
    Column("service", Text, nullable=False),
    Column("timer", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", identifier(), nullable=False),
    Column("state", word(DeadlineState), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("presses", Boolean, nullable=False),
    Column("starts_at", instant(), nullable=False),
    Column("raw", Text, nullable=False),
    Column("legal_expiry", Text, nullable=False),
    Column("internal_due", Text, nullable=False),
    Column("expires_at", instant()),
    Column("ends_at", instant(), nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("law", Text, nullable=False),
    Column("law_version", Text, nullable=False),
    Column("derivation", document(), nullable=False),
    Column("earlier", document(), nullable=False),
    Column("stopped_at", instant()),
    Column("breached_at", instant()),
    Column("recorded_at", instant(), nullable=False),
    Column("next_notice_at", instant()),
    Index("ix_deadlines_object", "object_id", "ends_at"),
    Index("ix_deadlines_root", "root", "open", "ends_at", "id"),
    Index("ix_deadlines_place_2", "place_2", "open", "ends_at", "id"),
    Index("ix_deadlines_place_3", "place_3", "open", "ends_at", "id"),
    Index("ix_deadlines_notice", "root", "next_notice_at"),
)

breaches = Table(
    "breaches",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    *whose(),
    Column("service", Text, nullable=False),
    Column("timer", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", identifier(), nullable=False),
    Column("legal_expiry", Text, nullable=False),
    Column("derivation", document(), nullable=False),
    Column("breached_at", instant(), nullable=False),
    Index("ix_breaches_object", "object_id"),
    Index("ix_breaches_root", "root", "breached_at", "id"),
    Index("ix_breaches_place_2", "place_2", "breached_at", "id"),
    Index("ix_breaches_place_3", "place_3", "breached_at", "id"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("rule", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("deadline_id", identifier(), nullable=False),
    Column("service", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", identifier(), nullable=False),
    Column("timer", Text, nullable=False),
    Column("legal_expiry", Text, nullable=False),
    Column("internal_due", Text, nullable=False),
    Column("given_at", instant(), nullable=False),
    Index("ix_notices_deadline", "deadline_id"),
)

notice_seats = Table(
    "notice_seats",
    metadata,
    Column("seat", Text, primary_key=True),
    Column("notice_id", identifier(), primary_key=True),
    org_path(),
    Column("given_at", instant(), nullable=False),
    Index("ix_notice_seats_given", "seat", "given_at", "notice_id"),
    Index("ix_notice_seats_notice", "notice_id"),
)

notice_reads = Table(
    "notice_reads",
    metadata,
    Column("notice_id", identifier(), primary_key=True),
    Column("read_by", Text, primary_key=True),
    org_path(),
    Column("read_at", instant(), nullable=False),
)

notice_rules = Table(
    "notice_rules",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", word(Kind), nullable=False),
    Column("level", word(Level), nullable=False),
    Column("unit", Text, nullable=False),
    Column("before", Integer, nullable=False),
    Column("counted_from", word(CountedFrom), nullable=False),
    Column("who", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
)

_mapper = registry(metadata=metadata)
_DERIVED = {"root", "place_2", "place_3", "open", "presses", "ends_at"}


def _map(kind: type[Any], table: Table) -> None:
    _mapper.map_imperatively(kind, table, include_properties=[column.name for column in table.columns if column.name not in _DERIVED])


for _kind, _table in ((TodoLine, todos), (DeadlineLine, deadlines), (BreachLine, breaches), (NoticeLine, notices), (Rule, notice_rules)):
    _map(_kind, _table)
