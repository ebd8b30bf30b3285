"""PC35: the demand, and the window of the court that follows (D22, D23)."""

import pytest
from kernel.moves import SYSTEM, RoleForbidsMove
from penalties.domain.case import State
from penalties.domain.dunning import AnswerIncomplete, DemandNotReleased, DemandNotServed, NothingUnmet
from penalties.domain.execution import PaymentPeriodOpen
from penalties.domain.papers import DocumentNotReady
from penalties.domain.remedy import Effect, Ending
from penalties.domain.remedy_steps import Step
from penalties.domain.standing import DecisionRevokedAlready

from .enforced import dunned, in_court, overdue, reconsider, ruling, sue
from .story import CHIEF, WU, ZHENG, ZHOU, a_case, at, facts, pay


@pytest.mark.row("PC35")
def test_the_service_of_the_demand_starts_ten_working_days():
    case = dunned()

    assert case.state is State.DUNNED
    assert case.timer("D22").legal_expiry == "2023-04-04"
    window = case.derive_window(facts(SYSTEM, at(4, 6, year=2023)))
    assert (window.text("open"), window.text("earliest"), window.text("close")) == ("2023-03-21", "2023-04-05", "2023-06-20")


@pytest.mark.refuses("PC35")
def test_nothing_is_demanded_before_it_is_late_or_after_it_is_done_nor_twice():
    case = a_case(State.EXECUTING)
    with pytest.raises(PaymentPeriodOpen):
        case.release_demand("f41", facts=facts(ZHOU, at(10, 8), case=case, forms="F41"))
    pay(case, 49_000, at(10, 8))
    with pytest.raises(NothingUnmet):
        case.release_demand("f41", facts=facts(ZHOU, at(10, 9), case=case, forms="F41"))
    case = overdue()
    for by, forms, reason in ((WU, "F41", RoleForbidsMove), (CHIEF, "F41", RoleForbidsMove), (ZHOU, "", DocumentNotReady)):
        with pytest.raises(reason):
            case.release_demand("f41", facts=facts(by, at(10, 10), case=case, forms=forms))
    with pytest.raises(DemandNotReleased):
        case.demand_served("f41", "2022-10-10", "2022-10-10", facts=facts(SYSTEM, at(10, 10)))
    case.release_demand("f41", facts=facts(ZHOU, at(10, 10), case=case, forms="F41"))
    with pytest.raises(DemandNotReleased):
        case.release_demand("f41", facts=facts(ZHOU, at(10, 10), case=case, forms="F41"))
    with pytest.raises(DemandNotReleased):
        case.demand_served("another", "2022-10-10", "2022-10-10", facts=facts(SYSTEM, at(10, 10)))
    case.revoked = True
    with pytest.raises(DecisionRevokedAlready):
        case.release_demand("f41", facts=facts(ZHOU, at(10, 10), case=case, forms="F41"))


def test_an_answer_has_its_paper_and_is_examined():
    case = dunned()
    with pytest.raises(AnswerIncomplete):
        case.record_demand_answer("无力缴纳", "", "", facts=facts(ZHOU, at(3, 25, year=2023)))
    with pytest.raises(RoleForbidsMove):
        case.record_demand_answer("", "", "", facts=facts(ZHENG, at(3, 25, year=2023)))
    case.record_demand_answer("无力缴纳", "e9", "不成立", facts=facts(ZHOU, at(3, 25, year=2023)))

    assert case.demand.answer_finding == "不成立"
    case.demand = None
    with pytest.raises(DemandNotServed):
        case.record_demand_answer("", "", "", facts=facts(ZHOU, at(3, 25, year=2023)))


def window_of(case):
    return {e["kind"] for e in case.window_events()}, case.window_params()


def test_the_window_follows_what_became_of_a_reconsideration():
    case = overdue()
    reconsider(case, at(11, 1))
    remedy = case.remedies[0]
    case.record_step(remedy.id, Step.ACCEPTED, "2022-11-04", 0, "", False, facts=facts(ZHOU, at(11, 4)))
    assert window_of(case) == ({"review_start"}, {"path": "reconsidered"})

    case.end_reconsideration(remedy.id, ruling(Effect.UPHELD, at(12, 1)), None, facts=facts(ZHOU, at(12, 1)))

    timer = case.timer("D23")
    assert window_of(case)[0] == {"review_start", "reconsideration_decision"}
    assert case.timer("D21").legal_expiry == "2022-12-16"
    assert timer.legal_expiry == "2023-03-16"


def test_after_a_withdrawal_the_first_period_runs_on():
    case = overdue()
    reconsider(case, at(11, 1))
    remedy = case.remedies[0]
    case.record_step(remedy.id, Step.ACCEPTED, "2022-11-04", 0, "", False, facts=facts(ZHOU, at(11, 4)))

    case.end_reconsideration(remedy.id, ruling(Effect.NONE, at(12, 1)), Ending.WITHDRAWN, facts=facts(ZHOU, at(12, 1)))

    assert case.timer("D21") is None
    assert case.timer("D23").legal_expiry == "2023-06-20"


def test_a_final_judgment_opens_the_window_at_its_end():
    case = overdue()
    sue(case, at(3, 1, year=2023))
    remedy = case.remedies[0]
    case.record_judgment(remedy.id, ruling(Effect.UPHELD, at(6, 1, year=2023)), facts=facts(ZHOU, at(6, 1, year=2023)))
    case.record_final_judgment(remedy.id, ruling(Effect.UPHELD, at(6, 20, year=2023)), "", facts=facts(ZHOU, at(6, 20, year=2023)))

    assert case.timer("D23").legal_expiry == "2023-09-20"


def test_a_case_in_court_keeps_the_window_as_it_was():
    case = in_court()

    assert (case.court.earliest_on, case.court.latest_on) == ("2023-04-05", "2023-06-20")
    assert case.derive_window(facts(SYSTEM, at(4, 7, year=2023))) is None


def test_a_demand_that_comes_too_late_for_the_window_is_noted():
    """`earliest > close` is not feasible: only a late application is left (5.8)."""
    case = dunned("2023-06-15")

    lines = [line for line in case.take_transitions() if line.name == "window_closes_first"]
    assert [line.reason for line in lines] == ["2023-07-01 > 2023-06-20"]
