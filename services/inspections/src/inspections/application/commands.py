"""What callers may do to a task: one function each. Findings and orders have files of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from kernel.days import day_begins, legal_day
from kernel.moves import Facts

from inspections.application.grounds import (
    by_system,
    limited,
    release,
    signed_by_officers,
    with_form,
    with_known,
    with_officers,
)
from inspections.application.ports import Documents, Enterprises, Identity, Lawbook, Uow
from inspections.domain.events import CaseClueRaised, FindingConfirmed
from inspections.domain.file import InspectionFile
from inspections.domain.finding import Finding
from inspections.domain.form import REVIEWER
from inspections.domain.inspection import Inspection
from inspections.domain.limits import Limits
from inspections.domain.publicity import PublicityItem
from inspections.domain.refusals import BodyNotBelow, EnterpriseCeased, FieldMissing, SourceMissing, UnknownMove
from inspections.domain.terms import Answer, Source
from inspections.domain.visit import Arrival, ItemAnswer, Obstruction, Position, Scheme, Stay

MOVES_WITH_REASON = ("return_scheme", "give_access", "persist", "close_without_findings", "close", "cancel")
# The act of who refuses or obstructs a check (6.4). Law: WSL 108.
OBSTRUCTION = "A42"


async def create(
    uow: Uow,
    *,
    facts: Facts,
    source: str,
    source_ref: str,
    title: str,
    enterprise_id: UUID,
    category: str,
    covert: bool,
    frequency_override: str,
    org_id: str,
    identity: Identity,
    enterprises: Enterprises,
    limits: Limits,
) -> Inspection:
    if not source:
        raise SourceMissing("a task says where it came from")
    unit = await enterprises.enterprise(enterprise_id)
    if unit.ceased:
        raise EnterpriseCeased("the enterprise no longer exists", enterprise=enterprise_id)
    body = await identity.body(org_id or facts.by.org_id, legal_day(facts.now))
    if org_id and not body.path.startswith(facts.by.org_path):
        raise BodyNotBelow("a task is entered for one's own body or one below it", org_id=org_id)
    task = Inspection(
        source=Source(source),
        source_ref=source_ref,
        title=title.strip() or unit.name,
        enterprise_id=unit.id,
        enterprise_name=unit.name,
        enterprise_code=unit.code,
        enterprise_address=unit.address,
        industry_code=unit.industry_code,
        region_code=unit.region_code,
        legal_representative=unit.legal_representative,
        enterprise_phone=unit.phone,
        org_id=org_id or facts.by.org_id,
        org_path=body.path if org_id else facts.by.org_path,
        category=category or "WORK_SAFETY",
        covert=covert or source == Source.COVERT,
        created_by=facts.by.id,
        created_at=facts.now,
        frequency_override=frequency_override,
    )
    new_year = day_begins(legal_day(facts.now).replace(month=1, day=1)).astimezone(UTC)
    done = await uow.checks_since(unit.id, new_year)
    uow.record(task.create(facts=with_known(limited(facts, limits), body=body.acting, checks_this_year=done)))
    uow.add(task)
    return task


async def assign(
    uow: Uow, *, facts: Facts, inspection_id: UUID, version: int, officer_ids: Sequence[str], lead_id: str, identity: Identity
) -> Inspection:
    task = await _task(uow, inspection_id, version)
    uow.record(task.assign(officer_ids, lead_id, facts=await with_officers(facts, identity, *officer_ids)))
    return task


async def replace_officer(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    officer_id: str,
    by_officer_id: str,
    lead_id: str,
    ground: str,
    reason: str,
    identity: Identity,
) -> Inspection:
    task = await _task(uow, inspection_id, version)
    elsewhere = await uow.on_site([by_officer_id], besides=task.id)
    given = with_known(await with_officers(facts, identity, *task.officer_ids, by_officer_id), elsewhere=elsewhere)
    uow.record(task.replace_officer(officer_id, by_officer_id, lead_id, ground, reason, facts=given))
    if task.arrived_at is not None:
        await uow.leave_site(task.id, [officer_id], facts.now)
        await uow.enter_site(_stays(task, [by_officer_id], facts.now))
    return task


async def submit_scheme(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    window_from: datetime | None,
    window_to: datetime | None,
    content: str,
    method: str,
    check_item_ids: Sequence[str],
    remarks: str,
    lawbook: Lawbook,
) -> Inspection:
    task = await _task(uow, inspection_id, version)
    if window_from is None or window_to is None:
        raise FieldMissing("the time window is needed", field="window_from" if window_from is None else "window_to")
    if check_item_ids:
        await lawbook.items(check_item_ids, legal_day(window_from))
    scheme = Scheme(window_from, window_to, content, method, tuple(dict.fromkeys(check_item_ids)), remarks)
    uow.record(task.submit_scheme(scheme, facts=facts))
    return task


async def approve_scheme(
    uow: Uow, *, facts: Facts, inspection_id: UUID, version: int, document_id: UUID, documents: Documents
) -> Inspection:
    task = await _task(uow, inspection_id, version)
    form = await documents.check(document_id, (REVIEWER, REVIEWER))
    uow.record(task.approve_scheme(form, facts=with_form(facts, form, task.id)))
    release(uow, task, [form.document_id], "inspection", task.id, facts)
    return task


async def arrive_urgently(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    reason: str,
    approved_by: str,
    approved_at: datetime | None,
    device_id: str,
    recording: bool,
    position: Mapping[str, float] | None,
    identity: Identity,
    limits: Limits,
) -> Inspection:
    task = await _task(uow, inspection_id, version)
    arrival = Arrival(device_id, recording, position=_position(position), reason=reason, approved_by=approved_by, approved_at=approved_at)
    given = limited(await with_officers(facts, identity, *task.officer_ids), limits)
    given = with_known(given, elsewhere=await uow.on_site(task.officer_ids, besides=task.id))
    uow.record(task.arrive_urgently(arrival, facts=given))
    await uow.enter_site(_stays(task, task.officer_ids, facts.now))
    return task


async def arrive(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    device_id: str,
    recording: bool,
    certificates_shown: bool,
    notified_before: bool,
    position: Mapping[str, float] | None,
    identity: Identity,
) -> InspectionFile:
    """By two officers: `facts.second` confirmed with his own token."""
    file = await uow.file(inspection_id)
    task = file.inspection
    uow.expect(task, version)
    arrival = Arrival(device_id, recording, certificates_shown, notified_before, _position(position))
    there = [facts.by.id] if facts.second is None else [facts.by.id, facts.second.id]
    given = with_known(await with_officers(facts, identity), elsewhere=await uow.on_site(there, besides=task.id))
    uow.record(task.arrive(arrival, facts=given))
    await uow.enter_site(_stays(task, there, facts.now))
    return file


async def answer_item(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    check_item_id: str,
    answer: str,
    note: str,
    slots: Mapping[str, str],
    place: str,
    photo_ids: Sequence[str],
    persons: int,
    lawbook: Lawbook,
) -> Inspection:
    task = await _task(uow, inspection_id, version)
    if not answer:
        raise FieldMissing("an answer is needed", field="answer")
    item = (await lawbook.items([check_item_id], legal_day(facts.now)))[0]
    given = ItemAnswer(item.id, item.matter, Answer(answer), note, facts.by.id, facts.now)
    if given.answer is not Answer.NOT_CONFORM:
        task.answer_item(given, facts=facts)
        return task
    finding, event = Finding.record(task, item, place=place, photo_ids=photo_ids, persons=persons, slots=slots, facts=facts)
    task.answer_item(replace(given, finding_ids=(str(finding.id),)), facts=facts)
    task.file.findings.append(finding)
    uow.add(finding)
    uow.record(event)
    return task


async def obstruct(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    reason: str,
    warning_given: bool,
    recording: bool,
    evidence_ids: Sequence[str],
    police_called_at: datetime | None,
    document_id: UUID | None,
    documents: Documents,
) -> Inspection:
    task = await _task(uow, inspection_id, version)
    form = await documents.check(document_id, ("OFFICER", "OFFICER", "ENTERPRISE")) if document_id else None
    given = with_form(facts, form, task.id) if form else facts
    notes = Obstruction(reason, warning_given, recording, tuple(evidence_ids), police_called_at, form)
    uow.record(task.obstruct(notes, facts=given))
    if form:
        release(uow, task, [form.document_id], "inspection", task.id, facts)
    return task


async def sign_record(
    uow: Uow, *, facts: Facts, inspection_id: UUID, version: int, document_id: UUID, documents: Documents, identity: Identity
) -> Inspection:
    """I14, and with findings I16 in the same transaction."""
    task = await _task(uow, inspection_id, version)
    form, given = await signed_by_officers(facts, task, document_id, task.id, documents=documents, identity=identity)
    uow.record(task.sign_record(form, facts=given))
    _result_due(uow, task, given)
    if task.file.standing():
        uow.record(task.open_issues(facts=by_system(given)))
        for finding in task.file.standing():
            assert finding.severity is not None
            uow.record(
                FindingConfirmed(
                    finding.id, task.id, task.enterprise_id, finding.check_item_id, finding.act_id, finding.severity, facts.now
                )
            )
    await uow.leave_site(task.id, (), facts.now)
    release(uow, task, [form.document_id], "inspection", task.id, facts)
    return task


async def supplement_record(
    uow: Uow, *, facts: Facts, inspection_id: UUID, version: int, document_id: UUID, reason: str, documents: Documents, identity: Identity
) -> Inspection:
    task = await _task(uow, inspection_id, version)
    form, given = await signed_by_officers(facts, task, document_id, task.id, documents=documents, identity=identity)
    uow.record(task.supplement_record(form, reason, facts=given))
    release(uow, task, [form.document_id], "inspection", task.id, facts)
    return task


async def refer(
    uow: Uow,
    *,
    facts: Facts,
    inspection_id: UUID,
    version: int,
    department: str,
    document_id: UUID,
    reason: str,
    documents: Documents,
) -> Inspection:
    task = await _task(uow, inspection_id, version)
    form = await documents.check(document_id, ())
    uow.record(task.refer(department, form, reason, facts=with_form(facts, form, task.id)))
    release(uow, task, [form.document_id], "inspection", task.id, facts)
    return task


async def accept_referral(uow: Uow, *, facts: Facts, inspection_id: UUID, version: int, receipt_evidence_id: str) -> Inspection:
    task = await _task(uow, inspection_id, version)
    uow.record(task.end("accept_referral", "", facts=facts, receipt=receipt_evidence_id))
    return task


async def move(uow: Uow, *, facts: Facts, inspection_id: UUID, version: int, move: str, reason: str) -> Inspection:
    """I07, I12, I13, I15, I18, I19."""
    task = await _task(uow, inspection_id, version)
    match move:
        case "return_scheme":
            uow.record(task.return_scheme(reason, facts=facts))
        case "give_access":
            uow.record(task.give_access(reason, facts=facts))
        case "persist":
            uow.record(task.persist(reason, facts=facts))
            refused = [finding.id for finding in task.file.standing() if finding.act_id == OBSTRUCTION]
            uow.record(CaseClueRaised(task.id, task.enterprise_id, refused, OBSTRUCTION, "FIRST", None, facts.now))
            _result_due(uow, task, facts)
            await uow.leave_site(task.id, (), facts.now)
        case "close_without_findings" | "close":
            uow.record(task.end(move, reason, facts=replace(facts, input=None)))
        case "cancel":
            uow.record(task.cancel(reason, facts=facts))
        case _:
            raise UnknownMove("there is no move of this name whose only datum is a reason", move=move, moves=",".join(MOVES_WITH_REASON))
    return task


async def _task(uow: Uow, inspection_id: UUID, version: int) -> Inspection:
    file = await uow.file(inspection_id)
    uow.expect(file.inspection, version)
    return file.inspection


def _result_due(uow: Uow, task: Inspection, facts: Facts) -> None:
    """The check has ended: its result is due for publicity."""
    if not task.file.publicity:
        item, event = PublicityItem.due(task, facts=by_system(facts))
        uow.add(item)
        uow.record(event)


def _stays(task: Inspection, officer_ids: Sequence[str], at: datetime) -> list[Stay]:
    return [Stay(one, task.id, task.org_path, at) for one in officer_ids]


def _position(given: Mapping[str, float] | None) -> Position | None:
    return Position(**given) if given else None
