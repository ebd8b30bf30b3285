"""Which events evidence hears, and which command each one runs."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from anzhi.criminal_transfer.v1.events_pb2 import MaterialsHandedOver
from anzhi.inspections.v1.events_pb2 import MeasureApplied, MeasureLifted, ObjectsReturned
from anzhi.penalties.v1.events_pb2 import CaseArchived, CaseDecided, CaseReported, CaseServed, DecisionRevoked, RemedyEnded, RemedyFiled
from kernel.moves import Facts
from kernel.timers import Timer
from servicekit import wire

from evidence.adapters.objects import sm3
from evidence.adapters.store import Store
from evidence.application import commands, handling, rulings
from evidence.application.ports import Outside
from evidence.domain.records import HandOver

Handler = Callable[[Store, Any, Facts], Awaitable[Any]]


async def on_case_reported(uow: Store, event: CaseReported, facts: Facts) -> None:
    await commands.review(uow, facts=facts, item_ids=wire.uuids(event.evidence_ids))


def on_case_archived(outside: Outside) -> Handler:
    """The handler with the ports that it needs."""

    async def handle(uow: Store, event: CaseArchived, facts: Facts) -> None:
        await commands.archive(uow, facts=facts, outside=outside, case_id=wire.uuid(event.case_id))

    return handle


async def on_decided(uow: Store, event: CaseDecided, facts: Facts) -> None:
    await rulings.decided(uow, case_id=wire.uuid(event.case_id), org_path=event.org_path, confiscates=event.confiscates_goods)


async def on_served(uow: Store, event: CaseServed, facts: Facts) -> None:
    await rulings.served(uow, case_id=wire.uuid(event.case_id))


async def on_revoked(uow: Store, event: DecisionRevoked, facts: Facts) -> None:
    await rulings.revoked(uow, case_id=wire.uuid(event.case_id))


async def on_remedy(uow: Store, event: RemedyFiled | RemedyEnded, facts: Facts) -> None:
    pending = isinstance(event, RemedyFiled)
    await rulings.remedy(uow, case_id=wire.uuid(event.case_id), remedy_id=event.remedy_id, pending=pending)


async def on_applied(uow: Store, event: MeasureApplied, facts: Facts) -> None:
    await handling.hold(uow, measure_id=event.measure_id, item_ids=wire.uuids(event.evidence_ids, "evidence_ids"))


async def on_lifted(uow: Store, event: MeasureLifted, facts: Facts) -> None:
    await handling.loosen(uow, facts=facts, digest=sm3, measure_id=event.measure_id, returned=False)


async def on_returned(uow: Store, event: ObjectsReturned, facts: Facts) -> None:
    """Q11 carries V17."""
    await handling.loosen(uow, facts=facts, digest=sm3, measure_id=event.measure_id, returned=True)


async def on_handed_over(uow: Store, event: MaterialsHandedOver, facts: Facts) -> None:
    """V15 by the system: the event names who gave and who took."""
    given = HandOver(
        event.transfer_id,
        event.case_id,
        tuple(event.handed_by),
        tuple(event.received_by),
        wire.instant(event.at) or facts.now,
    )
    await handling.hand_over(uow, facts=facts, digest=sm3, item_ids=wire.uuids(event.evidence_ids, "evidence_ids"), given=given)


def heard(outside: Outside) -> Mapping[str, Mapping[Any, Handler]]:
    return {
        "penalties.case.v1": {
            CaseReported: on_case_reported,
            CaseArchived: on_case_archived(outside),
            CaseDecided: on_decided,
            CaseServed: on_served,
            DecisionRevoked: on_revoked,
            RemedyFiled: on_remedy,
            RemedyEnded: on_remedy,
        },
        "inspections.measure.v1": {MeasureApplied: on_applied, MeasureLifted: on_lifted, ObjectsReturned: on_returned},
        "criminal-transfer.transfer.v1": {MaterialsHandedOver: on_handed_over},
    }


async def on_d03(uow: Store, timer: Timer, facts: Facts) -> None:
    await handling.lapse(uow, facts=facts, digest=sm3, timer=timer)
