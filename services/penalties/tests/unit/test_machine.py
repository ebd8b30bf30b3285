"""Whatever people try in whatever order, the case never leaves its table."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from kernel.errors import DomainError
from kernel.moves import SYSTEM
from penalties.domain.case import MOVES, State
from penalties.domain.crime_screen import Answer, CrimeFacts
from penalties.domain.records import RefusalGround, ReviewResult, StatementMode, StatementPoint

from .story import (
    ARCHIVE,
    CHIEF,
    DEP,
    FIN,
    FORMS,
    LEGAL,
    POINTS,
    WU,
    ZHENG,
    ZHOU,
    a_clue,
    a_document,
    at,
    facts,
    pay,
    propose,
)

PEOPLE = [ZHOU, WU, ZHENG, LEGAL, DEP, CHIEF, FIN, ARCHIVE, SYSTEM]
ALLOWED = {
    (source, target)
    for move in MOVES
    for source in move.sources
    for target in (move.target if isinstance(move.target, frozenset) else {source if move.target is None else move.target})
}


class Cases(RuleBasedStateMachine):
    @initialize()
    def open(self):
        self.now = at(8, 18, 8)
        self.case = a_clue()
        self.case.open(facts=facts(ZHOU, self.now))
        self.case.take_transitions()
        self.late = False

    def attempt(self, act):
        before, screens = self.case.state, len(self.case.screens)
        try:
            act()
        except DomainError:
            assert self.case.state is before
            assert len(self.case.screens) == screens
            return
        for line in self.case.take_transitions():
            assert (State(line.source), State(line.target)) in ALLOWED or not line.row.startswith("PC"), line
            assert line.actors

    def facts(self, by, second=None):
        return facts(by, self.now, second=second, case=self.case, forms=" ".join(FORMS))

    @rule(days=st.integers(0, 20))
    def wait(self, days):
        self.now += timedelta(days=days, hours=1)

    @rule(
        by=st.sampled_from(PEOPLE), second=st.sampled_from([None, ZHOU, WU, ZHENG]), move=st.sampled_from(sorted({m.name for m in MOVES}))
    )
    def anyone_tries_a_move(self, by, second, move):
        self._do(move, by, second)

    @rule(data=st.data())
    def the_right_person_tries_a_move(self, data):
        """Otherwise random walks would seldom come far."""
        moves = [move for move in MOVES if self.case.state in move.sources]
        if not moves:
            return
        move = data.draw(st.sampled_from(moves))
        for by in PEOPLE:
            second = WU if by is ZHOU and str(move.by) == "2 OFF" else None
            if move.by.refuse(self.case, self.facts(by, second)) is None:
                self._do(move.name, by, second)
                return

    def _do(self, move, by, second):
        case, known = self.case, self.facts(by, second)
        acts = {
            "propose_filing": lambda: case.propose_filing("f01", facts=known),
            "review_filing": lambda: case.review_filing("f01", "同意", facts=known),
            "file": lambda: case.file("f01", facts=known),
            "refuse_filing": lambda: case.refuse_filing(RefusalGround.NOT_COMPETENT, "他部门", "", facts=known),
            "start_investigation": lambda: case.start_investigation("询问", facts=known),
            "submit_report": lambda: case.submit_report((), facts=known),
            "send_back": lambda: case.send_back("补充", facts=known),
            "submit_for_review": lambda: case.submit_for_review((), facts=known),
            "resubmit_for_review": lambda: case.resubmit_for_review((), facts=known),
            "return_review": lambda: case.return_review(ReviewResult.RETURN, "补充", "ws10059", facts=known),
            "pass_review": lambda: case.pass_review("同意", "ws10059", facts=known),
            "skip_review": lambda: case.skip_review("", facts=known),
            "release_notice": lambda: case.release_notice((), facts=known),
            "notify": lambda: case.notify("f24", self.today(), self.today(), "DIRECT", facts=known),
            "return_notice": lambda: case.return_notice("补充", facts=known),
            "take_statement": lambda: case.take_statement(
                StatementMode.EXPIRED if by is SYSTEM else StatementMode.WRITTEN, "p", POINTS, False, facts=known
            ),
            "submit_for_decision": lambda: case.submit_for_decision((), facts=known),
            "decide": lambda: case.decide((), "原因" if self.now.day % 2 else "", facts=known),
            "extend": lambda: case.extend(30, "复杂", "f45", facts=known),
            "serve": lambda: case.serve("f34", self.today(), self.today(), "DIRECT", facts=known),
            "start_execution": lambda: case.start_execution(facts=known),
            "charge_surcharge": lambda: case.charge_surcharge(facts=known),
            "complete_execution": lambda: case.complete_execution((), facts=known),
            "close": lambda: case.close("f46", facts=known),
            "archive": lambda: case.archive((), facts=known),
        }
        if move in acts:
            self.attempt(acts[move])

    def today(self):
        return self.now.date().isoformat()

    @rule(amount=st.sampled_from([30_000, 49_000, 60_000]))
    def propose(self, amount):
        self.attempt(lambda: propose(self.case, amount=amount, now=self.now))

    @rule()
    def screen(self):
        try:
            self.case.run_screen(facts=self.facts(ZHOU))
        except DomainError:
            return

    @rule(danger=st.sampled_from(list(Answer)))
    def learn(self, danger):
        self.attempt(lambda: self.case.record_crime_facts(CrimeFacts(real_danger=danger), facts=self.facts(ZHOU)))

    @rule()
    def answer(self):
        self.attempt(lambda: self.case.recheck_statement([StatementPoint(POINTS[0], "不采纳")], facts=self.facts(ZHOU)))

    @rule()
    def papers_are_sealed(self):
        for form in ("F01", "ws10053", "F24", "F34"):
            if not self.case.issued(form):
                self.case.documents.append(a_document(self.case, form))

    @rule(yuan=st.sampled_from([1_000, 49_000]))
    def pay(self, yuan):
        self.attempt(lambda: pay(self.case, yuan, self.now, slip=str(self.now)))

    @rule()
    def publish(self):
        self.attempt(lambda: self.case.publish("公示系统", "", facts=self.facts(ZHOU)))

    @invariant()
    def late_is_for_good(self):
        if not hasattr(self, "case"):
            return
        assert self.case.late or not self.late
        self.late = self.case.late

    @invariant()
    def a_decision_is_never_heavier_than_its_notice(self):
        """INV-03."""
        if not hasattr(self, "case") or not self.case.decided_proposal:
            return
        decided = self.case.proposal_of(self.case.decided_proposal)
        told = self.case.proposal_of(self.case.served_notice.proposal_number)
        assert decided.same_ground(told)
        assert not decided.heavier_than(told)

    @invariant()
    def a_decision_in_time_or_late(self):
        """INV-06."""
        if not hasattr(self, "case") or self.case.decided_at is None:
            return
        assert self.case.late == (self.case.decided_at >= self.case.timer("D12").expires_at)

    @invariant()
    def three_persons(self):
        """INV-11."""
        if not hasattr(self, "case") or not self.case.decided_by:
            return
        people = [set(self.case.prepared_by), {review.reviewer_id for review in self.case.reviews}, {self.case.decided_by}]
        assert not people[0] & people[1] and not people[0] & people[2] and not people[1] & people[2]

    @invariant()
    def the_surcharge_never_exceeds_the_fine(self):
        """INV-13."""
        if hasattr(self, "case") and self.case.fine_account is not None:
            assert self.case.fine_account.surcharge <= self.case.fine_account.fine


Cases.TestCase.settings = settings(
    max_examples=25, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
TestCases = Cases.TestCase
