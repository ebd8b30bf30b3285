"""Who calls: tokens of users and services, verified by identity's keys, and the policy of each RPC.

A user's token is `authorization: Bearer …`; the calling service's own token is `service-authorization: Bearer …`.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from anzhi.policy.v1 import policy_pb2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from google.protobuf import descriptor_pool
from kernel.errors import Forbidden
from kernel.moves import SYSTEM, Person, Role

from servicekit.clock import root_of
from servicekit.faults import Unavailable
from servicekit.privacy import words_of

log = logging.getLogger(__name__)

ISSUER = "anzhi"
TOKEN_SECONDS = 600
_ROLES = frozenset(Role)
# An unknown key id makes one look at identity's keys, at most this often.
REFRESH_SECONDS = 5.0
# Keys are fetched anew after this time, so that a withdrawn key ends.
KEEP_SECONDS = 300.0
TOKENS = 10_000


class Unauthenticated(Exception):
    """No token, or none that counts. `reason` is one of TOKEN_MISSING, TOKEN_EXPIRED, TOKEN_INVALID."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text


class PermissionMissing(Forbidden):
    """The token does not carry the permission of this call."""


class ServiceNotAllowed(Forbidden):
    """This service is not among those that may call."""


class UsersNotAllowed(Forbidden):
    """Only services may call this."""


@dataclass(frozen=True)
class Policy:
    rpc: str
    permission: str
    services: tuple[str, ...]
    public: bool
    log_read: bool


@dataclass(frozen=True)
class Caller:
    """Who stands behind one call. `person` is SYS with the service's name where a service calls on its own."""

    person: Person
    name: str
    permissions: frozenset[str]
    scope: str
    root: str
    service: str
    handed_to: str
    policy: Policy
    claims: Mapping[str, Any]
    read_reason: str = ""

    @property
    def user(self) -> bool:
        return bool(self.claims)


current: ContextVar[Caller | None] = ContextVar("caller", default=None)
# The raw user token of the call in progress; the client passes it on.
user_token: ContextVar[str] = ContextVar("user_token", default="")
# The root whose clock a call without a user follows; the client passes it on.
acting_root: ContextVar[str] = ContextVar("acting_root", default="")


class Keys:
    """Public keys by key id. `fetch` answers a JSON Web Key Set."""

    def __init__(self, fetch: Callable[[], Awaitable[str]]) -> None:
        self._fetch = fetch
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = float("-inf")
        self._looking = asyncio.Lock()
        # Tokens verified before, until their end or the next look at the keys.
        self._known: dict[str, dict[str, Any]] = {}

    async def load(self) -> None:
        keys: dict[str, jwt.PyJWK] = {}
        for key in json.loads(await self._fetch())["keys"]:
            keys[key["kid"]] = jwt.PyJWK(key, algorithm="ES256")
        self._keys, self._fetched, self._known = keys, time.monotonic(), {}

    async def key(self, kid: str) -> jwt.PyJWK:
        if self._wants(kid):
            # Calls that come together look once.
            async with self._looking:
                if self._wants(kid):
                    await self._look_again()
        found = self._keys.get(kid)
        if found is None:
            raise Unauthenticated("TOKEN_INVALID", "the token is signed by an unknown key")
        return found

    def _wants(self, kid: str) -> bool:
        age = time.monotonic() - self._fetched
        return age > KEEP_SECONDS or (kid not in self._keys and age > REFRESH_SECONDS)

    async def _look_again(self) -> None:
        try:
            await self.load()
        except Exception as error:
            # With keys at hand identity may be away for a while; without any nobody can be let in.
            if not self._keys:
                raise Unavailable("the keys of tokens cannot be had", dependency="identity") from error
            log.warning("the keys of tokens cannot be had, those at hand go on: %s", words_of(error))
            self._fetched = time.monotonic() - KEEP_SECONDS + REFRESH_SECONDS

    async def verify(self, token: str) -> dict[str, Any]:
        known = self._known.get(token)
        if known is not None and known["exp"] > time.time() and time.monotonic() - self._fetched < KEEP_SECONDS:
            return known
        try:
            kid = jwt.get_unverified_header(token).get("kid", "")
            key = await self.key(kid)
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=["ES256"], issuer=ISSUER, leeway=5, options={"require": ["exp", "iat", "sub"], "verify_aud": False}
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("TOKEN_EXPIRED", "the token has expired") from error
        except jwt.PyJWTError as error:
            raise Unauthenticated("TOKEN_INVALID", "the token is not valid") from error
        # A service signs with its own key and can therefore speak for itself only; a user's token comes from identity alone.
        if (claims["sub"].startswith("svc:") or kid.startswith("svc:")) and claims["sub"] != kid:
            raise Unauthenticated("TOKEN_INVALID", "the key does not belong to the subject")
        if len(self._known) >= TOKENS:
            self._known.clear()
        self._known[token] = claims
        return claims


class ServiceToken:
    """The own token of this service, made anew before it ends."""

    def __init__(self, service: str, key_file: Path) -> None:
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, EllipticCurvePrivateKey):
            raise TypeError(f"{key_file} holds no EC key")
        self._subject, self._key = f"svc:{service}", key
        self._token, self._expires = "", 0.0

    def __call__(self) -> str:
        now = time.time()
        if now > self._expires - 60:
            self._expires = now + TOKEN_SECONDS
            claims = {"iss": ISSUER, "sub": self._subject, "iat": int(now), "exp": int(self._expires)}
            self._token = jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": self._subject})
        return self._token


def policy_of(rpc: str) -> Policy | None:
    """The policy option of `/package.Service/Method`; None if it has none."""
    service, method = rpc.lstrip("/").split("/")
    options = descriptor_pool.Default().FindServiceByName(service).methods_by_name[method].GetOptions()
    if not options.HasExtension(policy_pb2.policy):
        return None
    policy = options.Extensions[policy_pb2.policy]
    return Policy(rpc, policy.permission, tuple(policy.services), policy.public, policy.log_read)


def _person(claims: Mapping[str, Any]) -> Person:
    return Person(
        id=claims["sub"],
        org_id=claims.get("org", ""),
        org_path=claims["path"],
        roles=frozenset(Role(role) for role in claims.get("roles", ()) if role in _ROLES),
        delegations=dict(claims.get("delegations") or {}),
    )


async def caller_of(policy: Policy, metadata: Mapping[str, str], keys: Keys) -> Caller:
    """Check the tokens of a call against its policy. Raises Unauthenticated or Forbidden."""
    user, service = _bearer(metadata, "authorization"), _bearer(metadata, "service-authorization")
    claims: dict[str, Any] = {}
    name = ""
    if user:
        claims = await keys.verify(user)
        if claims["sub"].startswith("svc:"):
            # A service may put its own token in either header.
            service, claims, user = user, {}, ""
    if service:
        name = (await keys.verify(service))["sub"].removeprefix("svc:")
    by_service = bool(name) and name in policy.services
    if not policy.public and not by_service:
        if not claims and not name:
            raise Unauthenticated("TOKEN_MISSING", "a token is needed")
        if not claims:
            raise ServiceNotAllowed("this service may not call", service=name, rpc=policy.rpc)
        if not policy.permission:
            raise UsersNotAllowed("only services may call this", rpc=policy.rpc)
        if policy.permission not in claims.get("permissions", ()):
            raise PermissionMissing("your token does not carry the permission", permission=policy.permission)
    reason = metadata.get("anzhi-read-reason", "")
    if claims:
        person, scope = _person(claims), claims["path"]
        root = claims.get("root") or root_of(scope)
        user_token.set(user)
    else:
        person = Person(id=f"svc:{name}" if name else "anonymous", org_id="", org_path="/", roles=SYSTEM.roles if name else frozenset())
        scope, root = ("/" if by_service else ""), metadata.get("anzhi-root", "")
        user_token.set("")
    acting_root.set(root)
    caller = Caller(
        person=person,
        name=claims.get("name", ""),
        permissions=frozenset(claims.get("permissions", ())),
        scope=scope,
        root=root,
        service=name,
        handed_to=claims.get("client_id", ""),
        policy=policy,
        claims=claims,
        read_reason=reason,
    )
    current.set(caller)
    return caller


def _bearer(metadata: Mapping[str, str], name: str) -> str:
    scheme, _, token = metadata.get(name, "").partition(" ")
    return token if scheme.lower() == "bearer" else ""
