"""A task of on-site inspection and the moves it may make. Law brief 3.1, 11.2."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from kernel.moves import Facts, Person, Role
from kernel.timers import Clocked, Timer

from inspections.domain import events
from inspections.domain.form import Form
from inspections.domain.refusals import AnswerHasFindings, OfficerAlreadyOfTask, OfficerNotOfTask
from inspections.domain.task_rows import MOVES, State
from inspections.domain.terms import Answer, Source
from inspections.domain.visit import Arrival, Assignment, ItemAnswer, Obstruction, Position, Scheme


@dataclass(eq=False)
class Inspection(Clocked):
    """`category` is what the officers' certificates have to cover. `file` holds everything that hangs on the task."""

    MACHINE = "inspection"
    MOVES = MOVES

    source: Source
    source_ref: str
    title: str
    enterprise_id: UUID
    enterprise_name: str
    enterprise_code: str
    enterprise_address: str
    industry_code: str
    region_code: str
    legal_representative: str
    enterprise_phone: str
    org_id: str
    org_path: str
    category: str
    covert: bool
    created_by: str
    created_at: datetime
    frequency_override: str = ""
    drawn: bool = False
    officer_ids: list[str] = field(default_factory=list)
    lead_id: str = ""
    scheme: Scheme | None = None
    urgent: bool = False
    oral_approval: dict[str, str] | None = None
    arrived_at: datetime | None = None
    position: Position | None = None
    recording_device_id: str = ""
    left_at: datetime | None = None
    answers: list[ItemAnswer] = field(default_factory=list)
    obstruction: str = ""
    refusal_document_id: UUID | None = None
    record_document_id: UUID | None = None
    record_signed_at: datetime | None = None
    record_refused: bool = False
    supplement_document_ids: list[UUID] = field(default_factory=list)
    referred_to: str = ""
    receipt_evidence_id: str = ""
    closed_at: datetime | None = None
    timers: list[Timer] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1
    file: Any = None

    @property
    def deadlines(self) -> list[Timer]:
        return self.timers

    @property
    def recorded(self) -> bool:
        """The record is signed, or its refusal is noted on it. INV-02."""
        return self.record_signed_at is not None or self.refusal_document_id is not None

    def roles_of(self, person: Person) -> frozenset[Role]:
        """OFF and LEAD are the officers of this task, once it has any."""
        if not self.officer_ids:
            return person.roles
        roles = set(person.roles - {Role.OFF, Role.LEAD})
        if person.id in self.officer_ids:
            roles.add(Role.OFF)
        if person.id == self.lead_id:
            roles.add(Role.LEAD)
        return frozenset(roles)

    def start_timer(self, timer: str, facts: Facts) -> str:
        if timer == "D32" and not self.drawn:
            return ""
        if timer == "D25":
            return "D25 runs per finding (HD07)"
        return super().start_timer(timer, facts)

    def timer_start(self, timer: str, facts: Facts) -> tuple[datetime, dict[str, Any], tuple[Mapping[str, Any], ...]]:
        if timer == "GEN":
            return facts.now, {"n": facts.known["limits"].scheme_hours, "unit": "h"}, ()
        return facts.now, {}, ()

    def create(self, *, facts: Facts) -> events.InspectionCreated:
        """I01."""
        self._begin("create", facts, reason=self.frequency_override)
        return events.InspectionCreated(self.id, self.enterprise_id, self.source, facts.now)

    def assign(self, officer_ids: Sequence[str], lead_id: str, *, facts: Facts) -> events.OfficersAssigned:
        """I04."""
        self._move("assign", replace(facts, input=Assignment(tuple(officer_ids), lead_id)))
        self.officer_ids, self.lead_id = list(officer_ids), lead_id
        return events.OfficersAssigned(self.id, list(officer_ids), lead_id, facts.now)

    def replace_officer(
        self, officer_id: str, by_officer_id: str, lead_id: str, ground: str, reason: str, *, facts: Facts
    ) -> events.OfficerReplaced:
        """I05. The scheme is approved again; on site the acts before are re-examined, which the reason in the history says."""
        if officer_id not in self.officer_ids:
            raise OfficerNotOfTask("the person is no officer of this task", officer=officer_id)
        if by_officer_id in self.officer_ids:
            raise OfficerAlreadyOfTask("the person is an officer of this task already", officer=by_officer_id)
        left = [by_officer_id if one == officer_id else one for one in self.officer_ids]
        lead = lead_id or (by_officer_id if self.lead_id == officer_id else self.lead_id)
        given = replace(facts, input=Assignment(tuple(left), lead), known={**facts.known, "ground": ground, "replaced": officer_id})
        move = self._move("replace_officer", given, reason=f"{ground}: {reason}")
        self.officer_ids, self.lead_id = left, lead
        if move.target is State.ASSIGNED:
            self.scheme = None
        return events.OfficerReplaced(self.id, officer_id, by_officer_id, ground, facts.now)

    def submit_scheme(self, scheme: Scheme, *, facts: Facts) -> events.SchemeSubmitted:
        """I06, or the scheme afterwards of I09."""
        self._move("submit_scheme", replace(facts, input=scheme))
        self.scheme = replace(scheme, submitted_by=facts.by.id, submitted_at=facts.now)
        return events.SchemeSubmitted(self.id, facts.now)

    def return_scheme(self, reason: str, *, facts: Facts) -> events.SchemeReturned:
        """I07."""
        self._move("return_scheme", replace(facts, input=reason), reason=reason)
        return events.SchemeReturned(self.id, facts.now)

    def approve_scheme(self, form: Form, *, facts: Facts) -> events.SchemeApproved:
        """I08, or the scheme afterwards of I09."""
        self._move("approve_scheme", replace(facts, input=form), documents=(str(form.document_id),))
        assert self.scheme is not None
        self.scheme = replace(self.scheme, approved_by=facts.by.id, approved_at=facts.now, document_id=form.document_id)
        return events.SchemeApproved(self.id, form.document_id, facts.now)

    def arrive_urgently(self, arrival: Arrival, *, facts: Facts) -> events.ArrivedOnSite:
        """I09."""
        self._move("arrive_urgently", replace(facts, input=arrival), reason=arrival.reason)
        self.urgent = True
        at = arrival.approved_at.isoformat() if arrival.approved_at else ""
        self.oral_approval = {"by": arrival.approved_by, "at": at, "reason": arrival.reason}
        return self._arrived(arrival, facts)

    def arrive(self, arrival: Arrival, *, facts: Facts) -> events.ArrivedOnSite:
        """I10."""
        self._move("arrive", replace(facts, input=arrival))
        return self._arrived(arrival, facts)

    def _arrived(self, arrival: Arrival, facts: Facts) -> events.ArrivedOnSite:
        self.arrived_at, self.position, self.recording_device_id = facts.now, arrival.position, arrival.device_id
        return events.ArrivedOnSite(self.id, list(self.officer_ids), self.urgent, facts.now)

    def answer_item(self, given: ItemAnswer, *, facts: Facts) -> None:
        """One answer to one item of the record. Further findings of the same item join its answer."""
        before = next((one for one in self.answers if one.check_item_id == given.check_item_id), None)
        standing = {str(finding.id) for finding in self.file.standing()}
        if before is not None and given.answer is Answer.NOT_CONFORM:
            given = replace(given, finding_ids=(*before.finding_ids, *given.finding_ids))
        elif before is not None and standing & set(before.finding_ids):
            raise AnswerHasFindings("the answer made findings that still stand", check_item=given.check_item_id)
        self._move("answer_item", facts, reason=f"{given.check_item_id}: {given.answer}")
        self.answers = [one for one in self.answers if one is not before] + [given]

    def obstruct(self, notes: Obstruction, *, facts: Facts) -> events.InspectionObstructed:
        """I11."""
        documents = (str(notes.form.document_id),) if notes.form else ()
        self._move("obstruct", replace(facts, input=notes), documents=documents, reason=notes.reason)
        self.obstruction = notes.reason
        if notes.form:
            self.refusal_document_id = notes.form.document_id
        return events.InspectionObstructed(self.id, facts.now)

    def give_access(self, reason: str, *, facts: Facts) -> events.AccessGiven:
        """I12."""
        self._move("give_access", facts, reason=reason)
        return events.AccessGiven(self.id, facts.now)

    def persist(self, reason: str, *, facts: Facts) -> events.ObstructionPersisted:
        """I13."""
        self._move("persist", facts, reason=reason)
        self.left_at = facts.now
        return events.ObstructionPersisted(self.id, facts.now)

    def sign_record(self, form: Form, *, facts: Facts) -> events.RecordSigned:
        """I14. The event carries what the crime screen of a signed record reads (7.5)."""
        self._move("sign_record", replace(facts, input=form), documents=(str(form.document_id),))
        self.record_document_id, self.record_signed_at, self.record_refused = form.document_id, facts.now, form.refused
        self.left_at = facts.now
        lines = [events.RecordLine(f.id, f.check_item_id, f.act_id, f.severity, f.persons) for f in self.file.standing()]
        return events.RecordSigned(self.id, self.enterprise_id, form.document_id, form.refused, lines, facts.now)

    def open_issues(self, *, facts: Facts) -> events.IssuesOpened:
        """I16."""
        self._move("open_issues", facts)
        return events.IssuesOpened(self.id, [f.id for f in self.file.standing()], facts.now)

    def supplement_record(self, form: Form, reason: str, *, facts: Facts) -> events.RecordSupplemented:
        """I20."""
        self._move("supplement_record", replace(facts, input=form), documents=(str(form.document_id),), reason=reason)
        self.supplement_document_ids = [*self.supplement_document_ids, form.document_id]
        return events.RecordSupplemented(self.id, form.document_id, facts.now)

    def refer(self, department: str, form: Form, reason: str, *, facts: Facts) -> events.InspectionReferred:
        """I17."""
        given = replace(facts, input=form, known={**facts.known, "department": department})
        self._move("refer", given, documents=(str(form.document_id),), reason=reason)
        self.referred_to = department
        return events.InspectionReferred(self.id, form.document_id, department, facts.now)

    def end(self, move: str, reason: str, *, facts: Facts, receipt: str = "") -> events.InspectionClosed:
        """I15 (close_without_findings), I18 (close), I21 (accept_referral)."""
        self._move(move, replace(facts, input=receipt), reason=reason)
        self.receipt_evidence_id, self.closed_at = receipt or self.receipt_evidence_id, facts.now
        return events.InspectionClosed(self.id, self.enterprise_id, facts.now)

    def cancel(self, reason: str, *, facts: Facts) -> events.InspectionCancelled:
        """I19."""
        self._move("cancel", replace(facts, input=reason), reason=reason)
        self.closed_at = facts.now
        return events.InspectionCancelled(self.id, facts.now)
