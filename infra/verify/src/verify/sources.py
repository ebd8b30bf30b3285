"""Where the data lies: each service's database in its role jobs, read-only, and the object store."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import asyncpg
from cryptography.hazmat.primitives import hashes
from minio import Minio
from minio.error import S3Error

CHUNK = 1 << 20


@dataclass(frozen=True)
class Digests:
    sha256: str
    sm3: str
    size: int


class Sources:
    """From the environment: `<SERVICE>_JOBS_URL`, `S3_ENDPOINT`, `S3_ACCESS_KEY`, `S3_SECRET_KEY`."""

    def __init__(self) -> None:
        self._connections: dict[str, asyncpg.Connection] = {}
        endpoint = urlsplit(os.environ["S3_ENDPOINT"])
        self._store = Minio(
            endpoint.netloc, os.environ["S3_ACCESS_KEY"], os.environ["S3_SECRET_KEY"], secure=endpoint.scheme == "https", region="us-east-1"
        )

    async def __aenter__(self) -> Self:
        for name, url in os.environ.items():
            if name.endswith("_JOBS_URL"):
                connection = await asyncpg.connect(url)
                # One view of a database for all its queries, however busy it is meanwhile.
                await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                self._connections[name.removesuffix("_JOBS_URL").lower()] = connection
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for connection in self._connections.values():
            await connection.close()

    @property
    def services(self) -> list[str]:
        return sorted(self._connections)

    async def rows(self, service: str, query: str, *values: object) -> list[asyncpg.Record]:
        found: list[asyncpg.Record] = await self._connections[service].fetch(query, *values)
        return found

    def digests(self, bucket: str, key: str, version: str) -> Digests | None:
        """Of what the store holds now; nothing if it holds no such version."""
        sha256, sm3, size = hashlib.sha256(), hashes.Hash(hashes.SM3()), 0
        try:
            for chunk in self._content(bucket, key, version):
                sha256.update(chunk)
                sm3.update(chunk)
                size += len(chunk)
        except S3Error:
            return None
        return Digests(sha256.hexdigest(), sm3.finalize().hex(), size)

    def _content(self, bucket: str, key: str, version: str) -> Iterator[bytes]:
        answer = self._store.get_object(bucket, key, version_id=version)
        try:
            yield from answer.stream(CHUNK)
        finally:
            answer.close()
            answer.release_conn()
