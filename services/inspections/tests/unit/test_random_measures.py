"""Random sequences of moves of coercive measures never leave the table and never break INV-07, INV-23 or INV-02."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from inspections.application import measure_reactions
from inspections.domain.measure import MOVES, CoerciveMeasure
from inspections.domain.measure_rows import ENDED, LIFT
from inspections.domain.measure_rows import State as S
from inspections.domain.measure_terms import Appraisal, HandOver, Kind, ObjectHandling
from inspections.domain.task_rows import State as I
from kernel.days import legal_day
from kernel.errors import DomainError
from kernel.moves import Transition

from . import measures as m
from .builders import NOW, a_task, facts
from .fakes import FakeUow
from .scene import Scene
from .test_random_moves import done

PEOPLE = st.sampled_from(["zhou", "wu", "chief", "dep", "fin"])
FATES = st.sampled_from(list(ObjectHandling))
OUT = {S.LIFTED, S.CONFISCATED, S.DESTROYED, S.HANDED_TO_POLICE, S.LIFT_OVERDUE, S.DECIDED}


class Measures(RuleBasedStateMachine):
    """Two objects of one decision, each with a clock of its own, while days go by and the ticks run as they fall due."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.lines: list[Transition] = []

    @initialize(urgent=st.booleans(), power=st.booleans())
    def begin(self, urgent: bool, power: bool) -> None:
        task = a_task(I.ISSUES_OPEN)
        kind = Kind.POWER if power else Kind.SEAL
        state = S.PROPOSED if power or not urgent else S.URGENT_APPLIED
        self.measures = [m.a_measure(state, kind, task) for _ in range(1 if power else 2)]
        for one in self.measures[1:]:
            one.decision_id = self.measures[0].decision_id
        self.scene = Scene(task)
        self.scene.outside.acting = m.COUNTY

    @property
    def uow(self) -> FakeUow:
        return self.scene.uow

    def attempt(self, act: Callable[[], Any]) -> None:
        before = [one.state for one in self.measures]
        try:
            act()
        except DomainError as refused:
            assert refused.reason
            assert [one.state for one in self.measures] == before
        for one in self.measures:
            self.lines += one.take_transitions()

    def of(self, index: int) -> CoerciveMeasure:
        return self.measures[index % len(self.measures)]

    def given(self, by: str, second: str | None = None, **known: Any) -> Any:
        return facts(by, second, now=self.now, body=m.COUNTY, **known)

    @rule(days=st.sampled_from([0, 1, 2, 6, 15, 29, 30, 31]), hours=st.integers(0, 23))
    def time_goes_by(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)
        self.sweep()

    def sweep(self) -> None:
        """As servicekit does it: each timer at the instant at which it ended, the oldest first."""
        handlers = {"D01": measure_reactions.approval_missed, "D02": measure_reactions.period_ended, "GEN": measure_reactions.count_ended}
        for _ in range(50):
            running = [timer for one in self.measures for timer in one.timers if timer.stopped_at is None and timer.breached_at is None]
            due = sorted(
                (timer for timer in running if timer.expires_at is not None and timer.expires_at <= self.now),
                key=lambda timer: (timer.expires_at, str(timer.id)),
            )
            if not due:
                return
            timer = due[0]
            if timer.timer == "D30":
                timer.stop(self.now)
                continue
            done(handlers[timer.timer](self.uow, timer, facts("system", now=timer.expires_at)))
            if timer.stopped_at is None and timer.breached_at is None:
                timer.breach(self.now)
            for one in self.measures:
                self.lines += one.take_transitions()
        raise AssertionError("the sweep never ends")

    @rule(index=st.integers(0, 1), by=PEOPLE, reviewer=st.sampled_from(["zheng", "wu"]))
    def approve(self, index: int, by: str, reviewer: str) -> None:
        one = self.of(index)
        paper = m.a_paper("F07", one, officers=("zhou", "wu"), approver=by, reviewer=reviewer)
        move = one.confirm_urgent if one.state is S.URGENT_APPLIED else one.approve
        self.attempt(lambda: move(paper, facts=self.given(by)))

    @rule(index=st.integers(0, 1), whole=st.booleans())
    def release(self, index: int, whole: bool) -> None:
        one = self.of(index)
        forms = ("F13", "F12") if one.kind is Kind.POWER else ("F08", "F09") if whole else ("F08",)
        papers = m.the_papers(one, *forms)
        if one.kind is Kind.POWER:
            self.attempt(lambda: one.release_notice(papers, facts=self.given("wu")))
        else:
            self.attempt(lambda: one.release_application(papers, m.STEPS, facts=self.given("zhou", "wu")))

    @rule(index=st.integers(0, 1))
    def serve(self, index: int) -> None:
        one = self.of(index)
        move = one.notice if one.kind is Kind.POWER else one.apply
        self.attempt(lambda: move(facts=self.given("system", since=self.now)))

    @rule(index=st.integers(0, 1), by=PEOPLE)
    def lift(self, index: int, by: str) -> None:
        one = self.of(index)
        name = "lift_overdue" if one.state is S.LIFT_OVERDUE else "refuse_urgent"
        self.attempt(lambda: one.lift(name, m.a_paper(LIFT, one), "x", facts=self.given(by)))

    @rule(index=st.integers(0, 1), days=st.integers(0, 20))
    def send_to_appraisal(self, index: int, days: int) -> None:
        one = self.of(index)
        self.attempt(lambda: one.send_to_appraisal(Appraisal("i", "n", days, legal_day(self.now)), facts=self.given("zhou")))

    @rule(index=st.integers(0, 1))
    def end_appraisal(self, index: int) -> None:
        one = self.of(index)
        self.attempt(lambda: one.end_appraisal("opinion", facts=self.given("system")))

    @rule(index=st.integers(0, 1), days=st.integers(0, 31), by=PEOPLE)
    def extend(self, index: int, days: int, by: str) -> None:
        one = self.of(index)
        self.attempt(lambda: one.extend(days, "案情复杂", m.a_paper("F10", one), facts=self.given(by)))

    @rule(index=st.integers(0, 1), fate=FATES, by=PEOPLE)
    def decide(self, index: int, fate: ObjectHandling, by: str) -> None:
        one = self.of(index)
        self.attempt(lambda: one.decide(fate, "x", m.a_paper("F11", one), facts=self.given(by)))

    @rule(confiscates=st.booleans())
    def the_case(self, confiscates: bool) -> None:
        task = self.measures[0].task
        given = {"inspection_id": task.id, "finding_ids": [one.id for one in task.file.findings], "case_id": "case"}
        self.attempt(lambda: done(measure_reactions.case_filed(self.uow, facts=self.given("system"), **given)))
        decided = {"case_id": "case", "confiscates_goods": confiscates}
        self.attempt(lambda: done(measure_reactions.case_decided(self.uow, facts=self.given("system"), **decided)))
        self.attempt(lambda: done(measure_reactions.case_served(self.uow, facts=self.given("system"), case_id="case")))

    @rule(index=st.integers(0, 1))
    def give_back(self, index: int) -> None:
        self.attempt(lambda: m.give_back(self.of(index)))

    @rule(index=st.integers(0, 1))
    def destroy(self, index: int) -> None:
        self.attempt(lambda: m.destroy(self.of(index)))

    @rule(index=st.integers(0, 1))
    def the_police(self, index: int) -> None:
        one = self.of(index)
        self.attempt(lambda: one.hand_to_police(HandOver("t", ("qin",), ("police",)), facts=self.given("system")))

    @rule(emergency=st.sampled_from(["", "危急"]))
    def cut(self, emergency: str) -> None:
        self.attempt(lambda: m.cut(self.measures[0], now=self.now, emergency=emergency))

    @rule(by=PEOPLE)
    def resume(self, by: str) -> None:
        self.attempt(lambda: m.resume(self.measures[0], by))

    @invariant()
    def no_move_outside_the_table(self) -> None:
        for line in self.lines:
            assert any(
                row.name == line.name and row.row == line.row and line.source in {str(one) for one in row.sources} for row in MOVES
            ), line

    @invariant()
    def inv_07_no_clock_runs_longer_than_the_law(self) -> None:
        for one in getattr(self, "measures", []):
            clock = one.timer("D02")
            if clock is None or not clock.raw:
                continue
            out = 0
            for test in one.appraisals:
                if test.ended_on is not None:
                    out += min(test.stated_days, (test.ended_on - test.from_on).days)
            longest = legal_day(clock.starts_at) + timedelta(days=30 + one.extended_days + out)
            assert one.extended_days <= 30
            assert clock.raw == clock.legal_expiry, "never rolled"
            assert date.fromisoformat(clock.raw) <= longest

    @invariant()
    def inv_23_past_the_last_day_nothing_is_held(self) -> None:
        for one in getattr(self, "measures", []):
            clock = one.timer("D02")
            if clock is not None and clock.expires_at is not None and clock.expires_at <= self.now:
                assert one.state in OUT

    @invariant()
    def what_ended_has_no_running_clock(self) -> None:
        for one in getattr(self, "measures", []):
            if one.state in ENDED:
                assert not [timer for timer in one.timers if timer.stopped_at is None and timer.breached_at is None]

    @invariant()
    def power_never_has_the_clocks_of_goods(self) -> None:
        for one in getattr(self, "measures", []):
            assert one.kind is not Kind.POWER or not {timer.timer for timer in one.timers} & {"D01", "D02"}


TestRandomMeasures = Measures.TestCase
TestRandomMeasures.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
