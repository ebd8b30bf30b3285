"""The object store behind the port: presigned doors, one version, a lock for the retention of evidence."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from servicekit.objects import ObjectNotFound, Objects, digests
from servicekit.settings import ObjectSettings

from evidence.application.ports import Door

BUCKET = "evidence"
MODE = "COMPLIANCE"
DOOR_IN, DOOR_OUT = timedelta(minutes=15), timedelta(minutes=5)


def sm3(content: bytes) -> str:
    """SM3 (GB/T 32905), hexadecimal."""
    return digests([content]).sm3


class EvidenceObjects:
    def __init__(self, settings: ObjectSettings, *, retention_days: int) -> None:
        self._objects = Objects(settings, BUCKET)
        self._retention = timedelta(days=retention_days)

    async def ready(self) -> None:
        """Make the bucket and prove its lock; the service does not start where a locked version can be deleted."""
        await self._objects.ready()

    async def door_in(self, key: str, media_type: str) -> Door:
        url = self._objects.upload_url(key, expires=DOOR_IN)
        return Door(url, {"Content-Type": media_type}, datetime.now(UTC) + DOOR_IN)

    async def door_out(self, key: str, version: str) -> Door:
        return Door(self._objects.download_url(key, version, expires=DOOR_OUT), {}, datetime.now(UTC) + DOOR_OUT)

    async def put(self, key: str, content: bytes, media_type: str) -> str:
        return (await self._objects.put(key, content, media_type=media_type)).version

    async def put_file(self, key: str, file: Path, media_type: str) -> str:
        return await self._objects.put_file(key, file, media_type=media_type)

    def chunks(self, key: str, version: str) -> Iterable[bytes]:
        """One version piece by piece; blocks. Raises: ObjectNotFound."""
        return self._objects.chunks(key, version)

    async def newest(self, key: str) -> str | None:
        try:
            return (await self._objects.stat(key)).version
        except ObjectNotFound:
            return None

    async def hashes(self, key: str, version: str) -> tuple[int, str, str] | None:
        try:
            found = await self._objects.digests(key, version)
        except ObjectNotFound:
            return None
        return found.size, found.sha256, found.sm3

    async def lock(self, key: str, version: str) -> tuple[str, datetime]:
        until = datetime.now(UTC) + self._retention
        await self._objects.lock(key, version, until)
        return MODE, until
