"""Whatever people, police, procuratorate and court try in whatever order, the transfer never leaves its table."""

from datetime import timedelta

from criminal_transfer.domain.records import GRAVE, RESOLVED, State
from criminal_transfer.domain.transfer import MOVES
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from kernel.errors import DomainError
from kernel.timers import TimerState

from .scene import LIANG, PEOPLE, STEPS, YE, a_transfer, at, do, facts

ALLOWED = {
    (move.row, move.name, str(source), str(target))
    for move in MOVES
    for source in move.sources
    for target in (move.target if isinstance(move.target, frozenset) else {source if move.target is None else move.target})
}
HOURS = st.sampled_from([1, 5, 23, 25, 72, 200])


class Transfers(RuleBasedStateMachine):
    @initialize(state=st.sampled_from(list(State)), result=st.sampled_from(["", "WATCH", "CONSULT", "MUST_TRANSFER"]))
    def begin_somewhere(self, state, result):
        """Some way along a straight path, so that random moves start everywhere."""
        self.now = at(12, 11)
        self.transfer = a_transfer(state, screen_result=result)
        self.breached = {}
        self.ended = False

    def attempt(self, name, **changes):
        before = self.transfer.state
        letters, receivers = len(self.transfer.letters), len(self.transfer.receivers)
        try:
            do(self.transfer, name, self.now, **changes)
        except DomainError as refused:
            assert refused.reason
            assert self.transfer.state is before
            assert (len(self.transfer.letters), len(self.transfer.receivers)) == (letters, receivers)
            assert not [line for line in self.transfer.take_transitions() if line.row]
            return
        for line in self.transfer.take_transitions():
            if not line.row:
                continue
            assert (line.row, line.name, line.source, line.target) in ALLOWED, line
            if line.row == "C05":
                assert self.transfer.screen_result not in GRAVE

    @rule(hours=HOURS)
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule(name=st.sampled_from(sorted(set(STEPS) - {"open"})), by=st.sampled_from(PEOPLE), second=st.sampled_from([None, LIANG, YE]))
    def anyone_tries_a_move(self, name, by, second):
        self.attempt(name, by=by, second=second)

    @rule(data=st.data())
    def the_right_person_makes_a_move(self, data):
        """Otherwise random walks would seldom come far."""
        names = sorted({move.name for move in MOVES if self.transfer.state in move.sources})
        if names:
            self.attempt(data.draw(st.sampled_from(names)))

    @rule(result=st.sampled_from(["NONE", "WATCH", "CONSULT", "MUST_TRANSFER"]), offence=st.sampled_from(["225", "134-1"]))
    def the_screen_runs(self, result, offence):
        if self.transfer.state not in RESOLVED:
            self.transfer.screened(result, [offence], ["enterprise-2"], "case-1", facts=facts(LIANG, self.now))

    @rule()
    def timers_are_swept(self):
        for timer in self.transfer.timers:
            if timer.state is TimerState.RUNNING and timer.expires_at is not None and timer.expires_at <= self.now:
                self.transfer.breach(timer, timer.expires_at)

    @invariant()
    def every_breach_is_told_once(self):
        if not hasattr(self, "transfer"):
            return
        for told in self.transfer.take_breaches():
            key = (told.timer, told.at)
            assert key not in self.breached
            self.breached[key] = told
        entries = [timer for timer in self.transfer.timers if timer.state is TimerState.BREACHED]
        assert {(timer.timer, timer.breached_at) for timer in entries} == set(self.breached)

    @invariant()
    def a_hand_over_within_24_hours_or_a_breach(self):
        """INV-10."""
        if not hasattr(self, "transfer") or self.transfer.package is None or self.transfer.decision is None:
            return
        took = self.transfer.package.handed_at - self.transfer.decision.decided_at
        late = self.transfer.timer("D34").state is TimerState.BREACHED
        assert late == (took > timedelta(hours=24)), took

    @invariant()
    def a_late_decision_says_why(self):
        if not hasattr(self, "transfer") or self.transfer.decision is None:
            return
        assert not self.transfer.decision.late, "no step gives a reason for a delay"

    @invariant()
    def what_is_closed_stays_closed(self):
        if hasattr(self, "transfer") and self.transfer.state is State.CLOSED:
            self.ended = True
        assert not getattr(self, "ended", False) or self.transfer.state is State.CLOSED

    @invariant()
    def nothing_runs_of_what_is_over(self):
        """Duties of the authority that its states have left behind do not run on."""
        if not hasattr(self, "transfer"):
            return
        running = {timer.timer for timer in self.transfer.timers if timer.stopped_at is None}
        left = {
            "D33": {State.PRINCIPAL},
            "D34": {State.APPROVED},
            "D35": {State.SUPPLEMENT},
            "D37": {State.FORWARDED},
            "D38": {State.NOT_FILED},
            "D39": {State.RECON},
            "D40": {State.RECON_UPHELD},
            "D43": {State.FILED_POLICE},
            "D44": {State.RETURNED_ADMIN},
        }
        assert all(self.transfer.state in states for timer, states in left.items() if timer in running)


Transfers.TestCase.settings = settings(
    max_examples=60, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
TestTransfers = Transfers.TestCase
