"""Remedies, deferral, demand, court, loans; what other services told of transfers and of goods held."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    op.add_column("cases", sa.Column("deferral", JSONB()))
    op.add_column("cases", sa.Column("demand", JSONB()))
    op.add_column("cases", sa.Column("court", JSONB()))
    op.add_column("cases", sa.Column("late_application", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("cases", sa.Column("redecision", JSONB()))
    op.add_column("cases", sa.Column("loans", JSONB(), server_default="[]", nullable=False))
    op.add_column("cases", sa.Column("execution_paused", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("cases", sa.Column("criminal_fine", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("fine_accounts", sa.Column("instalments", JSONB(), server_default="[]", nullable=False))
    op.add_column("fine_accounts", sa.Column("frozen", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("fine_accounts", sa.Column("counted", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("fine_accounts", sa.Column("reviews", JSONB(), server_default="[]", nullable=False))
    op.add_column("fine_accounts", sa.Column("waived", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("fine_accounts", sa.Column("refund", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("fine_accounts", sa.Column("refunded_on", sa.Text(), server_default="", nullable=False))
    op.add_column("fine_accounts", sa.Column("refund_slip", sa.Text(), server_default="", nullable=False))
    op.add_column("fine_accounts", sa.Column("superseded", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("fine_accounts", sa.Column("opened_at", sa.TIMESTAMP(timezone=True)))
    op.add_column("publicity_items", sa.Column("ended_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("publicity_items", sa.Column("owed_at", sa.TIMESTAMP(timezone=True)))
    op.add_column("upward_filings", sa.Column("owed_at", sa.TIMESTAMP(timezone=True)))
    # A new decision after a remedy has an account, a publication and a filing of its own. Until then each case has one still, so
    # that code of before reads what it knows.
    for table in ("fine_accounts", "publicity_items", "upward_filings"):
        op.execute(f"-- squawk-ignore ban-drop-constraint\nALTER TABLE {table} DROP CONSTRAINT uq_{table}_case_id")
    with op.get_context().autocommit_block():
        for table in ("fine_accounts", "publicity_items", "upward_filings"):
            op.create_index(f"ix_{table}_case", table, ["case_id"], postgresql_concurrently=True)
    op.create_table(
        "remedies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id", name="fk_remedies_case_id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("filed_on", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("handed_here", sa.Boolean(), nullable=False),
        sa.Column("stayed", sa.Boolean(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("accepted_on", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Text(), nullable=False),
        sa.Column("period_over_on", sa.Text(), nullable=False),
        sa.Column("suit_filed_on", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("final_on", sa.Text(), nullable=False),
        sa.Column("perform_by", sa.Text(), nullable=False),
        sa.Column("simple", sa.Boolean(), nullable=False),
        sa.Column("steps", JSONB(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remedies"),
    )
    op.create_index("ix_remedies_case", "remedies", ["case_id"])
    migrations.protect("remedies", service="penalties")
    op.create_table(
        "transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offences", ARRAY(sa.Text()), nullable=False),
        sa.Column("suspects", ARRAY(sa.Text()), nullable=False),
        sa.Column("opened_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("approved_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("criminal_fine_fen", sa.BigInteger(), nullable=False),
        sa.Column("administrative_left", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transfers"),
    )
    op.create_index("ix_transfers_case", "transfers", ["case_id"])
    op.create_index("ix_transfers_suspects", "transfers", ["suspects"], postgresql_using="gin")
    migrations.protect("transfers", service="penalties")
    op.create_table(
        "measures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last_on", sa.Text(), nullable=False),
        sa.Column("evidence_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("applied_at", sa.TIMESTAMP(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_measures"),
    )
    op.create_index("ix_measures_inspection", "measures", ["inspection_id"])
    migrations.protect("measures", service="penalties")
