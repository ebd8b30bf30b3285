"""Random sequences of moves never leave the tables and never break an invariant of 11.10."""

from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from inspections.application import commands, finding_commands, order_commands, reactions
from inspections.domain import finding_rows, task_rows
from inspections.domain import order as order_rows
from inspections.domain.finding import Finding
from inspections.domain.limits import Limits
from inspections.domain.order import RectificationOrder
from inspections.domain.task_rows import State as I
from inspections.domain.visit import Stay
from kernel.days import legal_day
from kernel.errors import DomainError
from kernel.moves import Transition

from .builders import NOW, SLOTS, a_task, facts
from .scene import Scene, papers

TABLES = {"inspection": task_rows.MOVES, "finding": finding_rows.MOVES, "order": order_rows.MOVES}
ANY = st.integers(0, 5)
MOVES = st.sampled_from(["return_scheme", "give_access", "persist", "close_without_findings", "close", "cancel"])
PEOPLE = st.sampled_from(["zhou", "wu", "zheng", "dep", "chief"])


def done(call: Coroutine[Any, Any, Any]) -> Any:
    """Nothing here waits for anything."""
    try:
        call.send(None)
    except StopIteration as finished:
        return finished.value
    raise AssertionError("a fake waited")


def listed(line: Transition) -> bool:
    return any(
        row.name == line.name
        and row.row == line.row
        and (line.source == "" if None in row.sources else line.source in {str(one) for one in row.sources if one is not None})
        and (line.target == line.source if row.target is None else line.target == str(row.target))
        for row in TABLES[line.machine]
    )


class Task(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.lines: list[Transition] = []

    @initialize(drawn=st.booleans(), depth=st.integers(0, 3))
    def begin(self, drawn: bool, depth: int) -> None:
        """Some way along the straight path, so that random moves start everywhere."""
        self.task = a_task(I.READY, drawn=drawn)
        self.scene = Scene(self.task)
        self.attempt(self.scene.arrive(self.task))
        for index in range(2 if depth else 0):
            self.answer(SLOTS, False)
            self.classify(index, index == 1, "zhou")
            self.choose(index, ["MEASURE", "ORDER"], ["M4"] if index == 1 else ["M2"])
        if depth > 1:
            self.sign("GLASS", True)
        for index in range(2 if depth > 2 else 0):
            self.draft_an_order(index, 30)
            self.issue_and_serve(index)

    def attempt(self, call: Coroutine[Any, Any, Any]) -> None:
        """A refusal is an answer; in the database it would undo what came before it in the command, so it may not have moved."""
        try:
            done(call)
        except DomainError as refused:
            assert refused.reason
        for thing in (self.task, *self.task.file.findings, *self.task.file.orders):
            self.lines += thing.take_transitions()

    def finding(self, index: int) -> Finding | None:
        findings = self.task.file.findings
        return findings[index % len(findings)] if findings else None

    def order(self, index: int) -> RectificationOrder | None:
        orders = self.task.file.orders
        return orders[index % len(orders)] if orders else None

    def facts(self, by: str, second: str | None = None) -> Any:
        return facts(by, second, now=self.now)

    @rule(move=MOVES, by=PEOPLE)
    def move_the_task(self, move: str, by: str) -> None:
        self.attempt(commands.move(self.scene.uow, facts=self.facts(by), inspection_id=self.task.id, version=1, move=move, reason="x"))

    @rule(slots=st.sampled_from([SLOTS, {}]), conform=st.booleans())
    def answer(self, slots: dict[str, str], conform: bool) -> None:
        if len(self.task.file.findings) < 3:
            self.attempt(self.scene.answer(self.task, "CONFORM" if conform else "NOT_CONFORM", slots=slots))

    @rule(index=ANY, major=st.booleans(), by=PEOPLE)
    def classify(self, index: int, major: bool, by: str) -> None:
        if finding := self.finding(index):
            if major:
                given = {"standard_item": "x", "doubtful": False, "opinion_evidence_id": ""}
                self.attempt(
                    finding_commands.classify_major(
                        self.scene.uow, facts=self.facts("zhou", "zheng"), finding_id=finding.id, version=1, **given
                    )
                )
            else:
                self.attempt(
                    finding_commands.move(
                        self.scene.uow, facts=self.facts(by), finding_id=finding.id, version=1, move="classify_general", reason=""
                    )
                )

    @rule(
        index=ANY,
        handling=st.sampled_from([["ORDER"], ["MEASURE", "ORDER"], ["MEASURE"], ["ON_SPOT"]]),
        measures=st.sampled_from([["M2"], ["M4"], []]),
    )
    def choose(self, index: int, handling: list[str], measures: list[str]) -> None:
        if finding := self.finding(index):
            given = {"safety_not_assured": True, "hazchem_equipment": False, "hand_over_to": ""}
            self.attempt(
                finding_commands.choose_handling(
                    self.scene.uow, facts=self.facts("wu"), finding_id=finding.id, version=1, handling=handling, measures=measures, **given
                )
            )

    @rule(enterprise=st.sampled_from(["GLASS", "REFUSED"]), complete=st.booleans())
    def sign(self, enterprise: str, complete: bool) -> None:
        form = self.scene.form("F03", self.task.id, enterprise=enterprise, complete=complete)
        self.attempt(
            commands.sign_record(
                self.scene.uow,
                facts=self.facts("zhou"),
                inspection_id=self.task.id,
                version=1,
                document_id=form,
                documents=self.scene.outside,
                identity=self.scene.outside,
            )
        )
        if self.task.record_document_id == form:
            self.note("F03", form, "inspection", self.task.id)

    def note(self, form: str, document_id: UUID, kind: str, object_id: UUID) -> None:
        done(
            reactions.note_document(
                self.scene.uow, document_id=document_id, form=form, object_kind=kind, object_id=object_id, state="SEALED"
            )
        )

    @rule(index=ANY)
    def measure(self, index: int) -> None:
        if finding := self.finding(index):
            form = self.scene.form("F04", self.task.id)
            self.attempt(
                finding_commands.apply_measures(self.scene.uow, inspection_id=self.task.id, finding_ids=[finding.id], **self.signing(form))
            )
            if finding.measure_document_id == form:
                self.note("F04", form, "inspection", self.task.id)

    def signing(self, form: UUID) -> dict[str, Any]:
        return {
            "facts": self.facts("zhou"),
            "version": 1,
            "document_id": form,
            "documents": self.scene.outside,
            "identity": self.scene.outside,
        }

    @rule(index=ANY, days=st.integers(0, 31))
    def draft_an_order(self, index: int, days: int) -> None:
        finding = self.finding(index)
        if finding is not None and len(self.task.file.orders) < 4:
            items = [{"finding_id": finding.id, "due_on": legal_day(self.now) + timedelta(days=days)}]
            self.attempt(
                order_commands.draft(
                    self.scene.uow, facts=self.facts("zhou"), inspection_id=self.task.id, version=1, items=items, limits=Limits()
                )
            )

    @rule(index=ANY)
    def issue_and_serve(self, index: int) -> None:
        if order := self.order(index):
            form = self.scene.form("F05", order.id)
            self.attempt(order_commands.issue(self.scene.uow, order_id=order.id, **self.signing(form)))
            if order.document_id == form:
                self.note("F05", form, "order", order.id)
            if order.document_id is not None:
                today = legal_day(self.now)
                self.attempt(
                    reactions.document_served(
                        self.scene.uow,
                        facts=self.facts("system"),
                        document_id=order.document_id,
                        form="F05",
                        object_kind="order",
                        object_id=order.id,
                        served_on=today,
                        deemed_on=today,
                        at=self.now,
                        limits=Limits(),
                    )
                )

    @rule(index=ANY)
    def report_done(self, index: int) -> None:
        if order := self.order(index):
            self.attempt(
                order_commands.report_done(
                    self.scene.uow, facts=self.facts("wu"), order_id=order.id, version=1, finding_ids=order.finding_ids, evidence_id="e"
                )
            )

    @rule(index=ANY, granted=st.booleans())
    def extend(self, index: int, granted: bool) -> None:
        if order := self.order(index):
            shared = {"order_id": order.id, "version": 1, "finding_ids": order.finding_ids}
            self.attempt(order_commands.request_extension(self.scene.uow, facts=self.facts("wu"), reason="x", evidence_id="e", **shared))
            reply = {"document_ids": papers(self.scene, order), "documents": self.scene.outside, "facts": self.facts("dep"), **shared}
            if granted:
                later = (order.findings[0].due_on or legal_day(self.now)) + timedelta(days=5)
                self.attempt(order_commands.grant_extension(self.scene.uow, due_on=later, interim_measures="x", limits=Limits(), **reply))
            else:
                self.attempt(order_commands.refuse_extension(self.scene.uow, reason="x", **reply))

    @rule(index=ANY, result=st.sampled_from(["PASS", "PARTIAL", "FAIL"]))
    def recheck(self, index: int, result: str) -> None:
        if order := self.order(index):
            form = self.scene.form("F06", order.id)
            results = [{"finding_id": id, "result": result, "photo_after_ids": ["a"]} for id in order.finding_ids]
            self.attempt(order_commands.recheck(self.scene.uow, order_id=order.id, results=results, **self.signing(form)))

    @rule(index=ANY, filed=st.booleans())
    def follow_up(self, index: int, filed: bool) -> None:
        if finding := self.finding(index):
            self.attempt(
                reactions.case_linked(
                    self.scene.uow,
                    facts=self.facts("system"),
                    inspection_id=self.task.id,
                    finding_ids=[finding.id],
                    case_id=str(uuid4()),
                    filed=filed,
                )
            )

    @rule(index=ANY)
    def close_an_order(self, index: int) -> None:
        if order := self.order(index):
            self.attempt(
                order_commands.move(self.scene.uow, facts=self.facts("zhou"), order_id=order.id, version=1, move="close", reason="")
            )

    @precondition(lambda self: self.now < NOW + timedelta(days=400))
    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        for finding in list(self.task.file.findings):
            for timer in list(finding.timers):
                if timer.stopped_at is None and timer.breached_at is None and timer.expires_at is not None and timer.expires_at <= self.now:
                    handler = {"D25": reactions.rectification_ended, "D29": reactions.suspension_ended, "D26": reactions.right_ended}
                    at_expiry = facts("system", now=timer.expires_at)
                    self.attempt(handler.get(timer.timer, reactions.duty_missed)(self.scene.uow, timer, at_expiry))
                    if timer.stopped_at is None:
                        timer.breach(timer.expires_at)

    @invariant()
    def every_transition_is_a_row(self) -> None:
        assert all(listed(line) for line in self.lines)

    @invariant()
    def each_object_moves_from_where_it_was(self) -> None:
        last: dict[str, str] = {}
        for line in self.lines:
            assert line.source in ("", last.get(line.object_id, line.source))
            last[line.object_id] = line.target

    @invariant()
    def a_closed_task_has_nothing_open(self) -> None:
        """INV-01."""
        if getattr(self, "task", None) is not None and self.task.state is I.CLOSED:
            assert all(finding.ended for finding in self.task.file.findings)
            assert all(order.ended for order in self.task.file.orders)

    @invariant()
    def no_order_and_no_measure_without_a_record(self) -> None:
        """INV-02."""
        if getattr(self, "task", None) is not None:
            assert self.task.recorded or not self.task.file.orders
            assert self.task.recorded or not any(finding.measure_document_id for finding in self.task.file.findings)

    @invariant()
    def an_ended_finding_has_no_clock(self) -> None:
        for finding in self.task.file.findings if getattr(self, "task", None) is not None else []:
            if finding.ended:
                assert not [timer for timer in finding.timers if timer.stopped_at is None and timer.breached_at is None]

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        """INV-08."""
        if getattr(self, "scene", None) is not None:
            there = [stay.officer_id for stay in self.scene.uow.all(Stay) if stay.to_at is None]
            assert len(there) == len(set(there))


TestRandomMoves = Task.TestCase
TestRandomMoves.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
