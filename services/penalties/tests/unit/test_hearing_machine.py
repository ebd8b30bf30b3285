"""Whatever people try with a hearing in whatever order: neither machine leaves its table, and nobody is decided on unheard."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from kernel.days import legal_day
from kernel.errors import DomainError
from kernel.moves import SYSTEM
from penalties.domain.case import MOVES, State
from penalties.domain.hearing import MOVES as HEARING_MOVES
from penalties.domain.hearing import Tribunal
from penalties.domain.hearing_rules import HearingState
from penalties.domain.records import StatementMode

from .chemicals import CLERK, F28, KONG, SAID, known, minutes, papers, the_chemicals
from .story import CHIEF, LEGAL, ZHENG, ZHOU, a_document, at, checked


def allowed(moves):
    return {
        (str(source), str(target))
        for move in moves
        for source in move.sources
        for target in (move.target if isinstance(move.target, frozenset) else {source if move.target is None else move.target})
    }


CASE, HEARING = allowed(MOVES), allowed(HEARING_MOVES)
NAMES = "request accept release serve postpone open close terminate report withdraw review screen discuss conclude decide lapse"
STEPS = st.sampled_from(NAMES.split())


class Hearings(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.now = at(7, 8)
        self.case = the_chemicals("NOTIFIED")
        self.case.take_transitions()
        self.notices = 0

    def facts(self, by, forms="", **more):
        return known(by, self.now, self.case, forms, **more)

    def attempt(self, act):
        before = self.case.state
        small = [hearing.state for hearing in self.case.hearings]
        try:
            act()
        except DomainError:
            # HR09 and others check the hearing after the case: a refused command is undone as a whole by its transaction.
            self.case.state = before
            for hearing, state in zip(self.case.hearings, small, strict=False):
                hearing.state = state
                hearing.take_transitions()
            self.case.take_transitions()
            return
        for line in self.case.take_transitions():
            assert (line.source, line.target) in CASE or not line.row.startswith("PC"), line
        for hearing in self.case.hearings:
            for line in hearing.take_transitions():
                assert not line.source or (line.source, line.target) in HEARING, line

    @rule(days=st.integers(0, 9), hours=st.integers(0, 12))
    def wait(self, days, hours):
        self.now += timedelta(days=days, hours=hours)
        timer = self.case.timer("D08")
        if timer.stopped_at is None and self.now >= timer.expires_at:
            if self.case.state is State.NOTIFIED:
                self.attempt(lambda: self.case.take_statement(StatementMode.EXPIRED, "", (), False, facts=self.facts(SYSTEM)))
            else:
                self.attempt(lambda: self.case.lapse_statement_meanwhile(facts=self.facts(SYSTEM)))

    @rule(step=STEPS, days=st.integers(0, 20), late=st.booleans())
    def somebody_tries(self, step, days, late):
        self.somebody_tries_this(step, days, late)

    def somebody_tries_this(self, step, days, late):
        case, when = self.case, self.now + timedelta(days=days)
        on = (self.now + timedelta(days=1 if late else 0)).date().isoformat()
        notice = f"f27-{self.notices}"

        def release():
            self.notices += 1
            case.release_hearing_notice(f"f27-{self.notices}", when, "听证室", facts=self.facts(KONG, **papers(case, "F27")))
            case.hearing.notice_document_id = f"f27-{self.notices}"

        def postpone():
            self.notices += 1
            case.postpone_hearing("住院", f"f27-{self.notices}", when, "", facts=self.facts(CHIEF, **papers(case, "F27")))
            case.hearing.notice_document_id = f"f27-{self.notices}"

        def decide():
            if not case.issued("F34"):
                case.documents.append(a_document(case, "F34"))
            case.decide(("f30", "f34"), "原因", facts=self.facts(CHIEF, "F30 F34"))

        acts = {
            "request": lambda: case.request_hearing(self.now, "", "letter", facts=self.facts(ZHOU)),
            "accept": lambda: case.accept_hearing(Tribunal("", (), CLERK, False, ""), facts=self.facts(KONG)),
            "release": release,
            "serve": lambda: case.hearing_told(notice, on, on, "DIRECT", facts=self.facts(SYSTEM)),
            "postpone": postpone,
            "open": lambda: case.open_hearing([], facts=self.facts(KONG)),
            "close": lambda: case.close_hearing(SAID, "f28", facts=self.facts(KONG, **papers(case, "F28", **F28))),
            "terminate": lambda: case.terminate_hearing("缺席", "f28", facts=self.facts(KONG, **papers(case, "F28", **F28))),
            "report": lambda: case.report_hearing(
                "维持", ["f29"], facts=self.facts(KONG, **papers(case, "F29", PRESIDER=("kong",), APPROVER=("chen",)))
            ),
            "withdraw": lambda: case.withdraw_hearing("letter", facts=self.facts(ZHOU)),
            "review": lambda: (
                case.pass_review("同意", "ws10059", facts=self.facts(LEGAL, "ws10059"))
                if case.state is State.LEGAL_REVIEW
                else case.resubmit_for_review(("ws10051",), facts=self.facts(ZHOU, "ws10051"))
            ),
            "screen": lambda: case.run_screen(facts=self.facts(ZHOU)),
            "discuss": lambda: case.start_deliberation("提请", (), facts=self.facts(ZHENG)),
            "conclude": lambda: case.conclude_deliberation(
                minutes(starts_at=self.now - timedelta(hours=2), ends_at=self.now - timedelta(hours=1)),
                facts=self.facts(CHIEF, checked=checked(case, "F31", signers={"ATTENDANT": ("chen", "ye", "dai")})),
            ),
            "decide": decide,
            "lapse": self._right_is_over,
        }
        self.attempt(acts[step])

    def _right_is_over(self):
        if self.case.timer_over("D09", self.facts(ZHOU)):
            self.case.note_lapse(self.case.running("D09"), facts=self.facts(SYSTEM))

    @rule(days=st.integers(8, 14))
    def the_right_step_is_tried(self, days):
        """Otherwise random walks would seldom come to a decision."""
        case = self.case
        pending = case.hearing.state if case.hearing is not None else None
        steps = {
            State.NOTIFIED: ["request"],
            State.HEARING_REQ: ["accept"] if pending is HearingState.REQUESTED else ["release", "serve"],
            State.HEARING_SET: ["serve", "open", "close"],
            State.HEARING_DONE: ["report"],
            State.LEGAL_REVIEW: ["screen", "review", "discuss"],
            State.DEFENCE: ["screen", "discuss", "review"],
            State.DELIBERATION: ["conclude"],
            State.DECIDING: ["decide"],
        }
        for step in steps.get(case.state, []):
            if step == "open" and case.hearing.scheduled_at is not None:
                self.now = max(self.now, case.hearing.scheduled_at)
            self.somebody_tries_this(step, days, False)

    @invariant()
    def nobody_is_decided_on_who_was_not_heard(self):
        """INV-04 and INV-05."""
        if not hasattr(self, "case") or self.case.decided_at is None:
            return
        notice = self.case.served_notice
        assert notice.hearing_document_id
        for hearing in self.case.hearings:
            assert hearing.over or hearing.called_off or not hearing.in_time
            if hearing.held:
                assert any(review.result == "PASS" and review.at >= hearing.ended_at for review in self.case.reviews)

    @invariant()
    def a_hearing_keeps_d11_and_is_postponed_once(self):
        if not hasattr(self, "case"):
            return
        for hearing in self.case.hearings:
            assert len(hearing.postponements) <= 1
            if hearing.notice_served_on and hearing.state is HearingState.NOTIFIED:
                assert legal_day(hearing.scheduled_at).isoformat() >= hearing.earliest_on

    @invariant()
    def one_hearing_is_pending_at_most(self):
        if hasattr(self, "case"):
            assert sum(not (hearing.over or hearing.called_off) for hearing in self.case.hearings if hearing.in_time) <= 1


Hearings.TestCase.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
TestHearings = Hearings.TestCase


def test_the_right_steps_lead_to_a_decision():
    """The machine above comes to its end."""
    walk = Hearings()
    walk.begin()
    for _ in range(16):
        walk.the_right_step_is_tried(12)

    assert walk.case.state is State.DECIDED
    assert walk.case.hearings[0].state is HearingState.REPORTED
