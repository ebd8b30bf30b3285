"""Secrets at rest: AES-256-GCM under a key of the settings, bound to what the secret is for."""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
SHORTEST = 32


class Vault:
    """One key, hashed from the text of the settings, and keys for other purposes drawn from it."""

    def __init__(self, key: str) -> None:
        if len(key) < SHORTEST:
            raise ValueError(f"the key of the vault has at least {SHORTEST} characters")
        self._raw = hashlib.sha256(key.encode()).digest()
        self._cipher = AESGCM(self._raw)

    def seal(self, content: bytes, purpose: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())

    def drawn(self, purpose: str) -> bytes:
        """Another key, for one purpose."""
        return hmac.digest(self._raw, purpose.encode(), hashlib.sha256)
