"""The tables of evidence and the mapping of the domain classes onto them."""

from servicekit.tables import document, identifier, instant, metadata_for, org_path, texts, timers_of, word
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Identity, Index, Integer, LargeBinary, Table, Text, text
from sqlalchemy.orm import registry, relationship

from evidence.adapters.records import Record
from evidence.domain.custody import CustodyEvent, CustodyType
from evidence.domain.item import EvidenceItem, Origin
from evidence.domain.pack import Pack
from evidence.domain.records import Appraisal, Preservation, Sampling
from evidence.domain.states import Kind, State
from evidence.domain.upload import Upload

metadata = metadata_for("evidence")
mapper = registry(metadata=metadata)

uploads = Table(
    "uploads",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("object_kind", Text, nullable=False),
    Column("object_id", identifier(), nullable=False),
    Column("title", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("captured_at", instant(), nullable=False),
    Column("place", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("device_clock_offset_ms", BigInteger, nullable=False),
    Column("announced_by", Text, nullable=False),
    Column("expires_at", instant(), nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("object_kind", Text, nullable=False),
    Column("object_id", identifier(), nullable=False),
    Column("title", Text, nullable=False),
    Column("origin", word(Origin), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("captured_at", instant(), nullable=False),
    Column("captured_by", Text, nullable=False),
    Column("officer_ids", texts(), nullable=False),
    Column("place", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("object_key", Text, nullable=False),
    Column("object_version", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("sm3", Text, nullable=False),
    Column("lock_mode", Text, nullable=False),
    Column("locked_until", instant(), nullable=False),
    Column("answer", document(), nullable=False),
    Column("document_id", Text, nullable=False),
    Column("state", word(State), nullable=False),
    Column("kind", word(Kind)),
    Column("source", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("is_copy", Boolean, nullable=False),
    Column("copy_checked_by", Text, nullable=False),
    Column("seal_no", Text, nullable=False),
    Column("store_place", Text, nullable=False),
    *(Column(name, Text, nullable=False, server_default="") for name in ("measure_id", "transfer_id", "returned_to", "disposal_method")),
    Column("preservation", Record(Preservation)),
    Column("sampling", Record(Sampling)),
    Column("appraisal", Record(Appraisal)),
    Column("version", BigInteger, nullable=False),
    Index("ix_items_object", "object_kind", "object_id"),
    Index("ix_items_measure_id", "measure_id", postgresql_where=text("measure_id <> ''")),
)

rulings = Table(
    "rulings",
    metadata,
    Column("case_id", identifier(), primary_key=True),
    org_path(),
    Column("confiscates", Boolean, nullable=False),
    Column("served", Boolean, nullable=False),
    Column("pending", texts(), nullable=False),
    Column("revoked", Boolean, nullable=False),
)

custody = Table(
    "custody",
    metadata,
    Column("evidence_id", identifier(), ForeignKey("items.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    org_path(),
    Column("type", word(CustodyType), nullable=False),
    Column("at", instant(), nullable=False),
    Column("place", Text, nullable=False),
    Column("actors", texts(), nullable=False),
    Column("from_holder", Text, nullable=False),
    Column("to_holder", Text, nullable=False),
    Column("seal_no", Text, nullable=False),
    Column("hash_before", Text, nullable=False),
    Column("hash_after", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("this_hash", Text, nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("case_id", identifier(), primary_key=True),
    Column("evidence_id", identifier(), ForeignKey("items.id"), primary_key=True),
    org_path(),
)

leaves = Table(
    "leaves",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, Text, nullable=False) for name in ("ce_id", "ce_root", "ce_source", "ce_time", "ce_type", "key", "topic")),
    Column("value", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Index("ix_leaves_ce_id", "ce_id", unique=True),
    Index("ix_leaves_leaf_hash", "leaf_hash"),
    Index("ix_leaves_key", "key"),
)

nodes = Table(
    "nodes",
    metadata,
    Column("level", BigInteger, primary_key=True, autoincrement=False),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("origin", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("signed_at", instant(), nullable=False),
    Column("note", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Index("ix_checkpoints_size", "size"),
)

packs = Table(
    "packs",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("object_kind", Text, nullable=False),
    Column("object_id", identifier(), nullable=False),
    Column("case_id", identifier(), nullable=False),
    *(Column(name, Text, nullable=False) for name in ("handed_to", "format", "object_key", "object_version")),
    Column("size", BigInteger, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("sha256", "sm3", "manifest_sha256")),
    Column("locked_until", instant(), nullable=False),
    Column("document_ids", texts(), nullable=False),
    Column("evidence_ids", texts(), nullable=False),
    Column("withheld", document(), nullable=False),
    Column("checkpoint_size", BigInteger, nullable=False),
    Column("built_by", Text, nullable=False),
    Column("built_at", instant(), nullable=False),
    Index("ix_packs_object", "object_kind", "object_id"),
)

mapper.map_imperatively(Pack, packs)
mapper.map_imperatively(Upload, uploads)
mapper.map_imperatively(CustodyEvent, custody)
mapper.map_imperatively(
    EvidenceItem,
    items,
    version_id_col=items.c.version,
    properties={
        "custody": relationship(CustodyEvent, order_by=custody.c.seq, lazy="selectin"),
        "timers": timers_of(items),
    },
)
