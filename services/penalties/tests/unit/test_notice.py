"""PC16, PC17, PC26, PC59: notice, statement, hearing right, the way to the head."""

import pytest
from kernel.money import Money
from kernel.moves import SYSTEM, RoleForbidsMove, StateForbidsTransition
from penalties.domain.case import State
from penalties.domain.file import ReasonMissing
from penalties.domain.guards import (
    CollectiveDiscussionRequired,
    CrimeScreenOutdated,
    HearingNotHeld,
    HearingPeriodOpen,
    HearingRightNotTold,
    InvestigatorMayNotDecide,
    NoticeNotServed,
    StatementNotRechecked,
    StatementStillOpen,
)
from penalties.domain.notice import (
    NoticeAlreadyReleased,
    NoticeNotReleased,
    PointsUnanswered,
    ReviewNotPassed,
    StatementModeInvalid,
    StatementPeriodOver,
    StatementProofMissing,
    StatementTooEarly,
)
from penalties.domain.papers import DocumentNotReady, PredecessorNotIssued
from penalties.domain.records import StatementMode, StatementPoint

from .story import (
    CHIEF,
    DEP,
    LEGAL,
    POINTS,
    SCALE,
    WU,
    ZHENG,
    ZHOU,
    Found,
    a_case,
    a_document,
    a_person,
    at,
    checked,
    facts,
    propose,
)

from .story import A14, THRESHOLDS  # isort: skip

HEAVY = Found(A14, A14, SCALE.__class__(id="DEFAULT", act_id="A14", branch="OVERDUE"), THRESHOLDS)


def a_heavy_case_at_notice_draft():
    """Branch OVERDUE: 130,000 yuan and a suspension, so a hearing may be asked for and the leaders decide collectively."""
    case = a_case(State.INVESTIGATING, branch="OVERDUE", overdue_proof="order-1")
    propose(case, amount=130_000, found=HEAVY)
    case.run_screen(facts=facts(ZHOU, at(9, 8, 9)))
    case.submit_report(("ws10053", "f30"), facts=facts(ZHOU, at(9, 8), second=WU, case=case, forms="ws10053 F30"))
    case.documents.append(a_document(case, "ws10053"))
    case.submit_for_review(("ws10051",), facts=facts(ZHOU, at(9, 8, 11), case=case, forms="ws10051"))
    case.pass_review("同意", "ws10059", facts=facts(LEGAL, at(9, 8, 15), case=case, forms="ws10059"))
    return case


def a_heavy_case_notified():
    case = a_heavy_case_at_notice_draft()
    case.release_notice(("ws1003012", "f24", "f26"), facts=facts(DEP, at(9, 9, 9), case=case, forms="ws1003012 F24 F26"))
    case.notify("f24", "2022-09-09", "2022-09-09", "DIRECT", facts=facts(SYSTEM, at(9, 9, 15)))
    return case


@pytest.mark.row("PC16")
def test_the_notice_moves_the_case_only_when_it_is_served():
    case = a_case(State.NOTICE_DRAFT)

    case.release_notice(("ws1003012", "f24"), facts=facts(DEP, at(9, 9, 9), case=case, forms="ws1003012 F24"))
    assert case.state is State.NOTICE_DRAFT
    served = case.notify("f24", "2022-09-09", "2022-09-09", "DIRECT", facts=facts(SYSTEM, at(9, 9, 15)))

    assert case.state is State.NOTIFIED
    assert served.statement_by == "2022-09-19"
    assert case.timer("D09") is None


@pytest.mark.row("PC16")
def test_a_right_to_a_hearing_is_told_and_its_period_runs():
    case = a_heavy_case_notified()

    assert case.proposal.hearing_grounds == ("FINE_AMOUNT", "SUSPENSION")
    assert case.timer("D09").legal_expiry == "2022-09-19"


@pytest.mark.refuses("PC16")
def test_where_a_hearing_may_be_asked_for_the_notice_says_so():
    case = a_heavy_case_at_notice_draft()

    with pytest.raises(HearingRightNotTold):
        case.release_notice(("ws1003012", "f24"), facts=facts(DEP, at(9, 9), case=case, forms="ws1003012 F24"))


@pytest.mark.refuses("PC16")
def test_a_notice_is_released_once_by_a_deputy_after_the_report():
    case = a_case(State.NOTICE_DRAFT)
    with pytest.raises(RoleForbidsMove):
        case.release_notice(("f24",), facts=facts(CHIEF, at(9, 9), case=case, forms="ws1003012 F24"))
    with pytest.raises(InvestigatorMayNotDecide):
        case.release_notice(("f24",), facts=facts(a_person("zhou", "DEP"), at(9, 9), case=case, forms="ws1003012 F24"))
    with pytest.raises(DocumentNotReady):
        case.release_notice(("f24",), facts=facts(DEP, at(9, 9), case=case, forms="F24"))
    with pytest.raises(DocumentNotReady, match="not complete"):
        case.release_notice(
            ("f24",), facts=facts(DEP, at(9, 9), checked=checked(case, "ws1003012", "F24", problems=("FIELD_MISSING facts",)))
        )
    report = case.documents.pop()
    with pytest.raises(PredecessorNotIssued):
        case.release_notice(("f24",), facts=facts(DEP, at(9, 9), case=case, forms="ws1003012 F24"))
    case.documents.append(report)
    case.release_notice(("ws1003012", "f24"), facts=facts(DEP, at(9, 9), case=case, forms="ws1003012 F24"))

    with pytest.raises(NoticeAlreadyReleased):
        case.release_notice(("ws1003012", "f24"), facts=facts(DEP, at(9, 9), case=case, forms="ws1003012 F24"))


@pytest.mark.refuses("PC16")
def test_only_the_released_notice_moves_the_case():
    case = a_case(State.NOTICE_DRAFT)
    with pytest.raises(NoticeNotReleased):
        case.notify("f24", "2022-09-09", "2022-09-09", "DIRECT", facts=facts(SYSTEM, at(9, 9)))
    case.release_notice(("ws1003012", "f24"), facts=facts(DEP, at(9, 9), case=case, forms="ws1003012 F24"))

    with pytest.raises(NoticeNotReleased):
        case.notify("other", "2022-09-09", "2022-09-09", "DIRECT", facts=facts(SYSTEM, at(9, 9)))


@pytest.mark.row("PC59")
def test_a_notice_is_returned_with_a_reason():
    case = a_case(State.NOTICE_DRAFT)

    case.return_notice("事实不清", facts=facts(DEP, at(9, 9)))

    assert case.state is State.REPORTED


@pytest.mark.refuses("PC59")
def test_a_notice_on_its_way_is_not_returned():
    case = a_case(State.NOTICE_DRAFT)
    with pytest.raises(ReasonMissing):
        case.return_notice("", facts=facts(DEP, at(9, 9)))
    case.release_notice(("ws1003012", "f24"), facts=facts(DEP, at(9, 9), case=case, forms="ws1003012 F24"))

    with pytest.raises(NoticeAlreadyReleased):
        case.return_notice("事实不清", facts=facts(DEP, at(9, 9)))


@pytest.mark.row("PC17")
@pytest.mark.parametrize(
    ("mode", "points", "answered"),
    [(StatementMode.WRITTEN, POINTS, True), (StatementMode.ORAL, POINTS, True), (StatementMode.WAIVED, (), False)],
)
def test_the_party_states_or_waives_within_its_period(mode, points, answered):
    case = a_case(State.NOTIFIED)

    case.take_statement(mode, "paper", points, False, facts=facts(ZHOU, at(9, 13)))

    assert case.state is State.DEFENCE
    assert case.timer("D08").stopped_at is not None
    if answered:
        case.recheck_statement([StatementPoint(points[0], "不采纳，理由…")], facts=facts(ZHOU, at(9, 14)))
        case.run_screen(facts=facts(ZHOU, at(9, 14)))
    case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 15), case=case, forms="F30"))
    assert case.state is State.DECIDING


@pytest.mark.row("PC17")
def test_the_period_lapses_by_itself():
    assert a_case(State.DEFENCE).notices[-1].statement is StatementMode.EXPIRED


@pytest.mark.refuses("PC17")
def test_a_statement_is_entered_with_its_paper_and_in_time():
    case = a_case(State.NOTIFIED)
    with pytest.raises(StatementProofMissing):
        case.take_statement(StatementMode.WAIVED, "", (), False, facts=facts(ZHOU, at(9, 13)))
    with pytest.raises(StatementProofMissing):
        case.take_statement(StatementMode.ORAL, "f25", (), False, facts=facts(ZHOU, at(9, 13)))
    with pytest.raises(StatementModeInvalid):
        case.take_statement(StatementMode.EXPIRED, "", (), False, facts=facts(ZHOU, at(9, 20)))
    with pytest.raises(StatementTooEarly):
        case.take_statement(StatementMode.EXPIRED, "", (), False, facts=facts(SYSTEM, at(9, 19, 23)))
    with pytest.raises(StatementPeriodOver):
        case.take_statement(StatementMode.WRITTEN, "p", POINTS, False, facts=facts(ZHOU, at(9, 20, 0)))
    with pytest.raises(RoleForbidsMove):
        case.take_statement(StatementMode.WRITTEN, "p", POINTS, False, facts=facts(DEP, at(9, 13)))


def test_each_point_gets_its_answer():
    case = a_case(State.NOTIFIED)
    case.take_statement(StatementMode.WRITTEN, "paper", POINTS, False, facts=facts(ZHOU, at(9, 13)))
    with pytest.raises(PointsUnanswered):
        case.recheck_statement([StatementPoint("别的", "答")], facts=facts(ZHOU, at(9, 14)))
    with pytest.raises(PointsUnanswered):
        case.recheck_statement([StatementPoint(POINTS[0], " ")], facts=facts(ZHOU, at(9, 14)))
    other = a_case(State.REPORTED)
    with pytest.raises(StateForbidsTransition):
        other.recheck_statement([], facts=facts(ZHOU, at(9, 14)))
    other.state = State.DEFENCE
    with pytest.raises(NoticeNotServed):
        other.recheck_statement([], facts=facts(ZHOU, at(9, 14)))


@pytest.mark.refuses("PC26")
def test_nothing_goes_to_the_head_over_an_unanswered_statement():
    case = a_case(State.NOTIFIED)
    case.take_statement(StatementMode.WRITTEN, "paper", POINTS, False, facts=facts(ZHOU, at(9, 13)))
    with pytest.raises(CrimeScreenOutdated):
        case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 15), case=case, forms="F30"))
    case.run_screen(facts=facts(ZHOU, at(9, 14)))

    with pytest.raises(StatementNotRechecked):
        case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 15), case=case, forms="F30"))


@pytest.mark.refuses("PC26")
def test_nothing_goes_to_the_head_while_the_party_may_answer_or_before_the_review():
    case = a_case(State.NOTIFIED)
    case.state = State.DEFENCE
    with pytest.raises(StatementStillOpen):
        case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 15), case=case, forms="F30"))
    reviewing = a_case(State.LEGAL_REVIEW)
    with pytest.raises(ReviewNotPassed):
        reviewing.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 15), case=reviewing, forms="F30"))
    unnoticed = a_case(State.REPORTED)
    unnoticed.state = State.DEFENCE
    with pytest.raises(NoticeNotServed):
        unnoticed.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 15), case=unnoticed, forms="F30"))


@pytest.mark.refuses("PC26")
def test_a_case_with_a_hearing_asked_for_goes_no_further():
    case = a_heavy_case_notified()
    case.take_statement(StatementMode.WAIVED, "paper", (), False, facts=facts(ZHOU, at(9, 13)))
    case.request_hearing(at(9, 14), "", "letter", facts=facts(ZHOU, at(9, 14)))
    case.state = State.DEFENCE

    with pytest.raises(HearingNotHeld):
        case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 20), case=case, forms="F30"))


@pytest.mark.refuses("PC26")
def test_while_a_hearing_may_be_asked_for_nothing_goes_to_the_head_and_later_the_leaders_decide_together():
    case = a_heavy_case_notified()
    case.take_statement(StatementMode.WAIVED, "paper", (), False, facts=facts(ZHOU, at(9, 15)))
    with pytest.raises(HearingPeriodOpen):
        case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 19), case=case, forms="F30"))

    with pytest.raises(CollectiveDiscussionRequired) as refused:
        case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 20), case=case, forms="F30"))
    assert refused.value.facts["grounds"] == "FINE_AMOUNT,SUSPENSION"


@pytest.mark.refuses("PC26")
def test_a_hearing_waived_in_writing_needs_no_wait():
    case = a_heavy_case_notified()
    case.take_statement(StatementMode.WAIVED, "paper", (), True, facts=facts(ZHOU, at(9, 15)))

    with pytest.raises(CollectiveDiscussionRequired):
        case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 16), case=case, forms="F30"))


def test_a_right_that_was_not_told_stops_the_decision():
    case = a_case(State.DEFENCE)
    propose(case, amount=40_000, now=at(9, 20))
    told = case.proposals[-1]
    case.proposals[-1] = told.__class__(**{**told.__dict__, "hearing_grounds": ("FINE_AMOUNT",), "fine": Money.yuan(40_000)})

    with pytest.raises(HearingRightNotTold):
        case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 20), case=case, forms="F30"))
