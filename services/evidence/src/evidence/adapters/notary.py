"""The ledger's key and the notes that it signs (C2SP signed-note, Ed25519)."""

import asyncio
import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from opentelemetry import metrics
from servicekit.db import Sessions, transaction
from servicekit.measures import Measure
from sqlalchemy import text

from evidence.adapters.ledger_rows import LedgerRows
from evidence.application import ledger
from evidence.domain.ledger import Checkpoint, LedgerEmpty, head

_meter = metrics.get_meter("evidence")
checkpoint_age = _meter.create_gauge("anzhi.ledger.checkpoint_age", "s", "Age of the newest signed checkpoint of the ledger")
unsigned = _meter.create_gauge("anzhi.ledger.unsigned", "{event}", "Events of the ledger that no checkpoint covers yet")
_STANDS = text("""
SELECT (SELECT coalesce(max(index) + 1, 0) FROM leaves) - coalesce(c.size, 0), coalesce(extract(epoch FROM now() - c.signed_at), 0)::float8
FROM (SELECT 1) one LEFT JOIN (SELECT size, signed_at FROM checkpoints ORDER BY id DESC LIMIT 1) c ON true
""")
ED25519 = b"\x01"
# How often within the time between two checkpoints it is looked whether one is due.
LOOKS = 12


def of_ledger(sessions: Sessions) -> Measure:
    async def measure_ledger() -> None:
        async with sessions.engine(jobs=True).connect() as connection:
            behind, age = (await connection.execute(_STANDS)).one()
        unsigned.set(behind)
        checkpoint_age.set(age)

    return measure_ledger


class LedgerKeyUnfit(RuntimeError):
    """LEDGER_KEY_FILE holds no Ed25519 private key."""


class LedgerNotary:
    """Reads its key when it first signs: who only consumes or relays has no need of it."""

    def __init__(self, key_file: Path, origin: str) -> None:
        self.origin, self._file = origin, key_file
        self._key: Ed25519PrivateKey | None = None

    @property
    def key(self) -> Ed25519PrivateKey:
        if self._key is None:
            loaded = serialization.load_pem_private_key(self._file.read_bytes(), password=None)
            if not isinstance(loaded, Ed25519PrivateKey):
                raise LedgerKeyUnfit(f"{self._file} holds no Ed25519 key")
            self._key = loaded
        return self._key

    @property
    def public_pem(self) -> str:
        public = self.key.public_key()
        return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    def sign(self, size: int, root: bytes, now: datetime) -> Checkpoint:
        said = head(self.origin, size, root)
        raw = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        key_id = hashlib.sha256(self.origin.encode() + b"\n" + ED25519 + raw).digest()[:4]
        signature = base64.b64encode(key_id + self.key.sign(said.encode())).decode()
        note = f"{said}\n— {self.origin} {signature}\n"
        return Checkpoint(self.origin, size, root, now, note, self.origin, self.public_pem)


@dataclass(frozen=True)
class Signing:
    """Signs checkpoints: `run` again and again, `now` for who needs one that covers all that stands."""

    sessions: Sessions
    notary: LedgerNotary
    every: timedelta

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self._sign(self.every)
            try:
                await asyncio.wait_for(stop.wait(), self.every.total_seconds() / LOOKS)
            except TimeoutError:
                continue

    async def now(self) -> Checkpoint:
        """Raises: LedgerEmpty."""
        made = await self._sign(timedelta())
        if made is None:
            raise LedgerEmpty("no event has reached the ledger yet")
        return made

    async def _sign(self, every: timedelta) -> Checkpoint | None:
        async with transaction(self.sessions, LedgerRows, scope="/") as uow:
            return await ledger.sign(uow, notary=self.notary, now=datetime.now(UTC), every=every)
