"""Documents, signatures, the register of numbers."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import JSONB

revision, down_revision = "0001", None


def upgrade() -> None:
    migrations.shared_1("documents")
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("issuer_name", sa.Text(), nullable=False),
        sa.Column("issuer_abbreviation", sa.Text(), nullable=False),
        sa.Column("template_version", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date()),
        sa.Column("links", JSONB(), nullable=False),
        sa.Column("attempts", JSONB(), nullable=False),
        sa.Column("served_on", sa.Date()),
        sa.Column("deemed_on", sa.Date()),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sm3", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("object_version", sa.Text(), nullable=False),
        sa.Column("locked_until_on", sa.Date()),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True)),
        sa.Column("effective_at", sa.DateTime(timezone=True)),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Index("ix_documents_object", "object_kind", "object_id"),
        sa.Index("ix_documents_matter", "matter_id"),
        sa.Index("ix_documents_drafted", "drafted_at", "id"),
    )
    op.create_table(
        "signatures",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("signer_id", sa.Text(), nullable=False),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("stroke_evidence_id", sa.Text(), nullable=False),
        sa.Column("certificate_number", sa.Text(), nullable=False),
        sa.Column("certificate_valid_to_on", sa.Date()),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "series",
        sa.Column("issuer_id", sa.Text(), primary_key=True),
        sa.Column("letter_code", sa.Text(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    op.create_table(
        "numbers",
        sa.Column("issuer_id", sa.Text(), primary_key=True),
        sa.Column("letter_code", sa.Text(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("document_id"),
    )
    migrations.protect("documents", service="documents")
    migrations.protect("signatures", service="documents", append_only=True)
    migrations.protect("numbers", service="documents")
    migrations.open_to_all("series", service="documents")
    # A number is never unsaid (INV-15).
    op.execute("REVOKE DELETE ON numbers, series FROM documents_serve, documents_jobs")
