"""The packs' part of the Uow."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from evidence.adapters import tables as t
from evidence.adapters.ledger_rows import LedgerRows, shaped
from evidence.domain.ledger import Checkpoint
from evidence.domain.pack import Pack, PackNotFound


class PackRows(LedgerRows):
    async def earlier(self, handed_to: str, than: Checkpoint) -> Checkpoint:
        same_key = t.checkpoints.c.public_key == than.public_key
        had = select(t.packs.c.checkpoint_size).where(t.packs.c.handed_to == handed_to)
        last = select(t.checkpoints).where(same_key, t.checkpoints.c.size.in_(had)).order_by(t.checkpoints.c.size.desc())
        first = select(t.checkpoints).where(same_key).order_by(t.checkpoints.c.id)
        for wanted in (last, first):
            row = (await self.session.execute(wanted.limit(1))).one_or_none()
            if row is not None:
                return shaped(row)
        return than

    async def pack(self, pack_id: UUID) -> Pack:
        return await self.get(Pack, pack_id, PackNotFound)

    async def packs_of(self, object_kind: str, object_id: UUID) -> Sequence[Pack]:
        wanted = (t.packs.c.object_kind == object_kind) & (t.packs.c.object_id == object_id)
        return await self.all(select(Pack).where(wanted).order_by(t.packs.c.built_at, t.packs.c.id))
