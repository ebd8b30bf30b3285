"""The leaders discuss collectively: PC24, PC25, G12 with the triggers of 1.7, F31 signed by everyone."""

from dataclasses import replace

import pytest
from kernel.guards import OfficerInConflict
from kernel.money import Money
from kernel.moves import RoleForbidsMove, StateForbidsTransition
from penalties.domain.case import State
from penalties.domain.deliberation import (
    DeliberationNotNeeded,
    InvestigatorAttends,
    MinutesIncomplete,
    MinutesUnsigned,
    NoMajority,
    TooFewAttendants,
)
from penalties.domain.guards import CollectiveDiscussionRequired, HearingNotHeld, LegalReviewMissing
from penalties.domain.papers import DocumentNotReady
from penalties.domain.proceedings import Attendant

from .chemicals import LEADERS, YE, known, minutes, papers, the_chemicals
from .story import BODY, CHIEF, DEP, LEGAL, THRESHOLDS, WU, ZHENG, ZHOU, a_case, at, facts

SIGNED = {"ATTENDANT": ("chen", "ye", "dai")}


def attendants(*leaders):
    return tuple(Attendant(id, id, "局领导", agrees, opinion) for id, agrees, opinion in leaders)


def conclude(case, given, by=CHIEF, **more):
    case.conclude_deliberation(given, facts=known(by, at(7, 27, 11), case, **{**papers(case, "F31", **SIGNED), **more}))


@pytest.mark.row("PC24")
@pytest.mark.row("PC25")
def test_the_leaders_conclude_and_the_dissent_stands_in_the_minutes():
    case = the_chemicals("DECIDING")

    last = case.deliberations[-1]
    assert case.state is State.DECIDING
    assert last.grounds == ("FINE_AMOUNT", "CONFISCATE_GOODS_AMOUNT", "CONFISCATE_INCOME_AMOUNT")
    assert (last.proposal_number, last.proposal_digest) == (1, case.proposal.digest)
    assert [(a.id, a.agrees, a.opinion) for a in last.attendants][-1] == ("dai", False, "罚款偏低")
    assert last.concluded_by == "chen"


@pytest.mark.row("PC24")
def test_from_the_defence_and_from_the_head_as_well():
    case = a_case(State.DEFENCE)
    case.start_deliberation("分歧较大", (), facts=facts(ZHENG, at(9, 20)))
    assert case.state is State.DELIBERATION
    deciding = a_case(State.DECIDING)
    deciding.start_deliberation("负责人要求", (), facts=facts(ZHENG, at(9, 20)))
    assert deciding.deliberations[-1].grounds == ("REASONED",)


@pytest.mark.refuses("PC24")
def test_without_a_ground_of_1_7_the_reason_is_written_down():
    with pytest.raises(DeliberationNotNeeded):
        a_case(State.DEFENCE).start_deliberation(" ", (), facts=facts(ZHENG, at(9, 20)))
    with pytest.raises(RoleForbidsMove):
        a_case(State.DEFENCE).start_deliberation("分歧", (), facts=facts(CHIEF, at(9, 20)))


@pytest.mark.refuses("PC24")
def test_not_before_the_review_nor_while_a_hearing_is_owed():
    unreviewed = the_chemicals("LEGAL_REVIEW")
    unreviewed.run_screen(facts=known(ZHOU, at(7, 25), unreviewed))
    unreviewed.review = "PASS"
    unreviewed.reviews = []
    with pytest.raises(Exception, match="review"):
        unreviewed.start_deliberation("", (), facts=known(ZHENG, at(7, 25), unreviewed))
    owed = the_chemicals("HEARING_SET")
    owed.state = State.DEFENCE
    owed.lapse_statement_meanwhile(facts=known(ZHOU, at(7, 15), owed))
    with pytest.raises(HearingNotHeld):
        owed.start_deliberation("", (), facts=known(ZHENG, at(7, 25), owed))
    bare = a_case(State.DEFENCE)
    bare.reviews = []
    with pytest.raises(LegalReviewMissing):
        bare.start_deliberation("分歧", (), facts=facts(ZHENG, at(9, 20)))


@pytest.mark.refuses("PC25")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"attendants": attendants(*LEADERS[:2])}, TooFewAttendants),
        ({"attendants": attendants(("chen", True, ""), ("ye", False, "偏重"), ("dai", False, "偏低"))}, NoMajority),
        ({"attendants": attendants(("chen", True, ""), ("ye", True, ""), ("dai", False, ""))}, MinutesIncomplete),
        ({"attendants": attendants(("chen", True, ""), ("ye", True, ""), ("zhou", True, ""))}, InvestigatorAttends),
        ({"attendants": attendants(("chen", True, ""), ("ye", True, ""), ("mo", True, ""))}, MinutesUnsigned),
        ({"attendants": attendants(("chen", True, ""), ("chen", True, ""), ("dai", True, ""))}, MinutesIncomplete),
        ({"presider_id": "nobody"}, MinutesIncomplete),
        ({"conclusion": " "}, MinutesIncomplete),
        ({"ends_at": at(7, 27, 9)}, MinutesIncomplete),
        ({"ends_at": at(7, 28)}, MinutesIncomplete),
    ],
)
def test_minutes_that_are_no_minutes_conclude_nothing(changes, error):
    case = the_chemicals("DELIBERATION")

    with pytest.raises(error):
        conclude(case, minutes(**changes))
    assert case.state is State.DELIBERATION


@pytest.mark.refuses("PC25")
def test_who_was_recused_does_not_attend_and_the_form_is_there():
    case = the_chemicals("DELIBERATION")
    with pytest.raises(DocumentNotReady):
        conclude(case, minutes(), checked={})
    case.raise_recusal("ye", "亲属", True, facts=known(ZHOU, at(7, 27), case))
    case.decide_recusal(case.recusals[0].id, True, "属实", facts=known(CHIEF, at(7, 27), case))
    with pytest.raises(OfficerInConflict):
        conclude(case, minutes())


@pytest.mark.refuses("PC25")
@pytest.mark.parametrize("by", [ZHENG, LEGAL, WU], ids=lambda person: person.id)
def test_only_the_leaders_conclude_and_only_while_it_is_before_them(by):
    with pytest.raises(RoleForbidsMove):
        conclude(the_chemicals("DELIBERATION"), minutes(), by=by)
    with pytest.raises(StateForbidsTransition):
        conclude(the_chemicals("REVIEWED"), minutes())


@pytest.mark.row("PC25")
@pytest.mark.parametrize("by", [DEP, YE], ids=lambda person: person.id)
def test_any_leader_enters_the_conclusion(by):
    case = the_chemicals("DELIBERATION")

    conclude(case, minutes(), by=by)

    assert case.state is State.DECIDING


def test_how_many_attend_is_a_setting():
    case = the_chemicals("DELIBERATION")

    with pytest.raises(TooFewAttendants):
        conclude(case, minutes(), thresholds=replace(THRESHOLDS, min_attendees=5))
    with pytest.raises(TooFewAttendants):
        conclude(case, minutes(), body=replace(BODY, min_attendees=4))


def test_the_leaders_send_a_case_back():
    case = the_chemicals("DELIBERATION")

    case.send_back("补充鉴定", facts=known(CHIEF, at(7, 27), case))

    assert case.state is State.INVESTIGATING


@pytest.mark.refuses("PC27")
def test_another_proposal_than_the_leaders_saw_is_not_decided():
    case = the_chemicals("DECIDING")
    told = case.proposals[-1]
    case.proposals.append(replace(told, number=2, digest="other"))
    case.reviews.append(replace(case.reviews[-1], proposal_digest="other"))

    with pytest.raises(CollectiveDiscussionRequired):
        case.decide(("f30", "f34"), "", facts=known(CHIEF, at(7, 29), case, "F30 F34", evidence={"e1": "ADMITTED", "e2": "ADMITTED"}))


def test_case_2_is_decided_with_its_amounts_apart():
    case = the_chemicals("DECIDED")

    assert case.fine == Money.yuan(150_000)
    decided = case.proposal_of(case.decided_proposal)
    assert [(item.kind, item.amount) for item in decided.items] == [
        ("FINE", Money.yuan(150_000)),
        ("CONFISCATE_GOODS", Money.yuan(286_400)),
        ("CONFISCATE_INCOME", Money.yuan(92_000)),
    ]
    assert decided.hearing_grounds == ("FINE_AMOUNT", "CONFISCATE_GOODS_AMOUNT")
    assert (decided.discretion.position, decided.discretion.act_id) == (0.5, "A59")
    assert {name: case.timer(name).legal_expiry for name in ("D12", "D14", "D51")} == {
        "D12": "2022-09-13",
        "D14": "2022-08-09",
        "D51": "2022-08-08",
    }
