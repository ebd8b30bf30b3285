"""A file that was announced by its hash and is not yet evidence."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from kernel.errors import Invalid, Precondition

LARGEST = 2 * 1024**3
LIFE = timedelta(hours=24)
SHA256 = re.compile(r"[0-9a-f]{64}")
MEDIA_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/heic",
        "image/webp",
        "video/mp4",
        "audio/mpeg",
        "audio/mp4",
        "application/pdf",
        "application/json",
        "text/plain",
    }
)


class HashMalformed(Invalid):
    """A SHA-256 has 64 hexadecimal digits."""


class UploadTooLarge(Invalid):
    """A file is larger than the store takes at once."""


class UploadEmpty(Invalid):
    """A file holds something."""


class MediaTypeRefused(Invalid):
    """A file of this type is no evidence that the platform can show."""


class TitleMissing(Invalid):
    """An item has a title."""


class CapturedInFuture(Invalid):
    """Nothing is captured after now."""


class UploadMissing(Precondition):
    """The announced file was not put yet."""


class UploadDiffers(Invalid):
    """The file that was put is not the one that was announced."""


@dataclass(eq=False)
class Upload:
    """`id` becomes the id of the item. `expires_at` is real time: after it the file is announced anew."""

    org_path: str
    object_kind: str
    object_id: UUID
    title: str
    sha256: str
    size: int
    media_type: str
    captured_at: datetime
    place: str
    device_id: str
    device_clock_offset_ms: int
    announced_by: str
    expires_at: datetime
    id: UUID = field(default_factory=uuid4)

    @property
    def object_key(self) -> str:
        return f"{self.org_path.strip('/')}/{self.object_kind}/{self.object_id}/{self.id}"

    def check(self, *, now: datetime) -> None:
        """Raises: HashMalformed, UploadTooLarge, UploadEmpty, MediaTypeRefused, TitleMissing, CapturedInFuture."""
        if not SHA256.fullmatch(self.sha256):
            raise HashMalformed("a SHA-256 has 64 hexadecimal digits", sha256=self.sha256)
        if self.size > LARGEST:
            raise UploadTooLarge("the file is larger than the store takes at once", size=self.size, largest=LARGEST)
        if self.size <= 0:
            raise UploadEmpty("a file holds something", size=self.size)
        if self.media_type not in MEDIA_TYPES:
            raise MediaTypeRefused("a file of this type cannot be shown", media_type=self.media_type, allowed=",".join(sorted(MEDIA_TYPES)))
        if not self.title.strip():
            raise TitleMissing("an item has a title")
        if self.captured_at > now + timedelta(minutes=1):
            raise CapturedInFuture("nothing is captured after now", captured_at=self.captured_at.isoformat())

    def compare(self, *, size: int, sha256: str) -> None:
        """Raises: UploadDiffers."""
        if (size, sha256) != (self.size, self.sha256):
            raise UploadDiffers(
                "the file that was put is not the one that was announced",
                announced_sha256=self.sha256,
                found_sha256=sha256,
                announced_size=self.size,
                found_size=size,
            )
