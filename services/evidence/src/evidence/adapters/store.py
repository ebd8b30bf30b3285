"""The Uow over SQLAlchemy."""

from collections.abc import Sequence
from uuid import UUID

from anzhi.evidence.v1 import events_pb2
from kernel.errors import NotFound
from servicekit.db import Topic, work_topic
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from evidence.adapters import tables as t
from evidence.adapters.pack_rows import PackRows
from evidence.adapters.ruling_rows import RulingRows
from evidence.domain.custody import CustodyEvent
from evidence.domain.events import CustodyRecorded
from evidence.domain.item import EvidenceItem
from evidence.domain.upload import Upload


class UploadNotFound(NotFound):
    """No such announcement, or not of your jurisdiction."""


class EvidenceNotFound(NotFound):
    """No such item, or not of your jurisdiction."""


class Store(PackRows, RulingRows):
    topics = (
        Topic("evidence.pack.v1", events_pb2, key="pack_id", events=("PackBuilt",)),
        Topic("evidence.item.v1", events_pb2, key="evidence_id"),
        work_topic("evidence"),
    )

    async def flush(self) -> None:
        self._tell_custody()
        await super().flush()

    async def end(self, *, request_id: str = "", response: bytes = b"") -> None:
        self._tell_custody()
        await super().end(request_id=request_id, response=response)

    def _tell_custody(self) -> None:
        """Every link of a chain of custody is an event, so that it becomes a leaf of the ledger."""
        new = (thing for thing in self.session.new if isinstance(thing, CustodyEvent))
        for link in sorted(new, key=lambda link: (str(link.evidence_id), link.seq)):
            self.record(CustodyRecorded(link.evidence_id, link.seq, str(link.type), link.this_hash))

    async def upload(self, upload_id: UUID) -> Upload:
        return await self.get(Upload, upload_id, UploadNotFound)

    async def item(self, item_id: UUID) -> EvidenceItem:
        return await self.get(EvidenceItem, item_id, EvidenceNotFound)

    async def items_of(self, object_kind: str, object_id: UUID) -> Sequence[EvidenceItem]:
        own = (t.items.c.object_kind == object_kind) & (t.items.c.object_id == object_id)
        linked = t.items.c.id.in_(select(t.links.c.evidence_id).where(t.links.c.case_id == object_id))
        meant = or_(own, linked) if object_kind == "case" else own
        return await self.all(select(EvidenceItem).where(meant).order_by(t.items.c.captured_at, t.items.c.id))

    async def items_held(self, measure_id: str) -> Sequence[EvidenceItem]:
        return await self.all(select(EvidenceItem).where(t.items.c.measure_id == measure_id).order_by(t.items.c.id))

    async def link(self, case_id: UUID, item_ids: Sequence[UUID], org_path: str) -> Sequence[UUID]:
        rows = [{"case_id": case_id, "evidence_id": item_id, "org_path": org_path} for item_id in item_ids]
        added = await self.session.execute(insert(t.links).values(rows).on_conflict_do_nothing().returning(t.links.c.evidence_id))
        return list(added.scalars())
