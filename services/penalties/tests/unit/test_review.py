"""PC11–PC15 and PC60: legal review, its rounds, and the way back."""

import pytest
from kernel.moves import RoleForbidsMove
from penalties.domain.case import State
from penalties.domain.file import ReasonMissing
from penalties.domain.guards import InvestigatorMayNotDecide, LegalReviewMissing, StatementNotRechecked
from penalties.domain.papers import DocumentNotReady
from penalties.domain.records import ReviewResult, Round, StatementMode, StatementPoint
from penalties.domain.review import (
    GapsMissing,
    LegalReviewDue,
    PeriodStillRunning,
    ReviewAlreadyPassed,
    ReviewerNotQualified,
    ReviewNotNeeded,
)

from .story import (
    CHIEF,
    DEP,
    FOUND,
    LEGAL,
    POINTS,
    THRESHOLDS,
    WU,
    ZHENG,
    ZHOU,
    Story,
    a_case,
    a_person,
    at,
    facts,
    propose,
)

NO_REVIEW = FOUND.__class__(FOUND.act, FOUND.act_now, FOUND.scale, THRESHOLDS.__class__(**{**THRESHOLDS.__dict__, "review_all": False}))


def a_reported_case_without_review():
    case = a_case(State.INVESTIGATING)
    propose(case, found=NO_REVIEW)
    case.run_screen(facts=facts(ZHOU, at(9, 8, 9)))
    case.submit_report(("ws10053", "f30"), facts=facts(ZHOU, at(9, 8), second=WU, case=case, forms="ws10053 F30"))
    return case


def after_a_statement():
    """A statement was heard, answered and led to a lighter proposal that no review covers yet."""
    story = Story()
    for step in ["CLUE", "FILING", "FILED", "INVESTIGATING", "REPORTED", "LEGAL_REVIEW", "NOTICE_DRAFT", "NOTIFIED"]:
        getattr(story, step)()
    case = story.case
    case.take_statement(StatementMode.WRITTEN, "paper", POINTS, False, facts=facts(ZHOU, at(9, 13)))
    case.recheck_statement([StatementPoint(POINTS[0], "采纳", True)], facts=facts(ZHOU, at(9, 13, 12)))
    case.run_screen(facts=facts(ZHOU, at(9, 13, 13)))
    propose(case, amount=40_000, now=at(9, 13, 14))
    return case


@pytest.mark.row("PC11")
@pytest.mark.parametrize("by", [ZHENG, LEGAL, CHIEF, a_person("dai", "DEP", org="/44/4419/", penalty_decision=None)])
@pytest.mark.parametrize("state", [State.REPORTED, State.LEGAL_REVIEW, State.DEFENCE, State.DECIDING])
def test_a_case_is_sent_back_with_its_gaps(by, state):
    case = a_case(state)

    case.send_back("补充询问", facts=facts(by, at(9, 20)))

    assert case.state is State.INVESTIGATING
    assert case.review == ""


@pytest.mark.refuses("PC11")
def test_a_case_is_not_sent_back_without_gaps_nor_by_its_officers_nor_by_an_undelegated_deputy():
    case = a_case(State.REPORTED)
    with pytest.raises(GapsMissing):
        case.send_back("", facts=facts(ZHENG, at(9, 8)))
    with pytest.raises(RoleForbidsMove):
        case.send_back("补充", facts=facts(DEP, at(9, 8)))
    with pytest.raises(InvestigatorMayNotDecide):
        case.send_back("补充", facts=facts(a_person("wu", "UNIT"), at(9, 8)))


@pytest.mark.row("PC12")
def test_the_first_review_is_before_the_notice():
    assert a_case(State.LEGAL_REVIEW).review_round == Round.PRE_NOTICE


@pytest.mark.row("PC12")
def test_after_a_served_notice_that_still_holds_the_review_is_before_the_decision():
    case = a_case(State.DEFENCE)
    case.send_back("补充", facts=facts(ZHENG, at(9, 20, 8)))
    case.submit_report(("ws10053", "f30"), facts=facts(ZHOU, at(9, 20, 9), second=WU, case=case, forms="ws10053 F30"))

    case.submit_for_review(("ws10051",), facts=facts(ZHOU, at(9, 20), case=case, forms="ws10051"))

    assert case.review_round == Round.PRE_DECISION


@pytest.mark.refuses("PC12")
def test_only_the_lead_submits_for_review_and_with_the_form():
    case = a_case(State.REPORTED)
    with pytest.raises(RoleForbidsMove):
        case.submit_for_review(("x",), facts=facts(WU, at(9, 8), case=case, forms="ws10051"))
    with pytest.raises(DocumentNotReady):
        case.submit_for_review((), facts=facts(ZHOU, at(9, 8), case=case))


@pytest.mark.row("PC13")
@pytest.mark.parametrize("result", [ReviewResult.RETURN, ReviewResult.REJECT, ReviewResult.PASS_WITH_CHANGES])
def test_a_review_that_does_not_pass_goes_back_with_its_opinion(result):
    case = a_case(State.LEGAL_REVIEW)

    case.return_review(result, "证据不足", "ws10059", facts=facts(LEGAL, at(9, 8), case=case, forms="ws10059"))

    assert case.state is State.REPORTED
    assert case.reviews[-1].result is result


@pytest.mark.refuses("PC13")
def test_a_review_is_returned_with_an_opinion_by_a_qualified_reviewer():
    case = a_case(State.LEGAL_REVIEW)
    with pytest.raises(ReasonMissing):
        case.return_review(ReviewResult.RETURN, "", "ws10059", facts=facts(LEGAL, at(9, 8), case=case, forms="ws10059"))
    with pytest.raises(ReviewerNotQualified):
        case.return_review(
            ReviewResult.RETURN, "不足", "ws10059", facts=facts(LEGAL, at(9, 8), case=case, forms="ws10059", legal_qualified=False)
        )


@pytest.mark.row("PC14")
def test_a_pass_covers_the_proposal_that_was_read():
    case = a_case(State.NOTICE_DRAFT)

    assert case.reviews[-1].proposal_digest == case.proposal.digest


@pytest.mark.refuses("PC14")
def test_an_unqualified_reviewer_an_officer_and_an_unsigned_opinion_pass_nothing():
    case = a_case(State.LEGAL_REVIEW)
    with pytest.raises(ReviewerNotQualified):
        case.pass_review("同意", "ws10059", facts=facts(LEGAL, at(9, 8), case=case, forms="ws10059", legal_qualified=False))
    with pytest.raises(InvestigatorMayNotDecide):
        case.pass_review("同意", "ws10059", facts=facts(a_person("zhou", "LEGAL"), at(9, 8), case=case, forms="ws10059"))
    with pytest.raises(DocumentNotReady):
        case.pass_review("同意", "ws10059", facts=facts(a_person("lin", "LEGAL"), at(9, 8), case=case, forms="ws10059"))


@pytest.mark.row("PC15")
def test_the_review_is_left_out_where_nothing_triggers_it():
    case = a_reported_case_without_review()

    case.skip_review("未触发", facts=facts(ZHENG, at(9, 8)))

    assert case.state is State.NOTICE_DRAFT


@pytest.mark.refuses("PC15")
def test_where_every_case_is_reviewed_none_is_left_out():
    case = a_case(State.REPORTED)

    with pytest.raises(LegalReviewDue) as refused:
        case.skip_review("未触发", facts=facts(ZHENG, at(9, 8)))

    assert refused.value.facts["grounds"] == "EVERY_CASE"


@pytest.mark.row("PC60")
@pytest.mark.row("PC14")
@pytest.mark.row("PC26")
def test_a_lighter_proposal_is_reviewed_again_before_the_decision():
    case = after_a_statement()
    with pytest.raises(LegalReviewMissing):
        case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 14), case=case, forms="F30"))

    case.resubmit_for_review(("ws10051",), facts=facts(ZHOU, at(9, 14), case=case, forms="ws10051"))
    case.pass_review("同意", "ws10059", facts=facts(LEGAL, at(9, 14), case=case, forms="ws10059"))
    assert (case.state, case.review, case.review_round) == (State.LEGAL_REVIEW, "PASS", "PRE_DECISION")
    with pytest.raises(ReviewAlreadyPassed):
        case.pass_review("同意", "ws10059", facts=facts(LEGAL, at(9, 14), case=case, forms="ws10059"))
    case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 15), case=case, forms="F30"))

    assert case.state is State.DECIDING


@pytest.mark.refuses("PC60")
def test_a_passed_review_of_the_same_proposal_is_not_repeated():
    case = a_case(State.DEFENCE)

    with pytest.raises(ReviewAlreadyPassed):
        case.resubmit_for_review(("ws10051",), facts=facts(ZHOU, at(9, 20), case=case, forms="ws10051"))


@pytest.mark.refuses("PC60")
def test_an_unanswered_statement_is_not_reviewed():
    story = Story()
    for step in ["CLUE", "FILING", "FILED", "INVESTIGATING", "REPORTED", "LEGAL_REVIEW", "NOTICE_DRAFT", "NOTIFIED"]:
        getattr(story, step)()
    case = story.case
    case.take_statement(StatementMode.ORAL, "f25", POINTS, False, facts=facts(ZHOU, at(9, 13)))
    propose(case, amount=40_000, now=at(9, 13))

    with pytest.raises(StatementNotRechecked):
        case.resubmit_for_review(("ws10051",), facts=facts(ZHOU, at(9, 14), case=case, forms="ws10051"))


@pytest.mark.refuses("PC60")
def test_a_review_that_nothing_triggers_is_not_asked_for():
    case = a_case(State.DEFENCE)
    propose(case, amount=40_000, now=at(9, 20), found=NO_REVIEW)

    with pytest.raises(ReviewNotNeeded):
        case.resubmit_for_review(("ws10051",), facts=facts(ZHOU, at(9, 20), case=case, forms="ws10051"))


@pytest.mark.refuses("PC60")
def test_while_the_party_may_still_answer_nothing_is_reviewed():
    case = a_case(State.NOTIFIED)
    case.state = State.DEFENCE

    with pytest.raises(PeriodStillRunning):
        case.resubmit_for_review(("ws10051",), facts=facts(ZHOU, at(9, 14), case=case, forms="ws10051"))
