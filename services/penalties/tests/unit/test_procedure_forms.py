"""What the case fills into the forms of hearing, discussion, penalty on the spot and the other ends; and who may serve them."""

import pytest
from kernel.money import Money
from kernel.moves import Facts
from penalties.application import drafting
from penalties.application.procedure_forms import PROCEDURE
from penalties.domain.case import State
from penalties.domain.law import PartyKind
from penalties.domain.proceedings import CaseKind, NoPenaltyGround, RefusalDay, SimpleKind, SimplePenalty, SuspensionGround

from .chemicals import HEARD_AT, KONG, known, papers, the_chemicals
from .fakes import FakeUow, Others
from .story import A14, DEP, LAW, ZHOU, a_case, a_clue, a_document, a_person_party, at, facts
from .test_around import approved, hand_over, spared
from .test_hearing import tribunal


def by(person, now):
    return Facts(by=person, now=now, law=LAW)


async def drafted(case, form, now=None, *others):
    asked = by(ZHOU, now or at(7, 12))
    return await drafting.may_draft(
        Others(case).ports, FakeUow(case, *others), facts=asked, form=form, object_kind="case", object_id=case.id
    )


@pytest.mark.parametrize("form", sorted(PROCEDURE))
async def test_each_form_has_its_states(form):
    right = next(state for state in State if state in PROCEDURE[form])
    wrong = next(state for state in State if state not in PROCEDURE[form])
    case = the_chemicals("NOTIFIED")
    case.state = wrong
    assert (await drafted(case, form)).reason == "STATE_FORBIDS_FORM"
    case.state = right
    case.kind = CaseKind.DAILY if form == "X5" else CaseKind.ORDINARY
    case.party_kind = PartyKind.PERSON if form == "F33" else PartyKind.UNIT
    case.person = a_person_party()
    origin = a_clue(fine=case.fine)
    case.origin_case_id = str(origin.id)

    assert (await drafted(case, form, None, origin)).allowed


async def test_the_notice_of_the_hearing_names_who_holds_it():
    case = the_chemicals("HEARING_SET")

    fields = (await drafted(case, "F27")).fields

    assert (fields["presider"], fields["members"], fields["hearing_clerk"]) == ("kong", "member", "clerk")
    assert (fields["place"], fields["hearing_open_text"]) == ("二楼听证室", "听证公开进行")
    assert fields["hearing_at"] == HEARD_AT.isoformat()


async def test_a_closed_hearing_says_why_and_a_case_without_one_says_nothing():
    case = the_chemicals("HEARING_SET")
    case.hearing.public, case.hearing.closed_reason = False, "商业秘密"
    assert "商业秘密" in (await drafted(case, "F27")).fields["hearing_open_text"]
    case.hearings = []

    assert "presider" not in (await drafted(case, "F27")).fields


async def test_the_minutes_name_the_grounds():
    fields = (await drafted(the_chemicals("DELIBERATION"), "F31")).fields

    assert fields["grounds_text"] == "罚款数额较大、没收财物价值较大、没收违法所得数额较大"
    assert "没收非法财物（评估价值¥286,400元）" in fields["penalty_text"]


def a_simple_case(yuan=100, **changes):
    case = a_case("CLUE")
    case.state = State.S_DRAFT
    fine = Money.yuan(yuan)
    kind = SimpleKind.FINE if yuan else SimpleKind.WARNING
    given = {
        "kind": kind,
        "fine": fine,
        "facts": "证件过期",
        "violated": A14.violated_text,
        "basis": A14.basis_text,
        "evidence_ids": ("e1",),
    }
    case.simple = SimplePenalty(**{**given, **changes})
    return case


async def test_a_decision_on_the_spot_is_filled_in_and_since_2024_says_reconsideration_first():
    fields = (await drafted(a_simple_case(), "F32", at(8, 18))).fields
    assert (fields["penalty_text"], fields["fine_words"], fields["evidence_list"]) == (
        "罚款人民币壹佰元整（¥100元）。",
        "壹佰元整",
        ["照片e1"],
    )
    assert "reconsideration_first" not in fields

    later = (await drafted(a_simple_case(0), "F32", at(3, 1, year=2024))).fields

    assert later["penalty_text"] == "警告。"
    assert "先依法申请行政复议" in later["reconsideration_first"]
    assert "surcharge_text" not in later


async def test_the_decision_of_a_daily_fine_counts_its_days():
    fined = a_case(State.EXECUTING)
    case = a_case(State.DECIDING)
    case.kind, case.origin_case_id = CaseKind.DAILY, str(fined.id)
    case.refusal_days = [RefusalDay("2022-10-20", ("e1",)), RefusalDay("2022-10-21", ("e2",))]

    fields = (await drafted(case, "X5", None, fined)).fields

    assert (fields["days_count"], fields["original_fine_text"]) == (2, "罚款人民币49,000元")
    assert "2022-10-20、2022-10-21" in fields["refusal_text"]
    assert (await drafted(case, "F34", None, fined)).reason == "FORM_OF_OTHER_PARTY"


async def test_a_decision_without_penalty_says_its_ground():
    case = spared(NoPenaltyGround.FIRST_TIME)
    case.state = State.DECIDING

    fields = (await drafted(case, "ws10050")).fields

    assert "第三十三条第一款" in fields["no_penalty_text"]
    assert fields["penalty_text"] == "不予行政处罚。"


async def test_a_resumption_names_the_day_of_the_suspension():
    case = a_case(State.INVESTIGATING)
    case.suspend(SuspensionGround.APPRAISAL, "鉴定", "x7s", facts=facts(DEP, at(8, 25), **approved(case, "X7S")))

    assert (await drafted(case, "X7R")).fields["suspended_on"] == "2022-08-25"


async def test_a_filed_case_has_no_second_filing_form():
    assert (await drafted(a_case(State.INVESTIGATING), "F01")).reason == "STATE_FORBIDS_FORM"


async def may_serve(case, form, document_id, now):
    return await drafting.may_serve(FakeUow(case), facts=by(ZHOU, now), form=form, document_id=document_id, object_id=case.id)


async def test_a_hearing_notice_that_would_come_too_late_is_not_served():
    case = the_chemicals("HEARING_REQ")
    case.accept_hearing(tribunal(clerk_id="clerk"), facts=known(KONG, at(7, 11), case))
    case.release_hearing_notice("f27", HEARD_AT, "听证室", facts=known(KONG, at(7, 12), case, **papers(case, "F27")))

    assert (await may_serve(case, "F27", "f27", at(7, 12))).allowed
    assert (await may_serve(case, "F27", "f27", at(7, 13))).reason == "HEARING_TOO_EARLY"
    assert (await may_serve(case, "F27", "other", at(7, 12))).reason == "HEARING_NOTICE_MISSING"


@pytest.mark.parametrize("form", ["F32", "F33", "F44", "ws10050"])
async def test_what_is_handed_over_is_served(form):
    assert (await may_serve(a_case(State.CLUE), form, "x", at(8, 18))).allowed


async def test_the_file_says_how_a_case_ended():
    simple = a_simple_case()
    simple.state = State.CLOSED
    assert (await drafted(simple, "F47")).fields["result_text"] == "当场处罚：罚款人民币壹佰元整（¥100元）。"
    ended = a_case(State.INVESTIGATING)
    hand_over(ended)
    ended.documents.append(a_document(ended, "F44"))
    assert (await drafted(ended, "F47")).fields["result_text"] == "管辖不属本机关"
