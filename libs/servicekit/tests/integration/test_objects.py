"""Files in the object store."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from kernel.errors import NotFound
from minio.error import S3Error
from servicekit.objects import LockNotEnforced, Objects
from servicekit.settings import ObjectSettings


@pytest.fixture(scope="module")
def objects(world):
    parts = world.addresses
    settings = ObjectSettings(
        s3_endpoint=parts.s3_endpoint,
        s3_access_key=parts.s3_access_key,
        s3_secret_key=parts.s3_secret_key,
        s3_bucket_prefix=world.prefix.replace("_", "-") + "-",
    )
    return Objects(settings, "files")


async def test_the_lock_is_proved_and_a_locked_version_stays(objects):
    await objects.ready()
    until = datetime.now(UTC) + timedelta(hours=1)
    stored = await objects.put("a", b"one", media_type="text/plain", locked_until=until)

    with pytest.raises(S3Error, match=r"AccessDenied|locked|WORM|retention"):
        await objects.remove("a", stored.version)

    assert await objects.read("a", stored.version) == b"one"
    assert abs(await objects.locked_until("a", stored.version) - until) < timedelta(seconds=1)
    free = await objects.put("b", b"two", media_type="text/plain")
    assert await objects.locked_until("b", free.version) is None


async def test_a_store_that_ignores_the_lock_is_found_out(objects, monkeypatch):
    await objects.ready()
    put = objects.put

    async def put_without_lock(key, content, *, media_type, locked_until=None):
        return await put(key, content, media_type=media_type)

    monkeypatch.setattr(objects, "put", put_without_lock)

    with pytest.raises(LockNotEnforced):
        await objects.prove_lock()


async def test_a_client_uploads_and_downloads_by_url_and_one_version_is_read(objects):
    await objects.ready()
    async with httpx.AsyncClient() as client:
        first = await client.put(objects.upload_url("photo"), content=b"first", headers={"content-type": "image/png"})
        stored = await objects.stat("photo")
        await client.put(objects.upload_url("photo"), content=b"second")
        got = await client.get(objects.download_url("photo", stored.version, name="photo.png"))

    assert first.status_code == 200
    assert stored.media_type == "image/png"
    assert got.content == b"first"
    found = await objects.digests("photo", stored.version)
    assert found.size == 5
    assert found.sha256 == "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e"
    assert len(found.sm3) == 64


async def test_what_is_not_there_is_not_found(objects):
    await objects.ready()

    with pytest.raises(NotFound):
        await objects.stat("nothing")
