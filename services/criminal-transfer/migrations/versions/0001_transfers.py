"""Transfers, the clues apart, documents and fines as told by others, and what partners see."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0001", None


def upgrade() -> None:
    migrations.shared_1("criminal-transfer")
    op.create_table(
        "transfers",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text(), nullable=False),
        sa.Column("enterprise_name", sa.Text(), nullable=False),
        sa.Column("offences", ARRAY(sa.Text()), nullable=False),
        sa.Column("suspects", ARRAY(sa.Text()), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("screen_result", sa.Text(), nullable=False),
        sa.Column("screened_at", sa.DateTime(timezone=True)),
        sa.Column("officer_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("recusals", JSONB(), nullable=False),
        sa.Column("report", JSONB()),
        sa.Column("opinions", JSONB(), nullable=False),
        sa.Column("report_received_at", sa.DateTime(timezone=True)),
        sa.Column("decision", JSONB()),
        sa.Column("package", JSONB()),
        sa.Column("receivers", JSONB(), nullable=False),
        sa.Column("letters", JSONB(), nullable=False),
        sa.Column("materials", JSONB()),
        sa.Column("offset", JSONB()),
        sa.Column("returned_cause", sa.Text(), nullable=False),
        sa.Column("police_party_fined", sa.Boolean(), nullable=False),
        sa.Column("admin_result", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Index("ix_transfers_opened", "opened_at", "id"),
        sa.Index("ix_transfers_case", "case_id"),
        sa.Index("ix_transfers_inspection", "inspection_id"),
        sa.Index("ix_transfers_enterprise", "enterprise_id"),
    )
    op.create_table(
        "official_clues",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), sa.ForeignKey("transfers.id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("letter_number", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Index("ix_official_clues_transfer", "transfer_id"),
    )
    op.create_table(
        "documents",
        sa.Column("document_id", sa.Text(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), sa.ForeignKey("transfers.id"), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("served_on", sa.Text(), nullable=False),
        sa.Index("ix_documents_transfer", "transfer_id"),
    )
    op.create_table(
        "case_fines",
        sa.Column("case_id", sa.Text(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("fine", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "handed",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), sa.ForeignKey("transfers.id"), nullable=False),
        sa.Column("handed_to", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("uq_handed_partner", "transfer_id", "handed_to", unique=True),
        sa.Index("ix_handed_page", "handed_to", "handed_at", "id"),
    )
    for table in ("transfers", "official_clues", "documents", "case_fines"):
        migrations.protect(table, service="criminal-transfer")
    migrations.protect("handed", service="criminal-transfer", handed_to=True)
