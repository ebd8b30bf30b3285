"""Tokens of partners for signed assertions: OAuth 2.0 client credentials with private_key_jwt (RFC 6749 4.4, RFC 7523).

What is wrong with a proof is said in its text and answered as 401; which clients exist is told to nobody.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import jwt
from kernel.errors import Forbidden, Invalid
from redis.asyncio import Redis
from redis.exceptions import RedisError
from servicekit.auth import ISSUER, TOKEN_SECONDS, Unauthenticated
from servicekit.clock import root_of
from servicekit.db import Sessions, transaction
from servicekit.faults import Unavailable

from identity.adapters.keyring import Keyring
from identity.adapters.store import Store
from identity.domain.partner import ASSERTION_SECONDS, PartnerClient

GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = {"EC": "ES256", "OKP": "EdDSA"}
LEEWAY = 10
LONGEST = 4096


class GrantTypeUnsupported(Invalid):
    """The token endpoint knows client_credentials and no other grant."""


class TokenRequestMalformed(Invalid):
    """A parameter of the token request is missing or too long."""


class ClientRefused(Forbidden):
    """The client could not prove itself, or is disabled."""


def refused(text: str) -> Unauthenticated:
    """Who could not show who he is gets 401, not 403."""
    return Unauthenticated(ClientRefused(text).reason, text)


@dataclass(frozen=True)
class PartnerToken:
    access_token: str
    token_type: str
    expires_in: int
    scope: str


class PartnerTokens:
    """`audiences`: what an assertion may name as whom it is for: the token endpoint, or the platform."""

    def __init__(self, sessions: Sessions, redis: Redis, keyring: Keyring, *, public_url: str) -> None:
        self._sessions, self._redis, self._keyring = sessions, redis, keyring
        self.audiences = (f"{public_url.rstrip('/')}/oauth/token", public_url.rstrip("/"))

    async def issue(self, grant_type: str, assertion_type: str, assertion: str, client_id: str, scope: str) -> PartnerToken:
        """Raises: TokenRequestMalformed, GrantTypeUnsupported, Unauthenticated, ScopeNotGranted, Unavailable."""
        if not grant_type or len(assertion) > LONGEST or len(scope) > 400:
            raise TokenRequestMalformed("grant_type is missing, or a parameter is too long", parameter="grant_type")
        if grant_type != GRANT:
            raise GrantTypeUnsupported("only client_credentials is known here", given=grant_type[:64])
        if assertion_type != ASSERTION_TYPE or not assertion:
            raise refused("the client proves itself by client_assertion of type jwt-bearer")
        client, claims = await self._proven(assertion)
        if client_id and client_id != client.client_id:
            raise refused("client_id is not the client of the assertion")
        await self._once(client, claims)
        if not client.active:
            raise refused("the client is disabled")
        granted = client.granted(scope)
        return PartnerToken(await self._signed(client, granted), "Bearer", TOKEN_SECONDS, " ".join(granted))

    async def _proven(self, assertion: str) -> tuple[PartnerClient, Mapping[str, Any]]:
        try:
            header = jwt.get_unverified_header(assertion)
            named = str(jwt.decode(assertion, options={"verify_signature": False}).get("sub", ""))
        except jwt.PyJWTError as error:
            raise refused("the assertion is no JWT") from error
        async with transaction(self._sessions, Store, scope="/") as uow:
            client = await uow.partner_named(named)
        held = next((key for key in client.keys if key["kid"] == header.get("kid")), None) if client is not None else None
        if client is None or held is None:
            raise refused("no client has this id and this key")
        algorithm = ALGORITHMS[held["kty"]]
        try:
            claims: dict[str, Any] = jwt.decode(
                assertion,
                jwt.PyJWK(held, algorithm=algorithm),
                algorithms=[algorithm],
                audience=self.audiences,
                issuer=client.client_id,
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "jti"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise refused("the assertion has expired") from error
        except jwt.InvalidAudienceError as error:
            raise refused("the assertion is for someone else: aud is the token endpoint") from error
        except jwt.PyJWTError as error:
            raise refused("the assertion is not valid") from error
        if claims["exp"] > time.time() + ASSERTION_SECONDS + LEEWAY:
            raise refused(f"an assertion lasts at most {ASSERTION_SECONDS} seconds")
        return client, claims

    async def _once(self, client: PartnerClient, claims: Mapping[str, Any]) -> None:
        """RFC 7523 3, 7: a jti counts once while the assertion lives."""
        told = hashlib.sha256(f"{client.client_id} {claims['jti']}".encode()).hexdigest()
        left = int(claims["exp"] - time.time()) + 2 * LEEWAY
        try:
            fresh = await self._redis.set(f"identity:assertion:{told}", 1, nx=True, ex=max(left, 1))
        except (RedisError, OSError) as error:
            raise Unavailable("assertions cannot be counted", dependency="redis") from error
        if not fresh:
            raise refused("the assertion was used before")

    async def _signed(self, client: PartnerClient, granted: Sequence[str]) -> str:
        key, now = await self._keyring.signing(), int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": f"partner:{client.client_id}",
            "client_id": client.client_id,
            "name": client.name,
            "kind": str(client.kind),
            "scope": " ".join(granted),
            "quota": client.quota_per_minute,
            # No body has such a path: what the partner sees was handed to it, row by row.
            "path": f"/partner:{client.client_id}/",
            "root": root_of(client.org_path),
            "org": "",
            "roles": [client.role],
            "permissions": [f"partner.{scope}" for scope in granted],
            "jti": uuid4().hex,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        }
        return jwt.encode(claims, key.private, algorithm="ES256", headers={"kid": key.kid})
