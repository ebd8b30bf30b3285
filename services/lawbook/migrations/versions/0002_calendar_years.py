"""Years of the official calendar."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("notices", JSONB(), nullable=False),
        sa.Column("parameters_version", sa.BigInteger(), nullable=False),
        sa.Column("changed_days", ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
    )
    migrations.open_to_all("calendar_years", service="lawbook", write=True)
