"""Matters and their deadlines as other services tell them; breaches and notices that stay."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0001", None


def text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    migrations.shared_1("worklist")
    op.create_table(
        "todos",
        sa.Column("object_id", sa.Uuid(), primary_key=True),
        sa.Column("object_kind", sa.Text(), primary_key=True),
        *text("org_path", "service", "state"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        *text("number", "party_id"),
        sa.Column("officer_ids", ARRAY(sa.Text()), nullable=False),
        *text("lead_id"),
        sa.Column("moves", JSONB(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True)),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *text("whole_kind"),
        sa.Column("whole_id", sa.Uuid()),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_todos_whole", "whole_id"),
    )
    op.create_table(
        "seats",
        sa.Column("seat", sa.Text(), primary_key=True),
        sa.Column("object_id", sa.Uuid(), primary_key=True),
        sa.Column("object_kind", sa.Text(), primary_key=True),
        *text("org_path"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_seats_due", "seat", "due_at", "object_id", "object_kind"),
        sa.Index("ix_seats_object", "object_id"),
    )
    op.create_table(
        "deadlines",
        sa.Column("id", sa.Uuid(), primary_key=True),
        *text("org_path", "root", "place_2", "place_3", "service", "timer", "who", "object_kind"),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        *text("state"),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("presses", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        *text("raw", "legal_expiry", "internal_due"),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        *text("law", "law_version"),
        sa.Column("derivation", JSONB(), nullable=False),
        sa.Column("earlier", JSONB(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("breached_at", sa.DateTime(timezone=True)),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_notice_at", sa.DateTime(timezone=True)),
        sa.Index("ix_deadlines_object", "object_id", "ends_at"),
        sa.Index("ix_deadlines_root", "root", "open", "ends_at", "id"),
        sa.Index("ix_deadlines_place_2", "place_2", "open", "ends_at", "id"),
        sa.Index("ix_deadlines_place_3", "place_3", "open", "ends_at", "id"),
        sa.Index("ix_deadlines_notice", "root", "next_notice_at"),
    )
    op.create_table(
        "breaches",
        sa.Column("id", sa.Uuid(), primary_key=True),
        *text("org_path", "root", "place_2", "place_3", "service", "timer", "object_kind"),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        *text("legal_expiry"),
        sa.Column("derivation", JSONB(), nullable=False),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_breaches_object", "object_id"),
        sa.Index("ix_breaches_root", "root", "breached_at", "id"),
        sa.Index("ix_breaches_place_2", "place_2", "breached_at", "id"),
        sa.Index("ix_breaches_place_3", "place_3", "breached_at", "id"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), primary_key=True),
        *text("org_path", "rule", "kind", "level"),
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        *text("service", "object_kind"),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        *text("timer", "legal_expiry", "internal_due"),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_notices_deadline", "deadline_id"),
    )
    op.create_table(
        "notice_seats",
        sa.Column("seat", sa.Text(), primary_key=True),
        sa.Column("notice_id", sa.Uuid(), primary_key=True),
        *text("org_path"),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_notice_seats_given", "seat", "given_at", "notice_id"),
        sa.Index("ix_notice_seats_notice", "notice_id"),
    )
    op.create_table(
        "notice_reads",
        sa.Column("notice_id", sa.Uuid(), primary_key=True),
        sa.Column("read_by", sa.Text(), primary_key=True),
        *text("org_path"),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "notice_rules",
        *[sa.Column("id", sa.Text(), primary_key=True)],
        *text("kind", "level", "unit"),
        sa.Column("before", sa.Integer(), nullable=False),
        *text("counted_from", "who", "source"),
        sa.Column("verified", sa.Boolean(), nullable=False),
    )
    for table in ("todos", "seats", "deadlines"):
        migrations.protect(table, service="worklist")
    for table in ("breaches", "notices", "notice_seats", "notice_reads"):
        migrations.protect(table, service="worklist", append_only=True)
    migrations.open_to_all("notice_rules", service="worklist", write=False)
