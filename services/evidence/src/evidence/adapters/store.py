"""The Uow over SQLAlchemy."""

from collections.abc import Sequence
from uuid import UUID

from anzhi.evidence.v1 import events_pb2
from kernel.errors import NotFound
from servicekit.db import Topic, Uow
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from evidence.adapters import tables as t
from evidence.domain.item import EvidenceItem
from evidence.domain.upload import Upload


class UploadNotFound(NotFound):
    """No such announcement, or not of your jurisdiction."""


class EvidenceNotFound(NotFound):
    """No such item, or not of your jurisdiction."""


class Store(Uow):
    topics = (Topic("evidence.item.v1", events_pb2, key="evidence_id"),)

    async def upload(self, upload_id: UUID) -> Upload:
        return await self.get(Upload, upload_id, UploadNotFound)

    async def item(self, item_id: UUID) -> EvidenceItem:
        return await self.get(EvidenceItem, item_id, EvidenceNotFound)

    async def items_of(self, object_kind: str, object_id: UUID) -> Sequence[EvidenceItem]:
        own = (t.items.c.object_kind == object_kind) & (t.items.c.object_id == object_id)
        linked = t.items.c.id.in_(select(t.links.c.evidence_id).where(t.links.c.case_id == object_id))
        meant = or_(own, linked) if object_kind == "case" else own
        return await self.all(select(EvidenceItem).where(meant).order_by(t.items.c.captured_at, t.items.c.id))

    async def link(self, case_id: UUID, item_ids: Sequence[UUID], org_path: str) -> Sequence[UUID]:
        rows = [{"case_id": case_id, "evidence_id": item_id, "org_path": org_path} for item_id in item_ids]
        added = await self.session.execute(insert(t.links).values(rows).on_conflict_do_nothing().returning(t.links.c.evidence_id))
        return list(added.scalars())
