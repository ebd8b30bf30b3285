"""The tables of criminal-transfer and the mapping of the domain classes onto them.

What is only ever read with its transfer stands in a JSON column; `handed` says which partner sees it.
"""

import json
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from servicekit.tables import fen, identifier, instant, metadata_for, org_path, texts, timers_of, word
from sqlalchemy import BigInteger, Boolean, Column, Dialect, ForeignKey, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator

from criminal_transfer.domain.clue import ClueState, OfficialClue
from criminal_transfer.domain.records import (
    CaseFine,
    Decision,
    Handed,
    LegalOpinion,
    Letter,
    Materials,
    Offset,
    Package,
    Receiver,
    ReceiverKind,
    Recusal,
    Report,
    Source,
    State,
    TransferDocument,
)
from criminal_transfer.domain.transfer import Transfer
from criminal_transfer.domain.webhook import Attempt, Delivery, DeliveryState, EndpointState, WebhookEndpoint

metadata = metadata_for("criminal-transfer")
mapper = registry(metadata=metadata)


class Record(TypeDecorator[Any]):
    """Dataclasses as JSON. Assign a new value to change it."""

    impl = JSONB
    # `kind` is part of the key under which SQLAlchemy keeps a compiled statement.
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__(none_as_null=True)
        self.kind = kind
        self.adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.validate_python(value)


transfers = Table(
    "transfers",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("org_id", Text, nullable=False),
    Column("region_code", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("state", word(State), nullable=False),
    Column("source", word(Source), nullable=False),
    Column("facts", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("inspection_id", Text, nullable=False),
    Column("enterprise_id", Text, nullable=False),
    Column("enterprise_name", Text, nullable=False),
    Column("offences", texts(), nullable=False),
    Column("suspects", texts(), nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", instant(), nullable=False),
    Column("screen_result", Text, nullable=False),
    Column("screened_at", instant()),
    Column("officer_ids", texts(), nullable=False),
    Column("lead_id", Text, nullable=False),
    Column("recusals", Record(list[Recusal]), nullable=False),
    Column("report", Record(Report)),
    Column("opinions", Record(list[LegalOpinion]), nullable=False),
    Column("report_received_at", instant()),
    Column("decision", Record(Decision)),
    Column("package", Record(Package)),
    Column("receivers", Record(list[Receiver]), nullable=False),
    Column("letters", Record(list[Letter]), nullable=False),
    Column("materials", Record(Materials)),
    Column("offset", Record(Offset)),
    Column("returned_cause", Text, nullable=False),
    Column("police_party_fined", Boolean, nullable=False),
    Column("admin_result", Text, nullable=False),
    Column("closed_at", instant()),
    Column("version", BigInteger, nullable=False),
    Index("ix_transfers_opened", "opened_at", "id"),
    Index("ix_transfers_case", "case_id"),
    Index("ix_transfers_inspection", "inspection_id"),
    Index("ix_transfers_enterprise", "enterprise_id"),
)

official_clues = Table(
    "official_clues",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("transfer_id", identifier(), ForeignKey("transfers.id"), nullable=False),
    Column("state", word(ClueState), nullable=False),
    Column("receiver", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("letter_number", Text, nullable=False),
    Column("sent_on", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", instant(), nullable=False),
    Column("version", BigInteger, nullable=False),
    Index("ix_official_clues_transfer", "transfer_id"),
)

documents = Table(
    "documents",
    metadata,
    Column("document_id", Text, primary_key=True),
    org_path(),
    Column("transfer_id", identifier(), ForeignKey("transfers.id"), nullable=False),
    Column("form", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("noted_at", instant(), nullable=False),
    Column("number", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("served_on", Text, nullable=False),
    Index("ix_documents_transfer", "transfer_id"),
)

case_fines = Table(
    "case_fines",
    metadata,
    Column("case_id", Text, primary_key=True),
    org_path(),
    Column("fine", fen(), nullable=False),
    Column("paid", fen(), nullable=False),
)

handed = Table(
    "handed",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("transfer_id", identifier(), ForeignKey("transfers.id"), nullable=False),
    Column("handed_to", Text, nullable=False),
    Column("kind", word(ReceiverKind), nullable=False),
    Column("handed_at", instant(), nullable=False),
    # A partner sees a transfer once, however often it was handed to him.
    Index("uq_handed_partner", "transfer_id", "handed_to", unique=True),
    Index("ix_handed_page", "handed_to", "handed_at", "id"),
)

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", identifier(), primary_key=True),
    # The partner's own path: nobody else sees the row.
    org_path(),
    Column("client_id", Text, nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("registered_at", instant(), nullable=False),
    Column("failures", BigInteger, nullable=False),
    Column("state", word(EndpointState), nullable=False),
    Column("version", BigInteger, nullable=False),
)

# Written by the function tell_partners, in the transaction of the event; moved on by the sender.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("endpoint_id", identifier(), ForeignKey("webhook_endpoints.id"), nullable=False),
    Column("type", Text, nullable=False),
    Column("transfer_id", identifier(), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", instant(), nullable=False),
    Column("next_at", instant(), nullable=False),
    Column("delivered_at", instant()),
    Column("tries", BigInteger, nullable=False),
    Column("attempts", Record(list[Attempt]), nullable=False),
    Column("state", word(DeliveryState), nullable=False),
    Column("version", BigInteger, nullable=False),
    Index("ix_deliveries_due", "endpoint_id", "next_at", postgresql_where=text("state = 'WAITING'")),
    Index("ix_deliveries_page", "org_path", "created_at", "id"),
)


def told(kind: str, happened: Any) -> dict[str, Any]:
    """Thin: what happened, to which transfer and when. The rest is read with the partner's own token."""
    content = {"type": kind, "timestamp": datetime.now(UTC).isoformat(), "data": {"transfer_id": str(happened.transfer_id)}}
    return {"transfer_id": happened.transfer_id, "kind": kind, "body": json.dumps(content, separators=(",", ":"))}


mapper.map_imperatively(TransferDocument, documents)
mapper.map_imperatively(CaseFine, case_fines)
mapper.map_imperatively(Handed, handed)
mapper.map_imperatively(OfficialClue, official_clues, version_id_col=official_clues.c.version)
mapper.map_imperatively(WebhookEndpoint, webhook_endpoints, version_id_col=webhook_endpoints.c.version)
mapper.map_imperatively(Delivery, deliveries, version_id_col=deliveries.c.version)
mapper.map_imperatively(Transfer, transfers, version_id_col=transfers.c.version, properties={"timers": timers_of(transfers)})
