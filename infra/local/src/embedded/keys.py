"""A key pair per service: the service signs its own tokens with it, identity publishes the public half."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from embedded.state import State


def private_key(state: State, service: str) -> Path:
    """The file of the ES256 key, made at first asking."""
    path = state.path("keys") / f"{service}.pem"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        draft = path.with_suffix(".draft")
        _write(draft, key)
        public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        (public_keys(state) / f"{service}.pem").write_bytes(public)
        draft.replace(path)
    return path


def ledger_key(state: State) -> Path:
    """The Ed25519 key that signs checkpoints of the ledger."""
    path = state.path("keys", "evidence") / "ledger.pem"
    if not path.exists():
        _write(path, ed25519.Ed25519PrivateKey.generate())
    return path


def pack_key(state: State) -> Path:
    """The P-256 key that signs the manifests of packs."""
    path = state.path("keys", "evidence") / "pack.pem"
    if not path.exists():
        _write(path, ec.generate_private_key(ec.SECP256R1()))
    return path


def _write(path: Path, key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> None:
    content = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)


def public_keys(state: State) -> Path:
    return state.path("keys", "public")


def seals(state: State) -> Path:
    """The folder of the development keys of seals."""
    return state.path("keys", "seals")
