"""What callers may read of evidence."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kernel.errors import Invalid

from evidence.application.commands import check
from evidence.application.ports import Outside, Uow
from evidence.domain.custody import Digest, intact
from evidence.domain.guards import HashNotVerified
from evidence.domain.item import EvidenceItem
from evidence.domain.states import State


class MatterMissing(Invalid):
    """Name one item, or the matter whose items are meant."""


async def item(uow: Uow, *, item_id: UUID) -> EvidenceItem:
    return await uow.item(item_id)


async def items(uow: Uow, *, object_kind: str, object_id: UUID) -> dict[str, Sequence[EvidenceItem]]:
    return {"items": await uow.items_of(object_kind, object_id)}


async def named(uow: Uow, *, item_id: UUID | None, object_kind: str, object_id: UUID | None) -> Sequence[EvidenceItem]:
    """One item, or all of a matter. Raises: MatterMissing."""
    if item_id is not None:
        return [await uow.item(item_id)]
    if object_id is None:
        raise MatterMissing("name one item, or the matter whose items are meant")
    return await uow.items_of(object_kind, object_id)


async def file(uow: Uow, *, outside: Outside, item_id: UUID) -> dict[str, Any]:
    """What was admitted is hashed again each time it is read (INV-16). Raises: HashNotVerified."""
    found = await uow.item(item_id)
    if found.state is State.ADMITTED and not (await check(outside, found))["ok"]:
        raise HashNotVerified("the file no longer hashes to what was recorded", evidence=str(found.id))
    door = await outside.objects.door_out(found.object_key, found.object_version)
    return {"url": door.url, "expires_at": door.expires_at, "sha256": found.sha256, "object_version": found.object_version}


async def custody(uow: Uow, *, digest: Digest, item_id: UUID) -> dict[str, Any]:
    found = await uow.item(item_id)
    chain = sorted(found.custody, key=lambda event: event.seq)
    return {"events": chain, "intact": intact(chain, digest)}
