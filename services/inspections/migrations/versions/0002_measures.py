"""Coercive measures over objects and power."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.create_table(
        "measures",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("case_id", sa.Text(), nullable=False, index=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("finding_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("objects", JSONB(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("basis_text", sa.Text(), nullable=False),
        sa.Column("hazardous_chemicals", sa.Boolean(), nullable=False),
        sa.Column("power", JSONB()),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("steps", JSONB()),
        sa.Column("officer_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.Column("extended_days", sa.BigInteger(), nullable=False),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("appraisals", JSONB(), nullable=False),
        sa.Column("stored_state", sa.Text()),
        sa.Column("handling", sa.Text()),
        sa.Column("handling_reason", sa.Text(), nullable=False),
        sa.Column("receipt_evidence_id", sa.Text(), nullable=False),
        sa.Column("proceeds", sa.BigInteger(), nullable=False),
        sa.Column("destruction", JSONB()),
        sa.Column("case_outcome", sa.Text(), nullable=False),
        sa.Column("case_served", sa.Boolean(), nullable=False),
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("documents", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Index("ix_measures_created", "created_at", "id"),
    )
    migrations.protect("measures", service="inspections")
