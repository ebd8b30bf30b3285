"""Hearings, collective discussions, simple procedure, other ends."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    op.add_column("cases", sa.Column("kind", sa.Text(), server_default="ORDINARY", nullable=False))
    op.add_column("cases", sa.Column("origin_case_id", sa.Text(), server_default="", nullable=False))
    op.add_column("cases", sa.Column("sibling_ids", ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("cases", sa.Column("urgency", sa.Text(), server_default="", nullable=False))
    op.add_column("cases", sa.Column("deliberations", JSONB(), server_default="[]", nullable=False))
    op.add_column("cases", sa.Column("suspensions", JSONB(), server_default="[]", nullable=False))
    op.add_column("cases", sa.Column("simple", JSONB()))
    op.add_column("cases", sa.Column("cash", JSONB(), server_default="[]", nullable=False))
    op.add_column("cases", sa.Column("ending", JSONB()))
    op.add_column("cases", sa.Column("refusal_days", JSONB(), server_default="[]", nullable=False))
    op.create_table(
        "hearings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id", name="fk_hearings_case_id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column("investigators", ARRAY(sa.Text()), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("ask_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("posted_on", sa.Text(), nullable=False),
        sa.Column("request_document_id", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("refusal_reason", sa.Text(), nullable=False),
        sa.Column("presider_id", sa.Text(), nullable=False),
        sa.Column("member_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("clerk_id", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("closed_reason", sa.Text(), nullable=False),
        sa.Column("scheduled_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("notice_document_id", sa.Text(), nullable=False),
        sa.Column("notice_served_on", sa.Text(), nullable=False),
        sa.Column("notice_failure", sa.Text(), nullable=False),
        sa.Column("earliest_on", sa.Text(), nullable=False),
        sa.Column("target_on", sa.Text(), nullable=False),
        sa.Column("target_reason", sa.Text(), nullable=False),
        sa.Column("postponements", JSONB(), nullable=False),
        sa.Column("opened_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("agents", ARRAY(sa.Text()), nullable=False),
        sa.Column("accusation", sa.Text(), nullable=False),
        sa.Column("defence", sa.Text(), nullable=False),
        sa.Column("cross_examination", sa.Text(), nullable=False),
        sa.Column("record_document_id", sa.Text(), nullable=False),
        sa.Column("report_document_id", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("absence_reason", sa.Text(), nullable=False),
        sa.Column("withdrawal_document_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hearings"),
    )
    op.create_index("ix_hearings_case", "hearings", ["case_id"])
    migrations.protect("hearings", service="penalties")
