"""The catalogue of hazardous chemicals; lines of licences."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.add_column("licences", sa.Column("lines", JSONB(), server_default="[]", nullable=False))
    op.create_table(
        "catalogues",
        sa.Column("version", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("imported_at", sa.TIMESTAMP(timezone=True), nullable=False),
    )
    op.create_table(
        "chemicals",
        sa.Column("version", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("row", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", ARRAY(sa.Text()), nullable=False),
        sa.Column("english", sa.Text(), nullable=False),
        sa.Column("cas", sa.Text(), nullable=False),
        sa.Column("un", sa.Text(), nullable=False),
        sa.Column("hazard_class", sa.Text(), nullable=False),
        sa.Column("hazardous", sa.Boolean(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
    )
    # A version is imported once and never changed.
    for table in ("catalogues", "chemicals"):
        op.execute(f"GRANT SELECT, INSERT ON {table} TO enterprises_jobs")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO enterprises_serve")
