"""The fine account by itself: FA01–FA09, and the surcharge of its parts."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel.money import Money
from kernel.moves import SYSTEM, RoleForbidsMove, StateForbidsTransition
from kernel.parameters import LawParameters
from penalties.domain.account import AccountState, FineAccount, Instalment, NothingPaid, Payment, StillOwed
from penalties.domain.case import State

from .enforced import PARTS, deferred, overdue
from .story import BRANCH, CHIEF, FIN, LAW, ZHOU, a_case, at, facts, pay


def an_account(yuan=49_000, due="2022-10-08", **changes):
    return FineAccount(uuid4(), BRANCH, Money.yuan(yuan), due, **changes)


def a_payment(yuan, on, slip="s"):
    return Payment(Money.yuan(yuan), on, slip, "", "fang", at(10, 1))


@pytest.mark.row("FA01")
def test_the_service_of_the_decision_opens_the_account():
    case = a_case(State.SERVED)

    lines = [line for line in case.fine_account.take_transitions() if line.row == "FA01"]
    assert [(line.source, line.target, line.actors) for line in lines] == [("", "DUE", ("system",))]


@pytest.mark.refuses("FA01")
def test_people_open_no_account():
    with pytest.raises(RoleForbidsMove):
        an_account()._begin("open", facts(FIN, at(9, 20)))


@pytest.mark.row("FA02", "FA03")
@pytest.mark.parametrize("state", ["DUE", "OVERDUE", "CAPPED", "PART_PAID"])
def test_part_and_whole_are_paid_from_every_open_state(state):
    account = an_account(state=AccountState(state))
    account.pay(a_payment(9_000, "2022-10-01"), facts=facts(FIN, at(10, 1)))
    assert account.state is AccountState.PART_PAID

    account.pay(a_payment(40_000, "2022-10-02", "t"), facts=facts(FIN, at(10, 2)))

    assert (account.state, account.owed, account.settled) == (AccountState.PAID, Money(0), True)


@pytest.mark.row("FA04", "FA05")
def test_the_account_of_a_late_party_is_capped_on_the_34th_day():
    case = overdue()
    assert [timer.timer for timer in case.timers if timer.timer == "D18"] == ["D18"]

    case.cap_surcharge(facts=facts(SYSTEM, at(11, 11, 0)))

    assert case.fine_account.state is AccountState.CAPPED


SMALL = ["pay_part", "pay", "overdue", "cap", "defer", "end_deferral", "owe_refund", "pay_back"]


@pytest.mark.refuses("FA02", "FA03", "FA04", "FA05", "FA06", "FA07", "FA08", "FA09")
@pytest.mark.parametrize("state", list(AccountState))
@pytest.mark.parametrize("name", SMALL)
def test_a_move_from_another_state_is_refused(name, state):
    account = an_account(state=state)
    if any(state in move.sources for move in FineAccount.MOVES if move.name == name):
        return
    with pytest.raises(StateForbidsTransition):
        account._move(name, facts(FIN, at(10, 1)))


@pytest.mark.refuses("FA02", "FA03", "FA04", "FA05", "FA06", "FA07", "FA08", "FA09")
@pytest.mark.parametrize("name", [*SMALL, "pay_instalment", "note_part_paid", "settle"])
def test_an_officer_moves_no_money(name):
    move = next(move for move in FineAccount.MOVES if move.name == name)
    account = an_account(state=next(iter(move.sources)))
    with pytest.raises(RoleForbidsMove):
        account._move(name, facts(ZHOU, at(10, 1)))


def test_nothing_is_noted_as_paid_that_is_not():
    with pytest.raises(NothingPaid):
        an_account()._move("note_part_paid", facts(SYSTEM, at(10, 1)))
    with pytest.raises(StillOwed):
        an_account()._move("settle", facts(SYSTEM, at(10, 1)))


def test_the_other_reading_reckons_with_the_whole_fine():
    case = a_case(State.EXECUTING)
    pay(case, 40_000, at(10, 9))
    other = LawParameters.of({**LAW.document, "version": "other", "chosen": {"surcharge_base": [{"value": "whole_fine"}]}})

    assert case.fine_account.surcharge_on(date(2022, 10, 18), LAW) == Money.yuan(1_200 + 2_700)
    assert case.fine_account.surcharge_on(date(2022, 10, 18), other) == Money.yuan(1_470 + 14_700)


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(st.integers(1, 49), min_size=1, max_size=4),
    paid=st.lists(st.tuples(st.integers(1, 60), st.integers(1, 20_000)), max_size=4),
    days=st.integers(0, 200),
)
def test_the_slices_of_the_parts_are_the_whole_fine(parts, paid, days):
    """INV-13: whatever is paid when, the parts add up and the surcharge never exceeds the fine."""
    total = sum(parts)
    instalments = [Instalment(f"2022-{10 + n:02}-08" if n < 3 else "2023-01-08", Money.yuan(p * 1_000)) for n, p in enumerate(parts)]
    account = an_account(total * 1_000, instalments=instalments)
    account.payments = [a_payment(y, (date(2022, 10, 1).replace(day=1 + d % 30)).isoformat(), str(i)) for i, (d, y) in enumerate(paid)]
    account.paid = Money(sum(payment.amount.fen for payment in account.payments))
    day = date.fromordinal(date(2022, 10, 8).toordinal() + days)

    amounts = [amount for _, amount, _ in account.slices(day)]

    assert sum(amounts) == account.fine.fen
    assert account.surcharge_on(day, LAW) <= account.fine


def test_instalments_of_the_story_are_the_whole_fine():
    assert sum(part.amount.fen for part in PARTS) == deferred().fine_account.fine.fen


def test_a_deputy_without_delegation_defers_nothing():
    account = an_account()
    with pytest.raises(RoleForbidsMove):
        account.defer([], Money(0), facts=facts(FIN, at(10, 1)))
    account.defer([Instalment("2022-10-31", Money.yuan(49_000))], Money(0), facts=facts(CHIEF, at(10, 1)))
    assert account.state is AccountState.DEFERRED
