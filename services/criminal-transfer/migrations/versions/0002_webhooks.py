"""Where partners are told, and what waits to be told."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import JSONB

revision, down_revision = "0002", "0001"

# Endpoints are seen by their partner alone; this function lays out an event for those that the transfer was handed to.
TELL = """
CREATE FUNCTION tell_partners(told_transfer uuid, told_type text, told_body text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO deliveries (id, org_path, endpoint_id, type, transfer_id, body, created_at, next_at, tries, attempts, state, version)
    SELECT gen_random_uuid(), e.org_path, e.id, told_type, told_transfer, told_body, now(), now(), 0, '[]', 'WAITING', 1
    FROM handed h JOIN webhook_endpoints e ON e.client_id = h.handed_to
    WHERE h.transfer_id = told_transfer AND e.state = 'ACTIVE'
$$
"""


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False, index=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), sa.ForeignKey("webhook_endpoints.id"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("next_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("attempts", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Index("ix_deliveries_due", "endpoint_id", "next_at", postgresql_where=sa.text("state = 'WAITING'")),
        sa.Index("ix_deliveries_page", "org_path", "created_at", "id"),
    )
    for table in ("webhook_endpoints", "deliveries"):
        migrations.protect(table, service="criminal-transfer")
    op.execute(TELL)
    op.execute("REVOKE ALL ON FUNCTION tell_partners(uuid, text, text) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION tell_partners(uuid, text, text) TO criminal_transfer_serve, criminal_transfer_jobs")
