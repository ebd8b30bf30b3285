"""Whatever the party, the department, the body and the court do in whatever order: the tables hold, and so do INV-13 and INV-14."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from kernel.days import legal_day
from kernel.errors import DomainError
from kernel.money import Money
from kernel.moves import SYSTEM
from penalties.domain.account import FineAccount, Instalment
from penalties.domain.case import MOVES, State
from penalties.domain.enforcement import CourtAct
from penalties.domain.remedy import Effect, Ending, Remedy
from penalties.domain.remedy_steps import Step

from .enforced import apply, court, defer, reconsider, ruling, sue
from .story import CHIEF, FIN, LAW, ZHOU, a_case, a_document, at, facts, pay


def pairs(moves):
    found = set()
    for move in moves:
        for source in move.sources:
            ends = move.target if isinstance(move.target, frozenset) else {source if move.target is None else move.target}
            found |= {("" if source is None else str(source), str(end if end is not None else source)) for end in ends}
    return found


ALLOWED = {"case": pairs(MOVES), "fine_account": pairs(FineAccount.MOVES), "remedy": pairs(Remedy.MOVES)}


class Enforcement(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.now = at(9, 21)
        self.case = a_case(State.EXECUTING)
        self.case.take_transitions()
        self.surcharge = Money(0)
        self.step = 0

    @property
    def today(self):
        return legal_day(self.now).isoformat()

    def attempt(self, act):
        before = self.case.state
        self.step += 1
        try:
            act()
        except DomainError:
            assert self.case.state is before or self.case.state is State.EXECUTING
            return
        for machine in (self.case, *self.case.accounts, *self.case.remedies):
            for line in machine.take_transitions():
                if line.row and not line.row.startswith("D") and line.machine in ALLOWED:
                    logged = line.source == line.target
                    assert logged or (line.source, line.target) in ALLOWED[line.machine], line
                assert line.actors

    @rule(days=st.sampled_from([1, 3, 10, 40, 100]))
    def wait(self, days):
        self.now += timedelta(days=days)
        account = self.case.fine_account
        if account is not None:
            account.charge(account.surcharge_on(legal_day(self.now), LAW))

    @rule()
    def fall_due(self):
        self.attempt(lambda: self.case.charge_surcharge(facts=facts(SYSTEM, self.now)))

    @rule(share=st.sampled_from([3, 1]))
    def pay(self, share):
        def act():
            account = self.case.fine_account
            owed = max(account.owed.fen // 100 // share, 0) if account is not None else 0
            pay(self.case, owed, self.now, slip=f"slip-{self.step}")
            self.case.after_payment(facts=facts(FIN, self.now))

        self.attempt(act)

    @rule(parts=st.integers(1, 3))
    def defer(self, parts):
        def act():
            left = self.case.fine_account.principal_left.fen
            days = [(legal_day(self.now) + timedelta(days=20 * n)).isoformat() for n in range(1, parts + 1)]
            shares = [left // parts] * (parts - 1) + [left - left // parts * (parts - 1)]
            defer(self.case, self.now, [Instalment(day, Money(share)) for day, share in zip(days, shares, strict=True)])

        if self.case.fine_account is not None:
            self.attempt(act)

    @rule()
    def instalments_end(self):
        for timer in [t for t in self.case.timers if t.timer == "D17" and t.stopped_at is None]:
            if timer.expires_at and self.now >= timer.expires_at and self.case.state is State.DEFERRED:
                self.attempt(lambda timer=timer: self.case.instalment_over(timer, facts=facts(SYSTEM, self.now)))

    @rule()
    def demand(self):
        def act():
            self.case.release_demand("f41", facts=facts(ZHOU, self.now, case=self.case, forms="F41"))
            self.case.documents.append(a_document(self.case, "F41"))
            self.case.demand_served("f41", self.today, self.today, facts=facts(SYSTEM, self.now))
            self.case.record_demand_answer("", "", "", facts=facts(ZHOU, self.now))

        self.attempt(act)

    @rule(reason=st.sampled_from(["", "原因"]))
    def go_to_court(self, reason):
        self.attempt(lambda: apply(self.case, self.now, late_reason=reason))

    @rule(act=st.sampled_from(list(CourtAct)))
    def court_acts(self, act):
        self.attempt(lambda: court(self.case, act, self.now))

    @rule(accept=st.booleans())
    def head_hears_the_court(self, accept):
        name = "accept_court_refusal" if accept else "ask_higher_court"
        self.attempt(lambda: getattr(self.case, name)("原因", facts=facts(CHIEF, self.now)))

    @rule()
    def reconsider(self):
        self.attempt(lambda: reconsider(self.case, self.now))

    @rule(step=st.sampled_from(list(Step)))
    def body_steps(self, step):
        if self.case.remedies:
            remedy = self.case.remedies[-1]
            self.attempt(lambda: self.case.record_step(remedy.id, step, self.today, 0, "", False, facts=facts(ZHOU, self.now)))

    @rule(effect=st.sampled_from(list(Effect)), ending=st.sampled_from(list(Ending)), yuan=st.sampled_from([1_000, 30_000]))
    def body_rules(self, effect, ending, yuan):
        if self.case.remedies:
            given = ruling(effect, self.now, fine=Money.yuan(yuan))
            self.attempt(lambda: self.case.end_reconsideration(self.case.remedies[-1].id, given, ending, facts=facts(ZHOU, self.now)))

    @rule(extended=st.booleans())
    def sue(self, extended):
        self.attempt(lambda: sue(self.case, self.now, extended))

    @rule()
    def sue_after(self):
        if self.case.remedies:
            given = (self.case.remedies[-1].id, self.today, "法院", self.today, "e8", True, False)
            self.attempt(lambda: self.case.sue_after(*given, facts=facts(ZHOU, self.now)))

    @rule(effect=st.sampled_from(list(Effect)), final=st.booleans())
    def judge(self, effect, final):
        if self.case.remedies:
            id, given = self.case.remedies[-1].id, ruling(effect, self.now, fine=Money.yuan(20_000))
            if final:
                self.attempt(lambda: self.case.record_final_judgment(id, given, "", facts=facts(ZHOU, self.now)))
            else:
                self.attempt(lambda: self.case.record_judgment(id, given, facts=facts(ZHOU, self.now)))

    @rule()
    def appeal(self):
        if self.case.remedies:
            given = (self.case.remedies[-1].id, self.today, True, "e8")
            self.attempt(lambda: self.case.record_appeal(*given, facts=facts(ZHOU, self.now)))

    @rule()
    def pay_back(self):
        self.attempt(lambda: self.case.pay_back(self.today, f"退-{self.step}", facts=facts(FIN, self.now)))

    @invariant()
    def the_surcharge_never_exceeds_the_fine_and_rests_under_review(self):
        """INV-13."""
        if not hasattr(self, "case") or self.case.fine_account is None:
            return
        account = self.case.fine_account
        assert account.surcharge <= account.fine
        if self.case.under_review:
            today = legal_day(self.now)
            assert account.surcharge_on(today, LAW) == account.surcharge_on(today + timedelta(days=30), LAW)

    @invariant()
    def the_application_stands_in_its_window_or_is_late(self):
        """INV-14."""
        if not hasattr(self, "case") or self.case.court is None:
            return
        on = legal_day(self.case.court.applied_at).isoformat()
        assert on >= self.case.court.earliest_on
        assert on <= self.case.court.latest_on or (self.case.late_application and self.case.court.late_reason)

    @invariant()
    def one_remedy_is_pending_at_most(self):
        if hasattr(self, "case"):
            assert sum(remedy.pending for remedy in self.case.remedies) <= 1
            assert self.case.under_review == any(remedy.pending for remedy in self.case.remedies)

    @invariant()
    def money_is_never_lost(self):
        """What was paid is owed, or goes back."""
        if not hasattr(self, "case"):
            return
        for account in self.case.accounts:
            assert account.paid.fen == sum(payment.amount.fen for payment in account.payments)
            if account.state in {"REFUND_DUE", "REFUNDED"}:
                assert 0 < account.refund.fen <= account.paid.fen


Enforcement.TestCase.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
TestEnforcement = Enforcement.TestCase
