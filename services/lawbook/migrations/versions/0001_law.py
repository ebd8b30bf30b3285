"""Laws, check items, penalised acts, scales, thresholds, parameters of time."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0001", None


def upgrade() -> None:
    migrations.shared_1("lawbook")
    op.create_table(
        "datasets",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "instruments",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("valid_to_on", sa.Date()),
        sa.Column("verified", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "articles",
        sa.Column("instrument", sa.Text(), primary_key=True),
        sa.Column("article", sa.Integer(), primary_key=True),
        sa.Column("sub", sa.Integer(), primary_key=True),
        sa.Column("chapter", sa.Text(), nullable=False),
        sa.Column("paragraphs", ARRAY(sa.Text()), nullable=False),
    )
    op.create_table(
        "check_items",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("valid_from_on", sa.Date(), primary_key=True),
        sa.Column("valid_to_on", sa.Date()),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("applies_to", ARRAY(sa.Text()), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Index("ix_check_items_category", "category", "id"),
    )
    op.create_table(
        "acts",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("valid_from_on", sa.Date(), primary_key=True),
        sa.Column("valid_to_on", sa.Date()),
        sa.Column("body", JSONB(), nullable=False),
    )
    op.create_table(
        "scales",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("act_id", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("valid_to_on", sa.Date()),
        sa.Column("body", JSONB(), nullable=False),
        sa.Index("ix_scales_branch", "act_id", "branch"),
    )
    op.create_table(
        "thresholds",
        sa.Column("region_code", sa.Text(), primary_key=True),
        sa.Column("valid_from_on", sa.Date(), primary_key=True),
        sa.Column("body", JSONB(), nullable=False),
    )
    op.create_table(
        "parameters",
        sa.Column("version", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("overrides", JSONB(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
    )
    for table in ("datasets", "instruments", "articles", "check_items", "acts"):
        migrations.open_to_all(table, service="lawbook", write=False)
    for table in ("scales", "thresholds", "parameters"):
        migrations.open_to_all(table, service="lawbook", write=True)
