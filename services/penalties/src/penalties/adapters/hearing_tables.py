"""The table of hearings: a small machine that hangs on a case (11.9)."""

from servicekit.tables import identifier, instant, org_path, texts, word
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text
from sqlalchemy.orm import relationship

from penalties.adapters.mapping import Record, mapper, metadata
from penalties.domain.hearing import Hearing, Postponement
from penalties.domain.hearing_rules import HearingState

hearings = Table(
    "hearings",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("case_id", identifier(), ForeignKey("cases.id"), nullable=False),
    Column("state", word(HearingState), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("notice_number", Integer, nullable=False),
    Column("investigators", texts(), nullable=False),
    Column("in_time", Boolean, nullable=False),
    Column("ask_by", Text, nullable=False),
    Column("requested_at", instant(), nullable=False),
    Column("posted_on", Text, nullable=False),
    Column("request_document_id", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("accepted_by", Text, nullable=False),
    Column("accepted_at", instant()),
    Column("refusal_reason", Text, nullable=False),
    Column("presider_id", Text, nullable=False),
    Column("member_ids", texts(), nullable=False),
    Column("clerk_id", Text, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("closed_reason", Text, nullable=False),
    Column("scheduled_at", instant()),
    Column("place", Text, nullable=False),
    Column("notice_document_id", Text, nullable=False),
    Column("notice_served_on", Text, nullable=False),
    Column("notice_failure", Text, nullable=False),
    Column("earliest_on", Text, nullable=False),
    Column("target_on", Text, nullable=False),
    Column("target_reason", Text, nullable=False),
    Column("postponements", Record(list[Postponement]), nullable=False),
    Column("opened_at", instant()),
    Column("ended_at", instant()),
    Column("agents", texts(), nullable=False),
    Column("accusation", Text, nullable=False),
    Column("defence", Text, nullable=False),
    Column("cross_examination", Text, nullable=False),
    Column("record_document_id", Text, nullable=False),
    Column("report_document_id", Text, nullable=False),
    Column("opinion", Text, nullable=False),
    Column("absence_reason", Text, nullable=False),
    Column("withdrawal_document_id", Text, nullable=False),
    Index("ix_hearings_case", "case_id"),
)


def map_hearings(case: type) -> None:
    properties = {"case": relationship(case, back_populates="hearings", lazy="select")}
    mapper.map_imperatively(Hearing, hearings, version_id_col=hearings.c.version, properties=properties)
