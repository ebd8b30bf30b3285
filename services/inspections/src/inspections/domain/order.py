"""An order to rectify within a time limit and the moves it may make. Law brief 3.5, 3.6, 11.4 (R01–R12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from kernel.days import legal_day
from kernel.errors import DomainError
from kernel.moves import SYS, AnyOf, Entered, Facts, Move, Person, Role, TwoOfficers
from kernel.timers import Clocked, Timer

from inspections.domain import events
from inspections.domain import refusals as no
from inspections.domain.finding import Finding
from inspections.domain.finding_guards import deadline_refusal
from inspections.domain.finding_rows import State as FindingState
from inspections.domain.form import Form
from inspections.domain.guards import g01, g04
from inspections.domain.inspection import Inspection
from inspections.domain.terms import RecheckResult


class State(StrEnum):
    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    SERVED = "SERVED"
    RUNNING = "RUNNING"
    EXT_PENDING = "EXT_PENDING"
    EXPIRED = "EXPIRED"
    RECHECKED_PASS = "RECHECKED_PASS"  # noqa: S105 - a state, no password
    RECHECKED_PARTIAL = "RECHECKED_PARTIAL"
    RECHECKED_FAIL = "RECHECKED_FAIL"
    WITHDRAWN = "WITHDRAWN"
    CLOSED = "CLOSED"


ENDED = frozenset({State.WITHDRAWN, State.CLOSED})
IN_FORCE = frozenset({State.ISSUED, State.SERVED, State.RUNNING, State.EXT_PENDING, State.EXPIRED})
# What an order may be drafted over: also a finding whose earlier order is gone (HD16, R12).
ORDERABLE = frozenset(
    {FindingState.GENERAL, FindingState.MAJOR, FindingState.MEASURE_IN_FORCE, FindingState.NOT_RECTIFIED, FindingState.RECTIFYING}
)
WAITING = frozenset({FindingState.RECTIFYING, FindingState.EXT_PENDING, FindingState.RECHECK_DUE})


@dataclass(frozen=True)
class OrderItem:
    """A finding of the order and its last day."""

    finding_id: UUID
    due_on: date


def from_signed_record(order: Any, facts: Facts) -> DomainError | None:
    """An order rests on a signed, or refusal-noted, record of the same task. INV-02; FORM3."""
    return None if order.task.recorded else no.RecordNotSigned("the record is signed, or its refusal noted, first")


def items_orderable(order: Any, facts: Facts) -> DomainError | None:
    """Findings of the task in a state that an order can follow, each with a day of at most the configured length."""
    if not order.items:
        return no.NoFindingChosen("at least one finding is named")
    today, limits = legal_day(facts.now), facts.known["limits"]
    for item in order.items:
        finding = order.task.file.finding(item.finding_id)
        if finding.state not in ORDERABLE or (finding.state is FindingState.RECTIFYING and finding.order_id is not None):
            return no.FindingAlreadyOrdered("no order can follow now", finding=finding.id, state=str(finding.state))
        pending = [one.id for one in order.task.file.orders if one is not order and one.pending and item.finding_id in one.finding_ids]
        if pending:
            return no.FindingAlreadyOrdered("another order over the finding is on its way", finding=finding.id, order=pending[0])
        if item.due_on < today:
            return no.DeadlineInThePast("the last day lies in the past", due_on=item.due_on.isoformat())
        refused = deadline_refusal(item.due_on, today, limits.rectification_days)
        if refused is not None:
            return refused
    return None


def remedy_text(order: Any, facts: Facts) -> DomainError | None:
    """The order names reconsideration body and court. Law: ARL 20; ALL 46; 4.4."""
    remedies = facts.known.get("remedies")
    if remedies is None or (remedies.get("reconsideration_body") and remedies.get("court")):
        return None
    return no.RemedyTextMissing("reconsideration body and court are named", order=order.id)


def wording_complete(order: Any, facts: Facts) -> DomainError | None:
    """What has to be done is worded to the end. Law brief 3.2 (standard wording)."""
    for finding in order.findings:
        if "{" in finding.rectify_text.replace("{期限}", ""):
            return no.EmptySlots("slots of the order's wording are empty", finding=finding.id, text=finding.rectify_text)
    return None


def served_by_rules(order: Any, facts: Facts) -> DomainError | None:
    """A deemed date by the mode of 5.7. Law: APL 61; CVL 87–95."""
    if facts.permission_only or facts.known.get("deemed_on") is not None:
        return None
    return no.NotServedYet("the order was not served", order=order.id)


def expired(order: Any, facts: Facts) -> DomainError | None:
    """The latest item date has passed, as rolled, and a finding was then still not reported done. Law brief R06."""
    running = [timer for finding in order.findings if (timer := finding.timer("D25")) is not None]
    if any(timer.expires_at is None or timer.expires_at > facts.now for timer in running):
        return no.NotExpired("the latest day of the order has not passed", order=order.id)
    if not any(finding.overdue for finding in order.findings):
        return no.NotExpired("everything was reported done in time", order=order.id)
    return None


def followed_up(order: Any, facts: Facts) -> DomainError | None:
    """A follow-up order or a case exists for each failed item. Law brief R10."""
    for finding in order.findings:
        if order.results.get(str(finding.id)) == RecheckResult.PASS:
            continue
        if finding.order_id == order.id and not finding.case_ids and not finding.ended:
            return no.FollowUpMissing("a failed item has neither a follow-up order nor a case", finding=finding.id)
    return None


def withdrawal_grounds(order: Any, facts: Facts) -> DomainError | None:
    """A withdrawal gives its reason. Law brief R12."""
    if facts.known.get("reason") is None or facts.known["reason"].strip():
        return None
    return no.WithdrawalReasonMissing("a withdrawal gives its reason")


def withdrawal_released(order: Any, facts: Facts) -> DomainError | None:
    """Signed before it is served. Law brief R12; design 3.9."""
    return None if order.withdrawal_document_id is not None else no.WithdrawalNotReleased("the withdrawal was not signed")


LEAD_AND_OFF = TwoOfficers(lead=True)
RECHECKED = {State.RUNNING, State.EXPIRED}
AFTER = ("F04", "F05")
MOVES = (
    Move("R01", "draft", {None}, State.DRAFT, by=AnyOf(Role.LEAD), guards=(from_signed_record, items_orderable), law=("WSL 65(1)(2)",)),
    Move(
        "R02",
        "issue",
        {State.DRAFT},
        State.ISSUED,
        by=LEAD_AND_OFF,
        guards=(g01, g04("F05", after=("F03",)), wording_complete, remedy_text),
        law=("WSL 65(1)(2)", "APL 42"),
        form="F05",
    ),
    Move(
        "R03", "serve", {State.ISSUED}, State.SERVED, by=AnyOf(Role.OFF, Role.SYS), guards=(served_by_rules,), law=("APL 61",), form="F40"
    ),
    Move("R04", "run", {State.SERVED}, State.RUNNING, by=SYS, starts=("D25", "D19", "D20")),
    Move("R05", "request_extension", {State.RUNNING}, State.EXT_PENDING, by=Entered(), law=("PB 17",)),
    Move("R05", "end_extension", {State.EXT_PENDING}, State.RUNNING, by=AnyOf(Role.DEP, Role.SYS)),
    Move("R06", "expire", {State.RUNNING}, State.EXPIRED, by=SYS, guards=(expired,)),
    Move(
        "R07",
        "recheck_pass",
        RECHECKED,
        State.RECHECKED_PASS,
        by=LEAD_AND_OFF,
        guards=(g01, g04("F06", after=AFTER)),
        stops=("D28",),
        form="F06",
    ),
    Move(
        "R08",
        "recheck_partial",
        RECHECKED,
        State.RECHECKED_PARTIAL,
        by=LEAD_AND_OFF,
        guards=(g01, g04("F06", after=AFTER)),
        stops=("D28",),
        form="F06",
    ),
    Move(
        "R09",
        "recheck_fail",
        RECHECKED,
        State.RECHECKED_FAIL,
        by=LEAD_AND_OFF,
        guards=(g01, g04("F06", after=AFTER)),
        stops=("D28",),
        form="F06",
    ),
    Move("R10", "close_followed_up", {State.RECHECKED_PARTIAL, State.RECHECKED_FAIL}, State.CLOSED, by=SYS, guards=(followed_up,)),
    Move("R11", "close", {State.RECHECKED_PASS}, State.CLOSED, by=AnyOf(Role.LEAD)),
    Move("R12", "release_withdrawal", IN_FORCE, None, by=AnyOf(Role.CHIEF), guards=(withdrawal_grounds, g04("X7")), form="X7"),
    Move("R12", "withdraw", IN_FORCE, State.WITHDRAWN, by=SYS, guards=(withdrawal_released,), stops=("D19", "D20")),
)


@dataclass(eq=False)
class RectificationOrder(Clocked):
    """Its result is computed from its findings; D25–D28 run per finding (11.4)."""

    MACHINE = "order"
    MOVES = MOVES

    task: Inspection
    inspection_id: UUID
    org_path: str
    items: list[OrderItem]
    created_at: datetime
    results: dict[str, str] = field(default_factory=dict)
    document_id: UUID | None = None
    issued_at: datetime | None = None
    served_on: date | None = None
    recheck_document_id: UUID | None = None
    withdrawal_document_id: UUID | None = None
    withdrawal_reason: str = ""
    closed_at: datetime | None = None
    timers: list[Timer] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @classmethod
    def draft(cls, task: Inspection, items: Sequence[OrderItem], *, facts: Facts) -> tuple["RectificationOrder", events.OrderDrafted]:
        """R01."""
        made = cls(task=task, inspection_id=task.id, org_path=task.org_path, items=list(items), created_at=facts.now)
        made._begin("draft", facts)
        task.file.orders.append(made)
        return made, events.OrderDrafted(task.id, made.id, made.finding_ids, facts.now)

    @property
    def deadlines(self) -> list[Timer]:
        return self.timers

    @property
    def finding_ids(self) -> list[UUID]:
        return [item.finding_id for item in self.items]

    @property
    def findings(self) -> list[Finding]:
        found: list[Finding] = self.task.file.chosen(self.finding_ids)
        return found

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def over(self) -> bool:
        """Nothing is to be done under it any more."""
        return self.state not in IN_FORCE

    @property
    def pending(self) -> bool:
        """Drafted or signed, not yet served."""
        return self.state in {State.DRAFT, State.ISSUED}

    def roles_of(self, person: Person) -> frozenset[Role]:
        return self.task.roles_of(person)

    def start_timer(self, timer: str, facts: Facts) -> str:
        return "D25 runs per finding (HD07)" if timer == "D25" else super().start_timer(timer, facts)

    def timer_start(self, timer: str, facts: Facts) -> tuple[datetime, dict[str, Any], tuple[Mapping[str, Any], ...]]:
        return facts.known["since"], {}, ()

    def issue(self, form: Form, *, facts: Facts) -> events.OrderIssued:
        """R02."""
        self._move("issue", replace(facts, input=form), documents=(str(form.document_id),))
        self.document_id, self.issued_at = form.document_id, facts.now
        return events.OrderIssued(self.inspection_id, self.id, form.document_id, facts.now)

    def serve(self, deemed_on: date, *, facts: Facts) -> list[object]:
        """R03, R04 and HD07 or HD18 of each finding, in one transaction. `facts.known["since"]`: the beginning of the deemed day."""
        assert self.document_id is not None
        given = replace(facts, known={**facts.known, "deemed_on": deemed_on})
        self._move("serve", given, documents=(str(self.document_id),))
        self._move("run", given)
        self.served_on = deemed_on
        happened: list[object] = [events.OrderServed(self.inspection_id, self.id, self.document_id, self.finding_ids, deemed_on)]
        for item in self.items:
            finding = self.task.file.finding(item.finding_id)
            if finding.state in ORDERABLE:
                happened.append(finding.begin_rectifying(self.id, item.due_on, facts=given))
        return happened

    def request_extension(self, *, facts: Facts) -> None:
        """R05 with HD09."""
        self._move("request_extension", facts)

    def end_extension(self, *, facts: Facts) -> None:
        """R05 with HD10, HD11 or HD27, once no finding of the order waits for a reply."""
        if not any(finding.state is FindingState.EXT_PENDING for finding in self.findings):
            self._move("end_extension", facts)

    def expire(self, *, facts: Facts) -> events.OrderExpired | None:
        """R06, if its guard lets it."""
        if self.state is not State.RUNNING or expired(self, facts) is not None:
            return None
        self._move("expire", facts)
        return events.OrderExpired(self.inspection_id, self.id, [f.id for f in self.findings if f.overdue], facts.now)

    def recheck(self, results: Mapping[UUID, RecheckResult], form: Form, *, facts: Facts) -> events.OrderRechecked | None:
        """R07, R08 or R09, once each finding of the order has its result."""
        self.results = {**self.results, **{str(id): str(result) for id, result in results.items()}}
        self.recheck_document_id = form.document_id
        if any(finding.state in WAITING for finding in self.findings):
            return None
        passed = [f.id for f in self.findings if self.results.get(str(f.id)) == RecheckResult.PASS]
        failed = [f.id for f in self.findings if str(f.id) in self.results and f.id not in passed]
        result = "PASS" if not failed else "PARTIAL" if passed else "FAIL"
        self._move(f"recheck_{result.lower()}", replace(facts, input=form), documents=(str(form.document_id),))
        return events.OrderRechecked(self.inspection_id, self.id, result, passed, failed, form.document_id, facts.now)

    def close(self, reason: str, *, facts: Facts) -> events.OrderClosed:
        """R11."""
        self._move("close", facts, reason=reason)
        return self._closed(facts)

    def close_followed_up(self, *, facts: Facts) -> events.OrderClosed | None:
        """R10, if its guard lets it."""
        if self.state not in {State.RECHECKED_PARTIAL, State.RECHECKED_FAIL} or followed_up(self, facts) is not None:
            return None
        self._move("close_followed_up", facts)
        return self._closed(facts)

    def release_withdrawal(self, form: Form, reason: str, *, facts: Facts) -> events.WithdrawalReleased:
        """First step of R12."""
        given = replace(facts, input=form, known={**facts.known, "reason": reason})
        self._move("release_withdrawal", given, documents=(str(form.document_id),), reason=reason)
        self.withdrawal_document_id, self.withdrawal_reason = form.document_id, reason
        return events.WithdrawalReleased(self.inspection_id, self.id, form.document_id, facts.now)

    def withdraw(self, *, facts: Facts) -> events.OrderWithdrawn:
        """R12: the withdrawal was served."""
        self._move("withdraw", facts, documents=(str(self.withdrawal_document_id),), reason=self.withdrawal_reason)
        for finding in self.findings:
            if finding.order_id == self.id and not finding.ended:
                finding.loosen(facts=facts)
        self.closed_at = facts.now
        return events.OrderWithdrawn(self.inspection_id, self.id, facts.now)

    def _closed(self, facts: Facts) -> events.OrderClosed:
        self.closed_at = facts.now
        return events.OrderClosed(self.inspection_id, self.id, facts.now)
