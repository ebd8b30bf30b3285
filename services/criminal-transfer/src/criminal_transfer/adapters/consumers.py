"""Which events criminal-transfer hears and which timers it sweeps, and what each one does."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from anzhi.documents.v1 import events_pb2 as documents_pb2
from anzhi.penalties.v1 import events_pb2 as penalties_pb2
from kernel.moves import Facts
from kernel.timers import Timer

from criminal_transfer.adapters.store import Store
from criminal_transfer.application import reactions
from criminal_transfer.application.ports import Ports

Handler = Callable[[Any, Any, Facts], Awaitable[Any]]
_STATES: dict[type[Any], str] = {
    documents_pb2.DocumentDrafted: "DRAFT",
    documents_pb2.DocumentReturned: "DRAFT",
    documents_pb2.DocumentSealed: "SEALED",
    documents_pb2.DocumentEffective: "EFFECTIVE",
    documents_pb2.DocumentServed: "SERVED",
    documents_pb2.DocumentVoided: "VOID",
    documents_pb2.DocumentArchived: "ARCHIVED",
}


async def on_document(uow: Store, event: Any, facts: Facts) -> None:
    """The line of the document in its transfer."""
    if event.object_kind != "transfer":
        return
    sealed = isinstance(event, documents_pb2.DocumentSealed)
    served = event.served_on if isinstance(event, documents_pb2.DocumentServed) else ""
    await reactions.note_document(
        uow,
        facts=facts,
        document_id=event.document_id,
        form=event.form,
        transfer_id=event.object_id,
        state=_STATES[type(event)],
        number=event.number if sealed else "",
        sha256=event.sha256 if sealed else "",
        served_on=served,
    )


async def on_screened(ports: Ports, uow: Store, event: penalties_pb2.CaseScreened, facts: Facts) -> None:
    """C01, or the latest screen of what is open."""
    await reactions.screened(
        ports,
        uow,
        facts=facts,
        case_id=event.case_id,
        inspection_id=event.inspection_id,
        result=event.result,
        offences=list(event.offences),
        suspects=list(event.suspects),
    )


async def on_decided(ports: Ports, uow: Store, event: penalties_pb2.CaseDecided, facts: Facts) -> None:
    await reactions.fined(ports, uow, case_id=event.case_id, org_path=event.org_path, fine=event.fine.fen)


async def on_decided_on_the_spot(ports: Ports, uow: Store, event: penalties_pb2.SimpleDecided, facts: Facts) -> None:
    await reactions.fined(ports, uow, case_id=event.case_id, org_path="", fine=event.fine.fen)


async def on_paid(ports: Ports, uow: Store, event: penalties_pb2.FinePaid, facts: Facts) -> None:
    await reactions.paid(ports, uow, case_id=event.case_id, amount=event.amount.fen)


async def on_refunded(ports: Ports, uow: Store, event: penalties_pb2.FineRefunded, facts: Facts) -> None:
    await reactions.paid(ports, uow, case_id=event.case_id, amount=-event.amount.fen)


async def on_changed(ports: Ports, uow: Store, event: penalties_pb2.DecisionChanged, facts: Facts) -> None:
    await reactions.fined(ports, uow, case_id=event.case_id, org_path="", fine=event.fine.fen)


async def on_revoked(ports: Ports, uow: Store, event: penalties_pb2.DecisionRevoked, facts: Facts) -> None:
    await reactions.fined(ports, uow, case_id=event.case_id, org_path="", fine=0)


def heard(ports: Ports) -> dict[str, dict[Any, Handler]]:
    return {
        "documents.document.v1": dict.fromkeys(_STATES, on_document),
        "penalties.case.v1": {
            penalties_pb2.CaseScreened: partial(on_screened, ports),
            penalties_pb2.CaseDecided: partial(on_decided, ports),
            penalties_pb2.SimpleDecided: partial(on_decided_on_the_spot, ports),
            penalties_pb2.FinePaid: partial(on_paid, ports),
            penalties_pb2.FineRefunded: partial(on_refunded, ports),
            penalties_pb2.DecisionChanged: partial(on_changed, ports),
            penalties_pb2.DecisionRevoked: partial(on_revoked, ports),
        },
    }


async def on_over(uow: Store, timer: Timer, facts: Facts) -> None:
    await reactions.over(uow, facts=facts, timer=timer)


TIMERS = ("GEN", "D33", "D34", "D35", "D36", "D37", "D38", "D39", "D40", "D41", "D42", "D43", "D44", "D58")
SWEPT: dict[str, Callable[[Any, Timer, Facts], Awaitable[Any]]] = dict.fromkeys(TIMERS, on_over)
