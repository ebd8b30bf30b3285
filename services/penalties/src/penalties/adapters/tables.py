"""The tables of penalties and the mapping of the domain classes onto them.

A record that is only ever read with its case (proposals, screens, reviews, notices) stands in a JSON column of the case; what
is asked for across cases (questionings, documents, accounts) has a table.
"""

from servicekit.tables import fen, identifier, instant, org_path, texts, timers_of, word
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text
from sqlalchemy.orm import relationship

from penalties.adapters.hanging_tables import hanging, map_hanging
from penalties.adapters.hearing_tables import hearings, map_hearings
from penalties.adapters.mapping import Record, mapper, metadata
from penalties.application.ports import InspectionScreen
from penalties.domain.case import Case
from penalties.domain.crime_screen import CrimeFacts
from penalties.domain.enforcement import CourtApplication, Deferral, Demand, Loan, Redecision
from penalties.domain.hearing import Hearing
from penalties.domain.law import PartyKind
from penalties.domain.proceedings import CaseKind, CashCollection, Deliberation, Ending, RefusalDay, SimplePenalty, Suspension
from penalties.domain.proposal import PenaltyProposal
from penalties.domain.records import (
    CaseDocument,
    Notice,
    PersonParty,
    Questioning,
    RefusalGround,
    Review,
    Screen,
    Source,
    State,
)
from penalties.domain.recusal import Recusal

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
    Column("deferral", Record(Deferral)),
    Column("demand", Record(Demand)),
    Column("court", Record(CourtApplication)),
    Column("late_application", Boolean, nullable=False, server_default="false"),
    Column("redecision", Record(Redecision)),
    Column("loans", Record(list[Loan]), nullable=False, server_default="[]"),
    Column("execution_paused", Boolean, nullable=False, server_default="false"),
    Column("criminal_fine", fen(), nullable=False, server_default="0"),
    Column("kind", word(CaseKind), nullable=False, server_default="ORDINARY"),
    Column("origin_case_id", Text, nullable=False, server_default=""),
    Column("sibling_ids", texts(), nullable=False, server_default="{}"),
    Column("urgency", Text, nullable=False, server_default=""),
    Column("deliberations", Record(list[Deliberation]), nullable=False, server_default="[]"),
    Column("suspensions", Record(list[Suspension]), nullable=False, server_default="[]"),
    Column("simple", Record(SimplePenalty)),
    Column("cash", Record(list[CashCollection]), nullable=False, server_default="[]"),
    Column("ending", Record(Ending)),
    Column("refusal_days", Record(list[RefusalDay]), nullable=False, server_default="[]"),
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
map_hanging(Case)
map_hearings(Case)
mapper.map_imperatively(CaseDocument, documents)
mapper.map_imperatively(InspectionScreen, inspection_screens)
mapper.map_imperatively(
    Case,
    cases,
    version_id_col=cases.c.version,
    properties={
        "timers": timers_of(cases),
        "hearings": relationship(Hearing, lazy="joined", order_by=(hearings.c.requested_at, hearings.c.id), back_populates="case"),
        "questionings": relationship(Questioning, lazy="selectin", order_by=(questionings.c.starts_at, questionings.c.id)),
        "documents": relationship(CaseDocument, lazy="selectin", order_by=(documents.c.drafted_at, documents.c.document_id)),
        **hanging(cases),
    },
)
