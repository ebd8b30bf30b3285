"""A key pair per service: the service signs its own tokens with it, identity publishes the public half."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from embedded.state import State


def private_key(state: State, service: str) -> Path:
    """The file of the ES256 key, made at first asking."""
    path = state.path("keys") / f"{service}.pem"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        content = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        draft = path.with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
        public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        (public_keys(state) / f"{service}.pem").write_bytes(public)
        draft.replace(path)
    return path


def public_keys(state: State) -> Path:
    return state.path("keys", "public")


def seals(state: State) -> Path:
    """The folder of the development keys of seals."""
    return state.path("keys", "seals")
