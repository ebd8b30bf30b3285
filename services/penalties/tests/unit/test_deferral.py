"""PC31 and PC32 with the fine account: a deferral, instalments, a day that is missed."""

from datetime import date

import pytest
from kernel.money import Money
from kernel.moves import SYSTEM, RoleForbidsMove
from penalties.domain.account import AccountState, Instalment
from penalties.domain.case import State
from penalties.domain.decision import DelegationTooSmall
from penalties.domain.deferral import DeferralInvalid, DeferralRuns, NothingToDefer
from penalties.domain.execution import NoFineAccount
from penalties.domain.file import ReasonMissing
from penalties.domain.guards import InvestigatorMayNotDecide
from penalties.domain.papers import DocumentNotReady
from penalties.domain.standing import DecisionRevokedAlready, ExecutionOnHold

from .enforced import PARTS, defer, deferred, dunned, overdue, reconsider
from .story import CHIEF, DEP, FIN, LAW, ZHOU, a_case, a_person, at, facts, pay


@pytest.mark.row("PC31", "FA06")
def test_the_head_grants_instalments_and_each_has_its_day():
    case = deferred()

    assert (case.state, case.fine_account.state) == (State.DEFERRED, AccountState.DEFERRED)
    days = [timer.legal_expiry for timer in case.timers if timer.timer == "D17"]
    assert days == ["2022-10-31", "2022-11-30"]
    assert case.timer("D16").stopped_at is not None
    assert case.deferral.until == "2022-11-30"
    assert case.fine_account.surcharge_on(date(2022, 10, 31), LAW) == Money(0)


@pytest.mark.row("PC31", "FA06")
def test_a_named_day_off_rolls():
    case = a_case(State.EXECUTING)

    defer(case, at(10, 6), [Instalment("2022-10-30", Money.yuan(49_000))])

    assert case.fine_account.instalments == [Instalment("2022-10-31", Money.yuan(49_000))]


@pytest.mark.row("PC31", "FA06")
def test_what_ran_before_the_grant_stays_due_and_nothing_runs_after_it():
    case = overdue()

    defer(case, at(10, 18))

    account = case.fine_account
    assert account.frozen == account.surcharge == Money.yuan(14_700)
    assert account.surcharge_on(date(2022, 10, 31), LAW) == Money.yuan(14_700)
    assert case.timer("D18").stopped_at is not None


@pytest.mark.row("PC31", "FA06")
def test_a_deferral_is_granted_after_the_demand_too():
    case = dunned("2022-10-12")

    defer(case, at(10, 13), by=a_person("chen", "DEP", org="/44/4419/", deferral=None))

    assert case.state is State.DEFERRED
    assert case.timer("D22").stopped_at is not None


@pytest.mark.refuses("PC31", "FA06")
@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([], DeferralInvalid),
        ([Instalment("2022-10-31", Money.yuan(20_000))], DeferralInvalid),
        ([Instalment("2022-10-01", Money.yuan(49_000))], DeferralInvalid),
        (list(reversed(PARTS)), DeferralInvalid),
        ([Instalment("2022-10-31", Money(0)), Instalment("2022-11-01", Money.yuan(49_000))], DeferralInvalid),
    ],
)
def test_the_parts_have_days_to_come_and_are_what_is_left(parts, reason):
    case = a_case(State.EXECUTING)
    with pytest.raises(reason):
        defer(case, at(10, 6), parts)
    assert (case.state, case.deferral) == (State.EXECUTING, None)


@pytest.mark.refuses("PC31", "FA06")
def test_only_the_head_with_both_papers_and_a_reason_defers_what_may_be_deferred():
    def refuse(reason, prepare=lambda case: None, **changes):
        case = a_case(State.EXECUTING)
        prepare(case)
        with pytest.raises(reason):
            defer(case, at(10, 6), **changes)

    refuse(RoleForbidsMove, by=ZHOU)
    refuse(RoleForbidsMove, by=DEP)
    refuse(DelegationTooSmall, by=a_person("dai", "DEP", deferral=4_899_999))
    refuse(InvestigatorMayNotDecide, by=a_person("zhou", "CHIEF"))
    refuse(DocumentNotReady, forms="F38")
    refuse(ReasonMissing, hardship=" ")
    refuse(NoFineAccount, lambda c: c.accounts.clear())
    refuse(NothingToDefer, lambda c: setattr(c.fine_account, "state", AccountState.CAPPED))
    refuse(DecisionRevokedAlready, lambda c: setattr(c, "revoked", True))
    refuse(ExecutionOnHold, lambda c: setattr(c, "execution_paused", True))
    refuse(ExecutionOnHold, lambda c: reconsider(c, at(9, 30), stayed=True))


@pytest.mark.row("FA02")
def test_an_instalment_paid_in_time_leaves_the_deferral():
    case = deferred()
    pay(case, 20_000, at(10, 31))

    assert case.after_payment(facts=facts(FIN, at(10, 31))) is None
    assert (case.state, case.fine_account.state) == (State.DEFERRED, AccountState.DEFERRED)
    assert [timer.stopped_at is not None for timer in case.timers if timer.timer == "D17"] == [True, False]


@pytest.mark.row("PC32", "FA03")
def test_after_the_last_instalment_the_deferral_ends_and_the_execution_is_complete():
    case = deferred()
    pay(case, 20_000, at(10, 31))
    pay(case, 29_000, at(11, 30))

    ended = case.after_payment(facts=facts(FIN, at(11, 30)))
    case.complete_execution((), facts=facts(FIN, at(11, 30)))

    assert ended.missed_on == ""
    assert (case.state, case.fine_account.state) == (State.EXECUTED, AccountState.PAID)
    assert case.timer("D18") is None


@pytest.mark.row("PC32", "FA07", "FA04")
def test_a_missed_instalment_ends_the_deferral_and_the_late_part_bears_its_surcharge():
    case = deferred()
    timer = next(timer for timer in case.timers if timer.timer == "D17")

    ended = case.instalment_over(timer, facts=facts(SYSTEM, timer.expires_at))

    assert ended.missed_on == case.deferral.missed_on == "2022-10-31"
    assert (case.state, case.fine_account.state) == (State.EXECUTING, AccountState.OVERDUE)
    assert [timer.params["due"] for timer in case.timers if timer.timer == "D18"] == ["2022-10-31"]
    assert case.fine_account.surcharge_on(date(2022, 11, 10), LAW) == Money.yuan(6_000)
    # From December on the second part is late as well: 30 days on 20,000 and 10 on 29,000.
    assert case.fine_account.surcharge_on(date(2022, 12, 10), LAW) == Money.yuan(20_000 + 8_700)


@pytest.mark.row("PC32")
def test_a_day_whose_part_is_paid_only_stops_its_own_timer():
    case = deferred()
    pay(case, 20_000, at(10, 31))
    timer = next(timer for timer in case.timers if timer.timer == "D17")

    assert case.instalment_over(timer, facts=facts(SYSTEM, timer.expires_at)) is None
    assert case.state is State.DEFERRED


@pytest.mark.refuses("PC32", "FA07")
def test_a_deferral_does_not_end_before_a_day_is_missed_nor_by_hand():
    case = deferred()
    with pytest.raises(DeferralRuns):
        case.end_deferral("2022-10-31", facts=facts(SYSTEM, at(10, 31)))
    with pytest.raises(RoleForbidsMove):
        case._move("end_deferral", facts(CHIEF, at(11, 1)))
    with pytest.raises(RoleForbidsMove):
        case.fine_account.end_deferral(facts=facts(CHIEF, at(11, 1)))
    assert case.state is State.DEFERRED
