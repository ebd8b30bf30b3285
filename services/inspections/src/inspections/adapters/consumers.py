"""Which events inspections hears, and which command each one runs."""

from collections.abc import Awaitable, Callable
from typing import Any

from anzhi.criminal_transfer.v1.events_pb2 import MaterialsHandedOver
from anzhi.documents.v1.events_pb2 import (
    DocumentArchived,
    DocumentDrafted,
    DocumentEffective,
    DocumentSealed,
    DocumentServed,
    DocumentVoided,
)
from anzhi.evidence.v1.events_pb2 import OpinionRecorded
from anzhi.penalties.v1.events_pb2 import (
    CaseDecided,
    CaseFiled,
    CaseNotFiled,
    CaseServed,
    CaseTerminated,
    CaseWithdrawn,
    NoPenaltyDecided,
    SimpleDecided,
)
from kernel.moves import Facts
from servicekit import wire

from inspections.adapters.store import Store
from inspections.application import measure_reactions, reactions
from inspections.domain.limits import Limits
from inspections.domain.measure_terms import HandOver

Noted = DocumentDrafted | DocumentSealed | DocumentEffective | DocumentVoided | DocumentArchived
_STATES = {
    DocumentDrafted: "DRAFT",
    DocumentSealed: "SEALED",
    DocumentEffective: "EFFECTIVE",
    DocumentVoided: "VOID",
    DocumentArchived: "ARCHIVED",
}


async def on_document(uow: Store, event: Noted, facts: Facts) -> None:
    """The line of the document in its task."""
    sealed = event if isinstance(event, DocumentSealed) else None
    await reactions.note_document(
        uow,
        document_id=wire.uuid(event.document_id, "document_id"),
        form=event.form,
        object_kind=event.object_kind,
        object_id=wire.uuid(event.object_id, "object_id"),
        state=_STATES[type(event)],
        number=sealed.number if sealed else "",
        sha256=sealed.sha256 if sealed else "",
    )


def on_document_served(limits: Limits) -> Callable[[Store, DocumentServed, Facts], Awaitable[Any]]:
    async def handle(uow: Store, event: DocumentServed, facts: Facts) -> None:
        await reactions.document_served(
            uow,
            facts=facts,
            document_id=wire.uuid(event.document_id, "document_id"),
            form=event.form,
            object_kind=event.object_kind,
            object_id=wire.uuid(event.object_id, "object_id"),
            served_on=wire.needed_day(event.served_on, "served_on"),
            deemed_on=wire.needed_day(event.deemed_on, "deemed_on"),
            at=wire.instant(event.at) or facts.now,
            limits=limits,
        )

    return handle


async def on_case_filed(uow: Store, event: CaseFiled, facts: Facts) -> None:
    await _linked(uow, event, facts, filed=True)


async def on_simple_decided(uow: Store, event: SimpleDecided, facts: Facts) -> None:
    """A penalty on the spot follows up its findings without a filing (APL 51)."""
    await _linked(uow, event, facts, filed=True)


async def on_case_not_filed(uow: Store, event: CaseNotFiled, facts: Facts) -> None:
    await _linked(uow, event, facts, filed=False)


async def _linked(uow: Store, event: CaseFiled | CaseNotFiled | SimpleDecided, facts: Facts, *, filed: bool) -> None:
    if not event.inspection_id or not event.finding_ids:
        return
    await reactions.case_linked(
        uow,
        facts=facts,
        inspection_id=wire.uuid(event.inspection_id, "inspection_id"),
        finding_ids=wire.uuids(event.finding_ids, "finding_ids"),
        case_id=event.case_id,
        filed=filed,
    )


async def on_case_decided(uow: Store, event: CaseDecided, facts: Facts) -> None:
    await measure_reactions.case_decided(uow, facts=facts, case_id=event.case_id, confiscates_goods=event.confiscates_goods)


async def on_no_penalty(uow: Store, event: NoPenaltyDecided | CaseWithdrawn | CaseTerminated, facts: Facts) -> None:
    """No penalty follows, so nothing is confiscated."""
    await measure_reactions.case_decided(uow, facts=facts, case_id=event.case_id, confiscates_goods=False)


async def on_case_served(uow: Store, event: CaseServed, facts: Facts) -> None:
    await measure_reactions.case_served(uow, facts=facts, case_id=event.case_id)


async def on_opinion(uow: Store, event: OpinionRecorded, facts: Facts) -> None:
    await measure_reactions.opinion_recorded(uow, facts=facts, evidence_id=event.evidence_id, opinion_evidence_id=event.opinion_evidence_id)


async def on_handed_over(uow: Store, event: MaterialsHandedOver, facts: Facts) -> None:
    given = HandOver(event.transfer_id, tuple(event.handed_by), tuple(event.received_by))
    await measure_reactions.handed_over(uow, facts=facts, measure_ids=wire.uuids(event.measure_ids, "measure_ids"), given=given)
