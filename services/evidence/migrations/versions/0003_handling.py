"""Objects that are preserved, sampled, tested, handed over, confiscated. Rulings of penalties."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    for name in ("measure_id", "transfer_id", "returned_to", "disposal_method"):
        op.add_column("items", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name in ("preservation", "sampling", "appraisal"):
        op.add_column("items", sa.Column(name, JSONB()))
    op.create_table(
        "rulings",
        sa.Column("case_id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("confiscates", sa.Boolean(), nullable=False),
        sa.Column("served", sa.Boolean(), nullable=False),
        sa.Column("pending", ARRAY(sa.Text()), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
    )
    migrations.protect("rulings", service="evidence")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_items_measure_id", "items", ["measure_id"], postgresql_where=sa.text("measure_id <> ''"), postgresql_concurrently=True
        )
