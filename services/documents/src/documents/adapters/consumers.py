"""Which events documents hears, and which command each one runs."""

from collections.abc import Awaitable, Callable
from typing import Any

from anzhi.evidence.v1.events_pb2 import DocumentReleased as ReleasedByEvidence
from anzhi.inspections.v1.events_pb2 import DocumentReleased as ReleasedByInspections
from anzhi.penalties.v1.events_pb2 import CaseArchived, DecisionRevoked
from anzhi.penalties.v1.events_pb2 import DocumentReleased as ReleasedByPenalties
from kernel.moves import Facts
from servicekit import wire

from documents.adapters.store import Store
from documents.application import releasing
from documents.application.ports import Outside

Released = ReleasedByEvidence | ReleasedByInspections | ReleasedByPenalties


def on_released(outside: Outside) -> Callable[[Store, Released, Facts], Awaitable[Any]]:
    """W04 to W08 for each document, the approving form first, in the transaction of the event."""

    async def released(uow: Store, event: Released, facts: Facts) -> None:
        matters = [wire.uuid(event.object_id, "object_id")]
        if isinstance(event, ReleasedByInspections) and event.inspection_id:
            matters.append(wire.uuid(event.inspection_id, "inspection_id"))
        ids = wire.uuids(event.document_ids, "document_ids")
        await releasing.release(uow, facts=facts, outside=outside, document_ids=ids, matters=matters, released_by=event.released_by)

    return released


async def on_case_archived(uow: Store, event: CaseArchived, facts: Facts) -> None:
    await releasing.archive(
        uow, facts=facts, matter_id=wire.uuid(event.case_id, "case_id"), document_ids=wire.uuids(event.document_ids, "document_ids")
    )


async def on_decision_revoked(uow: Store, event: DecisionRevoked, facts: Facts) -> None:
    await releasing.revoke(
        uow,
        facts=facts,
        document_ids=wire.uuids(event.document_ids, "document_ids"),
        withdrawn_by=wire.uuid_or_none(event.withdrawn_by, "withdrawn_by"),
    )
