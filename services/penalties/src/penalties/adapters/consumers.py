"""Which events penalties hears and which timers it sweeps, and what each one does."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from anzhi.documents.v1 import events_pb2 as documents_pb2
from anzhi.inspections.v1 import events_pb2 as inspections_pb2
from kernel.moves import Facts
from kernel.timers import Timer
from servicekit import wire

from penalties.adapters import listening
from penalties.adapters.store import Store
from penalties.application import challenging, ending, enforcing
from penalties.application.ports import Ports
from penalties.domain.records import CaseDocument

Handler = Callable[[Any, Any, Facts], Coroutine[Any, Any, Any]]


async def _known(uow: Store, event: Any, facts: Facts) -> CaseDocument | None:
    """The document of a case in our own list; one that was never seen drafted is entered now. None: not of a case."""
    if event.object_kind != "case":
        return None
    found = await uow.document(event.document_id)
    if found is not None:
        return found
    case = await uow.case(wire.uuid(event.object_id, "object_id"))
    made = CaseDocument(event.document_id, case.id, case.org_path, event.form, "DRAFT", facts.now)
    case.documents.append(made)
    return made


async def on_drafted(uow: Store, event: documents_pb2.DocumentDrafted, facts: Facts) -> None:
    await _known(uow, event, facts)


async def on_returned(uow: Store, event: documents_pb2.DocumentReturned, facts: Facts) -> None:
    document = await _known(uow, event, facts)
    if document is not None:
        document.state = "DRAFT"


async def on_sealed(uow: Store, event: documents_pb2.DocumentSealed, facts: Facts) -> None:
    """The number of F01 is the number of the case."""
    document = await _known(uow, event, facts)
    if document is None:
        return
    if document.state == "DRAFT":
        document.state = "SEALED"
    document.number, document.sha256, document.dated_on = event.number, event.sha256, event.dated_on
    if event.form == "F01":
        case = await uow.case(document.case_id)
        case.take_number(event.number, facts=facts)


async def on_effective(uow: Store, event: documents_pb2.DocumentEffective, facts: Facts) -> None:
    document = await _known(uow, event, facts)
    if document is not None:
        document.state = "EFFECTIVE"


async def on_voided(uow: Store, event: documents_pb2.DocumentVoided, facts: Facts) -> None:
    document = await _known(uow, event, facts)
    if document is not None:
        document.state = "VOID"


async def on_archived(uow: Store, event: documents_pb2.DocumentArchived, facts: Facts) -> None:
    document = await _known(uow, event, facts)
    if document is not None:
        document.state = "ARCHIVED"


async def on_superseded(uow: Store, event: documents_pb2.DocumentSuperseded, facts: Facts) -> None:
    document = await _known(uow, event, facts)
    if document is not None:
        document.state = "SUPERSEDED"


async def on_revoked(uow: Store, event: documents_pb2.DocumentRevoked, facts: Facts) -> None:
    document = await _known(uow, event, facts)
    if document is not None:
        document.state = "REVOKED"


async def on_served(uow: Store, event: documents_pb2.DocumentServed, facts: Facts) -> None:
    """Notice and decision move the case (PC16; PC29 and PC30); every other service is only noted."""
    document = await _known(uow, event, facts)
    if document is None:
        return
    document.state, document.served_on, document.deemed_on = "SERVED", event.served_on, event.deemed_on
    case = await uow.case(document.case_id)
    await ending.served(uow, facts=facts, case=case, document=document, mode=event.mode)


async def on_record_signed(ports: Ports, uow: Store, event: inspections_pb2.RecordSigned, facts: Facts) -> None:
    """The crime screen of a signed record (I14)."""
    inspection = await ports.inspections.inspection(event.inspection_id)
    acts = sorted({line.act_id for line in event.findings if line.act_id})
    await ending.screen_record(ports, uow, facts=facts, inspection=inspection, act_ids=acts)


def heard(ports: Ports) -> dict[str, dict[Any, Handler]]:
    return {
        "documents.document.v1": {
            documents_pb2.DocumentDrafted: on_drafted,
            documents_pb2.DocumentReturned: on_returned,
            documents_pb2.DocumentSealed: on_sealed,
            documents_pb2.DocumentEffective: on_effective,
            documents_pb2.DocumentServed: on_served,
            documents_pb2.DocumentVoided: on_voided,
            documents_pb2.DocumentArchived: on_archived,
            documents_pb2.DocumentSuperseded: on_superseded,
            documents_pb2.DocumentRevoked: on_revoked,
        },
        "inspections.inspection.v1": {inspections_pb2.RecordSigned: partial(on_record_signed, ports)},
        **listening.told(ports),
    }


async def on_statement_over(uow: Store, timer: Timer, facts: Facts) -> None:
    await ending.lapse_statement(uow, facts=facts, id=timer.object_id)


async def on_payment_due(uow: Store, timer: Timer, facts: Facts) -> None:
    """PC33; the timer itself keeps the breach: what is paid later is late."""
    timer.breach(facts.now)
    await ending.fall_due(uow, facts=facts, id=timer.object_id)


async def on_accrual(uow: Store, timer: Timer, facts: Facts) -> None:
    await ending.accrue(uow, facts=facts, timer=timer)


async def on_duty_over(uow: Store, timer: Timer, facts: Facts) -> None:
    await ending.breach(uow, facts=facts, timer=timer)


async def on_right_over(uow: Store, timer: Timer, facts: Facts) -> None:
    await ending.lapse(uow, facts=facts, timer=timer)


async def on_instalment_over(uow: Store, timer: Timer, facts: Facts) -> None:
    await enforcing.instalment_over(uow, facts=facts, timer=timer)


async def on_reconsideration_over(uow: Store, timer: Timer, facts: Facts) -> None:
    await challenging.reconsideration_over(uow, facts=facts, timer=timer)


async def on_application_given_up(uow: Store, timer: Timer, facts: Facts) -> None:
    await challenging.application_given_up(uow, facts=facts, timer=timer)


async def on_application_accepted(uow: Store, timer: Timer, facts: Facts) -> None:
    await challenging.application_accepted(uow, facts=facts, timer=timer)


async def on_hearing_target(uow: Store, timer: Timer, facts: Facts) -> None:
    await ending.hearing_target_over(uow, facts=facts, timer=timer)


SWEPT: dict[str, Callable[[Any, Timer, Facts], Coroutine[Any, Any, Any]]] = {
    "D04": on_duty_over,
    "D05": on_duty_over,
    "D06": on_duty_over,
    "D07": on_duty_over,
    "D08": on_statement_over,
    "D09": on_right_over,
    "D10": on_hearing_target,
    "D11": on_right_over,
    "D12": on_duty_over,
    "D13": on_duty_over,
    "D14": on_duty_over,
    "D16": on_payment_due,
    "D18": on_accrual,
    "D19": on_right_over,
    "D20": on_right_over,
    "D15": on_duty_over,
    "D17": on_instalment_over,
    "D21": on_right_over,
    "D22": on_right_over,
    "D23": on_duty_over,
    "D24": on_duty_over,
    "D51": on_duty_over,
    "D52": on_reconsideration_over,
    "D53": on_duty_over,
    "D54": on_duty_over,
    "D55": on_duty_over,
    "D56": on_duty_over,
    "D57": on_duty_over,
    "D59": on_duty_over,
    "D60": on_duty_over,
    "D62": on_application_given_up,
    "D63": on_application_accepted,
    "D64": on_duty_over,
    "D65": on_duty_over,
}
