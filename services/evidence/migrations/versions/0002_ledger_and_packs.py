"""The ledger: leaves, nodes, checkpoints. Packs."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.create_table(
        "leaves",
        sa.Column("index", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("ce_id", sa.Text(), nullable=False),
        sa.Column("ce_root", sa.Text(), nullable=False),
        sa.Column("ce_source", sa.Text(), nullable=False),
        sa.Column("ce_time", sa.Text(), nullable=False),
        sa.Column("ce_type", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Index("ix_leaves_ce_id", "ce_id", unique=True),
        sa.Index("ix_leaves_leaf_hash", "leaf_hash"),
        sa.Index("ix_leaves_key", "key"),
    )
    op.create_table(
        "nodes",
        sa.Column("level", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("index", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "checkpoints",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Index("ix_checkpoints_size", "size"),
    )
    op.create_table(
        "packs",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("handed_to", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("object_version", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sm3", sa.Text(), nullable=False),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("evidence_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("withheld", JSONB(), nullable=False),
        sa.Column("checkpoint_size", sa.BigInteger(), nullable=False),
        sa.Column("built_by", sa.Text(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_packs_object", "object_kind", "object_id"),
    )
    migrations.protect("packs", service="evidence", append_only=True)
    # Events are appended by the role of background work, checkpoints signed by the one that holds the key; nobody changes either.
    for statement in (
        "GRANT SELECT, INSERT ON leaves TO evidence_jobs",
        "GRANT SELECT ON leaves TO evidence_serve",
        "GRANT SELECT, INSERT ON nodes TO evidence_jobs",
        "GRANT SELECT ON nodes TO evidence_serve",
        "GRANT SELECT ON checkpoints TO evidence_jobs",
        "GRANT SELECT, INSERT ON checkpoints TO evidence_serve",
    ):
        op.execute(statement)
