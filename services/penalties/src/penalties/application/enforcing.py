"""What people do with a decision that is not performed, and with what hangs on it: one function each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kernel.days import legal_day
from kernel.moves import Facts
from kernel.timers import Timer

from penalties.application.commands import release
from penalties.application.knowing import body, checked, current, knowing
from penalties.application.ports import Ports, Uow
from penalties.domain.account import AccountState, Instalment
from penalties.domain.case import Case, State
from penalties.domain.enforcement import CourtAct


async def grant_deferral(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    instalments: Sequence[Instalment],
    applied_on: str,
    application: str,
    hardship: str,
    document_ids: Sequence[str],
) -> Case:
    """PC31. F38 is approved by the move and releases F39, which tells the party."""
    case = await current(uow, id, version)
    known = knowing(facts, await checked(ports, document_ids))
    uow.record(
        case.grant_deferral(
            instalments, applied_on=applied_on, application=application, hardship=hardship, document_ids=document_ids, facts=known
        )
    )
    documents = sorted(known.known["checked"].values(), key=lambda document: str(document.form))
    release(uow, case, [document.document_id for document in documents], facts)
    return case


async def release_demand(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_id: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.release_demand(document_id, facts=knowing(facts, await checked(ports, [document_id]))))
    release(uow, case, [document_id], facts)
    return case


async def record_demand_answer(uow: Uow, *, facts: Facts, id: UUID, version: int, answer: str, evidence_id: str, finding: str) -> Case:
    case = await current(uow, id, version)
    case.record_demand_answer(answer, evidence_id, finding, facts=facts)
    return case


async def apply_to_court(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    document_id: str,
    package: Sequence[str],
    late_reason: str,
    urgent: bool,
) -> Case:
    case = await current(uow, id, version)
    known = knowing(facts, await checked(ports, [document_id]))
    uow.record(case.apply_to_court(document_id, package, late_reason, urgent, facts=known))
    release(uow, case, [document_id], facts)
    return case


@dataclass(frozen=True)
class CourtPaper:
    """A notice of the court, as it was entered."""

    act: CourtAct
    on: str
    received_on: str
    number: str
    reason: str
    evidence_id: str
    unlawful: bool
    performed: tuple[str, ...]


async def record_court_notice(uow: Uow, *, facts: Facts, id: UUID, version: int, paper: CourtPaper) -> Case:
    case = await current(uow, id, version)
    known = knowing(facts, {"performed": paper.performed})
    uow.record(
        case.record_court_notice(
            paper.act,
            paper.on,
            paper.received_on,
            paper.number,
            paper.reason,
            paper.evidence_id,
            paper.unlawful,
            facts=known,
        )
    )
    return case


async def ask_higher_court(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.ask_higher_court(reason, facts=facts))
    return case


async def accept_court_refusal(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.accept_court_refusal(reason, facts=facts))
    return case


async def record_refund(uow: Uow, *, facts: Facts, id: UUID, version: int, refunded_on: str, slip: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.pay_back(refunded_on, slip, facts=facts))
    return case


async def withdraw_publicity(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.withdraw_publicity(reason, facts=facts))
    return case


async def expire_publicity(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.expire_publicity(reason, facts=facts))
    return case


async def close_after_judgment(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_id: str) -> Case:
    case = await current(uow, id, version)
    known = knowing(facts, await body(ports, case, facts), await checked(ports, [document_id]))
    uow.record(case.close_after_judgment(document_id, facts=known))
    release(uow, case, [document_id], facts)
    return case


async def resume_collection(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.resume_collection(reason, facts=facts))
    return case


async def approve_loan(uow: Uow, *, facts: Facts, id: UUID, version: int, borrower: str, purpose: str, due_on: str) -> Case:
    case = await current(uow, id, version)
    case.approve_loan(borrower, purpose, due_on, facts=facts)
    return case


async def lend(uow: Uow, *, facts: Facts, id: UUID, version: int, loan_id: UUID) -> Case:
    case = await current(uow, id, version)
    uow.record(case.lend(loan_id, facts=facts))
    return case


async def take_back(uow: Uow, *, facts: Facts, id: UUID, version: int, loan_id: UUID) -> Case:
    case = await current(uow, id, version)
    uow.record(case.take_back(loan_id, facts=facts))
    return case


# What payments and timers do.


def after_payment(uow: Uow, case: Case, facts: Facts) -> None:
    """A paid instalment has no day any more; after the last one the deferral ends (PC32)."""
    ended = case.after_payment(facts=facts)
    if ended is not None:
        uow.record(ended)


async def instalment_over(uow: Uow, *, facts: Facts, timer: Timer) -> None:
    case = await uow.case(timer.object_id)
    if case.state is not State.DEFERRED:
        timer.stop(facts.now)
        account = case.fine_account
        owing = account is not None and account.state in {AccountState.DUE, AccountState.PART_PAID} and not case.execution_paused
        if account is not None and owing and case.state is State.EXECUTING and account.late_on(legal_day(facts.now)).fen:
            # The deferral of a decision that was lowered meanwhile: what is late is late (PC33).
            uow.record(case.charge_surcharge(facts=facts))
        return
    ended = case.instalment_over(timer, facts=facts)
    if ended is not None:
        uow.record(ended)
