"""A pack: one locked file that its receiver verifies alone. docs/formats/transfer-pack.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import Invalid, NotFound, Precondition

FORMAT = "anzhi-transfer-pack/1"


class PackNotFound(NotFound):
    """No such pack, or not of your jurisdiction."""


class PackEmpty(Invalid):
    """A pack names at least one document or item of evidence."""


class WithheldUnexplained(Invalid):
    """What is withheld is named, with the reason."""


class PackSourceDiffers(Precondition):
    """A file in the store is not the one that was recorded."""


class PackTooLarge(Precondition):
    """A pack of this format holds less than 4 GiB."""


class PackDefective(Precondition):
    """The pack that was built does not verify; it is not handed out."""


class HandedToMissing(Invalid):
    """A pack is made for somebody."""


@dataclass(eq=False)
class Pack:
    """What is recorded of a pack; the file itself is one locked version in the store. `built_at` is legal time."""

    id: UUID
    org_path: str
    object_kind: str
    object_id: UUID
    case_id: UUID
    handed_to: str
    object_key: str
    object_version: str
    size: int
    sha256: str
    sm3: str
    manifest_sha256: str
    locked_until: datetime
    document_ids: Sequence[str]
    evidence_ids: Sequence[str]
    withheld: Sequence[dict[str, str]]
    checkpoint_size: int
    built_by: str
    built_at: datetime
    format: str = FORMAT


def check_order(*, handed_to: str, documents: Sequence[str], items: Sequence[UUID], withheld: Sequence[dict[str, str]]) -> None:
    """Raises: HandedToMissing, PackEmpty, WithheldUnexplained."""
    if not handed_to.strip():
        raise HandedToMissing("say to whom the pack is handed")
    if not documents and not items:
        raise PackEmpty("name the documents and the evidence that go into the pack")
    for line in withheld:
        if not line["what"].strip() or not line["why"].strip():
            raise WithheldUnexplained("say what is withheld and why")
