"""Cases, questionings, documents, accounts, publicity, screens."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision, down_revision = "0001", None


def upgrade() -> None:
    migrations.shared_1("penalties")
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("finding_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("enterprise_id", sa.Text(), nullable=False),
        sa.Column("party_kind", sa.Text(), nullable=False),
        sa.Column("party_name", sa.Text(), nullable=False),
        sa.Column("person", JSONB()),
        sa.Column("act_id", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("act_on", sa.Text(), nullable=False),
        sa.Column("act_ended_on", sa.Text(), nullable=False),
        sa.Column("discovered_on", sa.Text(), nullable=False),
        sa.Column("metric_value", sa.Integer(), nullable=False),
        sa.Column("overdue_proof", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("officer_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("prepared_by", ARRAY(sa.Text()), nullable=False),
        sa.Column("filing_reviewed_by", sa.Text(), nullable=False),
        sa.Column("filing_reviewed_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("filing_approved_by", sa.Text(), nullable=False),
        sa.Column("decision_reviewed_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("refusal_ground", sa.Text()),
        sa.Column("refusal_reason", sa.Text(), nullable=False),
        sa.Column("filed", sa.Boolean(), nullable=False),
        sa.Column("complex", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("under_review", sa.Boolean(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("review_round", sa.Text(), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("filed_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("reported_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("decided_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("served_on", sa.Text(), nullable=False),
        sa.Column("executed_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("closed_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("archived_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("fine", sa.BigInteger(), nullable=False),
        sa.Column("decided_proposal", sa.Integer(), nullable=False),
        sa.Column("fact_version", sa.Integer(), nullable=False),
        sa.Column("crime_facts", JSONB(), nullable=False),
        sa.Column("screens", JSONB(), nullable=False),
        sa.Column("proposals", JSONB(), nullable=False),
        sa.Column("reviews", JSONB(), nullable=False),
        sa.Column("notices", JSONB(), nullable=False),
        sa.Column("recusals", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_index("ix_cases_enterprise", "cases", ["enterprise_id"])
    op.create_index("ix_cases_inspection", "cases", ["inspection_id"])
    op.create_index("ix_cases_opened", "cases", ["opened_at", "id"])
    migrations.protect("cases", service="penalties")
    op.create_table(
        "questionings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id", name="fk_questionings_case_id"), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("person_role", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("officer_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("recorder_id", sa.Text(), nullable=False),
        sa.Column("notice_document_id", sa.Text(), nullable=False),
        sa.Column("record_document_id", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_questionings"),
    )
    op.create_index("ix_questionings_case", "questionings", ["case_id"])
    op.create_index("ix_questionings_officers", "questionings", ["officer_ids"], postgresql_using="gin")
    migrations.protect("questionings", service="penalties")
    op.create_table(
        "documents",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id", name="fk_documents_case_id"), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("served_on", sa.Text(), nullable=False),
        sa.Column("deemed_on", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_documents"),
    )
    op.create_index("ix_documents_case", "documents", ["case_id"])
    migrations.protect("documents", service="penalties")
    op.create_table(
        "fine_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id", name="fk_fine_accounts_case_id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fine", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("surcharge", sa.BigInteger(), nullable=False),
        sa.Column("payments", JSONB(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fine_accounts"),
        sa.UniqueConstraint("case_id", name="uq_fine_accounts_case_id"),
    )
    migrations.protect("fine_accounts", service="penalties")
    op.create_table(
        "publicity_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id", name="fk_publicity_items_case_id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("published_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_publicity_items"),
        sa.UniqueConstraint("case_id", name="uq_publicity_items_case_id"),
    )
    migrations.protect("publicity_items", service="penalties")
    op.create_table(
        "upward_filings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id", name="fk_upward_filings_case_id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upward_filings"),
        sa.UniqueConstraint("case_id", name="uq_upward_filings_case_id"),
    )
    migrations.protect("upward_filings", service="penalties")
    op.create_table(
        "inspection_screens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_path", sa.Text(), nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text(), nullable=False),
        sa.Column("screen", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inspection_screens"),
    )
    op.create_index("ix_inspection_screens_inspection", "inspection_screens", ["inspection_id"])
    migrations.protect("inspection_screens", service="penalties", append_only=True)
    # INV-06: a decision that came late stays one.
    op.execute(
        """CREATE FUNCTION keep_late() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.late AND NOT NEW.late THEN
                RAISE EXCEPTION 'late is immutable';
            END IF;
            RETURN NEW;
        END $$"""
    )
    op.execute("CREATE TRIGGER keep_late BEFORE UPDATE ON cases FOR EACH ROW EXECUTE FUNCTION keep_late()")
