"""Who acts in a test, and his token."""

import json
import pkgutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import anzhi
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

KEY_ID = "testkit"
# Each package of the contracts is a service's, and a few that tests make up.
SERVICES = ("gateway", "post", "toy", *sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(anzhi.__path__)))


@dataclass(frozen=True)
class User:
    id: str
    name: str
    org_id: str
    org_path: str
    roles: tuple[str, ...]
    permissions: tuple[str, ...]
    delegations: Mapping[str, int | None] = field(default_factory=dict)
    amr: tuple[str, ...] = ("pwd",)

    @property
    def root(self) -> str:
        return f"/{self.org_path.strip('/').split('/')[0]}/"


def a_user(
    id: str = "",
    *,
    org_path: str = "/44/",
    org_id: str = "org",
    roles: tuple[str, ...] = ("OFF",),
    permissions: tuple[str, ...] = (),
    name: str = "",
    delegations: Mapping[str, int | None] | None = None,
    amr: tuple[str, ...] = ("pwd",),
) -> User:
    id = id or f"user-{uuid4().hex[:8]}"
    return User(id, name or id, org_id, org_path, roles, permissions, delegations or {}, amr)


class Signer:
    """Signs as identity would, and as any service would; `jwks` is what identity answers."""

    def __init__(self) -> None:
        self._keys: dict[str, ec.EllipticCurvePrivateKey] = {}
        # A service looks for a new key at most every few seconds: those that tests use are there from the start.
        for kid in (KEY_ID, *(f"svc:{name}" for name in SERVICES)):
            self.key(kid)

    def key(self, kid: str) -> ec.EllipticCurvePrivateKey:
        if kid not in self._keys:
            self._keys[kid] = ec.generate_private_key(ec.SECP256R1())
        return self._keys[kid]

    def pem(self, service: str) -> bytes:
        return self.key(f"svc:{service}").private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    async def jwks(self) -> str:
        keys = []
        for kid, key in self._keys.items():
            public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
            keys.append({**public, "kid": kid, "alg": "ES256", "use": "sig"})
        return json.dumps({"keys": keys})

    def token(self, user: User, *, seconds: int = 600, kid: str = KEY_ID, **claims: object) -> str:
        now = int(time.time())
        body = {
            "iss": "anzhi",
            "sub": user.id,
            "name": user.name,
            "org": user.org_id,
            "path": user.org_path,
            "root": user.root,
            "roles": list(user.roles),
            "permissions": list(user.permissions),
            "delegations": dict(user.delegations),
            "amr": list(user.amr),
            "jti": uuid4().hex,
            "iat": now,
            "exp": now + seconds,
            **claims,
        }
        return jwt.encode(body, self.key(kid), algorithm="ES256", headers={"kid": kid})

    def service_token(self, service: str, *, seconds: int = 600) -> str:
        now, name = int(time.time()), f"svc:{service}"
        return jwt.encode(
            {"iss": "anzhi", "sub": name, "iat": now, "exp": now + seconds}, self.key(name), algorithm="ES256", headers={"kid": name}
        )
