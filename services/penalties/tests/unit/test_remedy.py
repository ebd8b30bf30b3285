"""The remedy machine (RM01–RM07) with the rows of the case that it feeds (PC39–PC41), and money that goes back (FA08, FA09)."""

from datetime import date

import pytest
from kernel.money import Money
from kernel.moves import SYSTEM, RoleForbidsMove, StateForbidsTransition
from penalties.domain.account import AccountState, NothingToRefund, RefundSlipMissing
from penalties.domain.case import State
from penalties.domain.challenge import FineOnlyLower, NoDecisionYet, NotUnderReview
from penalties.domain.decision import SameDecisionAgain, not_the_same_again
from penalties.domain.remedy import (
    Effect,
    Ending,
    ReconsiderationFirst,
    ReconsiderationNotAccepted,
    ReconsiderationPending,
    RemedyNotFound,
    RemedyState,
    RulingIncomplete,
    SuitPending,
    SuitTooLate,
)
from penalties.domain.remedy_steps import Step

from .enforced import deferred, overdue, reconsider, ruling, sue
from .story import ARCHIVE, FIN, LAW, ZHENG, ZHOU, a_case, at, facts, pay


def step(case, what, now, days=0, simple=False, by=ZHOU):
    case.record_step(case.remedies[-1].id, what, now.date().isoformat(), days, "e8", simple, facts=facts(by, now))


def end(case, effect, now, ending=None, by=ZHOU, **changes):
    return case.end_reconsideration(case.remedies[-1].id, ruling(effect, now, **changes), ending, facts=facts(by, now))


def judge(case, effect, now, **changes):
    case.record_judgment(case.remedies[-1].id, ruling(effect, now, **changes), facts=facts(ZHOU, now))


def finish(case, effect, now, perform_by="", **changes):
    return case.record_final_judgment(case.remedies[-1].id, ruling(effect, now, **changes), perform_by, facts=facts(ZHOU, now))


@pytest.mark.row("RM01", "PC39")
@pytest.mark.parametrize("state", [State.SERVED, State.EXECUTING, State.EXECUTED, State.CLOSED, State.ARCHIVED])
def test_an_application_puts_the_case_under_review_and_leaves_it_where_it_is(state):
    case = a_case(state)

    reconsider(case, at(10, 20))

    assert (case.state, case.under_review) == (state, True)
    assert case.remedies[0].state is RemedyState.RECON_FILED
    assert case.timer("D63").legal_expiry == "2022-10-27"
    assert case.timer("D55") is None


@pytest.mark.row("RM01")
def test_an_application_handed_to_the_department_is_passed_on_in_time_since_2024():
    """D55 exists since 2024-01-01; before it there is no such row (5.10.1)."""
    case = a_case(State.EXECUTING)
    reconsider(case, at(10, 20), handed_here=True)
    assert case.timer("D55") is None
    case = a_case(State.EXECUTING)
    reconsider(case, at(1, 8, year=2024), handed_here=True)
    assert case.timer("D55").legal_expiry == "2024-01-15"

    step(case, Step.PASSED_ON, at(1, 10, year=2024))

    assert case.timer("D55").stopped_at is not None


@pytest.mark.row("RM01")
def test_what_happens_at_the_body_starts_and_stops_its_periods():
    case = a_case(State.EXECUTING)
    reconsider(case, at(1, 8, year=2024))
    step(case, Step.TO_COMPLETE, at(1, 9, year=2024))
    assert case.timer("D62").legal_expiry == "2024-01-23"
    step(case, Step.COMPLETED, at(1, 15, year=2024))
    assert case.timer("D63").legal_expiry == "2024-01-22"
    step(case, Step.ACCEPTED, at(1, 18, year=2024))
    assert case.timer("D52").legal_expiry == "2024-03-18"
    step(case, Step.COPY_RECEIVED, at(1, 19, year=2024))
    assert case.timer("D53").legal_expiry == "2024-02-02"
    step(case, Step.ANSWERED, at(1, 25, year=2024))
    assert case.timer("D53").stopped_at is not None
    step(case, Step.EXTENDED, at(3, 1, year=2024), days=30)
    assert case.timer("D52").legal_expiry == "2024-04-17"
    step(case, Step.SUSPENDED, at(3, 5, year=2024))
    step(case, Step.RESUMED, at(3, 15, year=2024))
    assert case.timer("D52").legal_expiry == "2024-04-28"
    step(case, Step.STAYED, at(3, 16, year=2024))
    assert case.remedies[0].stayed
    step(case, Step.STAY_LIFTED, at(3, 17, year=2024))
    assert not case.remedies[0].stayed
    assert case.remedies[0].state is RemedyState.RECON_FILED


@pytest.mark.refuses("RM01", "PC39")
def test_no_second_remedy_beside_a_pending_one_and_none_without_a_decision():
    case = a_case(State.EXECUTING)
    with pytest.raises(RoleForbidsMove):
        reconsider(case, at(10, 20), by=ZHENG)
    reconsider(case, at(10, 20))
    with pytest.raises(ReconsiderationPending):
        reconsider(case, at(10, 21))
    with pytest.raises(RemedyNotFound):
        case.record_step(case.id, Step.ACCEPTED, "2022-10-21", 0, "", False, facts=facts(ZHOU, at(10, 21)))
    with pytest.raises(ReconsiderationNotAccepted):
        step(case, Step.EXTENDED, at(10, 21))
    with pytest.raises(StateForbidsTransition):
        reconsider(a_case(State.DECIDING), at(10, 20))
    sued = a_case(State.EXECUTING)
    sue(sued, at(10, 20))
    with pytest.raises(SuitPending):
        reconsider(sued, at(10, 21))
    assert len(case.remedies) == len(sued.remedies) == 1
    sued.revoked = True
    with pytest.raises(NoDecisionYet):
        reconsider(sued, at(10, 22))


@pytest.mark.row("RM02", "PC40")
def test_upheld_ends_the_review_and_opens_fifteen_days_for_a_suit():
    case = overdue()
    reconsider(case, at(10, 20))
    assert case.timer("D18").expires_at is None

    end(case, Effect.UPHELD, at(12, 1))

    assert (case.state, case.under_review) == (State.EXECUTING, False)
    assert case.remedies[0].state is RemedyState.RECON_UPHELD
    assert case.timer("D21").legal_expiry == "2022-12-16"
    assert case.timer("D63").stopped_at is not None
    assert case.timer("D18").expires_at == case.surcharge_capped_at() == at(12, 23, 0)


@pytest.mark.row("RM02", "PC40")
@pytest.mark.parametrize("ending", [Ending.NOT_ACCEPTED, Ending.INADMISSIBLE, Ending.WITHDRAWN, Ending.GIVEN_UP])
def test_a_reconsideration_may_end_without_a_word_on_the_merits(ending):
    case = a_case(State.EXECUTING)
    reconsider(case, at(10, 20))

    end(case, Effect.NONE, at(11, 1), ending)

    assert case.remedies[0].state is RemedyState.RECON_ENDED
    assert (case.timer("D21") is None) is (ending in {Ending.WITHDRAWN, Ending.GIVEN_UP})
    assert not case.under_review


@pytest.mark.refuses("RM02", "PC40", "PC41")
def test_a_ruling_is_complete_and_ends_what_is_pending():
    case = a_case(State.EXECUTING)
    with pytest.raises(NotUnderReview):
        case._move("end_review", facts(ZHOU, at(10, 20)))
    with pytest.raises(NotUnderReview):
        case._move("overturn", facts(ZHOU, at(10, 20)), target=State.CLOSED)
    reconsider(case, at(10, 20))
    for effect, reason in ((Effect.NONE, RulingIncomplete), (Effect.CHANGED, RulingIncomplete)):
        with pytest.raises(reason):
            end(case, effect, at(11, 1))
    with pytest.raises(RoleForbidsMove):
        end(case, Effect.UPHELD, at(11, 1), by=FIN)
    end(case, Effect.UPHELD, at(11, 1))
    with pytest.raises(StateForbidsTransition):
        end(case, Effect.UPHELD, at(11, 2))


@pytest.mark.refuses("PC41")
def test_a_remedy_does_not_make_the_decision_worse():
    case = a_case(State.EXECUTING)
    reconsider(case, at(10, 20))
    with pytest.raises(FineOnlyLower):
        end(case, Effect.CHANGED, at(11, 1), fine=Money.yuan(60_000))
    assert case.remedies[0].state is RemedyState.RECON_FILED
    with pytest.raises(RoleForbidsMove):
        case._move("overturn", facts(FIN, at(11, 1)), target=State.CLOSED)


@pytest.mark.row("RM03", "PC39")
def test_a_direct_suit_stops_its_period_and_gives_the_department_fifteen_days():
    case = a_case(State.EXECUTING)

    sue(case, at(10, 20))

    assert case.remedies[0].state is RemedyState.SUIT_FILED
    assert case.timer("D20").stopped_at is not None
    assert case.timer("D54").legal_expiry == "2022-11-04"
    case.answer_suit(case.remedies[0].id, "2022-11-02", "e8", facts=facts(ZHOU, at(11, 2)))
    assert case.timer("D54").stopped_at is not None


@pytest.mark.refuses("RM03")
def test_no_direct_suit_beside_a_reconsideration_too_late_or_on_the_spot():
    case = a_case(State.EXECUTING)
    with pytest.raises(SuitTooLate):
        sue(case, at(3, 21, year=2023))
    sue(case, at(3, 21, year=2023), extended=True)
    other = a_case(State.EXECUTING)
    reconsider(other, at(10, 20))
    with pytest.raises(ReconsiderationPending):
        sue(other, at(10, 21))
    with pytest.raises(RoleForbidsMove):
        sue(a_case(State.EXECUTING), at(10, 20), by=ZHENG)
    spot = a_case(State.EXECUTING)
    spot.simple, spot.filed, spot.served_on = object(), False, "2024-01-02"
    with pytest.raises(ReconsiderationFirst):
        sue(spot, at(1, 8, year=2024))
    spot.served_on = "2023-12-29"
    sue(spot, at(1, 8, year=2024), extended=True)


@pytest.mark.row("RM04", "PC39")
def test_a_suit_after_reconsideration_comes_within_fifteen_days():
    case = a_case(State.EXECUTING)
    reconsider(case, at(10, 20))
    end(case, Effect.UPHELD, at(12, 1))
    remedy = case.remedies[0]

    case.sue_after(remedy.id, "2022-12-16", "法院", "2022-12-20", "e8", False, False, facts=facts(ZHOU, at(12, 20)))

    assert (remedy.state, case.under_review) == (RemedyState.SUIT_FILED, True)
    assert case.timer("D21").stopped_at is not None
    assert case.timer("D54").legal_expiry == "2023-01-04"


@pytest.mark.row("RM04")
def test_when_the_body_is_silent_the_party_may_sue():
    case = a_case(State.EXECUTING)
    reconsider(case, at(10, 20))
    step(case, Step.ACCEPTED, at(10, 25))
    remedy, timer = case.remedies[0], case.timer("D52")
    assert timer.legal_expiry == "2022-12-26"

    case.reconsideration_over(facts=facts(SYSTEM, timer.expires_at))

    assert remedy.period_over_on == "2022-12-26"
    assert case.timer("D21").legal_expiry == "2023-01-10"
    case.sue_after(remedy.id, "2023-01-05", "法院", "2023-01-06", "e8", False, False, facts=facts(ZHOU, at(1, 6, year=2023)))
    assert remedy.state is RemedyState.SUIT_FILED


@pytest.mark.refuses("RM04")
def test_no_suit_after_reconsideration_too_early_or_too_late():
    case = a_case(State.EXECUTING)
    reconsider(case, at(10, 20))
    remedy = case.remedies[0]

    def suing(day, by=ZHOU):
        case.sue_after(remedy.id, day, "法院", day, "e8", False, False, facts=facts(by, at(12, 30)))

    with pytest.raises(ReconsiderationPending):
        suing("2022-10-21")
    end(case, Effect.UPHELD, at(12, 1))
    with pytest.raises(SuitTooLate):
        suing("2022-12-17")
    with pytest.raises(RoleForbidsMove):
        suing("2022-12-16", by=ZHENG)
    suing("2022-12-16")
    with pytest.raises(StateForbidsTransition):
        suing("2022-12-16")


@pytest.mark.row("RM05", "RM06", "RM07", "PC40")
def test_a_suit_is_judged_appealed_and_final():
    case = a_case(State.EXECUTING)
    sue(case, at(10, 20))
    judge(case, Effect.REVOKED, at(1, 10, year=2023))
    assert (case.remedies[0].state, case.under_review, case.state) == (RemedyState.JUDGED_1, True, State.EXECUTING)
    case.record_appeal(case.remedies[0].id, "2023-01-20", False, "e8", facts=facts(ZHOU, at(1, 20, year=2023)))
    assert case.remedies[0].state is RemedyState.APPEALED

    finish(case, Effect.UPHELD, at(4, 10, year=2023), "2023-05-10")

    assert (case.remedies[0].state, case.under_review) == (RemedyState.FINAL, False)
    assert case.timer("D65").legal_expiry == "2025-05-12"


@pytest.mark.row("RM07")
def test_without_an_appeal_a_judgment_is_final_and_starts_nothing_where_nothing_is_to_be_performed():
    case = a_case(State.EXECUTING)
    sue(case, at(10, 20))
    judge(case, Effect.UPHELD, at(1, 10, year=2023))

    finish(case, Effect.UPHELD, at(1, 28, year=2023))

    assert case.timer("D65") is None


@pytest.mark.refuses("RM05", "RM06", "RM07")
def test_a_suit_goes_its_way_step_by_step():
    case = a_case(State.EXECUTING)
    sue(case, at(10, 20))
    id = case.remedies[0].id
    with pytest.raises(StateForbidsTransition):
        finish(case, Effect.UPHELD, at(1, 10, year=2023))
    with pytest.raises(StateForbidsTransition):
        case.record_appeal(id, "2023-01-20", True, "e8", facts=facts(ZHOU, at(1, 20, year=2023)))
    with pytest.raises(RulingIncomplete):
        judge(case, Effect.CHANGED, at(1, 10, year=2023))
    with pytest.raises(RoleForbidsMove):
        case.record_judgment(id, ruling(Effect.UPHELD, at(1, 10, year=2023)), facts=facts(FIN, at(1, 10, year=2023)))
    judge(case, Effect.UPHELD, at(1, 10, year=2023))
    with pytest.raises(StateForbidsTransition):
        judge(case, Effect.UPHELD, at(1, 11, year=2023))
    with pytest.raises(RoleForbidsMove):
        case.record_appeal(id, "2023-01-20", True, "e8", facts=facts(FIN, at(1, 20, year=2023)))
    with pytest.raises(RulingIncomplete):
        finish(case, Effect.CHANGED, at(1, 28, year=2023))
    assert case.remedies[0].state is RemedyState.JUDGED_1


@pytest.mark.row("PC41", "FA08", "FA09")
def test_a_revoked_decision_is_closed_and_its_money_goes_back():
    case = a_case(State.CLOSED)
    reconsider(case, at(10, 20))

    happened = end(case, Effect.REVOKED, at(12, 1))

    assert (case.state, case.revoked) == (State.CLOSED, True)
    assert [type(event).__name__ for event in happened] == ["RemedyEnded", "DecisionRevoked", "RefundDue"]
    assert happened[1].document_ids == ("f34",)
    account = case.fine_account
    assert (account.state, account.refund, account.owed) == (AccountState.REFUND_DUE, Money.yuan(49_000), Money.yuan(-49_000))
    assert case.timer("D15").legal_expiry == "2022-12-06"
    case.pay_back("2022-12-10", "退-1", facts=facts(FIN, at(12, 10)))
    assert (account.state, account.owed) == (AccountState.REFUNDED, Money(0))


@pytest.mark.row("PC41")
def test_a_revoked_decision_that_nobody_paid_owes_nothing_to_anybody():
    case = overdue()
    reconsider(case, at(10, 20))

    happened = end(case, Effect.REVOKED, at(12, 1))

    assert [type(event).__name__ for event in happened] == ["RemedyEnded", "DecisionRevoked"]
    assert (case.fine_account.owed, case.fine_account.settled) == (Money(0), True)
    running = [timer.timer for timer in case.timers if timer.stopped_at is None and timer.state == "RUNNING"]
    assert set(running) <= {"D21", "D15"}


@pytest.mark.row("PC41", "FA08")
@pytest.mark.parametrize("state", [State.EXECUTED, State.ARCHIVED])
def test_a_changed_decision_is_executed_with_its_new_amount(state):
    case = a_case(state)
    reconsider(case, at(10, 20))

    end(case, Effect.CHANGED, at(12, 1), fine=Money.yuan(30_000))

    assert (case.state, case.fine, case.revoked) == (State.EXECUTING, Money.yuan(30_000), False)
    assert (case.fine_account.state, case.fine_account.refund) == (AccountState.REFUND_DUE, Money.yuan(19_000))
    case.pay_back("2022-12-10", "退-1", facts=facts(FIN, at(12, 10)))
    case.complete_execution((), facts=facts(FIN, at(12, 11)))
    assert case.state is State.EXECUTED


@pytest.mark.row("PC41", "FA03")
def test_a_fine_lowered_to_what_was_paid_is_paid():
    case = a_case(State.EXECUTING)
    pay(case, 30_000, at(10, 8))
    reconsider(case, at(10, 20))

    end(case, Effect.CHANGED, at(12, 1), fine=Money.yuan(30_000))

    assert case.fine_account.state is AccountState.PAID


@pytest.mark.row("PC41", "FA02", "FA08")
def test_more_paid_than_the_lower_fine_goes_back_from_any_state():
    case = overdue()
    pay(case, 40_000, at(10, 9))
    case.fine_account.state = AccountState.OVERDUE
    reconsider(case, at(10, 20))

    end(case, Effect.CHANGED, at(12, 1), fine=Money.yuan(10_000))

    refund = case.fine_account.refund
    assert case.fine_account.state is AccountState.REFUND_DUE
    assert refund == Money.yuan(30_000) - case.fine_account.surcharge


@pytest.mark.refuses("FA08", "FA09")
def test_only_what_is_paid_too_much_goes_back_and_with_a_slip():
    case = a_case(State.CLOSED)
    account = case.fine_account
    with pytest.raises(NothingToRefund):
        account._move("owe_refund", facts(SYSTEM, at(12, 1)))
    with pytest.raises(StateForbidsTransition):
        case.pay_back("2022-12-10", "退-1", facts=facts(FIN, at(12, 10)))
    reconsider(case, at(10, 20))
    end(case, Effect.REVOKED, at(12, 1))
    with pytest.raises(RoleForbidsMove):
        account._move("owe_refund", facts(FIN, at(12, 1))) if account.state == "PAID" else case.pay_back(
            "2022-12-10", "退-1", facts=facts(ZHOU, at(12, 10))
        )
    with pytest.raises(RefundSlipMissing):
        case.pay_back("2022-12-10", " ", facts=facts(FIN, at(12, 10)))
    with pytest.raises(Exception, match="has to go back"):
        case.archive(("f47", "f48"), facts=facts(ARCHIVE, at(12, 12), case=case, forms="F47 F48"))


@pytest.mark.row("PC41")
def test_revoked_and_to_be_decided_again_starts_anew_with_its_own_limit():
    case = a_case(State.CLOSED)
    sue(case, at(10, 20))
    judge(case, Effect.REDECIDE, at(1, 10, year=2023))

    finish(case, Effect.REDECIDE, at(1, 28, year=2023), redecide_by="2023-03-01")

    assert (case.state, case.revoked, case.fine, case.decided_at) == (State.INVESTIGATING, True, Money(0), None)
    assert (case.fine_account, case.earlier_accounts[0].state) == (None, AccountState.REFUND_DUE)
    assert case.timer("D12").legal_expiry == "2023-02-27"
    assert (case.served_notice, case.notice) == (None, None)
    assert case.redecision.ordered_by == "JUDGMENT"
    case.pay_back("2023-02-01", "退-1", facts=facts(FIN, at(2, 1, year=2023)))
    assert case.earlier_accounts[0].state is AccountState.REFUNDED


def test_the_same_decision_is_not_made_again_unless_only_the_procedure_was_wrong():
    """ARL 64(2)."""
    case = a_case(State.CLOSED)
    reconsider(case, at(10, 20))
    end(case, Effect.REDECIDE, at(12, 1))
    case.proposals = [*case.proposals, case.proposals[-1]]

    assert isinstance(not_the_same_again(case, facts(ZHOU, at(12, 2))), SameDecisionAgain)
    case.redecision = case.redecision.__class__(**{**case.redecision.__dict__, "procedure_only": True})
    assert not_the_same_again(case, facts(ZHOU, at(12, 2))) is None


def test_the_surcharge_stands_still_from_the_day_of_filing_to_the_day_before_the_end():
    """INV-13; APL 73(3)."""
    case = overdue()
    reconsider(case, at(10, 18))
    before = case.fine_account.surcharge_on(date(2022, 10, 17), LAW)
    assert before == Money.yuan(13_230)
    assert case.fine_account.surcharge_on(date(2022, 11, 30), LAW) == before

    end(case, Effect.UPHELD, at(12, 1))

    assert case.fine_account.surcharge_on(date(2022, 12, 1), LAW) == Money.yuan(14_700)


def test_the_periods_of_the_body_end_by_themselves():
    case = a_case(State.EXECUTING)
    reconsider(case, at(1, 8, year=2024))
    timer = case.timer("D63")
    case.application_accepted(facts=facts(SYSTEM, timer.expires_at))
    assert case.remedies[0].accepted_on == "2024-01-15"
    assert case.timer("D52") is not None

    other = a_case(State.EXECUTING)
    reconsider(other, at(1, 8, year=2024))
    step(other, Step.TO_COMPLETE, at(1, 9, year=2024))
    happened = other.application_given_up(facts=facts(SYSTEM, other.timer("D62").expires_at))
    assert other.remedies[0].ending == "GIVEN_UP"
    assert [type(event).__name__ for event in happened] == ["RemedyEnded"]
    assert other.application_given_up(facts=facts(SYSTEM, at(2, 1, year=2024))) == []


def test_before_2024_an_application_was_accepted_on_the_day_of_its_receipt():
    case = a_case(State.EXECUTING)
    reconsider(case, at(10, 20))

    case.application_accepted(facts=facts(SYSTEM, case.timer("D63").expires_at))

    assert case.remedies[0].accepted_on == "2022-10-20"


def test_a_lowered_decision_keeps_the_days_of_its_deferral():
    case = deferred()
    reconsider(case, at(10, 20))

    end(case, Effect.CHANGED, at(10, 25), fine=Money.yuan(30_000))

    parts = [(part.due_on, part.amount) for part in case.fine_account.instalments]
    assert parts == [("2022-10-31", Money.yuan(20_000)), ("2022-11-30", Money.yuan(10_000))]
    assert (case.state, case.fine_account.state) == (State.EXECUTING, AccountState.DUE)
    assert case.fine_account.surcharge_on(date(2022, 10, 31), LAW) == Money(0)
    assert case.fine_account.surcharge_on(date(2022, 11, 10), LAW) == Money.yuan(6_000)


@pytest.mark.parametrize("paid_back", [False, True])
def test_what_is_lowered_and_then_revoked_goes_back_whole(paid_back):
    """Changed on reconsideration, revoked by the court: before or after the first part went back."""
    case = a_case(State.EXECUTED)
    reconsider(case, at(10, 20))
    end(case, Effect.CHANGED, at(12, 1), fine=Money.yuan(30_000))
    if paid_back:
        case.pay_back("2022-12-02", "退-1", facts=facts(FIN, at(12, 2)))
    case.sue_after(case.remedies[0].id, "2022-12-10", "法院", "2022-12-10", "e8", False, False, facts=facts(ZHOU, at(12, 10)))
    judge(case, Effect.REVOKED, at(2, 1, year=2023))

    happened = finish(case, Effect.REVOKED, at(2, 20, year=2023))

    assert happened[-1].amount == Money.yuan(30_000)
    case.pay_back("2023-02-21", "退-2", facts=facts(FIN, at(2, 21, year=2023)))
    assert sum(account.returned.fen for account in case.accounts) == 4_900_000
    assert sum(account.kept.fen for account in case.accounts) == 0
