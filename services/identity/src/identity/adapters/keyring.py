"""The keys that sign tokens: made here, kept encrypted in the database, published before they sign and for as long as what
they signed may live. The public keys of the services come from a folder.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from servicekit.auth import ISSUER, KEEP_SECONDS, TOKEN_SECONDS
from servicekit.db import Sessions, transaction
from sqlalchemy import func, insert, select

from identity.adapters.store import Store
from identity.adapters.tables import signing_keys
from identity.adapters.vault import Vault
from identity.application.ports import Account, Issued

# A new key is published this long before it signs: by then every service has fetched it.
AHEAD = timedelta(seconds=2 * KEEP_SECONDS)
# A key that no longer signs stays published until the last token it signed has ended.
BEHIND = timedelta(seconds=2 * TOKEN_SECONDS)
READ_AGAIN_SECONDS = 20.0


@dataclass(frozen=True)
class SigningKey:
    kid: str
    public: Mapping[str, Any]
    private: ec.EllipticCurvePrivateKey
    signs_from: datetime
    made_at: datetime


class Keyring:
    def __init__(self, sessions: Sessions, vault: Vault, *, service_keys: Path | None, key_days: int) -> None:
        self._sessions, self._vault, self._folder = sessions, vault, service_keys
        self._life = timedelta(days=key_days)
        self._keys: Sequence[SigningKey] = ()
        self._read_at = float("-inf")

    async def signing(self) -> SigningKey:
        """The newest key whose time has come."""
        now = datetime.now(UTC)
        return next(key for key in await self._read() if key.signs_from <= now)

    async def jwks(self) -> str:
        now, published = datetime.now(UTC), []
        superseded: datetime | None = None
        for key in await self._read():
            if superseded is None or superseded + BEHIND > now:
                published.append({**key.public, "kid": key.kid, "alg": "ES256", "use": "sig"})
            if key.signs_from <= now and superseded is None:
                superseded = key.signs_from
        return json.dumps({"keys": [*published, *self._services()]}, separators=(",", ":"))

    async def rotate(self) -> str:
        """A new key now, whatever the age of the present one: its id."""
        await self._make(datetime.now(UTC) + AHEAD, older_than=timedelta(0))
        self._read_at = float("-inf")
        return (await self._read())[0].kid

    async def _read(self) -> Sequence[SigningKey]:
        if time.monotonic() - self._read_at < READ_AGAIN_SECONDS:
            return self._keys
        keys = await self._stored()
        now = datetime.now(UTC)
        if not keys:
            await self._make(now, older_than=self._life)
            keys = await self._stored()
        elif now - keys[0].made_at > self._life:
            await self._make(now + AHEAD, older_than=self._life)
            keys = await self._stored()
        self._keys, self._read_at = keys, time.monotonic()
        return keys

    async def _stored(self) -> list[SigningKey]:
        async with transaction(self._sessions, Store, scope="/", jobs=self._sessions.serve is None) as uow:
            rows = (await uow.session.execute(select(signing_keys).order_by(signing_keys.c.signs_from.desc()).limit(4))).all()
        return [self._opened(row) for row in rows]

    def _opened(self, row: Any) -> SigningKey:
        content = self._vault.open(row.private_key, f"signing key {row.kid}")
        private = serialization.load_der_private_key(content, password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{row.kid} is no EC key")
        return SigningKey(row.kid, row.public_jwk, private, row.signs_from, row.made_at)

    async def _make(self, signs_from: datetime, *, older_than: timedelta) -> None:
        """One of several processes makes it; the others find it made."""
        async with transaction(self._sessions, Store, scope="/", jobs=self._sessions.serve is None) as uow:
            await uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("signing keys", 0))))
            newest = (await uow.session.execute(select(func.max(signing_keys.c.made_at)))).scalar_one()
            if newest is not None and datetime.now(UTC) - newest <= older_than:
                return
            key = ec.generate_private_key(ec.SECP256R1())
            public = _jwk(key.public_key())
            kid = hashlib.sha256(json.dumps(public, sort_keys=True).encode()).hexdigest()[:16]
            content = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            sealed = self._vault.seal(content, f"signing key {kid}")
            await uow.session.execute(insert(signing_keys).values(kid=kid, public_jwk=public, private_key=sealed, signs_from=signs_from))

    def _services(self) -> list[dict[str, Any]]:
        if self._folder is None:
            return []
        found = []
        for file in sorted(self._folder.glob("*.pem")):
            public = serialization.load_pem_public_key(file.read_bytes())
            if not isinstance(public, ec.EllipticCurvePublicKey):
                raise TypeError(f"{file} is no EC key")
            found.append({**_jwk(public), "kid": f"svc:{file.stem}", "alg": "ES256", "use": "sig"})
        return found


def _jwk(key: ec.EllipticCurvePublicKey) -> dict[str, Any]:
    made = ECAlgorithm.to_jwk(key, as_dict=True)
    return {name: made[name] for name in ("kty", "crv", "x", "y")}


class SignedTokens:
    """Access tokens signed by the keyring; refresh tokens `session.turn.mac`, which only this service can make."""

    def __init__(self, keyring: Keyring, vault: Vault, *, refresh_seconds: int) -> None:
        self._keyring, self._secret, self._refresh_seconds = keyring, vault.drawn("refresh tokens"), refresh_seconds

    async def issue(self, account: Account, *, session: str, turn: int, amr: Sequence[str]) -> Issued:
        key = await self._keyring.signing()
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": str(account.id),
            "org": str(account.org_id),
            "path": account.org_path,
            "root": account.root,
            "roles": sorted(account.roles),
            "permissions": sorted(account.permissions),
            "delegations": dict(account.delegations),
            "name": account.name,
            "amr": list(amr),
            "sid": session,
            "jti": f"{session}.{turn}",
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        }
        return Issued(
            access_token=jwt.encode(claims, key.private, algorithm="ES256", headers={"kid": key.kid}),
            access_expires_at=datetime.fromtimestamp(now + TOKEN_SECONDS, UTC),
            refresh_token=f"{session}.{turn}.{self._mac(session, turn)}",
            refresh_expires_at=datetime.fromtimestamp(now + self._refresh_seconds, UTC),
            user_id=account.id,
            name=account.name,
            org_id=account.org_id,
            org_path=account.org_path,
            roles=sorted(account.roles),
            password_change_required=account.must_change,
        )

    def read_refresh(self, token: str) -> tuple[str, int] | None:
        parts = token.split(".")
        if len(parts) != 3 or not parts[1].isascii() or not parts[1].isdigit() or len(parts[1]) > 9:
            return None
        session, turn = parts[0], int(parts[1])
        right = hmac.compare_digest(self._mac(session, turn).encode(), parts[2].encode())
        return (session, turn) if right else None

    def _mac(self, session: str, turn: int) -> str:
        return hmac.digest(self._secret, f"{session}.{turn}".encode(), hashlib.sha256).hex()
