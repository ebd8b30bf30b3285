"""What callers may do to a coercive measure that is in force: tests, extension, the fate of the objects, power."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.money import Money
from kernel.moves import Facts, Role, RoleForbidsMove

from inspections.application.grounds import by_system, limited, release, with_form, with_known
from inspections.application.measure_commands import come_under, decided, decision_of, loaded, papers_of
from inspections.application.ports import Documents, Uow
from inspections.domain.limits import Limits
from inspections.domain.measure import CoerciveMeasure, MeasureDecision
from inspections.domain.measure_refusals import CaseMissing
from inspections.domain.measure_terms import Appraisal, Cut, Destruction, ObjectHandling


async def send_to_appraisal(
    uow: Uow,
    *,
    facts: Facts,
    measure_id: UUID,
    version: int,
    evidence_id: str,
    stated_days: int,
    notice_evidence_id: str,
) -> CoerciveMeasure:
    """Q07."""
    measure = await loaded(uow, measure_id, version)
    appraisal = Appraisal(evidence_id, notice_evidence_id, stated_days, legal_day(facts.now))
    uow.record(measure.send_to_appraisal(appraisal, facts=facts))
    return measure


async def end_appraisal(uow: Uow, *, facts: Facts, measure_id: UUID, version: int, opinion_evidence_id: str) -> CoerciveMeasure:
    """Q08: an officer of the task enters the result; the system moves."""
    measure = await loaded(uow, measure_id, version)
    held = measure.roles_of(facts.by)
    if not held & {Role.OFF, Role.LEAD}:
        raise RoleForbidsMove("an officer of the task enters the result", needed="OFF", held=",".join(sorted(held)))
    uow.record(measure.end_appraisal(opinion_evidence_id, facts=by_system(facts)))
    return measure


async def extend(
    uow: Uow, *, facts: Facts, measure_id: UUID, version: int, days: int, reason: str, document_id: UUID, documents: Documents
) -> CoerciveMeasure:
    """Q09."""
    measure = await loaded(uow, measure_id, version)
    form = await documents.check(document_id, ())
    uow.record(measure.extend(days, reason, form, facts=with_form(facts, form, measure.id)))
    release(uow, measure.task, [document_id], "measure", measure.id, facts)
    return measure


async def decide_handling(
    uow: Uow, *, facts: Facts, measure_id: UUID, version: int, handling: str, reason: str, document_id: UUID, documents: Documents
) -> CoerciveMeasure:
    """Q10, and Q12 at once where the penalty decision of the case was served before."""
    measure = await loaded(uow, measure_id, version)
    form = await documents.check(document_id, ())
    chosen = ObjectHandling(handling) if handling else None
    uow.record(measure.decide(chosen, reason, form, facts=with_form(facts, form, measure.id)))
    release(uow, measure.task, [document_id], "measure", measure.id, facts)
    confiscate_if_due(uow, measure, facts)
    return measure


def confiscate_if_due(uow: Uow, measure: CoerciveMeasure, facts: Facts, decision: str = "") -> None:
    """Q12 by the system."""
    if measure.confiscable:
        uow.record(measure.confiscate(facts=by_system(facts), decision=decision))
        come_free(uow, measure, facts, review=True)


async def return_objects(
    uow: Uow, *, facts: Facts, measure_id: UUID, version: int, receipt_evidence_id: str, proceeds: Money
) -> CoerciveMeasure:
    """Q11, HD20."""
    measure = await loaded(uow, measure_id, version)
    for event in measure.give_back(receipt_evidence_id, proceeds, facts=facts):
        uow.record(event)
    come_free(uow, measure, facts, review=True)
    return measure


async def confiscate_objects(
    uow: Uow, *, facts: Facts, measure_id: UUID, version: int, case_id: str, decision_number: str
) -> CoerciveMeasure:
    """Q12 by the head, HD20."""
    measure = await loaded(uow, measure_id, version)
    if case_id != measure.case_id:
        raise CaseMissing("the goods are held for another case", measure=measure.id)
    uow.record(measure.confiscate(facts=facts, decision=decision_number))
    come_free(uow, measure, facts, review=True)
    return measure


async def destroy(uow: Uow, *, facts: Facts, measure_id: UUID, version: int, destruction: Mapping[str, Any]) -> MeasureDecision:
    """Q13, HD20: the keeper of fines and goods proposes, the evidence keeper confirms."""
    measure = await loaded(uow, measure_id, version)
    uow.record(measure.destroy(Destruction(**destruction), facts=facts))
    if not facts.permission_only:
        come_free(uow, measure, facts, review=True)
    return decision_of(measure)


async def refuse_urgent(
    uow: Uow, *, facts: Facts, measure_id: UUID, version: int, document_id: UUID, reason: str, documents: Documents
) -> CoerciveMeasure:
    """Q06."""
    return await _lift(uow, "refuse_urgent", facts, measure_id, version, document_id, reason, documents)


async def lift_overdue(
    uow: Uow, *, facts: Facts, measure_id: UUID, version: int, document_id: UUID, reason: str, documents: Documents
) -> CoerciveMeasure:
    """Q16."""
    return await _lift(uow, "lift_overdue", facts, measure_id, version, document_id, reason, documents)


async def _lift(
    uow: Uow, move: str, facts: Facts, measure_id: UUID, version: int, document_id: UUID, reason: str, documents: Documents
) -> CoerciveMeasure:
    measure = await loaded(uow, measure_id, version)
    form = await documents.check(document_id, ())
    uow.record(measure.lift(move, form, reason, facts=with_form(facts, form, measure.id)))
    release(uow, measure.task, [document_id], "measure", measure.id, facts)
    come_free(uow, measure, facts, review=False)
    return measure


async def notice_power_cut(
    uow: Uow, *, facts: Facts, measure_id: UUID, version: int, document_ids: Sequence[UUID], documents: Documents
) -> MeasureDecision:
    """First step of Q18. NOTICED follows by service of F13."""
    measure = await loaded(uow, measure_id, version)
    papers = await papers_of(document_ids, documents)
    given = with_known(facts, belongs_to=(measure.decision_id,))
    for one in decided(measure):
        one.release_notice(papers, facts=given)
    forms = sorted(papers.forms, key=lambda form: form.form, reverse=True)
    release(uow, measure.task, [form.document_id for form in forms], "measure", measure.decision_id, facts)
    return decision_of(measure)


async def cut_power(
    uow: Uow,
    *,
    facts: Facts,
    measure_id: UUID,
    version: int,
    receipt_evidence_id: str,
    refusal_goes_on: bool,
    emergency: str,
    limits: Limits,
) -> MeasureDecision:
    """Q19 with HD19: the supplier's act, entered by an officer who holds its receipt."""
    measure = await loaded(uow, measure_id, version)
    for one in decided(measure):
        uow.record(one.cut(Cut(receipt_evidence_id, refusal_goes_on, emergency), facts=limited(facts, limits)))
        come_under(one, facts)
    return decision_of(measure)


async def resume_power(
    uow: Uow,
    *,
    facts: Facts,
    measure_id: UUID,
    version: int,
    document_id: UUID,
    evidence_id: str,
    reason: str,
    documents: Documents,
) -> MeasureDecision:
    """Q20."""
    measure = await loaded(uow, measure_id, version)
    form = await documents.check(document_id, ())
    for one in decided(measure):
        uow.record(one.resume(form, evidence_id, reason, facts=with_form(facts, form, measure.id, measure.decision_id)))
        come_free(uow, one, facts, review=False)
    release(uow, measure.task, [document_id], "measure", measure.decision_id, facts)
    return decision_of(measure)


def come_free(uow: Uow, measure: CoerciveMeasure, facts: Facts, *, review: bool) -> None:
    """HD20: a finding under nothing else falls due for review, where no order is in force."""
    file = measure.task.file
    for finding in measure.findings:
        if file.coerced(finding.id):
            continue
        ordered = finding.order_id is not None and not file.order(finding.order_id).over
        event = finding.come_free(measure, review=review and not ordered, facts=by_system(facts))
        if event is not None:
            uow.record(event)
