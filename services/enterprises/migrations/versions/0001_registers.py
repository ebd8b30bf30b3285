"""Enterprises, licences, special-operation certificates."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY

revision, down_revision = "0001", None


def upgrade() -> None:
    migrations.shared_1("enterprises")
    op.create_table(
        "enterprises",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, unique=True),
        sa.Column("code_checked", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_tokens", ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("legal_representative", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("industry_code", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Index("ix_enterprises_name_tokens", "name_tokens", postgresql_using="gin"),
        sa.Index("ix_enterprises_name", "name", "id"),
    )
    op.create_table(
        "licences",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("scope", ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("valid_to_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("kind", "number"),
    )
    op.create_table(
        "certificates",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("holder_id_number", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("valid_to_on", sa.Date(), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("number", "item", "valid_from_on"),
        sa.Index("ix_certificates_holder", "holder_id_number", "item"),
    )
    migrations.protect("enterprises", service="enterprises")
    migrations.protect("licences", service="enterprises")
    migrations.open_to_all("certificates", service="enterprises", write=True)
