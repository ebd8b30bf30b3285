"""PC07, questionings, the crime screen in the case, the proposal, PC10."""

from datetime import timedelta

import pytest
from kernel.guards import TooFewOfficers
from kernel.money import Money
from kernel.moves import RoleForbidsMove, SecondOfficerMissing, StateForbidsTransition
from penalties.domain.case import State
from penalties.domain.crime_screen import Answer, CrimeFacts
from penalties.domain.discretion import AmountAboveMaximum, AmountOutsideInterval
from penalties.domain.file import CaseNotFound, ProposalMissing, ReasonMissing
from penalties.domain.guards import CrimeScreenOutdated, CrimeSuspicionUnresolved
from penalties.domain.investigation import CaseNotFiledYet, NoticeWouldBeWorse, OfficerElsewhere, QuestioningInvalid, RecusalNotOpen
from penalties.domain.law import CrimeStandard, Element, Op, Thresholds
from penalties.domain.papers import DocumentNotReady
from penalties.domain.proof import EvidenceNotReady
from penalties.domain.proposal import (
    AllegedFact,
    CorrectionMissing,
    Draft,
    FactWithoutEvidence,
    IncomeHandling,
    IncomeUnaccounted,
    NothingAlleged,
)
from penalties.domain.records import Questioning
from penalties.domain.recusal import RecusalUnreasoned

from .story import CHIEF, DRAFT, FORMS, REGISTERED, STRANGER, WU, ZHENG, ZHOU, a_case, a_person, at, checked, facts, propose

MORNING = at(8, 23, 9)


def a_questioning(case, start=MORNING, minutes=30, **changes):
    given = {
        "case_id": case.id,
        "org_path": case.org_path,
        "person_name": "邓某",
        "person_role": "焊工",
        "place": "分局询问室",
        "starts_at": start,
        "ends_at": start + timedelta(minutes=minutes),
        "officer_ids": ["zhou", "wu"],
        "recorder_id": "wu",
        "notice_document_id": "",
        "record_document_id": "f16",
        "entered_by": "zhou",
    }
    return Questioning(**{**given, **changes})


def report_facts(case, **known):
    given = {"evidence": REGISTERED, **known}
    return facts(ZHOU, at(9, 8), second=WU, case=case, forms="ws10053 F30", **given)


@pytest.mark.row("PC07")
def test_two_officers_begin_the_investigation():
    assert a_case(State.INVESTIGATING).state is State.INVESTIGATING


@pytest.mark.refuses("PC07")
def test_the_investigation_begins_with_two_certified_officers_and_an_act():
    case = a_case(State.FILED)
    with pytest.raises(SecondOfficerMissing):
        case.start_investigation("询问", facts=facts(ZHOU, at(8, 23)))
    with pytest.raises(TooFewOfficers):
        case.start_investigation("询问", facts=facts(ZHOU, at(8, 23), second=WU, officers=[]))
    with pytest.raises(ReasonMissing):
        case.start_investigation(" ", facts=facts(ZHOU, at(8, 23), second=WU))


def test_five_questionings_follow_one_another():
    case = a_case(State.INVESTIGATING)
    for number in range(5):
        asked = a_questioning(case, at(8, 23, 9 + number))
        case.record_questioning(asked, case.questionings, facts=facts(ZHOU, at(8, 23, 18)))

    assert len(case.questionings) == 5


def test_an_officer_does_not_question_two_people_at_once():
    case = a_case(State.INVESTIGATING)
    first = a_questioning(case)
    overlapping = a_questioning(case, at(8, 23, 9) + timedelta(minutes=29))

    with pytest.raises(OfficerElsewhere) as refused:
        case.record_questioning(overlapping, [first], facts=facts(ZHOU, at(8, 23, 18)))

    assert refused.value.facts["officer"] == "wu,zhou"


@pytest.mark.parametrize(
    "changes",
    [
        {"officer_ids": ["zhou"]},
        {"officer_ids": ["zhou", "song"]},
        {"person_name": ""},
        {"place": " "},
        {"minutes": 0},
        {"start": at(8, 23, 20)},
    ],
)
def test_a_questioning_is_complete_and_over(changes):
    case = a_case(State.INVESTIGATING)

    with pytest.raises(QuestioningInvalid):
        case.record_questioning(a_questioning(case, **changes), [], facts=facts(ZHOU, at(8, 23, 18)))


def test_only_an_officer_of_the_case_records_and_only_while_it_is_investigated():
    case = a_case(State.INVESTIGATING)
    with pytest.raises(RoleForbidsMove):
        case.record_questioning(a_questioning(case), [], facts=facts(STRANGER, at(8, 23, 18)))
    filed = a_case(State.FILED)
    with pytest.raises(StateForbidsTransition):
        filed.record_questioning(a_questioning(filed), [], facts=facts(ZHOU, at(8, 23, 18)))


@pytest.mark.row("PC10")
def test_the_report_sends_its_evidence_under_review():
    case = a_case(State.INVESTIGATING)
    propose(case)
    case.run_screen(facts=facts(ZHOU, at(9, 8, 9)))

    reported = case.submit_report(("ws10053", "f30"), facts=report_facts(case))

    assert reported.evidence_ids == ("e1", "e2")
    assert case.screens[-1].point == "REPORT"


@pytest.mark.refuses("PC10")
def test_no_report_without_a_proposal():
    case = a_case(State.INVESTIGATING)

    with pytest.raises(ProposalMissing):
        case.submit_report(("ws10053", "f30"), facts=report_facts(case))


@pytest.mark.refuses("PC10")
def test_no_report_before_the_filing():
    case = a_case(State.INVESTIGATING)
    case.filed = False

    with pytest.raises(CaseNotFiledYet):
        case.submit_report(("ws10053", "f30"), facts=report_facts(case))


@pytest.mark.refuses("PC10")
def test_no_report_on_evidence_that_is_not_registered():
    case = a_case(State.INVESTIGATING)
    propose(case)
    case.run_screen(facts=facts(ZHOU, at(9, 8, 9)))

    with pytest.raises(EvidenceNotReady) as refused:
        case.submit_report(("ws10053", "f30"), facts=report_facts(case, evidence={"e1": "REGISTERED", "e2": "CAPTURED"}))

    assert refused.value.facts["evidence"] == "e2:CAPTURED"


@pytest.mark.refuses("PC10")
def test_no_report_on_a_screen_older_than_the_facts():
    case = a_case(State.INVESTIGATING)
    propose(case)
    case.run_screen(facts=facts(ZHOU, at(9, 8, 8)))
    case.record_questioning(a_questioning(case), [], facts=facts(ZHOU, at(9, 8, 9)))

    with pytest.raises(CrimeScreenOutdated):
        case.submit_report(("ws10053", "f30"), facts=report_facts(case))


@pytest.mark.refuses("PC10")
@pytest.mark.parametrize(
    "crime_facts", [CrimeFacts(accident=Answer.YES, dead=1), CrimeFacts(accident=Answer.YES, direct_loss=Money.yuan(500_000))]
)
def test_no_report_while_a_suspected_crime_is_open(crime_facts):
    case = a_case(State.INVESTIGATING)
    propose(case)
    case.record_crime_facts(crime_facts, facts=facts(ZHOU, at(9, 8, 9)))
    case.run_screen(facts=facts(ZHOU, at(9, 8, 9)))

    with pytest.raises(CrimeSuspicionUnresolved):
        case.submit_report(("ws10053", "f30"), facts=report_facts(case))


@pytest.mark.refuses("PC10")
def test_no_report_when_the_standards_became_stricter_since_the_screen():
    case = a_case(State.INVESTIGATING)
    propose(case)
    case.run_screen(facts=facts(ZHOU, at(9, 8, 9)))
    every_case = CrimeStandard("999", "x", any_of=(Element("a", "act", "act", Op.ACT, acts=("A14",)),))

    with pytest.raises(CrimeSuspicionUnresolved):
        case.submit_report(("ws10053", "f30"), facts=report_facts(case, thresholds=Thresholds(crime_standards=(every_case,))))


@pytest.mark.refuses("PC10")
def test_the_report_carries_both_forms_signed_by_two_officers():
    case = a_case(State.INVESTIGATING)
    propose(case)
    case.run_screen(facts=facts(ZHOU, at(9, 8, 9)))
    with pytest.raises(DocumentNotReady, match="F30 is missing"):
        case.submit_report(("ws10053",), facts=report_facts(case, checked=checked(case, "ws10053")))
    alone = {"OFFICER": ("zhou",)}
    with pytest.raises(DocumentNotReady, match="two officers"):
        case.submit_report(("ws10053", "f30"), facts=report_facts(case, checked=checked(case, "ws10053", "F30", signers=alone)))
    with pytest.raises(DocumentNotReady, match="does not carry the proposal"):
        stale = checked(case, "ws10053", "F30", fields={"penalty_text": "罚款一元"}, signers=FORMS["ws10053"])
        case.submit_report(("ws10053", "f30"), facts=report_facts(case, checked=stale))


def test_a_later_version_that_alleges_something_else_makes_the_screen_old():
    case = a_case(State.INVESTIGATING)
    before = case.fact_version
    propose(case)
    propose(case, amount=50_000)
    assert case.fact_version == before

    propose(case, draft=Draft(**{**DRAFT.__dict__, "facts": (AllegedFact("四名工人", ("e1",)),)}))

    assert [proposal.number for proposal in case.proposals] == [1, 2, 3]
    assert case.fact_version == before + 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"facts": ()}, NothingAlleged),
        ({"facts": (AllegedFact("无证", ()),)}, FactWithoutEvidence),
        ({"correction_order_ids": ()}, CorrectionMissing),
        ({"income_note": ""}, IncomeUnaccounted),
        ({"illegal_income": Money.yuan(10)}, IncomeUnaccounted),
        ({"reasons": " "}, ReasonMissing),
    ],
)
def test_a_proposal_without_what_it_needs_is_refused(changes, reason):
    case = a_case(State.INVESTIGATING)
    draft = Draft(**{**DRAFT.__dict__, **changes})

    with pytest.raises(reason):
        propose(case, draft=draft)
    assert case.proposals == []


def test_illegal_income_is_confiscated_with_the_fine():
    case = a_case(State.INVESTIGATING)
    draft = Draft(**{**DRAFT.__dict__, "illegal_income": Money.yuan(9), "income_handling": IncomeHandling.CONFISCATED})

    propose(case, draft=draft)

    assert [(item.kind, item.amount.fen) for item in case.proposal.items] == [("FINE", 4_900_000), ("CONFISCATE_INCOME", 900)]


def test_an_amount_outside_the_interval_needs_a_reason():
    case = a_case(State.INVESTIGATING)
    with pytest.raises(AmountOutsideInterval):
        propose(case, amount=80_000)
    with pytest.raises(AmountAboveMaximum):
        propose(case, amount=100_001, deviation_reason="特殊")

    propose(case, amount=80_000, deviation_reason="屡教不改")

    assert case.proposal.discretion.deviation_reason == "屡教不改"
    assert "DEVIATION" in case.proposal.review_grounds


def test_after_the_notice_a_proposal_only_becomes_lighter():
    case = a_case(State.DEFENCE)
    with pytest.raises(NoticeWouldBeWorse):
        propose(case, amount=50_000, now=at(9, 20))

    propose(case, amount=40_000, now=at(9, 20))

    assert case.proposal.fine == Money.yuan(40_000)


@pytest.mark.row("RC01", "RC03")
@pytest.mark.refuses("RC01", "RC02", "RC03")
def test_the_head_decides_on_a_recusal_once_and_with_reasons():
    case = a_case(State.INVESTIGATING)
    case.raise_recusal("wu", "亲属", True, facts=facts(ZHOU, at(8, 24)))
    id = case.recusals[0].id
    with pytest.raises(RoleForbidsMove):
        case.decide_recusal(id, True, "属实", facts=facts(ZHENG, at(8, 24)))
    with pytest.raises(RecusalUnreasoned):
        case.decide_recusal(id, True, "", facts=facts(CHIEF, at(8, 24)))
    with pytest.raises(CaseNotFound):
        case.decide_recusal(case.id, True, "属实", facts=facts(CHIEF, at(8, 24)))
    deputy = a_person("dai", "DEP", recusal=None)

    case.decide_recusal(id, False, "不属实", facts=facts(deputy, at(8, 24)))

    with pytest.raises(RecusalNotOpen):
        case.decide_recusal(id, True, "属实", facts=facts(CHIEF, at(8, 24)))
    with pytest.raises(RecusalUnreasoned):
        case.raise_recusal("wu", "", True, facts=facts(ZHOU, at(8, 24)))
