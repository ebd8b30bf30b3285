"""A partner organ at the API: OAuth 2.0 client credentials with a signed JWT (RFC 7523)."""

import base64
import hashlib
import json
import time
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import httpx
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from embedded.demo.api import Actor, Refused

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Police(Protocol):
    """Who takes the steps of the police: a client of ours, or the sample program."""

    name: str

    def move(self, transfer_id: str, verb: str, **body: Any) -> dict[str, Any]: ...


class Partner(Actor):
    """One client of a partner. `key`: its private key, EC P-256 in PEM."""

    def __init__(self, http: httpx.Client, audience: str, client_id: str, name: str, key: Path) -> None:
        self._http, self.client_id, self.name, self._audience = http, client_id, name, audience
        read = serialization.load_pem_private_key(key.read_bytes(), password=None)
        if not isinstance(read, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{key} holds no EC key")
        self._key = read
        self._token, self._renew_at = "", 0.0

    def move(self, transfer_id: str, verb: str, **body: Any) -> dict[str, Any]:
        """A step of the partner on what stands now. Raises: Refused."""
        path = f"/v1/partner/transfers/{transfer_id}"
        return self.post(f"{path}:{verb}", version=self.get(path)["version"], **body)

    def login(self) -> None:
        now = int(time.time())
        claims = {"iss": self.client_id, "sub": self.client_id, "aud": self._audience, "iat": now, "exp": now + 120, "jti": uuid4().hex}
        kid = thumbprint(ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True))
        asserted = jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": kid})
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": asserted}
        answer = self._http.post("/oauth/token", data=form)
        if answer.is_error:
            raise Refused(answer)
        told = answer.json()
        self._token, self._renew_at = told["access_token"], time.monotonic() + int(told["expires_in"]) - 60


def thumbprint(jwk: dict[str, Any]) -> str:
    """RFC 7638."""
    needed = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    told = json.dumps(needed, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(told).digest()).decode().rstrip("=")
