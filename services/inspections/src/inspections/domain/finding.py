"""A finding (problem or hidden danger) from the answer «not conform» to its end. Law brief 3.2–3.6, 11.3."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from kernel.days import day_begins, legal_day
from kernel.moves import Facts, Person, Role
from kernel.timers import Timer

from inspections.domain import events, wording
from inspections.domain.coerced import Coerced
from inspections.domain.finding_rows import ALL_TIMERS, ENDED, MOVES, State
from inspections.domain.form import Form
from inspections.domain.inspection import Inspection
from inspections.domain.refusals import ExtensionTooLate
from inspections.domain.terms import BY_DECISION, STOP, SUSPENSION, Handling, Measure, RecheckResult, Severity
from inspections.domain.wording import CheckItem


@dataclass(eq=False)
class Finding(Coerced):
    """`severity` stays in every later state; `measures` are those chosen, `in_force` those that F04 put in force."""

    MACHINE = "finding"
    MOVES = MOVES

    task: Inspection
    inspection_id: UUID
    enterprise_id: UUID
    org_path: str
    check_item_id: str
    instrument: str
    matter: str
    violation: str
    rectify: str
    duty_text: str
    penalty_texts: list[str]
    act_id: str
    authority: str
    item_measures: list[str]
    major_screen: bool
    place: str
    photo_ids: list[str]
    persons: int
    slots: dict[str, str]
    found_at: datetime
    severity: Severity | None = None
    standard_item: str = ""
    opinion_evidence_id: str = ""
    classified_by: list[str] = field(default_factory=list)
    handling: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    in_force: list[str] = field(default_factory=list)
    safety_not_assured: bool = False
    hazchem_equipment: bool = False
    hand_over_to: str = ""
    measure_document_id: UUID | None = None
    order_id: UUID | None = None
    due_on: date | None = None
    overdue: bool = False
    reported_done_at: datetime | None = None
    supervised: bool = False
    supervision: dict[str, str] | None = None
    disputed: bool = False
    photo_after_ids: list[str] = field(default_factory=list)
    recheck_result: RecheckResult | None = None
    recheck_document_id: UUID | None = None
    case_ids: list[str] = field(default_factory=list)
    not_filed_case_id: str = ""
    closed_at: datetime | None = None
    timers: list[Timer] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @classmethod
    def record(
        cls,
        task: Inspection,
        item: CheckItem,
        *,
        place: str,
        photo_ids: Sequence[str],
        persons: int,
        slots: Mapping[str, str],
        facts: Facts,
    ) -> tuple["Finding", events.FindingRecorded]:
        """HD01. Raises: UnknownSlot, NotAChoice."""
        made = cls(
            task=task,
            inspection_id=task.id,
            enterprise_id=task.enterprise_id,
            org_path=task.org_path,
            check_item_id=item.id,
            instrument=item.instrument,
            matter=item.matter,
            violation=item.violation,
            rectify=item.rectify,
            duty_text=item.duty_text,
            penalty_texts=list(item.penalty_texts),
            act_id=item.act_id,
            authority=item.authority,
            item_measures=list(item.measures),
            major_screen=item.major_screen,
            place=place.strip(),
            photo_ids=list(photo_ids),
            persons=persons,
            slots=wording.checked(slots, item.violation, item.rectify),
            found_at=facts.now,
        )
        made._begin("record", facts)
        return made, events.FindingRecorded(task.id, made.id, item.id, facts.now)

    @property
    def deadlines(self) -> list[Timer]:
        return self.timers

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def violation_text(self) -> str:
        return wording.fill(self.violation, self.slots)

    @property
    def rectify_text(self) -> str:
        return wording.fill(self.rectify, self.slots, due_on=self.due_on)

    @property
    def empty_slots(self) -> tuple[str, ...]:
        return wording.empty(self.violation, self.slots)

    @property
    def penalisable(self) -> bool:
        """An act that this authority may punish. Law: APL 54; WSL 69."""
        return bool(self.act_id) and self.authority == "EMERGENCY" and self.state not in {State.HANDED_OVER, State.VOID}

    @property
    def followed_up(self) -> bool:
        return bool(self.case_ids or self.not_filed_case_id)

    @property
    def stopped(self) -> bool:
        """A measure M3–M5 is in force. Law: WSL 65(1)(3)."""
        return bool({Measure(one) for one in self.in_force} & STOP)

    def roles_of(self, person: Person) -> frozenset[Role]:
        return self.task.roles_of(person)

    def timer(self, name: str) -> Timer | None:
        """One that runs counts before one that has stopped: an order served today counts from its day's beginning (HD16, R12)."""
        running = [timer for timer in self.timers if timer.timer == name and timer.stopped_at is None]
        return max(running, key=lambda timer: timer.starts_at) if running else super().timer(name)

    def start_timer(self, timer: str, facts: Facts) -> str:
        """D02 and D30 run on the measure; D29 only with M4 or M5; D26 beside D25; D25 once (HD08: only where none runs)."""
        if timer in {"D02", "D30"}:
            return f"{timer} runs on the measure"
        if timer == "D29" and not {Measure(one) for one in self.measures} & SUSPENSION:
            return ""
        if timer != "D25":
            return super().start_timer(timer, facts)
        before = self.timer("D25")
        if before is not None and before.stopped_at is None:
            if facts.known.get("supervising") and before.breached_at is None:
                return ""
            before.stop(facts.now)
        if facts.known.get("due_on") is None:
            return ""
        said = super().start_timer("D25", facts)
        super().stop_timer("D26", facts)
        super().start_timer("D26", facts)
        return said

    def timer_start(self, timer: str, facts: Facts) -> tuple[datetime, dict[str, Any], tuple[Mapping[str, Any], ...]]:
        since: datetime = facts.known.get("since", facts.now)
        if timer == "D25":
            return since, {"until": facts.known["due_on"].isoformat()}, ()
        if timer == "D26":
            return day_begins(facts.known["due_on"]), {"served_on": legal_day(since).isoformat()}, ()
        if timer == "D28":
            return self._recheck_start(facts)
        return facts.now, {}, ()

    def _recheck_start(self, facts: Facts) -> tuple[datetime, dict[str, Any], tuple[Mapping[str, Any], ...]]:
        """D28 counts from the application or the end of the period before, whichever is first. Law: PB 18."""
        applied = ({"at": facts.now.isoformat(), "kind": "apply"},) if facts.known.get("applied") else ()
        for before in (self.timer("D25"), self.timer("D29")):
            if before is not None and before.stopped_at is None and before.legal_expiry:
                return day_begins(date.fromisoformat(before.legal_expiry)), {}, applied
        return facts.now, {}, ()

    def amend(self, *, slots: Mapping[str, str], place: str, photo_ids: Sequence[str], persons: int, facts: Facts) -> None:
        """Before the signature; what is left empty stays. Raises: UnknownSlot, NotAChoice."""
        given = wording.checked(slots, self.violation, self.rectify)
        self._move("amend", facts)
        self.slots = {**self.slots, **given}
        self.place = place.strip() or self.place
        self.photo_ids = [*self.photo_ids, *(one for one in photo_ids if one not in self.photo_ids)]
        self.persons = persons or self.persons

    def choose_handling(
        self,
        handling: Sequence[Handling],
        measures: Sequence[Measure],
        *,
        safety_not_assured: bool,
        hazchem_equipment: bool,
        hand_over_to: str,
        facts: Facts,
    ) -> None:
        """Printed in the record (I16)."""
        self.safety_not_assured, self.hazchem_equipment = safety_not_assured, hazchem_equipment
        chosen = (tuple(handling), tuple(measures), hand_over_to)
        self._move("choose_handling", replace(facts, input=chosen), reason=",".join([*handling, *measures]))
        self.handling, self.measures, self.hand_over_to = list(handling), list(measures), hand_over_to.strip()

    def classify_general(self, reason: str, *, facts: Facts) -> events.FindingClassified:
        """HD02."""
        self._move("classify_general", facts, reason=reason)
        self.severity = Severity.GENERAL
        return self._classified(facts)

    def classify_major(self, standard_item: str, *, doubtful: bool, opinion_evidence_id: str, facts: Facts) -> events.FindingClassified:
        """HD03."""
        self._move("classify_major", replace(facts, input=(standard_item, doubtful, opinion_evidence_id)), reason=standard_item)
        self.severity, self.standard_item, self.opinion_evidence_id = Severity.MAJOR, standard_item.strip(), opinion_evidence_id
        self.classified_by = [facts.by.id] if facts.second is None else [facts.by.id, facts.second.id]
        return self._classified(facts)

    def downgrade(self, reason: str, evidence_ids: Sequence[str], *, facts: Facts) -> events.FindingClassified:
        """HD04."""
        self._move("downgrade", replace(facts, input=(reason, tuple(evidence_ids))), documents=evidence_ids, reason=reason)
        self.severity = Severity.GENERAL
        return self._classified(facts)

    def _classified(self, facts: Facts) -> events.FindingClassified:
        assert self.severity is not None
        return events.FindingClassified(self.inspection_id, self.id, self.severity, self.standard_item, facts.now)

    def close_on_spot(self, before: Sequence[str], after: Sequence[str], *, facts: Facts) -> events.FindingClosed:
        """HD05."""
        self._move("close_on_spot", replace(facts, input=(tuple(before), tuple(after))))
        self.photo_ids = [*self.photo_ids, *(one for one in before if one not in self.photo_ids)]
        self.photo_after_ids = list(after)
        return self._closed(facts)

    def apply_measures(self, form: Form, *, facts: Facts) -> None:
        """HD06, HD19."""
        self._move("apply_measures", replace(facts, input=form), documents=(str(form.document_id),), reason=",".join(self.measures))
        self.in_force = list(dict.fromkeys([*self.in_force, *(one for one in self.measures if Measure(one) in BY_DECISION)]))
        self.measure_document_id = form.document_id

    def begin_rectifying(self, order_id: UUID, due_on: date, *, facts: Facts) -> events.RectificationStarted:
        """HD07, HD18: the order was served. A finding that rectifies already (HD16, R12) keeps its state and gets the new day."""
        given = replace(facts, input=due_on, known={**facts.known, "due_on": due_on})
        self._move("rectify_anew" if self.state is State.RECTIFYING else "begin_rectifying", given)
        self.order_id, self.due_on, self.overdue, self.reported_done_at = order_id, due_on, False, None
        return events.RectificationStarted(self.inspection_id, self.id, due_on, facts.now)

    def supervise(self, notice: Mapping[str, str], due_on: date | None, *, facts: Facts) -> events.SupervisionChanged:
        """HD08."""
        given = replace(facts, input=dict(notice), known={**facts.known, "supervising": True, "due_on": due_on})
        self._move("supervise", given, reason=notice.get("notice_number", ""))
        self.due_on = self.due_on or due_on
        self.supervised, self.supervision = True, dict(notice)
        return events.SupervisionChanged(self.inspection_id, self.id, True, facts.now)

    def request_extension(self, reason: str, evidence_id: str, *, facts: Facts) -> None:
        """HD09."""
        self._move("request_extension", replace(facts, input=(reason, evidence_id)), documents=(evidence_id,), reason=reason)
        asked = {"at": facts.now.isoformat(), "kind": "extend_request"}
        for timer in filter(None, (self.timer("D25"), self.timer("D26"))):
            timer.add(asked, facts.law, why="HD09")

    def grant_extension(self, due_on: date, interim_measures: str, documents: Sequence[str], *, facts: Facts) -> None:
        """HD10: D25 goes on to the new day."""
        self._move("grant_extension", replace(facts, input=(due_on, interim_measures)), documents=documents, reason=interim_measures)
        self.due_on = due_on
        granted = {"at": facts.now.isoformat(), "kind": "extend", "until": due_on.isoformat()}
        deadline = self.running("D25").add(granted, facts.law, why="HD10")
        if not deadline.accepted or not deadline.accepted[-1]:
            raise ExtensionTooLate("the period ended before it was granted", last_day=deadline.text("legal_expiry"), finding=self.id)
        self.start_timer("D26", replace(facts, known={**facts.known, "due_on": due_on}))

    def refuse_extension(self, reason: str, documents: Sequence[str], *, facts: Facts) -> None:
        """HD11: the last day stands."""
        self._move("refuse_extension", replace(facts, input=reason), documents=documents, reason=reason)

    def report_done(self, evidence_id: str, *, facts: Facts) -> events.RecheckDue:
        """HD12 by the unit."""
        given = replace(facts, input=evidence_id, known={**facts.known, "applied": True})
        self._move("report_done", given, documents=(evidence_id,))
        self.reported_done_at = facts.now
        return self.recheck_due(facts)

    def pass_over(self, move: str, *, facts: Facts) -> events.RecheckDue:
        """A period ended: HD12 (fall_due), HD20 (review_falls_due), HD27 (miss_reply)."""
        self._move(move, facts)
        self.overdue = self.overdue or move == "fall_due"
        return self.recheck_due(facts)

    def apply_for(self, move: str, evidence_id: str, *, facts: Facts) -> events.RecheckDue:
        """HD20 (apply_for_review), HD25 (apply_delisting)."""
        self._move(move, replace(facts, input=evidence_id, known={**facts.known, "applied": True}), documents=(evidence_id,))
        return self.recheck_due(facts)

    def recheck_due(self, facts: Facts) -> events.RecheckDue:
        timer = self.timer("D28")
        return events.RecheckDue(self.inspection_id, self.id, self.overdue, timer.legal_expiry if timer else "", facts.now)

    def recheck(self, result: RecheckResult, photos: Sequence[str], form: Form, *, facts: Facts) -> object:
        """HD13, HD14 or HD17, by the result and by whether a stop measure is in force."""
        passed = result is RecheckResult.PASS
        move = "fail" if not passed else "pass_under_measure" if self.stopped else "verify"
        self._move(move, replace(facts, input=tuple(photos)), documents=(str(form.document_id),), reason=str(result))
        self.recheck_result, self.recheck_document_id = result, form.document_id
        self.photo_after_ids = [*self.photo_after_ids, *photos]
        if not passed:
            return events.FindingNotRectified(self.inspection_id, self.id, self.act_id, facts.now)
        return self._closed(facts) if self.ended else self.recheck_due(facts)

    def consent_resume(self, evidence_id: str, reason: str, *, facts: Facts) -> events.FindingClosed:
        """HD15."""
        self._move("consent_resume", replace(facts, input=evidence_id), documents=(evidence_id,), reason=reason)
        self.in_force, self.supervised = [], False
        return self._closed(facts)

    def refuse_resume(self, reason: str, due_on: date, *, facts: Facts) -> events.RectificationStarted:
        """HD16: a new last day at once; the new order follows."""
        self._move("refuse_resume", replace(facts, input=reason, known={**facts.known, "due_on": due_on}), reason=reason)
        self.order_id, self.due_on, self.overdue, self.reported_done_at = None, due_on, False, None
        return events.RectificationStarted(self.inspection_id, self.id, due_on, facts.now)

    def hand_over(self, department: str, form: Form, reason: str, *, facts: Facts) -> events.FindingClosed:
        """HD21."""
        given = replace(facts, input=form, known={**facts.known, "department": department})
        self._move("hand_over", given, documents=(str(form.document_id),), reason=reason)
        self.hand_over_to = department
        return self._closed(facts)

    def object_to(self, evidence_id: str, reason: str, *, facts: Facts) -> events.ObjectionChanged:
        """HD22: timers run on."""
        self._move("object", replace(facts, input=evidence_id), documents=(evidence_id,), reason=reason)
        self.disputed = True
        return events.ObjectionChanged(self.inspection_id, self.id, True, False, facts.now)

    def decide_objection(self, reason: str, *, upheld: bool, facts: Facts) -> events.ObjectionChanged:
        """HD23."""
        self._move("uphold_objection" if upheld else "reject_objection", replace(facts, input=reason), reason=reason)
        self.disputed = False
        if upheld:
            self.closed_at = facts.now
        return events.ObjectionChanged(self.inspection_id, self.id, False, upheld, facts.now)

    def void(self, reason: str, *, facts: Facts) -> events.FindingClosed:
        """HD24."""
        self._move("void", replace(facts, input=reason), reason=reason)
        return self._closed(facts)

    def end_for_closed_unit(self, form: Form, evidence_id: str, reason: str, *, facts: Facts) -> events.FindingClosed:
        """HD26."""
        given = replace(facts, input=form, known={**facts.known, "closure": evidence_id})
        self._move("end_for_closed_unit", given, documents=(str(form.document_id), evidence_id), reason=reason)
        self.in_force, self.supervised = [], False
        return self._closed(facts)

    def loosen(self, *, facts: Facts) -> None:
        """The order over the finding was withdrawn (R12): its periods end, a new order may follow."""
        if self.state is State.EXT_PENDING:
            self.refuse_extension("the order was withdrawn", (), facts=facts)
        for timer in ("D25", "D26", "D27", "D28"):
            self.stop_timer(timer, facts)
        self.order_id, self.due_on = None, None

    def link_case(self, case_id: str, *, filed: bool, facts: Facts) -> None:
        """A case was filed over the finding, or a reason why none was (I18, R10)."""
        self._move("link_case", facts, documents=(case_id,))
        if filed:
            self.case_ids = [*self.case_ids, case_id] if case_id not in self.case_ids else self.case_ids
        else:
            self.not_filed_case_id = case_id

    def _closed(self, facts: Facts) -> events.FindingClosed:
        self.closed_at = facts.now
        for timer in ALL_TIMERS:
            self.stop_timer(timer, facts)
        return events.FindingClosed(self.inspection_id, self.id, str(self.state), facts.now)
