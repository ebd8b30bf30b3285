"""What every object store is to the rest: an S3 endpoint with one pair of keys, ready when it takes an object."""

import asyncio
import io

from minio import Minio
from minio.error import MinioException
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from embedded.backing.part import Part

PROBE = "ready"


class ObjectStore(Part):
    port: int
    # Servers that it stands on, each a part of its own.
    below: tuple[Part, ...] = ()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def access_key(self) -> str:
        return self.state.secret("s3.access")[:20]

    @property
    def secret_key(self) -> str:
        return self.state.secret("s3.secret")

    async def answers(self) -> bool:
        return await asyncio.to_thread(self._takes_an_object)

    def _takes_an_object(self) -> bool:
        pool = PoolManager(timeout=Timeout(2), retries=Retry(0))
        client = Minio(f"127.0.0.1:{self.port}", self.access_key, self.secret_key, secure=False, http_client=pool, region="us-east-1")
        try:
            if not client.bucket_exists(PROBE):
                client.make_bucket(PROBE)
            client.put_object(PROBE, "now", io.BytesIO(b"now"), 3)
        except (MinioException, HTTPError, OSError):
            return False
        finally:
            pool.clear()
        return True
