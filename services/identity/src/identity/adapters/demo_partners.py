"""Clients of partners for demonstrations. Each gets a private key in a file of its own beside the accounts, mode 600."""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from kernel.moves import Facts

from identity.adapters.store import Store
from identity.domain.org import shipped_id
from identity.domain.partner import SCOPES, PartnerClient

QUOTA = 600


class DemoPartners:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def load(self, uow: Store, given: Mapping[str, str], facts: Facts) -> None:
        """Idempotent: whose file is gone gets a new key."""
        keys = [public_jwk(self._key(given["client_id"]))]
        client = await uow.partner_named(given["client_id"])
        if client is None:
            client, happened = PartnerClient.register(
                await uow.org_unit(shipped_id(given["org"])),
                client_id=given["client_id"],
                name=given["name"],
                kind=given["kind"],
                region_code=given["region_code"],
                scopes=sorted(SCOPES),
                quota_per_minute=QUOTA,
                keys=keys,
                facts=facts,
                verified=False,
            )
            await uow.new_partner(client)
            uow.record(happened)
        elif client.keys != keys:
            uow.record(client.rotate_keys(keys, reason="the file of the key was made anew", facts=facts))
            await uow.flush()

    def _key(self, client_id: str) -> ec.EllipticCurvePrivateKey:
        path = self.folder / f"{client_id}.pem"
        if path.exists():
            held = serialization.load_pem_private_key(path.read_bytes(), password=None)
            if isinstance(held, ec.EllipticCurvePrivateKey):
                return held
        made = ec.generate_private_key(ec.SECP256R1())
        text = made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text)
        return made


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """With its thumbprint as kid (RFC 7638), which the partner computes in the same way."""
    made = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    plain = {name: made[name] for name in ("crv", "kty", "x", "y")}
    digest = hashlib.sha256(json.dumps(plain, separators=(",", ":"), sort_keys=True).encode()).digest()
    kid = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return {"kid": kid, "kty": plain["kty"], "crv": plain["crv"], "x": plain["x"], "y": plain["y"]}
