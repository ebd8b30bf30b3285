"""PC36–PC38: the application to the court inside its window, and what becomes of it."""

from datetime import datetime, timedelta

import pytest
from kernel.money import Money
from kernel.moves import RoleForbidsMove
from penalties.domain.account import AccountState
from penalties.domain.case import State
from penalties.domain.court import (
    CourtNoticeInvalid,
    CourtStageForbids,
    DemandStillWaits,
    DemandUnanswered,
    EnforcedByReviewBody,
    PackageIncomplete,
    RemedyPending,
    WindowClosed,
)
from penalties.domain.dunning import DemandNotServed
from penalties.domain.enforcement import CourtAct, Stage
from penalties.domain.execution import FineUnpaid
from penalties.domain.file import ReasonMissing
from penalties.domain.papers import DocumentNotReady, PredecessorNotIssued
from penalties.domain.remedy import Effect

from .enforced import answered, apply, court, dunned, in_court, reconsider, ruling, sue
from .story import CHIEF, DEP, FIN, ZHOU, a_person, at, facts, pay

DAY = at(4, 10, year=2023)


@pytest.mark.row("PC36")
def test_the_head_applies_from_the_day_after_the_tenth_working_day():
    """INV-14."""
    case = in_court()

    assert (case.state, case.court.stage) == (State.COURT, Stage.APPLIED)
    assert not case.late_application
    assert [case.timer(row).stopped_at is not None for row in ("D22", "D23")] == [True, True]
    assert case.timer("D24").legal_expiry == "2023-04-13"
    assert case.court.package_document_ids == ("f34", "f41")


@pytest.mark.row("PC36")
def test_after_the_window_only_a_reason_helps_and_the_flag_stays():
    """INV-14."""
    case = answered()
    with pytest.raises(WindowClosed):
        apply(case, at(6, 21, year=2023))

    apply(case, at(6, 21, year=2023), late_reason="当事人下落不明")

    assert case.late_application
    assert case.court.late_reason == "当事人下落不明"


@pytest.mark.row("PC36")
def test_a_reason_inside_the_window_makes_it_no_late_one():
    case = in_court(late_reason="以防万一")

    assert not case.late_application
    assert case.court.late_reason == ""


@pytest.mark.refuses("PC36")
@pytest.mark.parametrize(
    ("day", "reason"),
    [(at(3, 21, year=2023), DemandStillWaits), (at(4, 4, year=2023), DemandStillWaits)],
)
def test_an_application_before_its_day_is_refused(day, reason):
    """INV-14."""
    case = dunned()
    case.record_demand_answer("", "", "", facts=facts(ZHOU, day))
    with pytest.raises(reason):
        apply(case, day)


@pytest.mark.refuses("PC36")
def test_nobody_applies_while_a_remedy_is_open():
    """INV-14: a demand in January does not open the window of March."""
    case = dunned("2023-01-10")
    case.record_demand_answer("", "", "", facts=facts(ZHOU, at(2, 1, year=2023)))
    with pytest.raises(RemedyPending, match="not over"):
        apply(case, at(2, 1, year=2023))
    case = answered()
    sue(case, at(3, 1, year=2023), extended=True)
    with pytest.raises(RemedyPending, match="is pending"):
        apply(case, DAY)


@pytest.mark.refuses("PC36")
def test_an_application_needs_its_papers_its_head_and_something_unmet():
    def refuse(reason, prepare=lambda case: None, case=None, **changes):
        case = case or answered()
        prepare(case)
        with pytest.raises(reason):
            apply(case, DAY, **changes)
        assert case.state is State.DUNNED

    refuse(RoleForbidsMove, by=DEP)
    refuse(RoleForbidsMove, by=ZHOU)
    refuse(DocumentNotReady, forms="")
    refuse(DemandUnanswered, case=dunned())
    refuse(DemandNotServed, lambda c: setattr(c, "demand", None))
    refuse(PackageIncomplete, package=("f41",))
    refuse(PackageIncomplete, package=("f34",))
    refuse(PredecessorNotIssued, lambda c: c.documents.clear())


@pytest.mark.refuses("PC36")
def test_what_the_reconsideration_body_changed_it_enforces_itself():
    case = dunned("2022-10-20")
    reconsider(case, at(11, 1))
    case.end_reconsideration(
        case.remedies[0].id, ruling(Effect.CHANGED, at(12, 1), fine=Money.yuan(40_000)), None, facts=facts(ZHOU, at(12, 1))
    )
    case.state = State.DUNNED
    with pytest.raises(EnforcedByReviewBody):
        apply(case, DAY)


@pytest.mark.row("PC37")
def test_the_court_accepts_rules_and_executes():
    case = in_court(urgent=True)
    court(case, CourtAct.ACCEPTED, at(4, 10, year=2023))
    assert case.timer("D24").stopped_at is not None
    assert case.timer("D56").legal_expiry == "2023-04-19"
    court(case, CourtAct.TO_EXECUTE, at(4, 17, year=2023))
    assert case.timer("D64").legal_expiry == "2023-04-23"
    with pytest.raises(FineUnpaid):
        court(case, CourtAct.EXECUTED, at(4, 20, year=2023))
    pay(case, 49_000, at(4, 20, year=2023))
    pay(case, case.fine_account.owed.fen // 100, at(4, 20, year=2023), slip="b")

    court(case, CourtAct.EXECUTED, at(4, 21, year=2023))

    assert (case.state, case.court.stage, case.fine_account.state) == (State.EXECUTED, Stage.ENDED, AccountState.PAID)
    assert case.timer("D64").stopped_at is not None
    assert [notice.kind for notice in case.court.notices] == ["ACCEPTED", "TO_EXECUTE", "EXECUTED"]


@pytest.mark.row("PC37")
def test_an_agreement_waives_the_surcharge_and_never_the_fine():
    case = in_court()
    court(case, CourtAct.ACCEPTED, DAY)
    court(case, CourtAct.AGREEMENT, at(4, 12, year=2023))
    assert (case.fine_account.waived, case.fine_account.owed) == (Money.yuan(49_000), Money.yuan(49_000))
    pay(case, 49_000, at(4, 12, year=2023))

    court(case, CourtAct.EXECUTED, at(4, 13, year=2023))

    assert case.state is State.EXECUTED


@pytest.mark.refuses("PC37")
def test_the_steps_of_the_court_come_in_their_order():
    case = in_court()
    for act in (CourtAct.TO_EXECUTE, CourtAct.EXECUTED, CourtAct.REFUSAL_RECEIVED, CourtAct.HIGHER_REVERSED):
        with pytest.raises(CourtStageForbids):
            court(case, act, DAY)
    with pytest.raises(CourtNoticeInvalid):
        case.record_court_notice(CourtAct.ACCEPTED, "", "", "", "", "", False, facts=facts(ZHOU, DAY))
    with pytest.raises(RoleForbidsMove):
        court(case, CourtAct.ACCEPTED, DAY, by=FIN)
    assert case.court.notices == ()


def refused(case, kind=CourtAct.NOT_TO_EXECUTE, received=True):
    if kind is CourtAct.NOT_TO_EXECUTE:
        court(case, CourtAct.ACCEPTED, DAY)
    court(case, kind, at(4, 18, year=2023), received=received)
    return case


@pytest.mark.row("PC38")
def test_a_refusal_that_the_head_accepts_ends_the_way_to_the_court():
    case = refused(in_court())
    assert case.timer("D57").legal_expiry == "2023-05-04"

    case.accept_court_refusal("裁定有据", facts=facts(CHIEF, at(4, 20, year=2023)))

    assert (case.state, case.court.stage) == (State.EXECUTING, Stage.ENDED)
    assert case.timer("D57").stopped_at is not None


@pytest.mark.row("PC38")
def test_a_refusal_reaches_the_department_within_five_working_days():
    case = refused(in_court(), received=False)
    assert (case.timer("D59").legal_expiry, case.timer("D57")) == ("2023-04-24", None)

    court(case, CourtAct.REFUSAL_RECEIVED, at(4, 20, year=2023))

    assert case.timer("D59").stopped_at is not None
    assert case.timer("D57").legal_expiry == "2023-05-05"


@pytest.mark.row("PC38")
def test_the_higher_court_confirms():
    case = refused(in_court())
    case.ask_higher_court("不服", facts=facts(CHIEF, at(4, 20, year=2023)))
    assert (case.state, case.court.stage) == (State.COURT, Stage.HIGHER_COURT)
    assert case.timer("D60").legal_expiry == "2023-05-22"

    court(case, CourtAct.HIGHER_CONFIRMED, at(5, 10, year=2023))

    assert case.state is State.EXECUTING


@pytest.mark.row("PC38")
@pytest.mark.parametrize(
    ("kind", "stage", "d56"), [(CourtAct.NOT_ACCEPTED, Stage.ACCEPTED, True), (CourtAct.NOT_TO_EXECUTE, Stage.TO_EXECUTE, False)]
)
def test_the_higher_court_reverses_and_the_case_stays_in_court(kind, stage, d56):
    case = refused(in_court(), kind)
    case.ask_higher_court("不服", facts=facts(CHIEF, at(4, 20, year=2023)))

    court(case, CourtAct.HIGHER_REVERSED, at(5, 10, year=2023))

    assert (case.state, case.court.stage) == (State.COURT, stage)
    assert (case.timer("D56").stopped_at is None) is d56


@pytest.mark.refuses("PC38")
def test_a_refusal_is_not_final_by_itself():
    case = refused(in_court())
    with pytest.raises(RoleForbidsMove):
        case.accept_court_refusal("裁定有据", facts=facts(ZHOU, at(4, 20, year=2023)))
    with pytest.raises(ReasonMissing):
        case.accept_court_refusal(" ", facts=facts(CHIEF, at(4, 20, year=2023)))
    with pytest.raises(CourtStageForbids):
        court(case, CourtAct.HIGHER_CONFIRMED, at(4, 20, year=2023))
    with pytest.raises(ReasonMissing):
        case.ask_higher_court("", facts=facts(CHIEF, at(4, 20, year=2023)))
    case.ask_higher_court("不服", facts=facts(a_person("x", "DEP", court_application=None), at(4, 20, year=2023)))
    with pytest.raises(CourtStageForbids):
        case.accept_court_refusal("裁定有据", facts=facts(CHIEF, at(4, 21, year=2023)))
    with pytest.raises(CourtStageForbids):
        in_court().accept_court_refusal("裁定有据", facts=facts(CHIEF, at(4, 21, year=2023)))
    assert case.state is State.COURT


@pytest.mark.parametrize("days", range(0, 120, 7))
def test_every_application_stands_in_the_window_or_is_late(days):
    """INV-14."""
    case, day = answered(), at(4, 6, year=2023) + timedelta(days=days)
    apply(case, day, late_reason="原因")

    on = datetime.date(case.court.applied_at).isoformat()
    assert on >= case.court.earliest_on
    assert case.late_application == (on > case.court.latest_on)
