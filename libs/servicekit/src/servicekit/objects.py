"""Files in any S3 with object lock. Clients upload and download by presigned URL; the service reads exactly one version.

Several servers accept lock headers and ignore them, so the lock is proved when a service starts (`prove_lock`).
"""

import asyncio
import hashlib
import io
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import urllib3
from cryptography.hazmat.primitives import hashes
from kernel.errors import NotFound
from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.error import MinioException, S3Error
from minio.retention import Retention
from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.trace import SpanKind

from servicekit import telemetry
from servicekit.broker import Away
from servicekit.faults import Unavailable
from servicekit.settings import ObjectSettings

T = TypeVar("T")
REGION = "us-east-1"
CHUNK = 1 << 20
PROOF = "lock-proof"
PROOF_SECONDS = 30
_ABSENT = {"NoSuchKey", "NoSuchVersion", "NoSuchObject"}


_proved: dict[str, float] = {}


def _proofs(_: CallbackOptions) -> Iterable[Observation]:
    for bucket, at in _proved.items():
        yield Observation(at, {"bucket": bucket})


metrics.get_meter("servicekit").create_observable_gauge(
    "anzhi.objects.lock_proved", [_proofs], "s", "When this process last proved the lock of a bucket, in seconds since 1970"
)


class ObjectNotFound(NotFound):
    """The store has no such object, or no such version of it."""


class LockNotEnforced(RuntimeError):
    """The store let a locked version be deleted: nothing here may count as evidence."""


@dataclass(frozen=True)
class Stored:
    """One version of one object."""

    key: str
    version: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Digests:
    sha256: str
    sm3: str
    size: int


def digests(chunks: Iterable[bytes]) -> Digests:
    sha256, sm3, size = hashlib.sha256(), hashes.Hash(hashes.SM3()), 0
    for chunk in chunks:
        sha256.update(chunk)
        sm3.update(chunk)
        size += len(chunk)
    return Digests(sha256.hexdigest(), sm3.finalize().hex(), size)


def _client(endpoint: str, settings: ObjectSettings) -> Minio:
    place = urlsplit(endpoint)
    trusted = str(settings.s3_ca_file) if settings.s3_ca_file else None
    pool = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=3, read=30), maxsize=20, retries=urllib3.Retry(total=2, backoff_factor=0.2), ca_certs=trusted
    )
    # With the region given the SDK signs without asking the server.
    return Minio(
        place.netloc,
        settings.s3_access_key,
        settings.s3_secret_key.get_secret_value(),
        secure=place.scheme == "https",
        region=REGION,
        http_client=pool,
    )


def lock_fault(settings: ObjectSettings, bucket: str) -> str:
    """The sentence for a store that cannot be used, or a bucket that stands without lock; otherwise nothing."""
    name, client, at = settings.s3_bucket_prefix + bucket, _client(settings.s3_endpoint, settings), settings.s3_endpoint
    try:
        if client.bucket_exists(name):
            client.get_object_lock_config(name)
    except S3Error as error:
        if error.code == "ObjectLockConfigurationNotFoundError":
            return (
                f"S3_BUCKET_PREFIX: the bucket {name} has no object lock, which a bucket gets when it is made or never: "
                "remove it if it is empty, or give a prefix of its own."
            )
        return f"S3_ACCESS_KEY, S3_SECRET_KEY: the store at {at} refuses them for the bucket {name} ({error.code})."
    except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
        if isinstance(getattr(error, "reason", error), urllib3.exceptions.SSLError):
            return f"S3_ENDPOINT: no TLS with the store at {at}; mend S3_CA_FILE."
        return Away(f"S3_ENDPOINT: no object store answers at {at} ({type(error).__name__}).")
    return ""


class Objects:
    """One bucket with object lock. Calls run in threads: the SDK is synchronous."""

    def __init__(self, settings: ObjectSettings, bucket: str) -> None:
        self.bucket = settings.s3_bucket_prefix + bucket
        self._client = _client(settings.s3_endpoint, settings)
        # The host is part of a signature: what clients use is signed for the name under which they reach the store.
        self._public = _client(settings.s3_public_endpoint or settings.s3_endpoint, settings)

    async def _do(self, operation: str, work: Callable[[], T]) -> T:
        began, outcome = time.perf_counter(), "done"
        with telemetry.span(f"s3 {operation}", SpanKind.CLIENT, bucket=self.bucket):
            try:
                return await asyncio.to_thread(work)
            except S3Error as error:
                outcome = "absent" if error.code in _ABSENT else "refused"
                if outcome == "absent":
                    raise ObjectNotFound("the store has no such object", key=error.object_name or "") from error
                raise
            except urllib3.exceptions.HTTPError as error:
                outcome = "away"
                raise Unavailable("the object store does not answer", dependency="s3") from error
            finally:
                telemetry.object_seconds.record(time.perf_counter() - began, {"operation": operation, "outcome": outcome})

    async def ready(self) -> None:
        """Make the bucket if it is missing, and prove its lock. For `Service(ready=…)`."""

        def make() -> None:
            if not self._client.bucket_exists(self.bucket):
                try:
                    self._client.make_bucket(self.bucket, object_lock=True)
                except S3Error as error:
                    if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                        raise

        await self._do("make", make)
        await self.prove_lock()

    async def prove_lock(self) -> None:
        """Lock a version, try to delete it, and see that it is still there. Raises LockNotEnforced."""
        until = datetime.now(UTC) + timedelta(seconds=PROOF_SECONDS)
        proof = await self.put(PROOF, b"locked", media_type="text/plain", locked_until=until)

        def attack() -> None:
            try:
                self._client.remove_object(self.bucket, PROOF, proof.version)
            except S3Error as error:
                if error.code not in {"AccessDenied", "ObjectLocked", "InvalidRequest"}:
                    raise

        await self._do("attack", attack)
        try:
            kept = await self.read(PROOF, proof.version)
        except NotFound:
            kept = b""
        if kept != b"locked":
            raise LockNotEnforced(f"bucket {self.bucket} does not enforce object lock")
        await self._do("sweep", self._sweep_proofs)
        _proved[self.bucket] = time.time()

    def _sweep_proofs(self) -> None:
        old = datetime.now(UTC) - timedelta(seconds=2 * PROOF_SECONDS)
        for found in self._client.list_objects(self.bucket, prefix=PROOF, include_version=True):
            if found.last_modified is not None and found.last_modified < old:
                self._client.remove_object(self.bucket, PROOF, found.version_id)

    async def put(self, key: str, content: bytes, *, media_type: str, locked_until: datetime | None = None) -> Stored:
        retention = None if locked_until is None else Retention(COMPLIANCE, locked_until)

        def put() -> Any:
            return self._client.put_object(self.bucket, key, io.BytesIO(content), len(content), media_type, retention=retention)

        written = await self._do("put", put)
        return Stored(key, written.version_id or "", len(content), media_type)

    async def put_file(self, key: str, file: Path, *, media_type: str) -> str:
        """A file of any size, in parts where it is large. Answers its version."""
        written = await self._do("put", lambda: self._client.fput_object(self.bucket, key, str(file), media_type))
        return written.version_id or ""

    async def stat(self, key: str, version: str | None = None) -> Stored:
        """The given version, else the newest."""
        found = await self._do("stat", lambda: self._client.stat_object(self.bucket, key, version_id=version))
        return Stored(key, found.version_id or "", found.size or 0, found.content_type or "")

    async def read(self, key: str, version: str) -> bytes:
        return await self._do("read", lambda: b"".join(self.chunks(key, version)))

    async def digests(self, key: str, version: str) -> Digests:
        """SHA-256, SM3 and size of one version, read from the store piece by piece."""
        return await self._do("read", lambda: digests(self.chunks(key, version)))

    def chunks(self, key: str, version: str) -> Iterable[bytes]:
        """One version piece by piece; blocks."""
        response = self._client.get_object(self.bucket, key, version_id=version)
        try:
            yield from response.stream(CHUNK)
        finally:
            response.close()
            response.release_conn()

    async def lock(self, key: str, version: str, until: datetime) -> None:
        """Nobody, the administrator of the store included, removes or shortens it before `until`."""
        await self._do(
            "lock", lambda: self._client.set_object_retention(self.bucket, key, Retention(COMPLIANCE, until), version_id=version)
        )

    async def locked_until(self, key: str, version: str) -> datetime | None:
        """From the header: the SDK cannot read the nanoseconds with which Ceph RGW answers when asked for the retention."""
        found = await self._do("stat", lambda: self._client.stat_object(self.bucket, key, version_id=version))
        until = (found.metadata or {}).get("x-amz-object-lock-retain-until-date")
        return None if until is None else datetime.fromisoformat(until)

    async def remove(self, key: str, version: str) -> None:
        """One version that is not locked: what was uploaded and is not what was announced."""
        await self._do("remove", lambda: self._client.remove_object(self.bucket, key, version))

    def upload_url(self, key: str, *, expires: timedelta = timedelta(minutes=15)) -> str:
        """Where a client puts (HTTP PUT) the file. Size and hash are checked when the upload is confirmed."""
        return self._public.presigned_put_object(self.bucket, key, expires)

    def download_url(self, key: str, version: str, *, name: str = "", expires: timedelta = timedelta(minutes=5)) -> str:
        headers: dict[str, str | list[str] | tuple[str]] = {}
        if name:
            headers["response-content-disposition"] = f'attachment; filename="{name}"'
        return self._public.presigned_get_object(self.bucket, key, expires, response_headers=headers or None, version_id=version)
