"""The tables of documents and the mapping of the domain classes onto them."""

from servicekit.tables import document, identifier, instant, metadata_for, org_path, timers_of, word
from sqlalchemy import BigInteger, Column, Date, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.orm import foreign, registry, relationship

from documents.domain.document import Document
from documents.domain.numbering import Number
from documents.domain.rows import State
from documents.domain.signature import Capacity, Method, Signature

metadata = metadata_for("documents")
mapper = registry(metadata=metadata)

documents = Table(
    "documents",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("form", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", word(State), nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", identifier(), nullable=False),
    Column("matter_id", identifier(), nullable=False),
    Column("org_id", Text, nullable=False),
    Column("issuer_id", Text, nullable=False),
    Column("issuer_name", Text, nullable=False),
    Column("issuer_abbreviation", Text, nullable=False),
    Column("template_version", Text, nullable=False),
    Column("content", document(), nullable=False),
    Column("body_digest", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("dated_on", Date),
    Column("links", document(), nullable=False),
    Column("attempts", document(), nullable=False),
    Column("served_on", Date),
    Column("deemed_on", Date),
    Column("sha256", Text, nullable=False),
    Column("sm3", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("object_key", Text, nullable=False),
    Column("object_version", Text, nullable=False),
    Column("locked_until_on", Date),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_at", instant(), nullable=False),
    Column("sealed_at", instant()),
    Column("effective_at", instant()),
    Column("void_reason", Text, nullable=False),
    Column("return_reason", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Index("ix_documents_object", "object_kind", "object_id"),
    Index("ix_documents_matter", "matter_id"),
    Index("ix_documents_drafted", "drafted_at", "id"),
)

# Append-only: who signed what body, and how.
signatures = Table(
    "signatures",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("document_id", identifier(), nullable=False, index=True),
    Column("capacity", word(Capacity), nullable=False),
    Column("method", word(Method), nullable=False),
    Column("signer_id", Text, nullable=False),
    Column("signer_name", Text, nullable=False),
    Column("body_digest", Text, nullable=False),
    Column("stroke_evidence_id", Text, nullable=False),
    Column("certificate_number", Text, nullable=False),
    Column("certificate_valid_to_on", Date),
    Column("device_id", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("opinion", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("signed_at", instant(), nullable=False),
    Column("recorded_at", instant(), nullable=False),
)

# The last number of each series; its row is the lock under which the next one is taken.
series = Table(
    "series",
    metadata,
    Column("issuer_id", Text, primary_key=True),
    Column("letter_code", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

numbers = Table(
    "numbers",
    metadata,
    Column("issuer_id", Text, primary_key=True),
    Column("letter_code", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    org_path(),
    Column("number", Text, nullable=False),
    Column("document_id", identifier(), nullable=False),
    Column("taken_at", instant(), nullable=False),
    Column("void_reason", Text, nullable=False),
    Column("voided_at", instant()),
    UniqueConstraint("document_id"),
)

mapper.map_imperatively(Signature, signatures)
mapper.map_imperatively(Number, numbers)
mapper.map_imperatively(
    Document,
    documents,
    version_id_col=documents.c.version,
    properties={
        "timers": timers_of(documents),
        "signatures": relationship(
            Signature,
            primaryjoin=foreign(signatures.c.document_id) == documents.c.id,
            order_by=(signatures.c.recorded_at, signatures.c.id),
            lazy="selectin",
            cascade="save-update, merge",
        ),
    },
)
