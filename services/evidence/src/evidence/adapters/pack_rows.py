"""The packs' part of the Uow."""

from collections.abc import Sequence
from uuid import UUID

from servicekit.db import Uow
from sqlalchemy import select

from evidence.adapters import tables as t
from evidence.domain.pack import Pack, PackNotFound


class PackRows(Uow):
    async def pack(self, pack_id: UUID) -> Pack:
        return await self.get(Pack, pack_id, PackNotFound)

    async def packs_of(self, object_kind: str, object_id: UUID) -> Sequence[Pack]:
        wanted = (t.packs.c.object_kind == object_kind) & (t.packs.c.object_id == object_id)
        return await self.all(select(Pack).where(wanted).order_by(t.packs.c.built_at, t.packs.c.id))
