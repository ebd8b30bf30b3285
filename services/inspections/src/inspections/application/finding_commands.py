"""What callers may do to a finding: one function each."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from kernel.moves import Facts

from inspections.application.grounds import limited, needed, release, signed_by_officers, with_form
from inspections.application.ports import Documents, Identity, Uow
from inspections.domain.events import CaseClueRaised, MeasuresApplied
from inspections.domain.file import InspectionFile
from inspections.domain.finding import Finding
from inspections.domain.form import OFFICER, Form
from inspections.domain.guards import g04
from inspections.domain.limits import Limits
from inspections.domain.refusals import NoFindingChosen, OrderInForce, ResultsIncomplete, UnknownMove
from inspections.domain.terms import Handling, Measure, RecheckResult

MOVES_WITH_REASON = ("classify_general", "void")


async def amend(
    uow: Uow,
    *,
    facts: Facts,
    finding_id: UUID,
    version: int,
    slots: Mapping[str, str],
    place: str,
    photo_ids: Sequence[str],
    persons: int,
) -> Finding:
    finding = await _finding(uow, finding_id, version)
    finding.amend(slots=slots, place=place, photo_ids=photo_ids, persons=persons, facts=facts)
    return finding


async def choose_handling(
    uow: Uow,
    *,
    facts: Facts,
    finding_id: UUID,
    version: int,
    handling: Sequence[str],
    measures: Sequence[str],
    safety_not_assured: bool,
    hazchem_equipment: bool,
    hand_over_to: str,
) -> Finding:
    finding = await _finding(uow, finding_id, version)
    finding.choose_handling(
        [Handling(one) for one in dict.fromkeys(handling)],
        [Measure(one) for one in dict.fromkeys(measures)],
        safety_not_assured=safety_not_assured,
        hazchem_equipment=hazchem_equipment,
        hand_over_to=hand_over_to,
        facts=facts,
    )
    return finding


async def classify_major(
    uow: Uow, *, facts: Facts, finding_id: UUID, version: int, standard_item: str, doubtful: bool, opinion_evidence_id: str
) -> InspectionFile:
    """HD03, by the lead; the head of the unit confirms."""
    finding = await _finding(uow, finding_id, version)
    uow.record(finding.classify_major(standard_item, doubtful=doubtful, opinion_evidence_id=opinion_evidence_id, facts=facts))
    return _file(finding)


async def downgrade(uow: Uow, *, facts: Facts, finding_id: UUID, version: int, reason: str, evidence_ids: Sequence[str]) -> InspectionFile:
    """HD04, by the head of the unit; the deputy head confirms."""
    finding = await _finding(uow, finding_id, version)
    uow.record(finding.downgrade(reason, list(evidence_ids), facts=facts))
    return _file(finding)


async def close_on_spot(
    uow: Uow, *, facts: Facts, finding_id: UUID, version: int, photo_before_ids: Sequence[str], photo_after_ids: Sequence[str]
) -> Finding:
    finding = await _finding(uow, finding_id, version)
    uow.record(finding.close_on_spot(photo_before_ids, photo_after_ids, facts=facts))
    return finding


async def apply_measures(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    finding_ids: Sequence[UUID],
    document_id: UUID,
    documents: Documents,
    identity: Identity,
) -> InspectionFile:
    """HD06, HD19: one F04 over several findings."""
    file = await uow.file(inspection_id)
    task = file.inspection
    uow.expect(task, version)
    chosen = file.chosen(finding_ids)
    if not chosen:
        raise NoFindingChosen("at least one finding is named")
    form, given = await signed_by_officers(facts, task, document_id, task.id, documents=documents, identity=identity)
    for finding in chosen:
        finding.apply_measures(form, facts=given)
    measures = sorted({measure for finding in chosen for measure in finding.measures})
    uow.record(MeasuresApplied(task.id, [f.id for f in chosen], measures, form.document_id, facts.now))
    release(uow, task, [form.document_id], "inspection", task.id, facts)
    return file


async def recheck_measures(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    results: Sequence[Mapping[str, object]],
    document_id: UUID,
    documents: Documents,
    identity: Identity,
) -> InspectionFile:
    """HD13, HD14 or HD17 for findings without an order in force, by F06."""
    file = await uow.file(inspection_id)
    task = file.inspection
    uow.expect(task, version)
    form, given = await signed_by_officers(facts, task, document_id, task.id, documents=documents, identity=identity)
    refused = g04("F06", after=("F04", "F05"))(task, given)
    if refused is not None:
        raise refused
    for finding, result, photos in read_results(file, results):
        if finding.order_id is not None and not file.order(finding.order_id).over:
            raise OrderInForce("an order is in force for the finding", order=finding.order_id)
        note_result(uow, finding, result, photos, form, given, None)
    release(uow, task, [form.document_id], "inspection", task.id, facts)
    return file


def read_results(file: InspectionFile, results: Sequence[Mapping[str, object]]) -> list[tuple[Finding, RecheckResult, tuple[str, ...]]]:
    """One result for each named finding. Raises: ResultsIncomplete, FindingNotFound."""
    read = []
    for one in results:
        if not one["result"]:
            raise ResultsIncomplete("each finding gets a result", finding=one["finding_id"])
        photos = one["photo_after_ids"]
        assert isinstance(photos, list)
        read.append((file.finding(UUID(str(one["finding_id"]))), RecheckResult(str(one["result"])), tuple(photos)))
    if not read or len({finding.id for finding, _, _ in read}) != len(read):
        raise ResultsIncomplete("each finding that is due gets one result", given=len(results))
    return read


def note_result(
    uow: Uow, finding: Finding, result: RecheckResult, photos: Sequence[str], form: Form, facts: Facts, order_id: UUID | None
) -> None:
    """HD13, HD14 or HD17; a failed item that is a penalisable act is a clue of the branch OVERDUE (HD17, HD18)."""
    uow.record(finding.recheck(result, photos, form, facts=facts))
    if result is not RecheckResult.PASS and finding.penalisable:
        uow.record(
            CaseClueRaised(finding.inspection_id, finding.enterprise_id, [finding.id], finding.act_id, "OVERDUE", order_id, facts.now)
        )


async def supervise(
    uow: Uow,
    *,
    facts: Facts,
    finding_id: UUID,
    version: int,
    notice_number: str,
    responsible_person: str,
    level: str,
    due_on: date | None,
    limits: Limits,
) -> Finding:
    finding = await _finding(uow, finding_id, version)
    notice = {"notice_number": notice_number, "responsible_person": responsible_person, "level": level}
    uow.record(finding.supervise(notice, due_on, facts=limited(facts, limits)))
    return finding


async def consent_resume(uow: Uow, *, facts: Facts, finding_id: UUID, version: int, review_evidence_id: str, reason: str) -> Finding:
    finding = await _finding(uow, finding_id, version)
    uow.record(finding.consent_resume(review_evidence_id, reason, facts=facts))
    return finding


async def refuse_resume(
    uow: Uow, *, facts: Facts, finding_id: UUID, version: int, reason: str, due_on: date | None, limits: Limits
) -> Finding:
    finding = await _finding(uow, finding_id, version)
    uow.record(finding.refuse_resume(reason, needed(due_on, "due_on"), facts=limited(facts, limits)))
    return finding


async def apply_for_review(uow: Uow, *, facts: Facts, finding_id: UUID, version: int, evidence_id: str) -> Finding:
    return await _apply(uow, "apply_for_review", facts, finding_id, version, evidence_id)


async def apply_delisting(uow: Uow, *, facts: Facts, finding_id: UUID, version: int, evidence_id: str) -> Finding:
    return await _apply(uow, "apply_delisting", facts, finding_id, version, evidence_id)


async def _apply(uow: Uow, move: str, facts: Facts, finding_id: UUID, version: int, evidence_id: str) -> Finding:
    finding = await _finding(uow, finding_id, version)
    uow.record(finding.apply_for(move, evidence_id, facts=facts))
    return finding


async def hand_over(
    uow: Uow,
    *,
    facts: Facts,
    finding_id: UUID,
    version: int,
    department: str,
    document_id: UUID,
    reason: str,
    documents: Documents,
) -> Finding:
    finding = await _finding(uow, finding_id, version)
    form = await documents.check(document_id, ())
    given = with_form(facts, form, finding.id, finding.inspection_id)
    uow.record(finding.hand_over(department, form, reason, facts=given))
    release(uow, finding.task, [form.document_id], form.object_kind, form.object_id, facts)
    return finding


async def object_to(uow: Uow, *, facts: Facts, finding_id: UUID, version: int, evidence_id: str, reason: str) -> Finding:
    finding = await _finding(uow, finding_id, version)
    uow.record(finding.object_to(evidence_id, reason, facts=facts))
    return finding


async def decide_objection(uow: Uow, *, facts: Facts, finding_id: UUID, version: int, upheld: bool, reason: str) -> InspectionFile:
    """HD23, by the head of the unit; the deputy head confirms."""
    finding = await _finding(uow, finding_id, version)
    uow.record(finding.decide_objection(reason, upheld=upheld, facts=facts))
    return _file(finding)


async def end_for_closed_unit(
    uow: Uow,
    *,
    facts: Facts,
    finding_id: UUID,
    version: int,
    document_id: UUID,
    closure_evidence_id: str,
    reason: str,
    documents: Documents,
) -> Finding:
    finding = await _finding(uow, finding_id, version)
    form = await documents.check(document_id, (OFFICER, OFFICER))
    given = with_form(facts, form, finding.id, finding.inspection_id)
    uow.record(finding.end_for_closed_unit(form, closure_evidence_id, reason, facts=given))
    release(uow, finding.task, [form.document_id], form.object_kind, form.object_id, facts)
    return finding


async def move(uow: Uow, *, facts: Facts, finding_id: UUID, version: int, move: str, reason: str) -> Finding:
    """HD02, HD24."""
    finding = await _finding(uow, finding_id, version)
    if move == "classify_general":
        uow.record(finding.classify_general(reason, facts=facts))
    elif move == "void":
        uow.record(finding.void(reason, facts=facts))
    else:
        raise UnknownMove("there is no move of this name whose only datum is a reason", move=move, moves=",".join(MOVES_WITH_REASON))
    return finding


async def _finding(uow: Uow, finding_id: UUID, version: int) -> Finding:
    file = await uow.file_of_finding(finding_id)
    finding = file.finding(finding_id)
    uow.expect(finding, version)
    return finding


def _file(finding: Finding) -> InspectionFile:
    file: InspectionFile = finding.task.file
    return file
