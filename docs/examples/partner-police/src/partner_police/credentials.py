"""The private key of this organ, and the assertions that it signs (RFC 7523)."""

import base64
import hashlib
import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

ASSERTION_SECONDS = 120


class Credentials:
    """`kid`: the thumbprint of the public key (RFC 7638), unless the administrator was given another."""

    def __init__(self, client_id: str, key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, kid: str = "") -> None:
        self.client_id, self._key = client_id, key
        self.algorithm = "ES256" if isinstance(key, ec.EllipticCurvePrivateKey) else "EdDSA"
        self.kid = kid or thumbprint(self._public())

    @classmethod
    def read(cls, client_id: str, path: Path, kid: str = "") -> "Credentials":
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
            raise TypeError(f"{path} holds neither an EC P-256 nor an Ed25519 key")
        return cls(client_id, key, kid)

    def assertion(self, audience: str) -> str:
        """Good once, for this audience, for two minutes."""
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": audience,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": uuid4().hex,
        }
        return jwt.encode(claims, self._key, algorithm=self.algorithm, headers={"kid": self.kid})

    def jwks(self) -> str:
        """The public half, as the administrator of the platform registers it."""
        return json.dumps({"keys": [{**self._public(), "kid": self.kid}]})

    def _public(self) -> dict[str, Any]:
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return dict(ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True))
        return dict(OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True))


def thumbprint(jwk: dict[str, Any]) -> str:
    needed = {name: jwk[name] for name in ("crv", "kty", "x", "y") if name in jwk}
    text = json.dumps(needed, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
