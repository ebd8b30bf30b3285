"""The simple procedure and its cash: one function for each step."""

from collections.abc import Sequence
from uuid import UUID

from kernel.days import legal_day
from kernel.money import Money
from kernel.moves import Facts

from penalties.application.commands import TWO_OFFICERS, release
from penalties.application.knowing import acts, body, checked, current, knowing, officers, orders, thresholds
from penalties.application.ports import Ports, Uow
from penalties.domain.account import Payment
from penalties.domain.case import Case
from penalties.domain.procedure_events import CashMoved
from penalties.domain.proceedings import CashCollection, SimpleKind, SimplePenalty
from penalties.domain.simple import HandOver


async def draft(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    kind: str,
    fine: Money,
    text: str,
    evidence_ids: Sequence[str],
    correction_order_ids: Sequence[str],
    correction_note: str,
) -> Case:
    """PC53, proposed by one officer and confirmed by the other."""
    case = await current(uow, id, version)
    legal = await acts(ports, case, facts)
    known = knowing(facts, legal, await officers(ports, case, facts), await body(ports, case, facts), await thresholds(ports, case, facts))
    drafted = SimplePenalty(
        kind=SimpleKind(kind),
        fine=fine,
        facts=text,
        violated=legal["act"].violated_text,
        basis=legal["act"].basis_text,
        evidence_ids=tuple(evidence_ids),
        correction_order_ids=tuple(correction_order_ids),
        correction_note=correction_note,
    )
    uow.record(case.draft_simple(drafted, facts=known))
    return case


async def hand_over(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    certificate_shown: bool,
    rights_told: bool,
    statement: str,
    refused_to_sign: bool,
    place: str,
    document_id: str,
) -> Case:
    """PC54: the signed form is numbered and sealed, decided and served in one."""
    case = await current(uow, id, version)
    known = knowing(
        facts,
        await officers(ports, case, facts),
        await acts(ports, case, facts),
        await thresholds(ports, case, facts),
        await orders(ports, case),
        await checked(ports, [document_id], (*TWO_OFFICERS, "PARTY")),
    )
    given = HandOver(certificate_shown, rights_told, statement, refused_to_sign, place, document_id)
    uow.record(case.hand_over_simple(given, facts=known))
    release(uow, case, [document_id], facts)
    return case


async def leave(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str, document_id: str) -> Case:
    case = await current(uow, id, version)
    known = knowing(facts, await officers(ports, case, facts), await checked(ports, [document_id], TWO_OFFICERS))
    uow.record(case.leave_simple(reason, document_id, facts=known))
    return case


async def record(uow: Uow, *, facts: Facts, id: UUID, version: int, entry: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.record_simple(entry, facts=facts))
    return case


async def collect_cash(uow: Uow, *, facts: Facts, id: UUID, version: int, cash: CashCollection) -> Case:
    case = await current(uow, id, version)
    uow.record(case.collect_cash(cash, facts=facts))
    return case


async def hand_in_cash(uow: Uow, *, facts: Facts, id: UUID, version: int, receipt_number: str) -> Case:
    """What the party paid in cash counts as paid on the day on which it was taken."""
    case = await current(uow, id, version)
    taken = case.hand_in_cash(receipt_number, facts=facts)
    paid_on = legal_day(taken.collected_at).isoformat()
    payment = Payment(taken.amount, paid_on, taken.receipt_number, "", facts.by.id, facts.now)
    uow.record(CashMoved(case.id, "HANDED_IN", taken.amount, facts.now))
    uow.record(case.record_payment(payment, facts=facts))
    return case


async def deposit_cash(uow: Uow, *, facts: Facts, id: UUID, version: int, receipt_number: str, slip: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.deposit_cash(receipt_number, slip, facts=facts))
    return case


async def execute(uow: Uow, *, facts: Facts, id: UUID, version: int) -> Case:
    case = await current(uow, id, version)
    uow.record(case.execute_simple(facts=facts))
    return case


async def complete(uow: Uow, *, facts: Facts, id: UUID, version: int) -> Case:
    case = await current(uow, id, version)
    uow.record(case.complete_simple(facts=facts))
    return case
