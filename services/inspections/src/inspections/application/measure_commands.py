"""What callers may do to a coercive measure before and while it is in force: one function each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from kernel.days import legal_day
from kernel.moves import Facts, Person

from inspections.application.grounds import by_system, release, with_form, with_known, with_officers
from inspections.application.measure_wording import basis_of
from inspections.application.ports import Documents, Identity, Uow
from inspections.domain.file import InspectionFile
from inspections.domain.form import APPROVER, OFFICER, Form
from inspections.domain.inspection import Inspection
from inspections.domain.measure import CoerciveMeasure, MeasureDecision
from inspections.domain.measure_refusals import MeasureKindMissing
from inspections.domain.measure_terms import CoercionSteps, Kind, MeasureObject, Papers, PowerGrounds, Sort
from inspections.domain.refusals import FormNotReady

HAZARDOUS = "HCR"


async def propose(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    kind: str,
    finding_ids: Sequence[UUID],
    objects: Sequence[Mapping[str, Any]],
    problem: str,
    basis_text: str,
    hazardous_chemicals: bool,
    power: Mapping[str, Any] | None,
    identity: Identity,
) -> MeasureDecision:
    """Q01, by an officer; the second confirms."""
    file = await uow.file(inspection_id)
    uow.expect(file.inspection, version)
    drafted = _draft(file, facts, kind, finding_ids, objects, problem, basis_text, hazardous_chemicals)
    given = await _competent(facts, file.inspection, identity)
    for measure in drafted:
        measure.power = PowerGrounds(**power) if power and measure.kind is Kind.POWER else None
        uow.record(measure.propose(facts=given))
        uow.add(measure)
    return decision_of(drafted[0])


async def apply_urgently(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    kind: str,
    finding_ids: Sequence[UUID],
    objects: Sequence[Mapping[str, Any]],
    problem: str,
    basis_text: str,
    hazardous_chemicals: bool,
    urgency: str,
    steps: Mapping[str, Any],
    identity: Identity,
) -> MeasureDecision:
    """Q04 with HD06 or HD19, by an officer; the second confirms. One of them leads."""
    file = await uow.file(inspection_id)
    uow.expect(file.inspection, version)
    drafted = _draft(file, facts, kind, finding_ids, objects, problem, basis_text, hazardous_chemicals)
    given = await _competent(facts, file.inspection, identity)
    for measure in drafted:
        measure.urgency = urgency
        uow.record(measure.apply_urgently(CoercionSteps(**steps), facts=given))
        uow.add(measure)
        come_under(measure, given)
    return decision_of(drafted[0])


def _draft(
    file: InspectionFile,
    facts: Facts,
    kind: str,
    finding_ids: Sequence[UUID],
    objects: Sequence[Mapping[str, Any]],
    problem: str,
    basis_text: str,
    hazardous_chemicals: bool,
) -> list[CoerciveMeasure]:
    """One record for each group of objects. Raises: MeasureKindMissing, FindingNotFound."""
    if kind not in frozenset(Kind):
        raise MeasureKindMissing("SEAL, SEIZE or POWER is chosen", field="kind")
    task, findings = file.inspection, file.chosen(finding_ids)
    hazardous = hazardous_chemicals or any(one.instrument == HAZARDOUS or one.hazchem_equipment for one in findings)
    lines = sorted((_line(no, one) for no, one in enumerate(objects, 1)), key=lambda line: line.group)
    groups = [list(group) for _, group in groupby(lines, key=lambda line: line.group)] or [[]]
    first = uuid4()
    drafted = [
        CoerciveMeasure(
            task=task,
            inspection_id=task.id,
            enterprise_id=task.enterprise_id,
            org_path=task.org_path,
            kind=Kind(kind),
            finding_ids=[finding.id for finding in findings],
            objects=group,
            problem=problem.strip(),
            basis_text=basis_text.strip() or basis_of(Kind(kind), hazardous=hazardous),
            hazardous_chemicals=hazardous,
            decision_id=first,
            created_at=facts.now,
            case_id=_case_of(findings),
            id=first if no == 0 else uuid4(),
        )
        for no, group in enumerate(groups)
    ]
    file.measures.extend(drafted)
    return drafted


def _line(no: int, given: Mapping[str, Any]) -> MeasureObject:
    known = {**given, "no": no, "group": given["group"] or 1, "sort": Sort(given["sort"]) if given["sort"] else None}
    return MeasureObject(**known)


def _case_of(findings: Sequence[Any]) -> str:
    """The case that is filed over them already."""
    return next((finding.case_ids[-1] for finding in findings if finding.case_ids), "")


async def approve(
    uow: Uow, *, facts: Facts, measure_id: UUID, version: int, document_id: UUID, documents: Documents, identity: Identity
) -> MeasureDecision:
    """Q02, and Q17 for power."""
    measure = await loaded(uow, measure_id, version)
    form, given = await _approval(facts, measure, document_id, documents)
    given = await _competent(given, measure.task, identity)
    for one in decided(measure):
        uow.record(one.approve(form, facts=given))
    release(uow, measure.task, [document_id], "measure", measure.decision_id, facts)
    return decision_of(measure)


async def confirm_urgent(
    uow: Uow, *, facts: Facts, measure_id: UUID, version: int, document_id: UUID, documents: Documents
) -> MeasureDecision:
    """Q05."""
    measure = await loaded(uow, measure_id, version)
    form, given = await _approval(facts, measure, document_id, documents)
    for one in decided(measure):
        uow.record(one.confirm_urgent(form, facts=given))
    release(uow, measure.task, [document_id], "measure", measure.decision_id, facts)
    return decision_of(measure)


async def _approval(facts: Facts, measure: CoerciveMeasure, document_id: UUID, documents: Documents) -> tuple[Form, Facts]:
    """F07, signed by who approves."""
    form = await documents.check(document_id, ())
    if facts.by.id not in form.signers(APPROVER):
        raise FormNotReady("who approves signs the approval", document_id=document_id, problems=f"{APPROVER} {facts.by.id}")
    return form, with_form(facts, form, measure.decision_id)


async def reject(uow: Uow, *, facts: Facts, measure_id: UUID, version: int, reason: str, document_id: UUID | None) -> MeasureDecision:
    """Q21."""
    measure = await loaded(uow, measure_id, version)
    for one in decided(measure):
        uow.record(one.reject(reason, facts=facts))
    if document_id is not None:
        release(uow, measure.task, [document_id], "measure", measure.decision_id, facts)
    return decision_of(measure)


async def apply(
    uow: Uow,
    *,
    facts: Facts,
    measure_id: UUID,
    version: int,
    document_ids: Sequence[UUID],
    steps: Mapping[str, Any],
    documents: Documents,
    identity: Identity,
) -> MeasureDecision:
    """First step of Q03: the officers signed the inventory, so the second confirmed. IN_FORCE follows by service of F08."""
    measure = await loaded(uow, measure_id, version)
    papers, given = await _signed(facts, measure, document_ids, documents, identity)
    for one in decided(measure):
        one.release_application(papers, CoercionSteps(**steps), facts=given)
    _release_papers(uow, measure, papers, facts)
    return decision_of(measure)


async def hand_over_decision(
    uow: Uow, *, facts: Facts, measure_id: UUID, version: int, document_ids: Sequence[UUID], documents: Documents, identity: Identity
) -> MeasureDecision:
    """Second step of Q04."""
    measure = await loaded(uow, measure_id, version)
    papers, given = await _signed(facts, measure, document_ids, documents, identity)
    for one in decided(measure):
        one.hand_over_decision(papers, facts=given)
    _release_papers(uow, measure, papers, facts)
    return decision_of(measure)


async def _signed(
    facts: Facts, measure: CoerciveMeasure, document_ids: Sequence[UUID], documents: Documents, identity: Identity
) -> tuple[Papers, Facts]:
    """The papers, and the facts with the second officer: his signature on the inventory confirms the move. Law: AEL 18(2)."""
    papers = await papers_of(document_ids, documents)
    task = measure.task
    inventory = papers.of("F09")
    signers = [one for one in inventory.signers(OFFICER) if one in task.officer_ids] if inventory else []
    if inventory is not None and facts.by.id not in signers:
        raise FormNotReady("who moves signs the inventory first", document_id=inventory.document_id, problems=f"{OFFICER} {facts.by.id}")
    other = next((one for one in signers if one != facts.by.id), None)
    if other is not None:
        facts = replace(facts, second=Person(other, facts.by.org_id, facts.by.org_path, frozenset()))
    given = await with_officers(facts, identity)
    return papers, with_known(given, belongs_to=(measure.decision_id, task.id))


async def papers_of(document_ids: Sequence[UUID], documents: Documents) -> Papers:
    return Papers(tuple([await documents.check(one, ()) for one in document_ids]))


def _release_papers(uow: Uow, measure: CoerciveMeasure, papers: Papers, facts: Facts) -> None:
    """The record of the spot first (INV-02), then decision and inventory."""
    order = {"F17": 0, "F08": 1, "F09": 2}
    forms = sorted(papers.forms, key=lambda form: order.get(form.form, 9))
    release(uow, measure.task, [form.document_id for form in forms], "measure", measure.decision_id, facts)


def come_under(measure: CoerciveMeasure, facts: Facts) -> None:
    """HD06, HD19: the findings come under the measure with it."""
    for finding in measure.findings:
        finding.come_under(measure, facts=by_system(facts))


async def _competent(facts: Facts, task: Inspection, identity: Identity) -> Facts:
    """The acting body of the day and the officers' certificates (G01, G05, G19)."""
    body = await identity.body(task.org_id, legal_day(facts.now))
    return with_known(await with_officers(facts, identity), body=body.acting)


async def loaded(uow: Uow, measure_id: UUID, version: int) -> CoerciveMeasure:
    file = await uow.file_of_measure(measure_id)
    measure = file.measure(measure_id)
    uow.expect(measure, version)
    return measure


def decided(measure: CoerciveMeasure) -> list[CoerciveMeasure]:
    """The records of its decision."""
    found: list[CoerciveMeasure] = measure.task.file.decided_with(measure)
    return found


def decision_of(measure: CoerciveMeasure) -> MeasureDecision:
    return MeasureDecision(measure.decision_id, measure.inspection_id, decided(measure))
