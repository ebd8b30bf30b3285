"""The tables of inspections and the mapping of the domain classes onto them."""

from servicekit.tables import document, fen, identifier, instant, metadata_for, org_path, texts, timers_of, word
from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.orm import registry

from inspections.adapters.records import Record
from inspections.domain.finding import Finding
from inspections.domain.finding_rows import State as FindingState
from inspections.domain.form import DocumentLine
from inspections.domain.inspection import Inspection
from inspections.domain.measure import CoerciveMeasure
from inspections.domain.measure_rows import State as MeasureState
from inspections.domain.measure_terms import Appraisal, CoercionSteps, Destruction, Kind, MeasureObject, ObjectHandling, PowerGrounds
from inspections.domain.order import OrderItem, RectificationOrder
from inspections.domain.order import State as OrderState
from inspections.domain.publicity import PublicityItem
from inspections.domain.publicity import State as PublicityState
from inspections.domain.recusal import Recusal
from inspections.domain.recusal import State as RecusalState
from inspections.domain.task_rows import State
from inspections.domain.terms import RecheckResult, Severity, Source
from inspections.domain.visit import ItemAnswer, Position, Scheme, Stay

metadata = metadata_for("inspections")
mapper = registry(metadata=metadata)

inspections = Table(
    "inspections",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("state", word(State), nullable=False),
    Column("source", word(Source), nullable=False),
    Column("source_ref", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("enterprise_id", identifier(), nullable=False),
    Column("enterprise_name", Text, nullable=False),
    Column("enterprise_code", Text, nullable=False),
    Column("enterprise_address", Text, nullable=False),
    Column("industry_code", Text, nullable=False),
    Column("region_code", Text, nullable=False),
    Column("legal_representative", Text, nullable=False),
    Column("enterprise_phone", Text, nullable=False),
    Column("org_id", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("covert", Boolean, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", instant(), nullable=False),
    Column("frequency_override", Text, nullable=False),
    Column("drawn", Boolean, nullable=False),
    Column("officer_ids", texts(), nullable=False),
    Column("lead_id", Text, nullable=False),
    Column("scheme", Record(Scheme)),
    Column("urgent", Boolean, nullable=False),
    Column("oral_approval", document()),
    Column("arrived_at", instant()),
    Column("position", Record(Position)),
    Column("recording_device_id", Text, nullable=False),
    Column("left_at", instant()),
    Column("answers", Record(ItemAnswer, many=True), nullable=False),
    Column("obstruction", Text, nullable=False),
    Column("refusal_document_id", identifier()),
    Column("record_document_id", identifier()),
    Column("record_signed_at", instant()),
    Column("record_refused", Boolean, nullable=False),
    Column("supplement_document_ids", ARRAY(Uuid()), nullable=False),
    Column("referred_to", Text, nullable=False),
    Column("receipt_evidence_id", Text, nullable=False),
    Column("closed_at", instant()),
    Column("version", BigInteger, nullable=False),
    Index("ix_inspections_created", "created_at", "id"),
    Index("ix_inspections_enterprise", "enterprise_id", "created_at"),
    Index("ix_inspections_officers", "officer_ids", postgresql_using="gin"),
)

findings = Table(
    "findings",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("inspection_id", identifier(), nullable=False, index=True),
    Column("enterprise_id", identifier(), nullable=False),
    Column("state", word(FindingState), nullable=False),
    Column("check_item_id", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("violation", Text, nullable=False),
    Column("rectify", Text, nullable=False),
    Column("duty_text", Text, nullable=False),
    Column("penalty_texts", texts(), nullable=False),
    Column("act_id", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("item_measures", texts(), nullable=False),
    Column("major_screen", Boolean, nullable=False),
    Column("place", Text, nullable=False),
    Column("photo_ids", texts(), nullable=False),
    Column("persons", Integer, nullable=False),
    Column("slots", document(), nullable=False),
    Column("found_at", instant(), nullable=False),
    Column("severity", word(Severity)),
    Column("standard_item", Text, nullable=False),
    Column("opinion_evidence_id", Text, nullable=False),
    Column("classified_by", texts(), nullable=False),
    Column("handling", texts(), nullable=False),
    Column("measures", texts(), nullable=False),
    Column("in_force", texts(), nullable=False),
    Column("safety_not_assured", Boolean, nullable=False),
    Column("hazchem_equipment", Boolean, nullable=False),
    Column("hand_over_to", Text, nullable=False),
    Column("measure_document_id", identifier()),
    Column("order_id", identifier()),
    Column("due_on", Date),
    Column("overdue", Boolean, nullable=False),
    Column("reported_done_at", instant()),
    Column("supervised", Boolean, nullable=False),
    Column("supervision", document()),
    Column("disputed", Boolean, nullable=False),
    Column("photo_after_ids", texts(), nullable=False),
    Column("recheck_result", word(RecheckResult)),
    Column("recheck_document_id", identifier()),
    Column("case_ids", texts(), nullable=False),
    Column("not_filed_case_id", Text, nullable=False),
    Column("closed_at", instant()),
    Column("version", BigInteger, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("inspection_id", identifier(), nullable=False, index=True),
    Column("state", word(OrderState), nullable=False),
    Column("items", Record(OrderItem, many=True), nullable=False),
    Column("created_at", instant(), nullable=False),
    Column("results", document(), nullable=False),
    Column("document_id", identifier()),
    Column("issued_at", instant()),
    Column("served_on", Date),
    Column("recheck_document_id", identifier()),
    Column("withdrawal_document_id", identifier()),
    Column("withdrawal_reason", Text, nullable=False),
    Column("closed_at", instant()),
    Column("version", BigInteger, nullable=False),
)

recusals = Table(
    "recusals",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("inspection_id", identifier(), nullable=False, index=True),
    Column("state", word(RecusalState), nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("raised_at", instant(), nullable=False),
    Column("decided_at", instant()),
    Column("decision", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)

publicity_items = Table(
    "publicity_items",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("inspection_id", identifier(), nullable=False, index=True),
    Column("state", word(PublicityState), nullable=False),
    Column("summary", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("published_at", instant()),
    Column("withdrawn_at", instant()),
    Column("reason", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)

measures = Table(
    "measures",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("inspection_id", identifier(), nullable=False, index=True),
    Column("decision_id", identifier(), nullable=False),
    Column("enterprise_id", identifier(), nullable=False, index=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("state", word(MeasureState), nullable=False),
    Column("kind", word(Kind), nullable=False),
    Column("finding_ids", ARRAY(Uuid), nullable=False),
    Column("objects", Record(MeasureObject, many=True), nullable=False),
    Column("problem", Text, nullable=False),
    Column("basis_text", Text, nullable=False),
    Column("hazardous_chemicals", Boolean, nullable=False),
    Column("power", Record(PowerGrounds)),
    Column("urgent", Boolean, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("steps", Record(CoercionSteps)),
    Column("officer_ids", texts(), nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("approved_at", instant()),
    Column("applied_at", instant()),
    Column("extended_days", BigInteger, nullable=False),
    Column("extension_reason", Text, nullable=False),
    Column("appraisals", Record(Appraisal, many=True), nullable=False),
    Column("stored_state", word(MeasureState)),
    Column("handling", word(ObjectHandling)),
    Column("handling_reason", Text, nullable=False),
    Column("receipt_evidence_id", Text, nullable=False),
    Column("proceeds", fen(), nullable=False),
    Column("destruction", Record(Destruction)),
    Column("case_outcome", Text, nullable=False),
    Column("case_served", Boolean, nullable=False),
    Column("transfer_id", Text, nullable=False),
    Column("documents", document(), nullable=False),
    Column("created_at", instant(), nullable=False),
    Column("closed_at", instant()),
    Column("version", BigInteger, nullable=False),
    Index("ix_measures_created", "created_at", "id"),
)

stays = Table(
    "stays",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("officer_id", Text, nullable=False),
    Column("inspection_id", identifier(), nullable=False, index=True),
    Column("from_at", instant(), nullable=False),
    Column("to_at", instant()),
    # An officer is on site in one task at a time (INV-08), also when two arrivals happen in the same second.
    Index("uq_stays_open", "officer_id", unique=True, postgresql_where=text("to_at IS NULL")),
)

documents = Table(
    "documents",
    metadata,
    Column("document_id", identifier(), primary_key=True),
    org_path(),
    Column("inspection_id", identifier(), nullable=False, index=True),
    Column("form", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", identifier(), nullable=False),
    Column("state", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("served_on", Date),
    Column("deemed_on", Date),
    Column("sha256", Text, nullable=False),
    # Order of arrival: the latest document of a form is the one that counts.
    Column("noted_at", instant(), nullable=False, server_default=text("clock_timestamp()")),
)

mapper.map_imperatively(Inspection, inspections, version_id_col=inspections.c.version, properties={"timers": timers_of(inspections)})
mapper.map_imperatively(Finding, findings, version_id_col=findings.c.version, properties={"timers": timers_of(findings)})
mapper.map_imperatively(RectificationOrder, orders, version_id_col=orders.c.version, properties={"timers": timers_of(orders)})
mapper.map_imperatively(Recusal, recusals, version_id_col=recusals.c.version)
mapper.map_imperatively(
    PublicityItem, publicity_items, version_id_col=publicity_items.c.version, properties={"timers": timers_of(publicity_items)}
)
mapper.map_imperatively(CoerciveMeasure, measures, version_id_col=measures.c.version, properties={"timers": timers_of(measures)})
mapper.map_imperatively(Stay, stays)
mapper.map_imperatively(DocumentLine, documents, exclude_properties={"noted_at"})
