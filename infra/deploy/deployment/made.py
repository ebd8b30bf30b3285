"""What chance makes: words, keys, and the roles of databases that go with them."""

import secrets
import string
from collections.abc import Callable

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def word() -> str:
    """Letters and digits only, so that it needs no quoting in a URL; of each kind one."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    while True:
        made = "".join(secrets.choice("".join(kinds)) for _ in range(40))
        if all(set(made) & set(kind) for kind in kinds):
            return made


def _pem(key: Key) -> str:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


def p256() -> str:
    return _pem(ec.generate_private_key(ec.SECP256R1()))


def ed25519_key() -> str:
    return _pem(ed25519.Ed25519PrivateKey.generate())


# How each secret is made that needs nothing but chance.
MAKERS: dict[str, Callable[[], str]] = {
    "VAULT_KEY": word,
    "WEBHOOK_KEY": word,
    "BOOTSTRAP_PASSWORD": word,
    "service.pem": p256,
    "ledger.pem": ed25519_key,
    "pack.pem": p256,
}
# What stored data or strangers rest on: a new one is a loss, not a rotation.
FIXED = {
    "VAULT_KEY": "second factors and signing keys are stored encrypted with it",
    "WEBHOOK_KEY": "the secrets of all partners' endpoints follow from it: give an endpoint a new secret by its API",
    "POSTGRES_PASSWORD": "the server took it when its volume was made: change it there by ALTER ROLE postgres",
}


def public(private_pem: str) -> str:
    key = serialization.load_pem_private_key(private_pem.encode(), password=None)
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
