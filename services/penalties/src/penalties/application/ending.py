"""What people do with a case from the notice to the archive, and what events and timers do to it: one function each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from kernel.money import Money
from kernel.moves import Facts
from kernel.timers import Timer

from penalties.application.commands import REVIEWED, UnknownMove, release
from penalties.application.enforcing import after_payment
from penalties.application.knowing import acts, body, checked, current, evidence, knowing, orders, thresholds
from penalties.application.ports import InspectionScreen, Ports, SeenInspection, Uow
from penalties.domain.account import Payment
from penalties.domain.case import Case, State
from penalties.domain.crime_screen import GRAVITY, CrimeFacts, OffenceResult, crime_screen, gravest
from penalties.domain.file import today
from penalties.domain.law import CrimeStandard
from penalties.domain.notice import MAY_STATE_MEANWHILE
from penalties.domain.records import CaseDocument, Screen, ScreenPoint, StatementMode, StatementPoint

DECISION_FORMS = frozenset({"F34", "F35", "X5"})
NOTICE_FORMS = frozenset({"F24", "F26"})


@dataclass(frozen=True)
class Move:
    """A move whose only data are a reason and documents."""

    move: str
    reason: str
    document_ids: tuple[str, ...]
    performed: tuple[str, ...] = ()


async def move(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, asked: Move) -> Case:
    case = await current(uow, id, version)
    match asked.move:
        case "send_back":
            uow.record(case.send_back(asked.reason, facts=facts))
        case "submit_for_review":
            uow.record(case.submit_for_review(asked.document_ids, facts=knowing(facts, await checked(ports, asked.document_ids))))
            release(uow, case, asked.document_ids, facts)
        case "resubmit_for_review":
            uow.record(case.resubmit_for_review(asked.document_ids, facts=knowing(facts, await checked(ports, asked.document_ids))))
            release(uow, case, asked.document_ids, facts)
        case "skip_review":
            uow.record(case.skip_review(asked.reason, facts=facts))
        case "tell_anew":
            uow.record(case.tell_anew(asked.reason, facts=facts))
        case "start_deliberation":
            known = knowing(facts, await checked(ports, asked.document_ids))
            uow.record(case.start_deliberation(asked.reason, asked.document_ids, facts=known))
        case "submit_no_penalty":
            known = knowing(facts, await checked(ports, asked.document_ids, REVIEWED))
            uow.record(case.submit_no_penalty(asked.document_ids, facts=known))
        case "return_notice":
            uow.record(case.return_notice(asked.reason, facts=facts))
        case "submit_for_decision":
            known = knowing(facts, await checked(ports, asked.document_ids, REVIEWED))
            uow.record(case.submit_for_decision(asked.document_ids, facts=known))
        case "charge_surcharge":
            uow.record(case.charge_surcharge(facts=facts))
        case "complete_execution":
            uow.record(case.complete_execution(asked.document_ids, facts=knowing(facts, {"performed": asked.performed})))
        case _:
            raise UnknownMove("MoveCase knows no move of this name", move=asked.move)
    return case


async def release_notice(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_ids: Sequence[str]) -> Case:
    """First step of PC16. What the DEP approves is released with it, the approving form first."""
    case = await current(uow, id, version)
    known = knowing(facts, await body(ports, case, facts), await checked(ports, document_ids))
    uow.record(case.release_notice(document_ids, facts=known))
    order = {"ws1003012": 0, "F30": 1, "F24": 2, "F26": 3}
    documents = sorted(known.known["checked"].values(), key=lambda document: order.get(document.form, 9))
    release(uow, case, [document.document_id for document in documents], facts)
    return case


async def take_statement(
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    mode: StatementMode,
    document_id: str,
    points: Sequence[str],
    hearing_waived: bool,
) -> Case:
    case = await current(uow, id, version)
    if case.state in MAY_STATE_MEANWHILE:
        uow.record(case.note_statement(mode, document_id, points, facts=facts))
    else:
        uow.record(case.take_statement(mode, document_id, points, hearing_waived, facts=facts))
    return case


async def recheck_statement(uow: Uow, *, facts: Facts, id: UUID, version: int, points: Sequence[StatementPoint]) -> Case:
    case = await current(uow, id, version)
    case.recheck_statement(points, facts=facts)
    return case


async def decide(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_ids: Sequence[str], late_reason: str) -> Case:
    case = await current(uow, id, version)
    issuer = await ports.identity.issuer(case.org_id, today(facts))
    known = knowing(
        facts,
        {"superior": issuer.superior, "transfers_of_party": await uow.transfers_against(case.party_key)},
        await body(ports, case, facts),
        await acts(ports, case, facts),
        await thresholds(ports, case, facts),
        await evidence(ports, case, facts),
        await orders(ports, case),
        await checked(ports, document_ids),
    )
    uow.record(case.decide(document_ids, late_reason, facts=known))
    documents = sorted(known.known["checked"].values(), key=lambda document: document.form in DECISION_FORMS)
    release(uow, case, [document.document_id for document in documents], facts)
    return case


async def extend(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, days: int, reason: str, document_id: str) -> Case:
    case = await current(uow, id, version)
    known = knowing(facts, await body(ports, case, facts), await checked(ports, [document_id]))
    uow.record(case.extend(days, reason, document_id, facts=known))
    release(uow, case, [document_id], facts)
    return case


async def record_payment(
    uow: Uow, *, facts: Facts, id: UUID, version: int, amount: Money, paid_on: str, slip: str, evidence_id: str
) -> Case:
    case = await current(uow, id, version)
    uow.record(case.record_payment(Payment(amount, paid_on, slip, evidence_id, facts.by.id, facts.now), facts=facts))
    after_payment(uow, case, facts)
    return case


async def publish(uow: Uow, *, facts: Facts, id: UUID, version: int, channel: str, url: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.publish(channel, url, facts=facts))
    return case


async def file_upward(uow: Uow, *, facts: Facts, id: UUID, version: int, reference: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.file_upward(reference, facts=facts))
    return case


async def close(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_id: str) -> Case:
    case = await current(uow, id, version)
    findings = await ports.inspections.findings(case.finding_ids) if case.finding_ids else ()
    bare = [finding.id for finding in findings if finding.open and not finding.ordered]
    known = knowing(
        facts,
        {"findings_without_order": bare, "performed": ()},
        await body(ports, case, facts),
        await checked(ports, [document_id]),
    )
    uow.record(case.close(document_id, facts=known))
    release(uow, case, [document_id], facts)
    return case


async def archive(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_ids: Sequence[str], request_id: str) -> Case:
    case = await current(uow, id, version)
    wrong = await ports.evidence.mismatches(case.id, f"{request_id}:verify")
    known = knowing(facts, {"hash_mismatches": wrong}, await checked(ports, document_ids))
    happened = case.archive(document_ids, facts=known)
    release(uow, case, document_ids, facts)
    uow.record(happened)
    return case


async def release_documents(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_ids: Sequence[str]) -> Case:
    """Forms without an approval of their own: a record, a notice to attend, a reminder."""
    case = await current(uow, id, version)
    found = [await ports.documents.check(document_id, ()) for document_id in document_ids]
    case.release_documents(found, facts=facts)
    release(uow, case, document_ids, facts)
    return case


# What events and timers do.


async def served(uow: Uow, *, facts: Facts, case: Case, document: CaseDocument, mode: str) -> Case:
    """A notice or a decision was served: PC16 when F24 and any F26 are, PC20 or PC21, or PC29 and PC30 at once."""
    if document.form in NOTICE_FORMS and case.state is State.NOTICE_DRAFT and case.notice is not None:
        released = {case.notice.document_id, case.notice.hearing_document_id} - {""}
        told = [paper for paper in case.documents if paper.document_id in released and paper.deemed_on]
        if len(told) == len(released):
            last = max(told, key=lambda paper: paper.deemed_on)
            uow.record(case.notify(last.document_id, last.served_on, last.deemed_on, mode, facts=facts))
    elif document.form == "F27" and case.state in {State.HEARING_REQ, State.HEARING_SET}:
        told_of = case.hearing_told(document.document_id, document.served_on, document.deemed_on, mode, facts=facts)
        if told_of is not None:
            uow.record(told_of)
    elif document.form == "F41" and case.state is State.EXECUTING:
        uow.record(case.demand_served(document.document_id, document.served_on, document.deemed_on, facts=facts))
    elif document.form in DECISION_FORMS and case.state is State.DECIDED:
        uow.record(case.serve(document.document_id, document.served_on, document.deemed_on, mode, facts=facts))
        uow.record(case.start_execution(facts=facts))
    return case


async def lapse_statement(uow: Uow, *, facts: Facts, id: UUID) -> Case:
    """D08 ended without a word: PC17 by SYS."""
    case = await uow.case(id)
    if case.state is State.NOTIFIED:
        uow.record(case.take_statement(StatementMode.EXPIRED, "", (), False, facts=facts))
    else:
        case.lapse_statement_meanwhile(facts=facts)
    return case


async def fall_due(uow: Uow, *, facts: Facts, id: UUID) -> Case:
    """D16 ended without payment: PC33 by SYS, unless the decision no longer stands or its execution rests."""
    case = await uow.case(id)
    if case.revoked or case.execution_paused or any(remedy.pending and remedy.stayed for remedy in case.remedies):
        return case
    uow.record(case.charge_surcharge(facts=facts))
    return case


async def accrue(uow: Uow, *, facts: Facts, timer: Timer) -> None:
    """D18 has no end of its own: it is looked at again on the day on which the surcharge reaches the fine."""
    case = await uow.case(timer.object_id)
    account = case.fine_account
    if account is not None and account.surcharge_paused:
        timer.expires_at = None
        return
    capped_at = case.surcharge_capped_at()
    if facts.now >= capped_at:
        case.cap_surcharge(facts=facts)
    else:
        timer.expires_at = capped_at


async def hearing_target_over(uow: Uow, *, facts: Facts, timer: Timer) -> None:
    """D10 ended: no defect where D11 left no earlier day and the reason is stored (5.5)."""
    case = await uow.case(timer.object_id)
    until = case.hearing_excused_until(facts=facts)
    if until is not None:
        timer.expires_at = until
    else:
        uow.record(case.note_breach(timer, facts=facts))


async def breach(uow: Uow, *, facts: Facts, timer: Timer) -> None:
    case = await uow.case(timer.object_id)
    uow.record(case.note_breach(timer, facts=facts))


async def lapse(uow: Uow, *, facts: Facts, timer: Timer) -> None:
    case = await uow.case(timer.object_id)
    case.note_lapse(timer, facts=facts)


async def screen_record(ports: Ports, uow: Uow, *, facts: Facts, inspection: SeenInspection, act_ids: Sequence[str]) -> InspectionScreen:
    """The screen of a signed record (I14): the acts found, nothing known yet of consequences."""
    limits = await ports.lawbook.thresholds(inspection.region_code, today(facts))
    results = _worst_per_offence(limits.crime_standards, act_ids)
    ran = Screen(uuid4(), ScreenPoint.RECORD_SIGNED, facts.now, 0, gravest(results), results, limits.version, facts.by.id)
    kept = InspectionScreen(uuid4(), inspection.org_path, inspection.id, inspection.enterprise_id, ran)
    uow.add(kept)
    return kept


def _worst_per_offence(standards: Sequence[CrimeStandard], act_ids: Sequence[str]) -> tuple[OffenceResult, ...]:
    screened = [crime_screen(standards, CrimeFacts(), act_id) for act_id in act_ids or ("",)]
    return tuple(max(results, key=lambda found: GRAVITY.index(found.result)) for results in zip(*screened, strict=True))
