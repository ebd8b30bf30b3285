from datetime import timedelta
from uuid import UUID

import pytest
from evidence.domain.upload import (
    LARGEST,
    CapturedInFuture,
    HashMalformed,
    MediaTypeRefused,
    TitleMissing,
    Upload,
    UploadDiffers,
    UploadEmpty,
    UploadTooLarge,
)

from .fakes import NOW, UNTIL


def an_upload(**changes: object) -> Upload:
    given = {
        "org_path": "/44/4419/dalingshan/",
        "object_kind": "inspection",
        "object_id": UUID(int=7),
        "title": "焊接作业照片",
        "sha256": "ab" * 32,
        "size": 1000,
        "media_type": "image/jpeg",
        "captured_at": NOW,
        "place": "车间",
        "device_id": "pad-1",
        "device_clock_offset_ms": 0,
        "announced_by": "wu",
        "expires_at": UNTIL,
        **changes,
    }
    return Upload(**given)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"sha256": "AB" * 32}, HashMalformed),
        ({"sha256": "ab"}, HashMalformed),
        ({"size": LARGEST + 1}, UploadTooLarge),
        ({"size": 0}, UploadEmpty),
        ({"media_type": "text/html"}, MediaTypeRefused),
        ({"title": " "}, TitleMissing),
        ({"captured_at": NOW + timedelta(minutes=2)}, CapturedInFuture),
    ],
)
def test_a_faulty_announcement_is_refused(changes: dict[str, object], error: type[Exception]):
    with pytest.raises(error):
        an_upload(**changes).check(now=NOW)


def test_a_sound_announcement_passes():
    an_upload().check(now=NOW)


def test_the_key_tells_body_and_matter():
    upload = an_upload()

    assert upload.object_key == f"44/4419/dalingshan/inspection/{UUID(int=7)}/{upload.id}"


@pytest.mark.parametrize(("size", "sha256"), [(1001, "ab" * 32), (1000, "cd" * 32)])
def test_another_file_than_announced_is_told(size: int, sha256: str):
    with pytest.raises(UploadDiffers):
        an_upload().compare(size=size, sha256=sha256)
