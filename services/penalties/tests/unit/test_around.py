"""Ways around the straight one: PC05, PC06, PC08, PC09, PC18, PC28, PC47–PC49, PC58, PC62, PC63."""

from dataclasses import replace

import pytest
from kernel.guards import OfficerInConflict
from kernel.money import Money
from kernel.moves import SYSTEM, RoleForbidsMove, SecondOfficerMissing
from kernel.timers import TimerState
from penalties.domain.case import State
from penalties.domain.discretion import NoPenaltyDue
from penalties.domain.endings import GoodsHeld, ReceiverMissing, ReportMade, TerminationGroundInvalid, TerminationProofMissing
from penalties.domain.enforcement import HeldGoods
from penalties.domain.file import ReasonMissing
from penalties.domain.filing import FactsMissing
from penalties.domain.guards import (
    ApproverOfOtherBody,
    CollectiveDiscussionRequired,
    InvestigatorMayNotDecide,
    NoPenaltyProposed,
)
from penalties.domain.investigation import CaseNotFiledYet, NoticeWouldBeWorse
from penalties.domain.law import Act, Branch, PartyKind
from penalties.domain.no_penalty import EducationMissing, NoPenaltyDraft, PenaltyProposedInstead
from penalties.domain.notice import NoticeStillCovers, OtherReasonMissing, ReviewNotPassed
from penalties.domain.papers import DocumentNotReady
from penalties.domain.proceedings import CaseKind, Ending, NoPenaltyGround, RefusalDay, SuspensionGround, TerminationGround
from penalties.domain.proposal import AllegedFact, NothingAlleged
from penalties.domain.records import PersonParty, RefusalGround
from penalties.domain.splitting import DayCountedBefore, FineNotServed, NothingToSplit, OrderNotRefused, Part, RefusalDayInvalid
from penalties.domain.urgent import FiledAlready
from penalties.domain.wording import penalty_text

from .chemicals import minutes, papers
from .story import (
    CHIEF,
    CITY,
    DEP,
    DRAFT,
    FOUND,
    HEAVIER,
    LEGAL,
    STRANGER,
    THRESHOLDS,
    WU,
    ZHENG,
    ZHOU,
    Found,
    a_case,
    a_clue,
    a_document,
    a_person,
    an_officer,
    at,
    checked,
    facts,
    propose,
)

APPROVED = {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)}


def approved(case, *forms):
    return {"checked": checked(case, *forms, signers=APPROVED)}


# PC05, PC06


def urgent(**clue):
    case = a_case(State.CLUE, **clue)
    case.start_urgently("证据可能灭失", facts=facts(ZHOU, at(8, 18), second=WU))
    return case


def file(case, now, **changes):
    given = {"checked": checked(case, "F01", signers={**APPROVED, **changes})}
    return case.file_afterwards("f01", facts=facts(DEP, now, **given))


@pytest.mark.row("PC05")
@pytest.mark.row("PC06")
def test_evidence_first_the_filing_within_five_days():
    case = urgent()
    assert (case.state, case.filed, case.timer("D04").legal_expiry) == (State.INVESTIGATING, False, "2022-08-23")

    file(case, at(8, 22))

    assert (case.state, case.filed, case.filing_reviewed_by) == (State.FILED, True, "zheng")
    assert case.timer("D04").stopped_at == at(8, 22)
    assert case.timer("D12").legal_expiry == "2022-09-21"
    case.start_investigation("询问", facts=facts(ZHOU, at(8, 23), second=WU))
    with pytest.raises(FiledAlready):
        file(case, at(8, 24))


@pytest.mark.row("PC06")
def test_after_d04_the_breach_stands_and_the_case_is_filed_at_once():
    case = urgent()

    file(case, at(8, 29))

    assert (case.state, case.timer("D04").state) == (State.FILED, TimerState.BREACHED)


@pytest.mark.refuses("PC05")
def test_urgency_is_two_officers_facts_and_a_reason():
    case = a_case(State.CLUE)
    with pytest.raises(ReasonMissing):
        case.start_urgently(" ", facts=facts(ZHOU, at(8, 18), second=WU))
    with pytest.raises(SecondOfficerMissing):
        case.start_urgently("急", facts=facts(ZHOU, at(8, 18)))
    with pytest.raises(FactsMissing):
        urgent(summary=" ")


@pytest.mark.refuses("PC06")
def test_the_filing_afterwards_is_approved_as_any_other():
    case = urgent()
    with pytest.raises(DocumentNotReady):
        file(case, at(8, 22), REVIEWER=())
    with pytest.raises(RoleForbidsMove):
        case.file_afterwards("f01", facts=facts(ZHENG, at(8, 22), **approved(case, "F01")))
    with pytest.raises(InvestigatorMayNotDecide):
        case.file_afterwards("f01", facts=facts(a_person("zhou", "DEP"), at(8, 22), **approved(case, "F01")))
    with pytest.raises(ApproverOfOtherBody):
        case.file_afterwards("f01", facts=facts(replace(DEP, org_id="else"), at(8, 22), **approved(case, "F01")))


@pytest.mark.refuses("PC10")
def test_an_unfiled_case_is_not_reported():
    case = urgent()
    propose(case, now=at(8, 19))

    with pytest.raises(CaseNotFiledYet):
        case.submit_report((), facts=facts(ZHOU, at(8, 19), second=WU, case=case, forms="ws10053 F30"))


@pytest.mark.row("PC04")
def test_an_urgent_investigation_may_end_without_a_filing():
    case = urgent(finding_ids=[])

    case.refuse_filing(RefusalGround.NOT_ESTABLISHED, "查无实据", "", facts=facts(DEP, at(8, 22)))

    assert case.state is State.NOT_FILED


# PC08, PC09


def suspended(ground=SuspensionGround.LITIGATION, now=at(8, 25)):  # noqa: B008
    case = a_case(State.INVESTIGATING)
    case.suspend(ground, "等待判决", "x7s", facts=facts(DEP, now, **approved(case, "X7S")))
    return case


@pytest.mark.row("PC08")
@pytest.mark.row("PC09")
@pytest.mark.parametrize("ground", list(SuspensionGround))
def test_d12_stands_still_while_the_investigation_does(ground):
    case = suspended(ground)
    assert (case.state, case.timer("D12").expires_at) == (State.SUSPENDED, None)

    resumed = case.resume("判决生效", "x7r", facts=facts(DEP, at(9, 5), **approved(case, "X7R")))

    assert (case.state, resumed.decide_by) == (State.INVESTIGATING, "2022-09-28")
    assert case.suspensions[-1].resumed_at == at(9, 5)


def test_by_the_other_reading_d12_runs_on():
    case = a_case(State.INVESTIGATING)
    given = facts(DEP, at(8, 25), **approved(case, "X7S"))
    law = given.law.override({"readings": {"d12_exclude.suspension": False}})

    case.suspend(SuspensionGround.LITIGATION, "等待判决", "x7s", facts=replace(given, law=law))

    assert case.timer("D12").legal_expiry == "2022-09-19"


@pytest.mark.refuses("PC08")
def test_a_suspension_is_written_of_a_filed_case_and_approved():
    case = a_case(State.INVESTIGATING)
    with pytest.raises(ReasonMissing):
        case.suspend(SuspensionGround.LITIGATION, " ", "x7s", facts=facts(DEP, at(8, 25), **approved(case, "X7S")))
    with pytest.raises(DocumentNotReady):
        case.suspend(SuspensionGround.LITIGATION, "等", "x7s", facts=facts(DEP, at(8, 25), case=case))
    with pytest.raises(RoleForbidsMove):
        case.suspend(SuspensionGround.LITIGATION, "等", "x7s", facts=facts(CHIEF, at(8, 25), **approved(case, "X7S")))
    with pytest.raises(CaseNotFiledYet):
        unfiled = urgent()
        unfiled.suspend(SuspensionGround.LITIGATION, "等", "x7s", facts=facts(DEP, at(8, 25), **approved(unfiled, "X7S")))


@pytest.mark.refuses("PC09")
def test_it_goes_on_by_approval():
    case = suspended()
    with pytest.raises(ReasonMissing):
        case.resume("", "x7r", facts=facts(DEP, at(9, 5), **approved(case, "X7R")))
    with pytest.raises(RoleForbidsMove):
        case.resume("好", "x7r", facts=facts(ZHOU, at(9, 5), **approved(case, "X7R")))
    with pytest.raises(DocumentNotReady):
        case.resume("好", "x7r", facts=facts(DEP, at(9, 5), case=case))


# PC18


def worse(case, reason="另案查明同时段还有一人无证", by=ZHOU):
    draft = replace(DRAFT, other_reason=reason)
    propose(case, amount=60_000, by=by, now=at(9, 20), draft=draft, circumstances=())


@pytest.mark.row("PC18")
def test_what_becomes_worse_for_another_reason_is_told_anew_and_the_periods_run_again():
    case = a_case(State.DEFENCE)
    worse(case)

    case.tell_anew("", facts=facts(ZHENG, at(9, 20)))
    assert case.state is State.NOTICE_DRAFT
    case.release_notice(("ws1003012", "f24"), facts=facts(DEP, at(9, 21, 9), case=case, forms="ws1003012 F24"))
    case.notify("f24", "2022-09-21", "2022-09-21", "DIRECT", facts=facts(SYSTEM, at(9, 21, 15)))

    assert case.timer("D08").legal_expiry == "2022-09-28"
    assert len([timer for timer in case.timers if timer.timer == "D08"]) == 2


@pytest.mark.refuses("PC18")
def test_nothing_becomes_worse_because_of_the_defence():
    case = a_case(State.DEFENCE)
    with pytest.raises(NoticeWouldBeWorse):
        worse(case, " ")
    with pytest.raises(NoticeStillCovers):
        case.tell_anew("", facts=facts(ZHENG, at(9, 20)))
    worse(case, by=WU)
    with pytest.raises(OtherReasonMissing):
        case.tell_anew("", facts=facts(ZHENG, at(9, 20)))
    worse(case)
    with pytest.raises(RoleForbidsMove):
        case.tell_anew("", facts=facts(ZHOU, at(9, 20)))


# PC62, PC28


def spared(ground=NoPenaltyGround.MINOR, disputed=False, case=None):
    case = case or a_case(State.INVESTIGATING)
    made = (AllegedFact("一人证件过期一日", ("e1",)),) if ground is not NoPenaltyGround.NOT_ESTABLISHED else ()
    draft = NoPenaltyDraft(ground, "轻微并及时改正", made, disputed)
    case.propose_no_penalty(draft, FOUND, facts=facts(ZHOU, at(9, 8, 9)))
    case.run_screen(facts=facts(ZHOU, at(9, 8, 9)))
    case.submit_report(("ws10053", "f30"), facts=facts(ZHOU, at(9, 8), second=WU, case=case, forms="ws10053 F30"))
    return case


def reviewed(case):
    case.submit_for_review(("ws10051",), facts=facts(ZHOU, at(9, 8, 11), case=case, forms="ws10051"))
    case.pass_review("同意", "ws10059", facts=facts(LEGAL, at(9, 8, 15), case=case, forms="ws10059"))
    return case


def decide(case, education="已教育", by=CHIEF, now=at(9, 13), forms="F30 ws10050", **more):  # noqa: B008
    return case.decide_no_penalty(education, ("f30", "ws10050"), "", facts=facts(by, now, case=case, forms=forms, **more))


@pytest.mark.row("PC62")
@pytest.mark.row("PC28")
@pytest.mark.row("PC14")
@pytest.mark.parametrize("ground", list(NoPenaltyGround))
def test_no_penalty_needs_no_notice_but_its_review(ground):
    case = reviewed(spared(ground))
    assert (case.state, case.review_round, case.review) == (State.LEGAL_REVIEW, "PRE_DECISION", "PASS")

    case.submit_no_penalty(("f30",), facts=facts(ZHENG, at(9, 9), case=case, forms="F30"))
    decide(case)

    assert (case.state, case.ending.ground, case.fine) == (State.NO_PENALTY, ground.value, Money(0))
    assert case.timer("D12").stopped_at == at(9, 13)
    assert penalty_text(case.proposal) == "不予行政处罚。"


@pytest.mark.row("PC62")
def test_from_the_report_it_goes_to_the_head_as_well_where_no_review_is_due():
    limits = replace(THRESHOLDS, review_all=False)
    case = a_case(State.INVESTIGATING)
    draft = NoPenaltyDraft(NoPenaltyGround.NO_FAULT, "无过错", (AllegedFact("x", ("e1",)),))
    case.propose_no_penalty(draft, replace(FOUND, thresholds=limits), facts=facts(ZHOU, at(9, 8, 9)))
    case.run_screen(facts=facts(ZHOU, at(9, 8, 9)))
    case.submit_report((), facts=facts(ZHOU, at(9, 8), second=WU, case=case, forms="ws10053 F30"))

    case.submit_no_penalty(("f30",), facts=facts(ZHENG, at(9, 9), case=case, forms="F30"))

    assert case.state is State.DECIDING
    with pytest.raises(NoPenaltyProposed):
        case.decide(("f30", "f34"), "", facts=facts(CHIEF, at(9, 13), case=case, forms="F30 F34"))


@pytest.mark.row("PC28")
def test_a_disputed_case_is_decided_by_the_leaders():
    case = reviewed(spared(disputed=True))
    case.submit_no_penalty(("f30",), facts=facts(ZHENG, at(9, 9), case=case, forms="F30"))
    with pytest.raises(CollectiveDiscussionRequired):
        decide(case)
    case.start_deliberation("", (), facts=facts(ZHENG, at(9, 9)))
    signed = papers(case, "F31", ATTENDANT=("chen", "ye", "dai"))
    case.conclude_deliberation(minutes(), facts=facts(CHIEF, at(9, 13, 9), **signed))

    decide(case)

    assert case.state is State.NO_PENALTY


@pytest.mark.refuses("PC62")
def test_a_penalty_does_not_go_this_way_nor_an_unreviewed_case():
    with pytest.raises(PenaltyProposedInstead):
        penalty = a_case(State.REPORTED)
        penalty.submit_no_penalty(("f30",), facts=facts(ZHENG, at(9, 9), case=penalty, forms="F30"))
    case = spared()
    case.submit_for_review(("ws10051",), facts=facts(ZHOU, at(9, 8, 11), case=case, forms="ws10051"))
    with pytest.raises(ReviewNotPassed):
        case.submit_no_penalty(("f30",), facts=facts(ZHENG, at(9, 9), case=case, forms="F30"))
    with pytest.raises(RoleForbidsMove):
        case.submit_no_penalty(("f30",), facts=facts(CHIEF, at(9, 9), case=case, forms="F30"))


@pytest.mark.refuses("PC28")
def test_who_is_not_punished_is_taught_and_gets_his_goods_back():
    case = reviewed(spared())
    case.submit_no_penalty(("f30",), facts=facts(ZHENG, at(9, 9), case=case, forms="F30"))
    with pytest.raises(EducationMissing):
        decide(case, " ")
    with pytest.raises(RoleForbidsMove):
        decide(case, by=DEP)
    with pytest.raises(DocumentNotReady):
        decide(case, forms="F30")
    case.measures.append(held(case))
    with pytest.raises(GoodsHeld):
        decide(case)
    with pytest.raises(PenaltyProposedInstead):
        penalty = a_case(State.DECIDING)
        decide(penalty, forms="F30 ws10050")


def held(case):
    return HeldGoods(case.id, case.org_path, case.inspection_id, str(case.id), "SEAL", "DECIDED", "2022-09-15", [], at(8, 16))


def test_a_bar_is_proposed_as_what_it_is():
    case = a_case(State.INVESTIGATING)
    with pytest.raises(NothingAlleged):
        case.propose_no_penalty(NoPenaltyDraft(NoPenaltyGround.MINOR, "轻微"), FOUND, facts=facts(ZHOU, at(9, 8)))
    with pytest.raises(ReasonMissing):
        case.propose_no_penalty(NoPenaltyDraft(NoPenaltyGround.MINOR, " "), FOUND, facts=facts(ZHOU, at(9, 8)))
    with pytest.raises(NoPenaltyDue):
        propose(case, circumstances=(replace(HEAVIER, code="N1"),))


# PC47, PC48, PC49


def ending(case, row="PC47", **changes):
    given = {
        "receiver": "海事局",
        "accepted_on": "2022-09-01",
        "proof_id": "letter",
        "document_ids": ("f43", "f44"),
    }
    return Ending(row, changes.pop("reason", "管辖不属本机关"), "dai", at(9, 1), **{**given, **changes})


def hand_over(case, by=DEP, **changes):
    papers_ = {"checked": {**checked(case, "F43", signers=APPROVED), **checked(case, "F44")}}
    return case.hand_over(ending(case, **changes), facts=facts(by, at(9, 1), **papers_))


@pytest.mark.row("PC47")
@pytest.mark.parametrize("state", ["CLUE", "FILED", "INVESTIGATING", "DEFENCE", "DECIDING", "SUSPENDED", "HEARING_REQ"])
def test_another_authority_takes_the_case_over(state):
    case = a_case(state)

    moved = hand_over(case)

    assert (case.state, case.ending.receiver, moved.receiver) == (State.MOVED, "海事局", "海事局")
    assert not [t for t in case.timers if t.timer in {"D08", "D12"} and t.stopped_at is None]


@pytest.mark.refuses("PC47")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"receiver": ""}, ReceiverMissing),
        ({"accepted_on": ""}, ReceiverMissing),
        ({"proof_id": ""}, ReceiverMissing),
        ({"reason": ""}, ReasonMissing),
    ],
)
def test_only_an_authority_that_accepted_it(changes, error):
    with pytest.raises(error):
        hand_over(a_case(State.INVESTIGATING), **changes)


@pytest.mark.refuses("PC47")
def test_the_deputy_hands_it_over_on_paper():
    case = a_case(State.INVESTIGATING)
    with pytest.raises(RoleForbidsMove):
        hand_over(case, by=CHIEF)
    with pytest.raises(DocumentNotReady):
        case.hand_over(ending(case), facts=facts(DEP, at(9, 1), case=case))


def withdraw(case, second=DEP, by=LEGAL, reason="立案有误", **more):
    return case.withdraw(reason, ("ws10052",), facts=facts(by, at(9, 1), second=second, **{**approved(case, "ws10052"), **more}))


@pytest.mark.row("PC48")
@pytest.mark.parametrize("state", ["FILED", "INVESTIGATING", "SUSPENDED"])
def test_a_filing_by_mistake_is_withdrawn_by_two(state):
    case = a_case(state)

    withdraw(case)

    assert (case.state, case.ending.proposed_by, case.ending.ended_by) == (State.WITHDRAWN, "luo", "dai")


@pytest.mark.refuses("PC48")
def test_not_after_the_report_nor_with_goods_held_nor_by_one():
    case = a_case(State.INVESTIGATING)
    with pytest.raises(SecondOfficerMissing):
        withdraw(case, second=None)
    with pytest.raises(RoleForbidsMove):
        withdraw(case, by=DEP, second=LEGAL)
    with pytest.raises(ReasonMissing):
        withdraw(case, reason="")
    with pytest.raises(InvestigatorMayNotDecide):
        withdraw(case, by=a_person("zhou", "LEGAL"))
    with pytest.raises(InvestigatorMayNotDecide):
        signed = {**APPROVED, "APPROVER": ("zhou",)}
        withdraw(case, second=a_person("zhou", "DEP"), checked=checked(case, "ws10052", signers=signed))
    other = a_person("other", "DEP", org=CITY)
    with pytest.raises(DocumentNotReady):
        withdraw(case, second=other)
    case.measures.append(held(case))
    with pytest.raises(GoodsHeld):
        withdraw(case)
    reported = a_case(State.REPORTED)
    reported.send_back("补充", facts=facts(ZHENG, at(9, 9)))
    with pytest.raises(ReportMade):
        withdraw(reported)


@pytest.mark.refuses("PC48")
def test_who_is_recused_does_not_confirm_it():
    case = a_case(State.INVESTIGATING)
    case.raise_recusal("dai", "亲属", True, facts=facts(ZHOU, at(8, 24)))
    case.decide_recusal(case.recusals[0].id, True, "属实", facts=facts(CHIEF, at(8, 24)))

    with pytest.raises(OfficerInConflict):
        withdraw(case)


def terminate(case, ground=TerminationGround.DISSOLUTION, now=at(9, 25), by=DEP, **changes):  # noqa: B008
    end = ending(case, "PC49", ground=ground.value, document_ids=("term",), **changes)
    return case.terminate(ground, end, facts=facts(by, now, **approved(case, "TERM")))


@pytest.mark.row("PC49")
@pytest.mark.parametrize("state", ["FILED", "INVESTIGATING", "DEFENCE", "DECIDING", "DECIDED", "CRIME_TRANSFER"])
def test_a_unit_that_ended_without_successor_ends_the_case(state):
    case = a_case(state)

    terminate(case)

    assert (case.state, case.ending.row) == (State.TERMINATED, "PC49")
    assert not [t for t in case.timers if t.stopped_at is None and t.state is TimerState.RUNNING]


@pytest.mark.row("PC49")
def test_in_execution_there_may_be_nothing_to_execute():
    case = a_case(State.EXECUTING)

    terminate(case, TerminationGround.NOTHING_TO_EXECUTE)

    assert case.state is State.TERMINATED


@pytest.mark.refuses("PC49")
def test_a_termination_has_proof_and_the_ground_of_its_stage():
    with pytest.raises(TerminationProofMissing):
        terminate(a_case(State.INVESTIGATING), proof_id=" ")
    with pytest.raises(ReasonMissing):
        terminate(a_case(State.INVESTIGATING), reason=" ")
    with pytest.raises(TerminationGroundInvalid):
        terminate(a_case(State.INVESTIGATING), TerminationGround.NOTHING_TO_EXECUTE)
    with pytest.raises(TerminationGroundInvalid):
        terminate(a_case(State.EXECUTING), TerminationGround.LIMITATION)
    with pytest.raises(RoleForbidsMove):
        terminate(a_case(State.INVESTIGATING), by=CHIEF)


# PC63


def part(**changes):
    given = {
        "reason": "主要负责人另行处理",
        "name": "",
        "party_kind": PartyKind.PERSON,
        "party_name": "邓某",
        "enterprise_id": a_clue().enterprise_id,
        "person": PersonParty("邓某"),
        "act_id": "A14",
        "branch": "",
        "finding_ids": ("f1",),
        "summary": "主要负责人未履职",
        "document_id": "note",
    }
    return Part(**{**given, **changes})


@pytest.mark.row("PC63")
@pytest.mark.parametrize(
    ("state", "new"),
    [
        ("CLUE", State.CLUE),
        ("FILING", State.CLUE),
        ("FILED", State.FILED),
        ("INVESTIGATING", State.INVESTIGATING),
        ("DECIDING", State.INVESTIGATING),
    ],
)
def test_a_party_is_split_off_and_keeps_the_first_day_of_the_filing(state, new):
    case = a_case(state)

    sibling, happened = case.split(part(), facts=facts(DEP, at(9, 20)))

    assert (str(case.state), sibling.state, happened.sibling_id) == (state, new, sibling.id)
    assert (case.sibling_ids, sibling.origin_case_id) == ([str(sibling.id)], str(case.id))
    assert case.finding_ids == ["f1", "f2"]
    if case.filed:
        assert sibling.timer("D12").legal_expiry == case.timer("D12").legal_expiry
        assert sibling.timer("D12").object_id == sibling.id
    assert sibling.take_transitions()[-1].row == "PC63"


@pytest.mark.row("PC63")
def test_an_act_is_split_off_with_its_findings():
    case = a_case(State.INVESTIGATING)

    sibling, _ = case.split(part(party_kind=PartyKind.UNIT, person=None, act_id="A13"), facts=facts(DEP, at(9, 1)))

    assert (case.finding_ids, sibling.finding_ids, sibling.act_id) == (["f2"], ["f1"], "A13")


@pytest.mark.refuses("PC63")
def test_nothing_is_split_from_itself():
    case = a_case(State.INVESTIGATING)
    same = part(party_kind=PartyKind.UNIT, person=None)
    for given, error in (
        (same, NothingToSplit),
        (part(finding_ids=("x",)), NothingToSplit),
        (part(summary=""), NothingToSplit),
        (part(reason=""), ReasonMissing),
    ):
        with pytest.raises(error):
            case.split(given, facts=facts(DEP, at(9, 1)))
    with pytest.raises(RoleForbidsMove):
        case.split(part(), facts=facts(ZHENG, at(9, 1)))


# PC58

A45 = Act("A45", "拒不改正", "", "《中华人民共和国安全生产法》第一百一十二条", (Branch("DAILY", computable=False),), correct_order=False)
DAYS = [RefusalDay("2022-10-20", ("e1",)), RefusalDay("2022-10-21", ("e2",))]


def a_daily_clue(days=None):
    return a_clue(
        act_id="A45",
        branch="DAILY",
        act_on="2022-10-20",
        discovered_on="2022-10-24",
        kind=CaseKind.DAILY,
        refusal_days=DAYS if days is None else days,
        summary="拒不改正",
    )


def open_daily(case, fined, by=ZHOU, second=WU, ordered_on="2022-10-19", **more):
    return case.open_daily(fined, "order-1", ordered_on, facts=facts(by, at(10, 24), second=second, **more))


@pytest.mark.row("PC58")
def test_a_daily_fine_is_the_first_fine_for_each_day_of_refusal():
    fined, case = a_case(State.EXECUTING), a_daily_clue()

    open_daily(case, fined)
    case.state, case.filed = State.INVESTIGATING, True
    draft = replace(DRAFT, correction_order_ids=(), facts=(AllegedFact("拒不改正两日", ("e1", "e2")),))
    found = Found(A45, A45, None, THRESHOLDS, fined.fine)
    propose(case, amount=0, now=at(10, 25), draft=draft, found=found)

    assert case.proposal.fine == Money.yuan(98_000)
    assert (case.proposal.violated, case.decision_form) == (A45.basis_text, "X5")
    assert case.timer("D50").stopped_at is not None


@pytest.mark.refuses("PC58")
@pytest.mark.parametrize(
    ("days", "ordered_on"),
    [
        ([], "2022-10-19"),
        (DAYS, "2022-10-20"),
        ([RefusalDay("2022-10-20")], "2022-10-19"),
        ([RefusalDay("2022-10-30", ("e1",))], "2022-10-19"),
        ([DAYS[0], DAYS[0]], "2022-10-19"),
    ],
)
def test_a_day_of_refusal_comes_after_the_order_once_and_with_evidence(days, ordered_on):
    with pytest.raises(RefusalDayInvalid):
        open_daily(a_daily_clue(days), a_case(State.EXECUTING), ordered_on=ordered_on)


@pytest.mark.refuses("PC58")
def test_a_daily_fine_follows_a_served_fine_and_a_refused_order():
    with pytest.raises(FineNotServed):
        open_daily(a_daily_clue(), a_case(State.DECIDED))
    with pytest.raises(DayCountedBefore):
        open_daily(a_daily_clue(), a_case(State.EXECUTING), days_fined=("2022-10-21",))
    with pytest.raises(OrderNotRefused):
        open_daily(a_daily_clue(), a_case(State.EXECUTING), failed_orders=())
    with pytest.raises(SecondOfficerMissing):
        open_daily(a_daily_clue(), a_case(State.EXECUTING), second=None)
    with pytest.raises(RoleForbidsMove):
        open_daily(a_daily_clue(), a_case(State.EXECUTING), second=STRANGER)


def test_an_officer_without_certificate_opens_no_daily_case():
    with pytest.raises(Exception, match="certificate"):
        officers = [an_officer("zhou"), an_officer("wu", region_codes=("440400",))]
        open_daily(a_daily_clue(), a_case(State.EXECUTING), officers=officers)
    assert a_document(a_clue(), "X5").title
