"""What penalties decided on cases, as far as the objects of a case hang on it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from servicekit.db import Uow
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from evidence.adapters import tables as t
from evidence.domain.item import EvidenceItem
from evidence.domain.records import Ruling


class RulingRows(Uow):
    async def ruling(self, case_id: UUID) -> Ruling | None:
        return _ruling((await self.session.execute(select(t.rulings).where(t.rulings.c.case_id == case_id))).mappings().first())

    async def ruling_of(self, item: EvidenceItem, case_id: UUID | None = None) -> Ruling | None:
        """Of several cases the one that confiscates; a case that the item is not used in has no say."""
        linked = select(t.links.c.case_id).where(t.links.c.evidence_id == item.id)
        own = t.rulings.c.case_id == item.object_id if item.object_kind == "case" else t.rulings.c.case_id.in_(linked)
        meant = select(t.rulings).where(own | t.rulings.c.case_id.in_(linked))
        if case_id is not None:
            meant = meant.where(t.rulings.c.case_id == case_id)
        chosen = meant.order_by(t.rulings.c.confiscates.desc(), t.rulings.c.case_id).limit(1)
        return _ruling((await self.session.execute(chosen)).mappings().first())

    async def note_ruling(self, case_id: UUID, changes: Mapping[str, Any]) -> None:
        row = {"case_id": case_id, "org_path": "/", "confiscates": False, "served": False, "pending": [], "revoked": False, **changes}
        statement = insert(t.rulings).values(**row)
        await self.session.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=dict(changes)))


def _ruling(row: Mapping[Any, Any] | None) -> Ruling | None:
    if row is None:
        return None
    return Ruling(row["case_id"], row["confiscates"], row["served"], tuple(row["pending"]), row["revoked"])
