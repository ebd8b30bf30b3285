"""The tables of the registers and the mapping of the domain classes onto them."""

from servicekit.tables import identifier, instant, metadata_for, org_path, texts, word
from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Table, Text, UniqueConstraint
from sqlalchemy.orm import registry

from enterprises.adapters.lines import Lines
from enterprises.domain.certificate import Certificate
from enterprises.domain.certificate import State as CertificateState
from enterprises.domain.enterprise import Enterprise, Licence, State

metadata = metadata_for("enterprises")
mapper = registry(metadata=metadata)

enterprises = Table(
    "enterprises",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("code", Text, nullable=False, unique=True),
    Column("code_checked", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    # Two-character tokens of the name: trigrams cannot use an index for two Chinese characters.
    Column("name_tokens", texts(), nullable=False),
    Column("state", word(State), nullable=False),
    Column("region_code", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("legal_representative", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("industry_code", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("registered_at", instant(), nullable=False),
    Column("version", BigInteger, nullable=False),
    Index("ix_enterprises_name_tokens", "name_tokens", postgresql_using="gin"),
    Index("ix_enterprises_name", "name", "id"),
)

licences = Table(
    "licences",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("enterprise_id", identifier(), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("scope", texts(), nullable=False),
    Column("valid_from_on", Date, nullable=False),
    Column("valid_to_on", Date, nullable=False),
    Column("lines", Lines(), nullable=False, server_default="[]"),
    UniqueConstraint("kind", "number"),
)

certificates = Table(
    "certificates",
    metadata,
    Column("id", identifier(), primary_key=True),
    Column("number", Text, nullable=False),
    Column("holder_name", Text, nullable=False),
    Column("holder_id_number", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("valid_from_on", Date, nullable=False),
    Column("valid_to_on", Date, nullable=False),
    Column("review_due_on", Date, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("state", word(CertificateState), nullable=False),
    Column("ended_on", Date),
    Column("version", BigInteger, nullable=False),
    UniqueConstraint("number", "item", "valid_from_on"),
    Index("ix_certificates_holder", "holder_id_number", "item"),
)

catalogues = Table(
    "catalogues",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("valid_from_on", Date, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("imported_at", instant(), nullable=False),
)

chemicals = Table(
    "chemicals",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("aliases", texts(), nullable=False),
    *(Column(name, Text, nullable=False) for name in ("english", "cas", "un", "hazard_class")),
    Column("hazardous", Boolean, nullable=False),
    Column("verified", Boolean, nullable=False),
)

mapper.map_imperatively(Enterprise, enterprises, version_id_col=enterprises.c.version)
mapper.map_imperatively(Licence, licences)
mapper.map_imperatively(Certificate, certificates, version_id_col=certificates.c.version)
