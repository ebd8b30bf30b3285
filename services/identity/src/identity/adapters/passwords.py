"""Passwords by argon2id in threads, and the codes of the second factor."""

import asyncio
import hmac
import os
import secrets
import time
from concurrent.futures import ThreadPoolExecutor

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

STEP_SECONDS = 30
# A code of the step before or after is taken: clocks differ.
DRIFT = 1
ISSUER = "Anzhi"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"


class Argon:
    """argon2id with 19 MiB, two passes, one lane: some 27 ms of one core."""

    def __init__(self) -> None:
        self._argon = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
        # argon2 lets go of the interpreter lock; more threads than cores only wait for each other.
        self._threads = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="argon")
        self._nobody = self._argon.hash(secrets.token_hex(16))

    async def hash(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._argon.hash, password)

    async def verify(self, password_hash: str, password: str) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._verify, password_hash, password)

    def outdated(self, password_hash: str) -> bool:
        return self._argon.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._argon.verify(password_hash or self._nobody, password) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


class Totp:
    """RFC 6238, six digits, SHA-1: what every authenticator knows."""

    def secret(self) -> str:
        return pyotp.random_base32()

    def uri(self, secret: str, username: str) -> str:
        uri: str = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)
        return uri

    def step(self, secret: str, code: str) -> int | None:
        now = int(time.time()) // STEP_SECONDS
        totp = pyotp.TOTP(secret)
        found = None
        for step in range(now - DRIFT, now + DRIFT + 1):
            if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), code.strip().encode()):
                found = step
        return found


def new_password() -> str:
    """For once: 16 characters that are not mistaken for each other, of three kinds and more."""
    while True:
        password = "".join(secrets.choice(_ALPHABET) for _ in range(16)) + secrets.choice("-+=%")
        if any(letter.isdigit() for letter in password) and any(letter.islower() for letter in password):
            return password
