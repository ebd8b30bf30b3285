"""Clients of police, procuratorate and court: who they are, what they may ask for, how often, and how they prove themselves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from kernel.codes import RegionCode
from kernel.errors import Conflict, Invalid
from kernel.moves import AnyOf, Facts, Move, Role

from identity.domain.events import PartnerChanged
from identity.domain.kept import KEEPER, Kept
from identity.domain.org import OrgUnit

_CLIENT_ID = re.compile(r"[a-z][a-z0-9-]{2,39}")
# What a partner may ask for; the permission of an RPC is the scope with `partner.` before it.
SCOPES = frozenset({"transfers.read", "transfers.write", "webhooks"})
QUOTA_MOST = 6000
KEYS_MOST = 5
# How long before its end an assertion may be made (RFC 7523 3, proposed).
ASSERTION_SECONDS = 300


class Kind(StrEnum):
    POLICE = "POLICE"
    PROCURATORATE = "PROCURATORATE"
    COURT = "COURT"


ROLES: Mapping[Kind, str] = {Kind.POLICE: "POL", Kind.PROCURATORATE: "PRC", Kind.COURT: "CRT"}


class State(StrEnum):
    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class PartnerIncomplete(Invalid):
    """A client has an id, a name, a kind, scopes and keys."""


class PartnerTaken(Conflict):
    """Another client has this id."""


class UnknownScope(Invalid):
    """There is no such scope."""


class QuotaInvalid(Invalid):
    """A quota is 1 to 6000 requests a minute."""


class PartnerKeysInvalid(Invalid):
    """One to five public keys, EC P-256 or Ed25519, each with a kid of its own; a private key is never shown to anyone."""


class ScopeNotGranted(Invalid):
    """The client was not given this scope."""


@dataclass(eq=False)
class PartnerClient(Kept):
    """A client works with one body; it sees what was handed to it and nothing by its place in the tree."""

    MACHINE = "partner client"

    client_id: str
    name: str
    kind: Kind
    region_code: str
    org_id: UUID
    org_path: str
    scopes: list[str]
    quota_per_minute: int
    keys: list[dict[str, Any]]
    registered_at: datetime
    disabled_at: datetime | None = None
    verified: bool = True
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @classmethod
    def register(
        cls,
        org: OrgUnit,
        *,
        client_id: str,
        name: str,
        kind: str,
        region_code: str,
        scopes: Sequence[str],
        quota_per_minute: int,
        keys: Sequence[Mapping[str, Any]],
        facts: Facts,
        verified: bool = True,
    ) -> tuple["PartnerClient", PartnerChanged]:
        """Raises: PartnerIncomplete, UnknownScope, QuotaInvalid, PartnerKeysInvalid, InvalidRegionCode."""
        if not _CLIENT_ID.fullmatch(client_id):
            raise PartnerIncomplete("an id is 3 to 40 small letters, digits and hyphens", missing="client_id")
        for missing, value in {"name": name.strip(), "kind": kind, "region_code": region_code}.items():
            if not value:
                raise PartnerIncomplete(f"a client without {missing}", missing=missing)
        made = cls(
            client_id=client_id,
            name=name.strip(),
            kind=Kind(kind),
            region_code=RegionCode.parse(region_code).text,
            org_id=org.id,
            org_path=org.path,
            scopes=check_scopes(scopes),
            quota_per_minute=check_quota(quota_per_minute),
            keys=check_keys(keys),
            registered_at=facts.now,
            verified=verified,
        )
        made._begin("register", facts)
        return made, made.changed("register", facts)

    @property
    def role(self) -> str:
        return ROLES[self.kind]

    @property
    def active(self) -> bool:
        return self.state is State.ACTIVE

    def amend(self, *, name: str, scopes: Sequence[str], quota_per_minute: int, facts: Facts) -> PartnerChanged:
        """Raises: PartnerIncomplete, UnknownScope, QuotaInvalid, RoleForbidsMove."""
        self._allowed(facts)
        if not name.strip():
            raise PartnerIncomplete("a client without name", missing="name")
        self.name, self.scopes, self.quota_per_minute = name.strip(), check_scopes(scopes), check_quota(quota_per_minute)
        self._record("amend", facts, details=[f"scopes={' '.join(self.scopes)}", f"quota={self.quota_per_minute}"])
        return self.changed("amend", facts)

    def rotate_keys(self, keys: Sequence[Mapping[str, Any]], *, reason: str, facts: Facts) -> PartnerChanged:
        """Raises: PartnerKeysInvalid, RoleForbidsMove."""
        self._allowed(facts)
        self.keys = check_keys(keys)
        self._record("rotate_keys", facts, reason=reason, details=[f"kid={key['kid']}" for key in self.keys])
        return self.changed("rotate_keys", facts)

    def disable(self, *, reason: str, facts: Facts) -> PartnerChanged:
        self._move("disable", facts, reason=reason)
        self.disabled_at = facts.now
        return self.changed("disable", facts)

    def enable(self, *, reason: str, facts: Facts) -> PartnerChanged:
        self._move("enable", facts, reason=reason)
        self.disabled_at = None
        return self.changed("enable", facts)

    def granted(self, asked: str) -> list[str]:
        """The scopes of a token: those asked for, or all. Raises: ScopeNotGranted."""
        wanted = list(dict.fromkeys(asked.split())) or self.scopes
        for scope in wanted:
            if scope not in self.scopes:
                raise ScopeNotGranted("the client was not given this scope", scope=scope[:64])
        return wanted

    def changed(self, change: str, facts: Facts) -> PartnerChanged:
        return PartnerChanged(self.id, self.client_id, self.org_path, self.active, change, facts.now)

    def _allowed(self, facts: Facts) -> None:
        refused = KEEPER.refuse(self, facts)
        if refused is not None:
            raise refused

    MOVES = (
        Move("OPC01", "register", {None}, State.ACTIVE, by=AnyOf(Role.ADMIN, Role.SYS)),
        Move("OPC02", "disable", {State.ACTIVE}, State.DISABLED, by=KEEPER),
        Move("OPC03", "enable", {State.DISABLED}, State.ACTIVE, by=KEEPER),
    )


def check_scopes(scopes: Sequence[str]) -> list[str]:
    if not scopes:
        raise PartnerIncomplete("a client without scopes", missing="scopes")
    for scope in scopes:
        if scope not in SCOPES:
            raise UnknownScope("there is no such scope", scope=scope[:64])
    return sorted(set(scopes))


def check_quota(quota: int) -> int:
    if not 1 <= quota <= QUOTA_MOST:
        raise QuotaInvalid("a quota is 1 to 6000 requests a minute", given=quota, most=QUOTA_MOST)
    return quota


def check_keys(keys: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Public halves of the two kinds that sign assertions, with their kid and nothing else."""
    if not 1 <= len(keys) <= KEYS_MOST:
        raise PartnerKeysInvalid("one to five keys", given=len(keys))
    kept: list[dict[str, Any]] = []
    for key in keys:
        names = {("EC", "P-256"): ("x", "y"), ("OKP", "Ed25519"): ("x",)}.get((str(key.get("kty")), str(key.get("crv"))))
        kid = key.get("kid")
        if names is None or "d" in key or not isinstance(kid, str) or not 1 <= len(kid) <= 100 or kid in {held["kid"] for held in kept}:
            raise PartnerKeysInvalid("a public key, EC P-256 or Ed25519, with a kid of its own", kid=str(kid)[:100])
        if not all(isinstance(key.get(name), str) and key[name] for name in names):
            raise PartnerKeysInvalid("the key is not whole", kid=kid)
        kept.append({"kid": kid, "kty": key["kty"], "crv": key["crv"], **{name: key[name] for name in names}})
    return kept
