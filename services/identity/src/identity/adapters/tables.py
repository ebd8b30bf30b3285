"""The tables of identity and the mapping of the domain classes onto them."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from servicekit.tables import document, fen, identifier, instant, metadata_for, org_path, texts, word
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator

from identity.domain import certificate as certificate_
from identity.domain import delegation as delegation_
from identity.domain import entrustment as entrustment_
from identity.domain import partner as partner_
from identity.domain.certificate import OfficerCertificate, Suspension
from identity.domain.delegation import Delegation
from identity.domain.entrustment import Entrustment
from identity.domain.org import Basis, Counterpart, CounterpartKind, Level, OrgUnit, PaymentAccount
from identity.domain.org import State as OrgState
from identity.domain.partner import PartnerClient
from identity.domain.user import RoleGrant, User
from identity.domain.user import State as UserState

metadata = metadata_for("identity")
mapper = registry(metadata=metadata)


class Parts(TypeDecorator[Any]):
    """Frozen parts of an aggregate as JSON in its row. Assign a new list to change them."""

    impl = JSONB
    cache_ok = True

    def __init__(self, read: Callable[[Any], Any], *, many: bool = True) -> None:
        super().__init__(none_as_null=True)
        self.read, self.many = read, many

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return [asdict(part) for part in value] if self.many else asdict(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return [self.read(part) for part in value] if self.many else self.read(value)


def _counterpart(stored: dict[str, Any]) -> Counterpart:
    return Counterpart(**{**stored, "kind": CounterpartKind(stored["kind"])})


def _grant(stored: dict[str, Any]) -> RoleGrant:
    return RoleGrant(**stored)


def _suspension(stored: dict[str, Any]) -> Suspension:
    return Suspension(**stored)


def _account(stored: dict[str, Any]) -> PaymentAccount:
    return PaymentAccount(**stored)


divisions = Table(
    "divisions",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent_code", Text, nullable=False, index=True),
)

org_units = Table(
    "org_units",
    metadata,
    Column("id", identifier(), primary_key=True),
    Column("parent_id", identifier(), index=True),
    # The path of the body itself.
    Column("org_path", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("level", word(Level), nullable=False),
    Column("authority_basis", word(Basis), nullable=False),
    Column("region_code", Text, nullable=False, index=True),
    Column("uscc", Text, nullable=False),
    Column("doc_abbr", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("postcode", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("payment", Parts(_account, many=False)),
    Column("seal_name", Text, nullable=False),
    Column("valid_from_on", Date),
    Column("valid_to_on", Date),
    Column("counterparts", Parts(_counterpart), nullable=False),
    Column("min_attendees", Integer, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("state", word(OrgState), nullable=False),
    Column("version", BigInteger, nullable=False),
)

entrustments = Table(
    "entrustments",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("grantor_id", identifier(), nullable=False, index=True),
    Column("grantee_id", identifier(), nullable=False, index=True),
    Column("matter", Text, nullable=False),
    Column("powers", texts(), nullable=False),
    Column("basis", Text, nullable=False),
    Column("published_in", Text, nullable=False),
    Column("published_on", Date, nullable=False),
    Column("valid_from_on", Date, nullable=False),
    Column("valid_to_on", Date, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("state", word(entrustment_.State), nullable=False),
    Column("version", BigInteger, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("org_id", identifier(), nullable=False, index=True),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("legal_qualification", Text, nullable=False),
    Column("second_factor_required", Boolean, nullable=False),
    Column("second_factor_enrolled", Boolean, nullable=False),
    Column("grants", Parts(_grant), nullable=False),
    Column("created_at", instant(), nullable=False),
    Column("disabled_at", instant()),
    Column("state", word(UserState), nullable=False),
    Column("version", BigInteger, nullable=False),
)

# Apart from the person, so that no answer about a person can carry it.
credentials = Table(
    "credentials",
    metadata,
    Column("user_id", identifier(), primary_key=True),
    org_path(),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("password_set_at", instant(), nullable=False, server_default=text("now()")),
    # Encrypted with the key of the settings.
    Column("totp_secret", LargeBinary),
    Column("totp_pending", LargeBinary),
)

roles = Table(
    "roles",
    metadata,
    Column("role", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("permissions", texts(), nullable=False),
)

officer_certificates = Table(
    "officer_certificates",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("user_id", identifier(), nullable=False, index=True),
    Column("number", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("categories", texts(), nullable=False),
    Column("region_codes", texts(), nullable=False),
    Column("valid_from_on", Date, nullable=False),
    Column("valid_to_on", Date, nullable=False),
    Column("renews_id", identifier()),
    Column("suspensions", Parts(_suspension), nullable=False),
    Column("revoked_at", instant()),
    Column("verified", Boolean, nullable=False),
    Column("state", word(certificate_.State), nullable=False),
    Column("version", BigInteger, nullable=False),
    # A renewal may keep the number.
    UniqueConstraint("number", "valid_from_on"),
)

delegations = Table(
    "delegations",
    metadata,
    Column("id", identifier(), primary_key=True),
    org_path(),
    Column("org_id", identifier(), nullable=False, index=True),
    Column("act", Text, nullable=False),
    Column("max_amount", fen()),
    Column("deputy_id", identifier(), nullable=False, index=True),
    Column("delegated_by", Text, nullable=False),
    Column("valid_from_on", Date, nullable=False),
    Column("valid_to_on", Date, nullable=False),
    Column("state", word(delegation_.State), nullable=False),
    Column("version", BigInteger, nullable=False),
)

# Append-only: who came in, who was refused, whose session ended.
logins = Table(
    "logins",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    org_path(),
    Column("user_id", identifier()),
    Column("username", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    # Who did it, where it was someone else: an administrator.
    Column("by", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("trace_id", Text, nullable=False),
    Column("at", instant(), nullable=False, server_default=text("now()")),
    Index("ix_logins_user_id_id", "user_id", "id"),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("public_jwk", document(), nullable=False),
    Column("private_key", LargeBinary, nullable=False),
    Column("signs_from", instant(), nullable=False),
    Column("made_at", instant(), nullable=False, server_default=text("now()")),
)

partner_clients = Table(
    "partner_clients",
    metadata,
    Column("id", identifier(), primary_key=True),
    # The body that the client works with; what the client itself sees stands elsewhere, row by row.
    org_path(),
    Column("org_id", identifier(), nullable=False, index=True),
    Column("client_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", word(partner_.Kind), nullable=False),
    Column("region_code", Text, nullable=False),
    Column("scopes", texts(), nullable=False),
    Column("quota_per_minute", BigInteger, nullable=False),
    Column("keys", document(), nullable=False),
    Column("registered_at", instant(), nullable=False),
    Column("disabled_at", instant()),
    Column("verified", Boolean, nullable=False),
    Column("state", word(partner_.State), nullable=False),
    Column("version", BigInteger, nullable=False),
)

mapper.map_imperatively(OrgUnit, org_units, version_id_col=org_units.c.version, properties={"path": org_units.c.org_path})
mapper.map_imperatively(Entrustment, entrustments, version_id_col=entrustments.c.version)
mapper.map_imperatively(User, users, version_id_col=users.c.version)
mapper.map_imperatively(OfficerCertificate, officer_certificates, version_id_col=officer_certificates.c.version)
mapper.map_imperatively(PartnerClient, partner_clients, version_id_col=partner_clients.c.version)
mapper.map_imperatively(Delegation, delegations, version_id_col=delegations.c.version)
