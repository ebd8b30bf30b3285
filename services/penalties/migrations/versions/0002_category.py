"""The field of enforcement of a case."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.add_column("cases", sa.Column("category", sa.Text(), server_default="WORK_SAFETY", nullable=False))
