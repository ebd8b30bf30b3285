"""The tables of what hangs on a case: fine accounts, publications, filings upward, remedies; and what other services told of it."""

from typing import Any

from servicekit.tables import fen, identifier, instant, org_path, texts, word
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Table, Text, and_
from sqlalchemy.orm import foreign, relationship

from penalties.adapters.mapping import Record, mapper, metadata
from penalties.domain.account import AccountState, FineAccount, Instalment, Payment, ReviewSpan
from penalties.domain.enforcement import CaseTransfer, HeldGoods
from penalties.domain.publicity import PublicityItem, PublicityState, UpwardFiling, UpwardState
from penalties.domain.remedy import Remedy, RemedyState
from penalties.domain.remedy_steps import RemedyStep

fine_accounts = Table(
    "fine_accounts",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("case_id", identifier(), ForeignKey("cases.id"), nullable=False),
    Column("state", word(AccountState), nullable=False),
    Column("fine", fen(), nullable=False),
    Column("due_on", Text, nullable=False),
    Column("paid", fen(), nullable=False),
    Column("surcharge", fen(), nullable=False),
    Column("payments", Record(list[Payment]), nullable=False),
    Column("instalments", Record(list[Instalment]), nullable=False, server_default="[]"),
    Column("frozen", fen(), nullable=False, server_default="0"),
    Column("counted", BigInteger, nullable=False, server_default="0"),
    Column("reviews", Record(list[ReviewSpan]), nullable=False, server_default="[]"),
    Column("waived", fen(), nullable=False, server_default="0"),
    Column("refund", fen(), nullable=False, server_default="0"),
    Column("refunded_on", Text, nullable=False, server_default=""),
    Column("refund_slip", Text, nullable=False, server_default=""),
    Column("superseded", Boolean, nullable=False, server_default="false"),
    Column("opened_at", instant()),
    Column("version", BigInteger, nullable=False),
    Index("ix_fine_accounts_case", "case_id"),
)

publicity_items = Table(
    "publicity_items",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("case_id", identifier(), ForeignKey("cases.id"), nullable=False),
    Column("state", word(PublicityState), nullable=False),
    Column("published_at", instant()),
    Column("published_by", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("ended_reason", Text, nullable=False, server_default=""),
    Column("owed_at", instant()),
    Column("version", BigInteger, nullable=False),
    Index("ix_publicity_items_case", "case_id"),
)

upward_filings = Table(
    "upward_filings",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("case_id", identifier(), ForeignKey("cases.id"), nullable=False),
    Column("state", word(UpwardState), nullable=False),
    Column("receiver", Text, nullable=False),
    Column("filed_at", instant()),
    Column("filed_by", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("owed_at", instant()),
    Column("version", BigInteger, nullable=False),
    Index("ix_upward_filings_case", "case_id"),
)

remedies = Table(
    "remedies",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("case_id", identifier(), ForeignKey("cases.id"), nullable=False),
    Column("state", word(RemedyState), nullable=False),
    Column("filed_on", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("opened_at", instant(), nullable=False),
    Column("handed_here", Boolean, nullable=False),
    Column("stayed", Boolean, nullable=False),
    Column("ending", Text, nullable=False),
    Column("effect", Text, nullable=False),
    Column("accepted_on", Text, nullable=False),
    Column("decided_on", Text, nullable=False),
    Column("received_on", Text, nullable=False),
    Column("period_over_on", Text, nullable=False),
    Column("suit_filed_on", Text, nullable=False),
    Column("court", Text, nullable=False),
    Column("final_on", Text, nullable=False),
    Column("perform_by", Text, nullable=False),
    Column("simple", Boolean, nullable=False),
    Column("steps", Record(list[RemedyStep]), nullable=False),
    Column("version", BigInteger, nullable=False),
    Index("ix_remedies_case", "case_id"),
)

transfers = Table(
    "transfers",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("case_id", identifier()),
    Column("inspection_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("offences", texts(), nullable=False),
    Column("suspects", texts(), nullable=False),
    Column("opened_at", instant(), nullable=False),
    Column("approved_at", instant()),
    Column("ended_at", instant()),
    Column("cause", Text, nullable=False),
    Column("criminal_fine_fen", BigInteger, nullable=False),
    Column("administrative_left", Boolean, nullable=False),
    Index("ix_transfers_case", "case_id"),
    Index("ix_transfers_suspects", "suspects", postgresql_using="gin"),
)

measures = Table(
    "measures",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("inspection_id", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("last_on", Text, nullable=False),
    Column("evidence_ids", texts(), nullable=False),
    Column("applied_at", instant()),
    Index("ix_measures_inspection", "inspection_id"),
)

_MACHINES: tuple[tuple[Any, Table, Any, str, Any], ...] = (
    (FineAccount, fine_accounts, fine_accounts.c.opened_at.nulls_first(), "accounts", "joined"),
    (PublicityItem, publicity_items, publicity_items.c.owed_at.nulls_first(), "publicity_items", "joined"),
    (UpwardFiling, upward_filings, upward_filings.c.owed_at.nulls_first(), "upward_filings", "joined"),
    (Remedy, remedies, remedies.c.opened_at, "remedies", "selectin"),
)


def hanging(cases: Table) -> dict[str, Any]:
    """The relationships of a case to what hangs on it. Each machine knows its case: its timers run there."""
    found: dict[str, Any] = {}
    for machine, table, order, name, lazy in _MACHINES:
        found[name] = relationship(machine, lazy=lazy, order_by=(order, table.c.id), back_populates="case")
    found["transfers"] = relationship(
        CaseTransfer,
        lazy="selectin",
        viewonly=True,
        primaryjoin=foreign(transfers.c.case_id) == cases.c.id,
        order_by=(transfers.c.opened_at, transfers.c.id),
    )
    found["measures"] = relationship(
        HeldGoods,
        lazy="selectin",
        viewonly=True,
        primaryjoin=and_(foreign(measures.c.inspection_id) == cases.c.inspection_id, cases.c.inspection_id != ""),
        order_by=(measures.c.applied_at, measures.c.id),
    )
    return found


def map_hanging(case: type) -> None:
    for machine, table, _, name, _ in _MACHINES:
        properties = {"case": relationship(case, back_populates=name, lazy="select")}
        mapper.map_imperatively(machine, table, version_id_col=table.c.version, properties=properties)
    mapper.map_imperatively(CaseTransfer, transfers)
    mapper.map_imperatively(HeldGoods, measures)
