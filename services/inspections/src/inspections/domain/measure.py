"""A coercive measure over objects with one fate, or over power, and the moves it may make. Law brief 3.7, 3.8, 11.4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from kernel.days import day_begins, legal_day
from kernel.money import Money
from kernel.moves import Facts, Person, Role
from kernel.timers import Clocked, Timer

from inspections.domain import measure_events as events
from inspections.domain.finding import Finding
from inspections.domain.form import Form
from inspections.domain.inspection import Inspection
from inspections.domain.measure_refusals import MeasureExtensionInvalid, MeasureKindMissing
from inspections.domain.measure_rows import ENDED, LIFT, MOVES, ON_HAND, State
from inspections.domain.measure_terms import (
    Appraisal,
    CoercionSteps,
    Cut,
    Destruction,
    HandOver,
    Kind,
    MeasureObject,
    ObjectHandling,
    Paper,
    Papers,
    PowerGrounds,
)

ALARMS = (7, 3, 1)
ALARM, STATED = "ALARM", "STATED"
TO_CHIEF = "CHIEF"
NOTHING = Money(0)


@dataclass(eq=False)
class CoerciveMeasure(Clocked):
    """`documents`: form -> id of what was released for it. `case_outcome`: CONFISCATES or SPARES, once its penalty is decided."""

    MACHINE = "measure"
    MOVES = MOVES

    task: Inspection
    inspection_id: UUID
    enterprise_id: UUID
    org_path: str
    kind: Kind
    finding_ids: list[UUID]
    objects: list[MeasureObject]
    problem: str
    basis_text: str
    hazardous_chemicals: bool
    decision_id: UUID
    created_at: datetime
    power: PowerGrounds | None = None
    urgency: str = ""
    urgent: bool = False
    steps: CoercionSteps | None = None
    officer_ids: list[str] = field(default_factory=list)
    approved_by: str = ""
    approved_at: datetime | None = None
    applied_at: datetime | None = None
    extended_days: int = 0
    extension_reason: str = ""
    appraisals: list[Appraisal] = field(default_factory=list)
    stored_state: State | None = None
    handling: ObjectHandling | None = None
    handling_reason: str = ""
    receipt_evidence_id: str = ""
    proceeds: Money = NOTHING
    destruction: Destruction | None = None
    case_id: str = ""
    case_outcome: str = ""
    case_served: bool = False
    transfer_id: str = ""
    documents: dict[str, str] = field(default_factory=dict)
    closed_at: datetime | None = None
    timers: list[Timer] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @property
    def deadlines(self) -> list[Timer]:
        return [timer for timer in self.timers if not timer.bell]

    @property
    def papers(self) -> list[Paper]:
        return [Paper(form, UUID(id)) for form, id in self.documents.items()]

    @property
    def findings(self) -> list[Finding]:
        found: list[Finding] = self.task.file.chosen(self.finding_ids)
        return found

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def on_hand(self) -> bool:
        return self.state in ON_HAND

    @property
    def evidence_ids(self) -> list[str]:
        return [one.evidence_id for one in self.objects if one.evidence_id]

    @property
    def d02_raw_last_on(self) -> str:
        timer = self.timer("D02")
        return timer.raw if timer is not None else ""

    def roles_of(self, person: Person) -> frozenset[Role]:
        return self.task.roles_of(person)

    def timer_start(self, timer: str, facts: Facts) -> tuple[datetime, dict[str, Any], tuple[Mapping[str, Any], ...]]:
        return facts.known.get("since", facts.now), {}, ()

    def propose(self, *, facts: Facts) -> events.MeasureProposed:
        """Q01."""
        self._begin("propose", facts, reason=self.problem)
        self.officer_ids = _actors(facts)
        return events.MeasureProposed(
            **self._of(facts), enterprise_id=self.enterprise_id, kind=str(self.kind), hazardous_chemicals=self.hazardous_chemicals
        )

    def approve(self, form: Form, *, facts: Facts) -> events.MeasureApproved:
        """Q02, and Q17 of power."""
        name = "approve_power_cut" if self.kind is Kind.POWER else "approve"
        self._move(name, replace(facts, input=form), documents=(str(form.document_id),))
        self._approved(form, facts)
        return events.MeasureApproved(**self._of(facts), approved_by=facts.by.id)

    def _approved(self, form: Form, facts: Facts) -> None:
        self.approved_by, self.approved_at = facts.by.id, facts.now
        self._keep(form)

    def reject(self, reason: str, *, facts: Facts) -> events.MeasureRejected:
        """Q21."""
        self._move("reject", replace(facts, input=reason), reason=reason)
        self.closed_at = facts.now
        return events.MeasureRejected(**self._of(facts))

    def release_application(self, papers: Papers, steps: CoercionSteps, *, facts: Facts) -> None:
        """First step of Q03."""
        given = replace(facts, input=papers, known={**facts.known, "steps": steps})
        self._move("release_application", given, documents=[str(form.document_id) for form in papers.forms])
        self.steps = steps
        self._keep(*papers.forms)

    def apply(self, *, facts: Facts) -> events.MeasureApplied:
        """Q03: the decision was handed over. `facts.known["since"]`: the beginning of that day."""
        self._move("apply", facts, documents=(self.documents.get("F08", ""),))
        return self._applied(facts)

    def apply_urgently(self, steps: CoercionSteps, *, facts: Facts) -> events.MeasureApplied:
        """Q04. Raises: MeasureKindMissing for power."""
        if self.kind is Kind.POWER:
            raise MeasureKindMissing("power is cut by Q17 to Q19", field="kind")
        self.urgent, self.steps = True, steps
        self._begin("apply_urgently", replace(facts, known={**facts.known, "steps": steps}), reason=self.urgency)
        self.officer_ids = _actors(facts)
        return self._applied(facts)

    def _applied(self, facts: Facts) -> events.MeasureApplied:
        self.applied_at = facts.now
        self._alarm(facts)
        return events.MeasureApplied(
            **self._of(facts),
            case_id=self.case_id,
            enterprise_id=self.enterprise_id,
            kind=str(self.kind),
            evidence_ids=self.evidence_ids,
            urgent=self.urgent,
            last_on=self.d02_raw_last_on,
        )

    def hand_over_decision(self, papers: Papers, *, facts: Facts) -> None:
        """Second step of Q04."""
        self._move("hand_over_decision", replace(facts, input=papers), documents=[str(form.document_id) for form in papers.forms])
        self._keep(*papers.forms)

    def confirm_urgent(self, form: Form, *, facts: Facts) -> events.MeasureConfirmed:
        """Q05."""
        timer = self.timer("D01")
        if timer is not None and timer.stopped_at is None:
            timer.add({"at": facts.now.isoformat(), "kind": "act"}, facts.law, why="Q05")
        self._move("confirm_urgent", replace(facts, input=form), documents=(str(form.document_id),))
        self._approved(form, facts)
        return events.MeasureConfirmed(**self._of(facts))

    def miss_approval(self, *, facts: Facts) -> events.UrgentApprovalOverdue:
        """Q22: the breach entry; Q05 and Q06 remain."""
        self._move("miss_approval", facts)
        self.running("D01").breach(facts.now)
        return events.UrgentApprovalOverdue(**self._of(facts), alarm_to=TO_CHIEF)

    def lift(self, name: str, form: Form, reason: str, *, facts: Facts) -> events.MeasureLifted:
        """Q06 (refuse_urgent), Q16 (lift_overdue)."""
        self._move(name, replace(facts, input=form), documents=(str(form.document_id),), reason=reason)
        self._keep(form)
        return self._lifted(facts)

    def send_to_appraisal(self, appraisal: Appraisal, *, facts: Facts) -> events.AppraisalStarted:
        """Q07: D02 of these objects stands still."""
        before = self.state
        self._move("send_to_appraisal", replace(facts, input=appraisal), documents=(appraisal.notice_evidence_id,))
        self.stored_state, self.appraisals = before, [*self.appraisals, appraisal]
        paused = {"at": facts.now.isoformat(), "kind": "suspend", "reason": "appraisal", "days": appraisal.stated_days}
        self.running("D02").add(paused, facts.law, why="Q07")
        self._stop(ALARM, facts)
        self._count(STATED, legal_day(facts.now), appraisal.stated_days, facts)
        tested = [appraisal.evidence_id] if appraisal.evidence_id else self.evidence_ids
        return events.AppraisalStarted(**self._of(facts), evidence_ids=tested, stated_days=appraisal.stated_days)

    def end_appraisal(self, opinion_evidence_id: str, *, facts: Facts) -> events.AppraisalEnded:
        """Q08: back to the state before, at most the stated days out."""
        self._move("end_appraisal", facts, target=self.stored_state, documents=(opinion_evidence_id,) if opinion_evidence_id else ())
        ended = replace(self.appraisals[-1], ended_on=legal_day(facts.now), opinion_evidence_id=opinion_evidence_id)
        self.appraisals, self.stored_state = [*self.appraisals[:-1], ended], None
        self.running("D02").add({"at": facts.now.isoformat(), "kind": "resume", "reason": "appraisal"}, facts.law, why="Q08")
        self._stop(STATED, facts)
        self._alarm(facts)
        return events.AppraisalEnded(**self._of(facts), last_on=self.d02_raw_last_on)

    def extend(self, days: int, reason: str, form: Form, *, facts: Facts) -> events.MeasureExtended:
        """Q09."""
        given = replace(facts, input=form, known={**facts.known, "extension": (days, reason)})
        self._move("extend", given, documents=(str(form.document_id),), reason=reason)
        deadline = self.running("D02").add({"at": facts.now.isoformat(), "kind": "extend", "days": days}, facts.law, why="Q09")
        if not deadline.accepted or not deadline.accepted[-1]:
            raise MeasureExtensionInvalid("the extension does not count", days=days, granted=self.extended_days)
        self.extended_days, self.extension_reason = days, reason
        self._keep(form)
        self._alarm(facts)
        return events.MeasureExtended(**self._of(facts), days=days, last_on=self.d02_raw_last_on)

    def decide(self, handling: ObjectHandling | None, reason: str, form: Form, *, facts: Facts) -> events.HandlingDecided:
        """Q10."""
        given = replace(facts, input=form, known={**facts.known, "handling": (handling, reason)})
        self._move("decide", given, documents=(str(form.document_id),), reason=reason)
        self.handling, self.handling_reason = handling, reason
        self._keep(form)
        self._stop(ALARM, facts)
        return events.HandlingDecided(**self._of(facts), case_id=self.case_id, handling=str(handling))

    def give_back(self, receipt_evidence_id: str, proceeds: Money, *, facts: Facts) -> list[object]:
        """Q11."""
        self._move("give_back", replace(facts, input=receipt_evidence_id.strip()), documents=(receipt_evidence_id,))
        self.receipt_evidence_id, self.proceeds = receipt_evidence_id, proceeds
        return [events.ObjectsReturned(**self._of(facts), evidence_ids=self.evidence_ids), self._lifted(facts)]

    def confiscate(self, *, facts: Facts, decision: str = "") -> events.ObjectsConfiscated:
        """Q12."""
        self._move("confiscate", facts, documents=(decision,) if decision else (), reason=self.case_id)
        self.closed_at = facts.now
        return events.ObjectsConfiscated(**self._of(facts), case_id=self.case_id, evidence_ids=self.evidence_ids)

    def destroy(self, destruction: Destruction, *, facts: Facts) -> events.ObjectsDestroyed:
        """Q13."""
        papers = (destruction.contract_evidence_id, destruction.record_evidence_id)
        self._move("destroy", replace(facts, input=destruction), documents=papers, reason=destruction.ground)
        self.destruction, self.closed_at = destruction, facts.now
        return events.ObjectsDestroyed(**self._of(facts), evidence_ids=self.evidence_ids)

    def hand_to_police(self, given: HandOver, *, facts: Facts) -> events.MeasureHandedToPolice:
        """Q14."""
        said = f"{','.join(given.handed_by)} -> {','.join(given.received_by)}"
        self._move("hand_to_police", replace(facts, input=given), documents=(given.transfer_id,), reason=said)
        self.transfer_id, self.closed_at = given.transfer_id, facts.now
        self._stop(ALARM, facts)
        self._stop(STATED, facts)
        return events.MeasureHandedToPolice(
            **self._of(facts), case_id=self.case_id, transfer_id=given.transfer_id, evidence_ids=self.evidence_ids
        )

    def fall_overdue(self, *, facts: Facts) -> events.LiftOverdue:
        """Q15: the breach entry; only Q16 remains."""
        self._move("fall_overdue", facts)
        self.running("D02").breach(facts.now)
        for name in (ALARM, STATED):
            self._stop(name, facts)
        self.stop_timer("D01", facts)
        return events.LiftOverdue(**self._of(facts), case_id=self.case_id, alarm_to=TO_CHIEF)

    def release_notice(self, papers: Papers, *, facts: Facts) -> None:
        """First step of Q18."""
        self._move("release_notice", replace(facts, input=papers), documents=[str(form.document_id) for form in papers.forms])
        self._keep(*papers.forms)

    def notice(self, *, facts: Facts) -> events.PowerNoticed:
        """Q18: the enterprise was told. `facts.known["since"]`: the moment."""
        self._move("notice", facts, documents=(self.documents.get("F13", ""),))
        timer = self.timer("D30")
        return events.PowerNoticed(**self._of(facts), cut_from=timer.expires_at if timer else None)

    def cut(self, cut: Cut, *, facts: Facts) -> events.PowerCut:
        """Q19."""
        self._move("cut", replace(facts, input=cut), documents=(cut.receipt_evidence_id,), reason=cut.emergency)
        self.receipt_evidence_id, self.applied_at = cut.receipt_evidence_id, facts.now
        return events.PowerCut(**self._of(facts), emergency=bool(cut.emergency.strip()))

    def resume(self, form: Form, evidence_id: str, reason: str, *, facts: Facts) -> events.PowerResumed:
        """Q20."""
        given = replace(facts, input=form, known={**facts.known, "compliance": evidence_id.strip()})
        self._move("resume", given, documents=(str(form.document_id), evidence_id), reason=reason)
        self._keep(form)
        self.closed_at = facts.now
        return events.PowerResumed(**self._of(facts))

    def link_case(self, case_id: str, *, facts: Facts) -> events.MeasureLinked:
        """A case over findings of the measure was filed."""
        self._move("link_case", facts, documents=(case_id,))
        self.case_id = case_id
        return events.MeasureLinked(**self._of(facts), case_id=case_id, last_on=self.d02_raw_last_on)

    def note_penalty(self, *, confiscates: bool | None = None, served: bool = False, facts: Facts) -> None:
        """What the penalty decision of the case says of the goods, and that it was served."""
        self._move("note_penalty", facts, documents=(self.case_id,))
        if confiscates is not None:
            self.case_outcome = "CONFISCATES" if confiscates else "SPARES"
        self.case_served = self.case_served or served

    @property
    def confiscable(self) -> bool:
        fated = self.state is State.DECIDED and self.handling is ObjectHandling.CONFISCATE
        return fated and self.case_outcome == "CONFISCATES" and self.case_served

    def sound(self, timer: Timer, *, facts: Facts) -> events.MeasureEnding | None:
        """An alarm before the last day; the next one is set."""
        timer.stop(facts.now)
        clock = self.timer("D02")
        if clock is None or clock.stopped_at is not None or not clock.legal_expiry:
            return None
        self._alarm(facts)
        left = (date.fromisoformat(clock.legal_expiry) - legal_day(facts.now)).days
        return events.MeasureEnding(**self._of(facts), days_left=left, last_on=clock.legal_expiry)

    def _alarm(self, facts: Facts) -> None:
        """Seven, three and one days before the last day (3.7)."""
        self._stop(ALARM, facts)
        clock = self.timer("D02")
        if clock is None or clock.stopped_at is not None or not clock.legal_expiry:
            return
        last = date.fromisoformat(clock.legal_expiry)
        ahead = [day for day in (last - timedelta(days=left) for left in ALARMS) if day_begins(day) > facts.now]
        if ahead:
            self._count(ALARM, ahead[0] - timedelta(days=2), 1, facts)

    def _count(self, purpose: str, start: date, days: int, facts: Facts) -> None:
        """A plain timer that ends with the last of these days."""
        params = {"n": days, "unit": "cal", "rolls": False, "purpose": purpose}
        timer = Timer("GEN", self.MACHINE, self.id, self.org_path, day_begins(start), [], params)
        timer.recompute(facts.law)
        self.timers.append(timer)

    def _stop(self, purpose: str, facts: Facts) -> None:
        for timer in self.timers:
            if timer.params.get("purpose") == purpose and timer.stopped_at is None:
                timer.stop(facts.now)

    def _lifted(self, facts: Facts) -> events.MeasureLifted:
        self.closed_at = facts.now
        self._stop(ALARM, facts)
        return events.MeasureLifted(**self._of(facts), evidence_ids=self.evidence_ids)

    def _keep(self, *forms: Form) -> None:
        self.documents = {**self.documents, **{form.form: str(form.document_id) for form in forms}}

    def _of(self, facts: Facts) -> dict[str, Any]:
        return {"measure_id": self.id, "decision_id": self.decision_id, "inspection_id": self.inspection_id, "at": facts.now}


@dataclass(frozen=True)
class MeasureDecision:
    """The records of one decision; its documents hang on the record whose id it has."""

    id: UUID
    inspection_id: UUID
    measures: Sequence[CoerciveMeasure]

    @property
    def version(self) -> int:
        return next(measure.version for measure in self.measures if measure.id == self.id)


def _actors(facts: Facts) -> list[str]:
    return [facts.by.id] if facts.second is None else [facts.by.id, facts.second.id]


__all__ = ["LIFT", "CoerciveMeasure", "MeasureDecision", "State"]
