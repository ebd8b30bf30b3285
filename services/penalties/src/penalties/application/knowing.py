"""What the guards of a move need to know, fetched before it: the only place where a command asks other services."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from kernel.moves import Facts

from penalties.application.ports import Ports, Uow
from penalties.domain.case import Case
from penalties.domain.file import today
from penalties.domain.investigation import Found
from penalties.domain.law import NIL
from penalties.domain.proceedings import CaseKind


async def current(uow: Uow, id: UUID, version: int) -> Case:
    """The case as the caller read it, or a conflict."""
    case = await uow.case(id)
    uow.expect(case, version)
    return case


async def officers(ports: Ports, case: Case, facts: Facts) -> dict[str, Any]:
    """The two who act; on a trial without the second, the officers of the case."""
    ids = {facts.by.id, facts.second.id} if facts.second else {facts.by.id, *case.officer_ids}
    return {"officers": await ports.identity.officers(sorted(ids), facts.now)}


async def body(ports: Ports, case: Case, facts: Facts) -> dict[str, Any]:
    return {"body": await ports.identity.body(case.org_id, today(facts))}


async def acts(ports: Ports, case: Case, facts: Facts) -> dict[str, Any]:
    """The act as in force on its day and today (APL 37)."""
    now = today(facts)
    then = await ports.lawbook.act(case.act_id, case.act_on)
    return {"act": then, "act_now": await ports.lawbook.act(case.act_id, now) if now != case.act_on else None}


async def thresholds(ports: Ports, case: Case, facts: Facts) -> dict[str, Any]:
    return {"thresholds": await ports.lawbook.thresholds(case.region_code, today(facts))}


async def orders(ports: Ports, case: Case) -> dict[str, Any]:
    """The orders to rectify of the inspection behind the case (G22, INV-19)."""
    found = await ports.inspections.orders(case.inspection_id) if case.inspection_id else ()
    return {
        "served_orders": tuple(order.id for order in found if order.served),
        "failed_orders": tuple(order.id for order in found if order.failed),
    }


async def evidence(ports: Ports, case: Case, facts: Facts) -> dict[str, Any]:
    return {"evidence": {line.id: line.state for line in await ports.evidence.lines(case.id)}}


async def checked(ports: Ports, document_ids: Sequence[str], capacities: Sequence[str] = ()) -> dict[str, Any]:
    """What documents says of each drafted document that the move carries."""
    found = [await ports.documents.check(document_id, capacities) for document_id in document_ids if document_id]
    return {"checked": {document.document_id: document for document in found}}


def knowing(facts: Facts, *parts: dict[str, Any]) -> Facts:
    merged: dict[str, Any] = dict(facts.known)
    for part in parts:
        merged.update(part)
    return replace(facts, known=merged)


async def found(ports: Ports, uow: Uow, case: Case, facts: Facts) -> Found:
    """What the computation of discretion starts from; for a daily fine also the fine behind it (WSL 112)."""
    known = await acts(ports, case, facts)
    limits = await thresholds(ports, case, facts)
    scale = await ports.lawbook.scale(known["act"], case.branch, case.act_on)
    original = (await uow.case(UUID(case.origin_case_id))).fine if case.kind is CaseKind.DAILY else NIL
    return Found(known["act"], known["act_now"], scale, limits["thresholds"], original)
