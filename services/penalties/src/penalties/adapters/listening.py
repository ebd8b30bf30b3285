"""What penalties hears of criminal transfers and of goods held, and what it does with it."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from uuid import UUID

from anzhi.criminal_transfer.v1 import events_pb2 as transfers_pb2
from anzhi.inspections.v1 import events_pb2 as inspections_pb2
from kernel.moves import Facts
from servicekit import wire

from penalties.adapters.store import Store
from penalties.application import projecting
from penalties.application.ports import Ports

Handler = Callable[[Any, Any, Facts], Coroutine[Any, Any, Any]]


async def on_transfer_opened(uow: Store, event: transfers_pb2.TransferOpened, facts: Facts) -> None:
    await projecting.transfer_opened(
        uow,
        id=UUID(event.transfer_id),
        org_path=event.org_path,
        case_id=event.case_id,
        inspection_id=event.inspection_id,
        offences=list(event.offences),
        suspects=list(event.suspects),
        at=wire.instant(event.opened_at) or facts.now,
    )


async def _on_state(state: str, uow: Store, event: Any, facts: Facts) -> None:
    await projecting.transfer_moved(uow, id=UUID(event.transfer_id), state=state, at=facts.now)


async def on_approved(uow: Store, event: transfers_pb2.TransferApproved, facts: Facts) -> None:
    at = wire.instant(event.approved_at) or facts.now
    await projecting.transfer_approved(uow, facts=facts, id=UUID(event.transfer_id), suspects=list(event.suspects), at=at)


async def on_reconsidered(uow: Store, event: transfers_pb2.ReconsiderationDecided, facts: Facts) -> None:
    await _on_state("FILED_POLICE" if event.filed else "RECON_UPHELD", uow, event, facts)


async def on_result(uow: Store, event: transfers_pb2.ProsecutionResult, facts: Facts) -> None:
    await _on_state(event.result, uow, event, facts)


async def on_returned(uow: Store, event: transfers_pb2.TransferReturned, facts: Facts) -> None:
    at = wire.instant(event.at) or facts.now
    await projecting.transfer_returned(uow, facts=facts, id=UUID(event.transfer_id), cause=event.cause, at=at)


async def on_judged(uow: Store, event: transfers_pb2.TransferJudged, facts: Facts) -> None:
    await projecting.transfer_judged(
        uow,
        facts=facts,
        id=UUID(event.transfer_id),
        criminal_fine=wire.money(event.criminal_fine),
        administrative_left=event.administrative_matter_left,
        outcome=event.outcome,
        at=wire.instant(event.at) or facts.now,
    )


TRANSFERS: dict[Any, Handler] = {
    transfers_pb2.TransferOpened: on_transfer_opened,
    transfers_pb2.TransferApproved: on_approved,
    transfers_pb2.ReconsiderationDecided: on_reconsidered,
    transfers_pb2.ProsecutionResult: on_result,
    transfers_pb2.TransferReturned: on_returned,
    transfers_pb2.TransferJudged: on_judged,
    **{
        kind: partial(_on_state, state)
        for kind, state in {
            transfers_pb2.TaskForceNamed: "TASK_FORCE",
            transfers_pb2.VerificationStarted: "VERIFYING",
            transfers_pb2.TransferReported: "REPORTED",
            transfers_pb2.SuspicionUnfounded: "CLOSED",
            transfers_pb2.TransferReviewed: "LEGAL_REVIEWED",
            transfers_pb2.TransferSentBack: "VERIFYING",
            transfers_pb2.ReportReceived: "PRINCIPAL",
            transfers_pb2.TransferRejected: "REJECTED",
            transfers_pb2.TransferReopened: "SUSPECTED",
            transfers_pb2.TransferDelivered: "DELIVERED",
            transfers_pb2.ReceiptSigned: "RECEIPTED",
            transfers_pb2.SupplementDemanded: "SUPPLEMENT",
            transfers_pb2.Supplemented: "RECEIPTED",
            transfers_pb2.PoliceReviewStarted: "POLICE_REVIEW",
            transfers_pb2.TransferForwarded: "POLICE_REVIEW",
            transfers_pb2.TransferFiled: "FILED_POLICE",
            transfers_pb2.TransferNotFiled: "NOT_FILED",
            transfers_pb2.ReconsiderationAsked: "RECON",
            transfers_pb2.SupervisionAsked: "SUPERVISION",
            transfers_pb2.MaterialsHandedOver: "MATERIALS_GIVEN",
            transfers_pb2.TransferClosed: "CLOSED",
        }.items()
    },
}


async def on_applied(ports: Ports, uow: Store, event: inspections_pb2.MeasureApplied, facts: Facts) -> None:
    await projecting.goods_held(
        ports,
        uow,
        id=UUID(event.measure_id),
        inspection_id=event.inspection_id,
        case_id=event.case_id,
        kind=event.kind,
        last_on=event.last_on,
        evidence_ids=list(event.evidence_ids),
        at=wire.instant(event.at) or facts.now,
    )


async def _on_goods(state: str, uow: Store, event: Any, facts: Facts) -> None:
    """The last day of D02 comes with what moves it; while an appraisal runs there is none."""
    fields = event.DESCRIPTOR.fields_by_name
    last_on = event.last_on if "last_on" in fields else ""
    case_id = event.case_id if "case_id" in fields else ""
    await projecting.goods_moved(uow, id=UUID(event.measure_id), state=state, last_on=last_on, case_id=case_id)


GOODS: dict[Any, str] = {
    inspections_pb2.MeasureLinked: "",
    inspections_pb2.MeasureExtended: "",
    inspections_pb2.AppraisalStarted: "APPRAISAL",
    inspections_pb2.AppraisalEnded: "APPLIED",
    inspections_pb2.HandlingDecided: "DECIDED",
    inspections_pb2.ObjectsReturned: "RETURNED",
    inspections_pb2.ObjectsConfiscated: "CONFISCATED",
    inspections_pb2.ObjectsDestroyed: "DESTROYED",
    inspections_pb2.MeasureHandedToPolice: "HANDED_TO_POLICE",
    inspections_pb2.LiftOverdue: "LIFT_OVERDUE",
    inspections_pb2.MeasureLifted: "LIFTED",
}


def told(ports: Ports) -> dict[str, dict[Any, Handler]]:
    goods: dict[Any, Handler] = {kind: partial(_on_goods, state) for kind, state in GOODS.items()}
    return {
        "criminal-transfer.transfer.v1": dict(TRANSFERS),
        "inspections.measure.v1": {inspections_pb2.MeasureApplied: partial(on_applied, ports), **goods},
    }
