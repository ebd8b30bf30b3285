"""PC27 and PC50: what the head may sign, and when."""

import pytest
from kernel.money import Money
from kernel.moves import RoleForbidsMove
from penalties.domain.case import State
from penalties.domain.crime_screen import Answer, CrimeFacts
from penalties.domain.decision import (
    DelegationTooSmall,
    ExtensionInvalid,
    ExtensionTooLate,
    ExtensionTooLong,
    LimitNotRunning,
)
from penalties.domain.file import ProposalMissing, ReasonMissing
from penalties.domain.guards import (
    AmountOutsideTrace,
    ApproverOfOtherBody,
    CaseLimitPassed,
    CollectiveDiscussionRequired,
    CrimeScreenMissing,
    CrimeScreenOutdated,
    CrimeSuspicionUnresolved,
    IllegalIncomeOpen,
    InvestigatorMayNotDecide,
    LegalReviewMissing,
    LighterLawInForce,
    LimitationPassed,
    NoticeDiffersFromDecision,
    NoticeNotServed,
    OrderToCorrectMissing,
    ReviewerMayNotDecide,
)
from penalties.domain.law import Act, Branch, Range
from penalties.domain.papers import DocumentNotReady, PredecessorNotIssued
from penalties.domain.proof import EvidenceNotReady
from penalties.domain.records import StatementMode

from .story import A14, BODY, CHIEF, DEP, DRAFT, FORMS, LEGAL, THRESHOLDS, ZHOU, Story, a_case, a_person, at, checked, facts, propose

DECISION_DAY, EXTENSION_DAY = at(9, 20), at(9, 15)


def decide(case, by=CHIEF, now=DECISION_DAY, late_reason="", forms="F30 F34", **known):
    return case.decide(("f30", "f34"), late_reason, facts=facts(by, now, case=case, forms=forms, **known))


def changed(case, **changes):
    """The latest proposal as if it had been stored so."""
    latest = case.proposals[-1]
    case.proposals[-1] = latest.__class__(**{**latest.__dict__, **changes})


@pytest.mark.row("PC27")
def test_the_decision_starts_service_and_publicity_and_stops_the_limit():
    case = a_case(State.DECIDING)

    decided = decide(case)

    assert decided.fine == Money.yuan(49_000)
    assert case.timer("D12").stopped_at is not None
    assert case.timer("D13").legal_expiry == "2022-09-29"
    assert case.timer("D14").legal_expiry == "2022-09-29"
    assert case.timer("D51") is None
    assert case.publicity.state == "DUE"


@pytest.mark.row("PC27")
def test_a_large_fine_of_a_county_is_filed_upward():
    case = a_case(State.DECIDING)
    county = BODY.__class__(BODY.office, "city", "COUNTY", "441900118")
    limits = THRESHOLDS.__class__(**{**THRESHOLDS.__dict__, "upward": {"COUNTY": 4_900_000}})

    decide(case, body=county, thresholds=limits, superior="东莞市应急管理局")

    assert case.timer("D51").legal_expiry == "2022-09-30"
    assert case.upward_filing.receiver == "东莞市应急管理局"


@pytest.mark.row("PC27")
def test_a_deputy_decides_inside_his_delegation():
    case = a_case(State.DECIDING)
    deputy = a_person("dai2", "DEP", org="/44/4419/", penalty_decision=5_000_000)
    signed = {**FORMS["F30"], "APPROVER": ("dai2",)}

    decide(case, deputy, checked={**checked(case, "F34"), **checked(case, "F30", signers=signed)})

    assert case.decided_by == "dai2"


@pytest.mark.refuses("PC27")
@pytest.mark.parametrize(
    ("by", "reason"),
    [
        (DEP, RoleForbidsMove),
        (LEGAL, RoleForbidsMove),
        (a_person("dai", "DEP", org="/44/4419/", penalty_decision=100), DelegationTooSmall),
        (a_person("zhou", "CHIEF"), InvestigatorMayNotDecide),
        (a_person("wu", "CHIEF"), InvestigatorMayNotDecide),
        (a_person("luo", "CHIEF", org="/44/4419/"), ReviewerMayNotDecide),
        (a_person("zheng", "CHIEF"), ReviewerMayNotDecide),
        (CHIEF.__class__("x", "province", "/44/", CHIEF.roles), ApproverOfOtherBody),
        (a_person("other", "CHIEF", org="/44/4419/"), DocumentNotReady),
    ],
    ids=lambda value: getattr(value, "id", getattr(value, "__name__", "")),
)
def test_who_may_not_decide(by, reason):
    case = a_case(State.DECIDING)

    with pytest.raises(reason):
        decide(case, by)
    assert case.state is State.DECIDING


@pytest.mark.refuses("PC27")
def test_each_guard_of_the_decision_refuses_with_its_reason():
    def refuse(reason, prepare=lambda case: None, **known):
        case = a_case(State.DECIDING)
        prepare(case)
        with pytest.raises(reason):
            decide(case, **known)
        assert case.state is State.DECIDING

    notice = a_case(State.DECIDING).notices[-1]

    refuse(ProposalMissing, lambda c: setattr(c, "proposals", []))
    refuse(LimitationPassed, lambda c: setattr(c, "act_on", "2019-01-01"))
    refuse(CrimeScreenMissing, lambda c: setattr(c, "screens", []))
    refuse(CrimeScreenOutdated, lambda c: c.change_facts())
    refuse(LegalReviewMissing, lambda c: setattr(c, "reviews", []))
    refuse(CollectiveDiscussionRequired, lambda c: changed(c, collective_grounds=("COMPLEX",)))
    refuse(NoticeNotServed, lambda c: setattr(c, "notices", []))
    refuse(AmountOutsideTrace, lambda c: changed(c, discretion=outside(c)))
    refuse(OrderToCorrectMissing, lambda c: changed(c, correction_order_ids=(), correction_note=""))
    refuse(OrderToCorrectMissing, served_orders=())
    refuse(IllegalIncomeOpen, lambda c: changed(c, illegal_income=Money(1)))
    refuse(EvidenceNotReady, evidence={"e1": "ADMITTED", "e2": "UNDER_REVIEW"})
    refuse(PredecessorNotIssued, lambda c: setattr(c, "documents", []))
    refuse(DocumentNotReady, forms="F30")
    refuse(DocumentNotReady, forms="F34")
    assert notice.statement is StatementMode.EXPIRED


def outside(case):
    trace = case.proposal.discretion
    return trace.__class__(**{**trace.__dict__, "amount": Money.yuan(80_000)})


@pytest.mark.refuses("PC27")
def test_a_decision_is_not_heavier_than_its_notice_nor_on_other_facts():
    case = a_case(State.DECIDING)
    heavier = case.proposals[0].items[0].__class__("FINE", Money.yuan(49_001))
    changed(case, number=2, items=(heavier,))
    case.proposals = [a_case(State.DECIDING).proposals[0], case.proposals[0]]
    with pytest.raises(NoticeDiffersFromDecision, match="heavier"):
        decide(case)
    case.proposals[-1] = case.proposals[0].__class__(**{**case.proposals[0].__dict__, "number": 2, "basis": "别的"})

    with pytest.raises(NoticeDiffersFromDecision, match="basis"):
        decide(case)


@pytest.mark.refuses("PC27")
def test_a_crime_that_shows_before_the_decision_stops_it():
    case = a_case(State.DECIDING)
    case.record_crime_facts(CrimeFacts(real_danger=Answer.UNKNOWN, disabled_monitoring=Answer.YES), facts=facts(ZHOU, at(9, 20, 8)))
    case.run_screen(facts=facts(ZHOU, at(9, 20, 8)))

    with pytest.raises(CrimeSuspicionUnresolved) as refused:
        decide(case)

    assert refused.value.facts == {"result": "CONSULT", "offences": "134-1"}


@pytest.mark.refuses("PC27")
def test_a_lighter_law_before_the_decision_is_applied():
    case = a_case(State.DECIDING)
    lighter = Act("A14", "", "", "", (Branch("FIRST", unit=Range(0, 5_000_000, min_inclusive=False)),))

    with pytest.raises(LighterLawInForce):
        decide(case, act=A14, act_now=lighter)


def unextended():
    story = Story()
    for step in ["CLUE", "FILING", "FILED", "INVESTIGATING", "REPORTED", "LEGAL_REVIEW", "NOTICE_DRAFT", "NOTIFIED"]:
        getattr(story, step)()
    case = story.case
    case.take_statement(StatementMode.WAIVED, "paper", (), False, facts=facts(ZHOU, at(9, 14)))
    story.DECIDING()
    return case


@pytest.mark.refuses("PC27")
def test_without_the_extension_the_decision_of_the_20th_is_late():
    case = unextended()
    with pytest.raises(CaseLimitPassed) as refused:
        decide(case)
    assert refused.value.facts["limit"] == "2022-09-19"
    deputy = a_person("dai2", "DEP", org="/44/4419/", penalty_decision=None)
    with pytest.raises(CaseLimitPassed):
        decide(case, deputy, late_reason="疫情")


@pytest.mark.row("PC27")
def test_the_chief_decides_late_with_his_reason_and_the_flag_stays():
    case = unextended()

    decided = decide(case, late_reason="疫情影响")

    assert decided.late
    assert (case.late, case.late_reason) == (True, "疫情影响")


@pytest.mark.row("PC27")
def test_the_last_day_of_the_limit_is_in_time():
    case = unextended()

    decide(case, now=at(9, 19, 23))

    assert not case.late


@pytest.mark.row("PC50")
def test_the_head_extends_pb_to_ninety_days_in_all():
    case = a_case(State.NOTIFIED)

    extended = case.extend(60, "复杂", "f45", facts=facts(CHIEF, at(9, 19, 23), case=case, forms="F45"))

    assert extended.decide_by == "2022-11-16"
    assert case.state is State.NOTIFIED


def extend(case, by=CHIEF, now=EXTENSION_DAY, days=60, reason="复杂", forms="F45"):
    return case.extend(days, reason, "f45", facts=facts(by, now, case=case, forms=forms))


@pytest.mark.refuses("PC50")
@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"now": at(9, 20, 0)}, ExtensionTooLate),
        ({"days": 61}, ExtensionTooLong),
        ({"days": 0}, ExtensionInvalid),
        ({"reason": " "}, ReasonMissing),
        ({"forms": ""}, DocumentNotReady),
        ({"by": DEP}, RoleForbidsMove),
        ({"by": a_person("zhou", "CHIEF")}, InvestigatorMayNotDecide),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_extension_is_refused_with_its_reason(given, reason):
    with pytest.raises(reason):
        extend(a_case(State.NOTIFIED), **given)


@pytest.mark.refuses("PC50")
def test_two_extensions_count_together():
    case = a_case(State.NOTIFIED)
    extend(case, days=30)

    with pytest.raises(ExtensionTooLong):
        extend(case, days=31)


@pytest.mark.refuses("PC50")
def test_apl_60_knows_no_extension_and_a_stopped_limit_none():
    case = a_case(State.NOTIFIED)
    case.timer("D12").params = {"policy": "APL"}
    case.timer("D12").starts_at = at(3, 1, year=2026)
    with pytest.raises(ExtensionTooLong):
        extend(case)
    case.timer("D12").stop(at(9, 10))

    with pytest.raises(LimitNotRunning):
        extend(case)


def test_a_proposal_after_the_notice_keeps_the_decision_inside_it():
    case = a_case(State.DEFENCE)
    propose(case, amount=45_000, now=at(9, 20), draft=DRAFT)

    assert not case.proposal.heavier_than(case.proposals[0])
