"""The tables of penalties and the mapping of the domain classes onto them.

A record that is only ever read with its case (proposals, screens, reviews, notices) stands in a JSON column of the case; what
is asked for across cases (questionings, documents, accounts) has a table.
"""

from typing import Any

from pydantic import TypeAdapter
from servicekit.tables import fen, identifier, instant, metadata_for, org_path, texts, timers_of, word
from sqlalchemy import BigInteger, Boolean, Column, Dialect, ForeignKey, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry, relationship
from sqlalchemy.types import TypeDecorator

from penalties.application.ports import InspectionScreen
from penalties.domain.account import AccountState, FineAccount, Payment, PublicityItem, PublicityState, UpwardFiling, UpwardState
from penalties.domain.case import Case
from penalties.domain.crime_screen import CrimeFacts
from penalties.domain.law import PartyKind
from penalties.domain.proposal import PenaltyProposal
from penalties.domain.records import (
    CaseDocument,
    Notice,
    PersonParty,
    Questioning,
    Recusal,
    RefusalGround,
    Review,
    Screen,
    Source,
    State,
)

metadata = metadata_for("penalties")
mapper = registry(metadata=metadata)


class Record(TypeDecorator[Any]):
    """Dataclasses as JSON. Assign a new value to change it."""

    impl = JSONB
    cache_ok = False

    def __init__(self, kind: Any) -> None:
        super().__init__(none_as_null=True)
        self.adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.validate_python(value)


cases = Table(
    "cases",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("org_id", Text, nullable=False),
    Column("region_code", Text, nullable=False),
    Column("state", word(State), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("category", Text, nullable=False, server_default="WORK_SAFETY"),
    Column("name", Text, nullable=False),
    Column("source", word(Source), nullable=False),
    Column("inspection_id", Text, nullable=False),
    Column("finding_ids", texts(), nullable=False),
    Column("enterprise_id", Text, nullable=False),
    Column("party_kind", word(PartyKind), nullable=False),
    Column("party_name", Text, nullable=False),
    Column("person", Record(PersonParty)),
    Column("act_id", Text, nullable=False),
    Column("branch", Text, nullable=False),
    Column("act_on", Text, nullable=False),
    Column("act_ended_on", Text, nullable=False),
    Column("discovered_on", Text, nullable=False),
    Column("metric_value", Integer, nullable=False),
    Column("overdue_proof", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("lead_id", Text, nullable=False),
    Column("officer_ids", texts(), nullable=False),
    Column("prepared_by", texts(), nullable=False),
    Column("filing_reviewed_by", Text, nullable=False),
    Column("filing_reviewed_at", instant()),
    Column("filing_approved_by", Text, nullable=False),
    Column("decision_reviewed_by", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("refusal_ground", word(RefusalGround)),
    Column("refusal_reason", Text, nullable=False),
    Column("filed", Boolean, nullable=False),
    Column("complex", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("late_reason", Text, nullable=False),
    Column("under_review", Boolean, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("review_round", Text, nullable=False),
    Column("review", Text, nullable=False),
    Column("opened_at", instant(), nullable=False),
    Column("filed_at", instant()),
    Column("reported_at", instant()),
    Column("decided_at", instant()),
    Column("served_on", Text, nullable=False),
    Column("executed_at", instant()),
    Column("closed_at", instant()),
    Column("archived_at", instant()),
    Column("fine", fen(), nullable=False),
    Column("decided_proposal", Integer, nullable=False),
    Column("fact_version", Integer, nullable=False),
    Column("crime_facts", Record(CrimeFacts), nullable=False),
    Column("screens", Record(list[Screen]), nullable=False),
    Column("proposals", Record(list[PenaltyProposal]), nullable=False),
    Column("reviews", Record(list[Review]), nullable=False),
    Column("notices", Record(list[Notice]), nullable=False),
    Column("recusals", Record(list[Recusal]), nullable=False),
    Index("ix_cases_opened", "opened_at", "id"),
    Index("ix_cases_enterprise", "enterprise_id"),
    Index("ix_cases_inspection", "inspection_id"),
)

questionings = Table(
    "questionings",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("case_id", identifier(), ForeignKey("cases.id"), nullable=False),
    Column("person_name", Text, nullable=False),
    Column("person_role", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("starts_at", instant(), nullable=False),
    Column("ends_at", instant(), nullable=False),
    Column("officer_ids", texts(), nullable=False),
    Column("recorder_id", Text, nullable=False),
    Column("notice_document_id", Text, nullable=False),
    Column("record_document_id", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Index("ix_questionings_case", "case_id"),
    Index("ix_questionings_officers", "officer_ids", postgresql_using="gin"),
)

documents = Table(
    "documents",
    metadata,
    Column("document_id", Text, primary_key=True),
    org_path(),
    Column("case_id", identifier(), ForeignKey("cases.id"), nullable=False),
    Column("form", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("drafted_at", instant(), nullable=False),
    Column("number", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("served_on", Text, nullable=False),
    Column("deemed_on", Text, nullable=False),
    Column("dated_on", Text, nullable=False),
    Index("ix_documents_case", "case_id"),
)

fine_accounts = Table(
    "fine_accounts",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("case_id", identifier(), ForeignKey("cases.id"), nullable=False, unique=True),
    Column("state", word(AccountState), nullable=False),
    Column("fine", fen(), nullable=False),
    Column("due_on", Text, nullable=False),
    Column("paid", fen(), nullable=False),
    Column("surcharge", fen(), nullable=False),
    Column("payments", Record(list[Payment]), nullable=False),
    Column("version", BigInteger, nullable=False),
)

publicity_items = Table(
    "publicity_items",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("case_id", identifier(), ForeignKey("cases.id"), nullable=False, unique=True),
    Column("state", word(PublicityState), nullable=False),
    Column("published_at", instant()),
    Column("published_by", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)

upward_filings = Table(
    "upward_filings",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("case_id", identifier(), ForeignKey("cases.id"), nullable=False, unique=True),
    Column("state", word(UpwardState), nullable=False),
    Column("receiver", Text, nullable=False),
    Column("filed_at", instant()),
    Column("filed_by", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)

inspection_screens = Table(
    "inspection_screens",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("inspection_id", Text, nullable=False),
    Column("enterprise_id", Text, nullable=False),
    Column("screen", Record(Screen), nullable=False),
    Index("ix_inspection_screens_inspection", "inspection_id"),
)

mapper.map_imperatively(Questioning, questionings)
mapper.map_imperatively(CaseDocument, documents)
mapper.map_imperatively(FineAccount, fine_accounts, version_id_col=fine_accounts.c.version)
mapper.map_imperatively(PublicityItem, publicity_items, version_id_col=publicity_items.c.version)
mapper.map_imperatively(UpwardFiling, upward_filings, version_id_col=upward_filings.c.version)
mapper.map_imperatively(InspectionScreen, inspection_screens)
mapper.map_imperatively(
    Case,
    cases,
    version_id_col=cases.c.version,
    properties={
        "timers": timers_of(cases),
        "questionings": relationship(Questioning, lazy="selectin", order_by=(questionings.c.starts_at, questionings.c.id)),
        "documents": relationship(CaseDocument, lazy="selectin", order_by=(documents.c.drafted_at, documents.c.document_id)),
        "fine_account": relationship(FineAccount, lazy="joined", uselist=False),
        "publicity": relationship(PublicityItem, lazy="joined", uselist=False),
        "upward_filing": relationship(UpwardFiling, lazy="joined", uselist=False),
    },
)
