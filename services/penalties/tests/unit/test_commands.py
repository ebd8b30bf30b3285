"""What each use case asks, records and releases."""

from uuid import UUID, uuid4

import pytest
from kernel.money import Money
from kernel.moves import SYSTEM, Facts
from penalties.application import commands, drafting, ending, hearing, queries
from penalties.application.commands import FindingNotOfCase, UnknownMove
from penalties.application.ports import CaseQuery, Finding
from penalties.domain.case import State
from penalties.domain.closing import FindingsWithoutOrder
from penalties.domain.crime_screen import CrimeFacts
from penalties.domain.file import CaseNotFound
from penalties.domain.filing import ActPunishedAlready, OverdueNotProved
from penalties.domain.law import PartyKind
from penalties.domain.records import CaseDocument, RefusalGround, ReviewResult, Source, StatementMode, StatementPoint

from .fakes import Changed, FakeUow, Others
from .story import (
    ARCHIVE,
    CHIEF,
    DEP,
    DRAFT,
    FIN,
    LAW,
    LEGAL,
    LIGHTER,
    POINTS,
    WU,
    ZHENG,
    ZHOU,
    Story,
    a_case,
    a_clue,
    a_document,
    a_person_party,
    at,
)

INSPECTION, ENTERPRISE = str(UUID(int=1)), str(UUID(int=2))


def by(person, now, second=None):
    return Facts(by=person, now=now, law=LAW, second=second)


def a_finding(id="f1", **changes):
    given = {
        "id": id,
        "inspection_id": INSPECTION,
        "enterprise_id": ENTERPRISE,
        "act_id": "A14",
        "persons": 2,
        "open": False,
        "ordered": False,
        "void": False,
    }
    return Finding(**{**given, **changes})


def at_hand(state, **clue):
    case = a_case(state, **clue)
    others = Others(case)
    return case, FakeUow(case), others


async def opened(uow, others, **changes):
    given = {
        "source": Source.FINDING,
        "inspection_id": INSPECTION,
        "finding_ids": ["f1", "f2"],
        "enterprise_id": ENTERPRISE,
        "party_kind": PartyKind.UNIT,
        "person": None,
        "act_id": "A14",
        "branch": "",
        "act_on": "",
        "act_ended_on": "",
        "discovered_on": "",
        "metric_value": 0,
        "overdue_proof": "",
        "name": "",
        "summary": "三人无证",
        "lead_id": "",
        "officer_ids": ["wu"],
        "complex": False,
    }
    return await commands.open_case(others.ports, uow, facts=by(ZHOU, at(8, 18)), **{**given, **changes})


async def test_a_clue_counts_the_persons_of_its_findings_and_takes_their_screens():
    uow, others = FakeUow(), Others(findings_=[a_finding("f1"), a_finding("f2", persons=1)])
    inspection = await others.inspection(INSPECTION)
    await ending.screen_record(others.ports, uow, facts=by(SYSTEM, at(8, 16)), inspection=inspection, act_ids=["A14", "A59"])

    case = await opened(uow, others)

    assert case.category == "HAZARDOUS_CHEMICALS"
    assert (case.metric_value, case.lead_id, case.officer_ids) == (3, "zhou", ["wu", "zhou"])
    assert [screen.result for screen in case.screens] == ["CONSULT"]
    assert uow.happened == ["CaseOpened"]
    with pytest.raises(ActPunishedAlready):
        await opened(uow, others)


@pytest.mark.parametrize("changes", [{"act_id": "A13"}, {"void": True}, {"inspection_id": "x"}, {"enterprise_id": "y"}])
async def test_a_finding_of_something_else_opens_no_case(changes):
    with pytest.raises(FindingNotOfCase):
        await opened(FakeUow(), Others(findings_=[a_finding(**changes)]))


async def test_a_person_is_a_party_by_name():
    case = await opened(
        FakeUow(), Others(), finding_ids=[], party_kind=PartyKind.PERSON, person=a_person_party(), enterprise_id="", inspection_id=""
    )

    assert case.party_name == "邓某"
    assert case.region_code == "441900118"


async def test_the_branch_overdue_rests_on_an_order_that_failed():
    with pytest.raises(OverdueNotProved):
        await opened(FakeUow(), Others(), finding_ids=[], branch="OVERDUE", overdue_proof="order-1")

    case = await opened(FakeUow(), Others(), finding_ids=[], branch="OVERDUE", overdue_proof="order-2")

    assert case.branch == "OVERDUE"


async def test_a_stale_version_changes_nothing():
    case, uow, others = at_hand("FILING")

    with pytest.raises(Changed):
        await commands.file(others.ports, uow, facts=by(DEP, at(8, 18)), id=case.id, version=7, document_id="f01")
    with pytest.raises(CaseNotFound):
        await commands.file(others.ports, uow, facts=by(DEP, at(8, 18)), id=uuid4(), version=1, document_id="f01")


async def test_the_filing_asks_for_each_signature_at_its_step_and_releases_at_the_last():
    case, uow, others = at_hand("CLUE")
    case.documents.append(a_document(case, "F01", "DRAFT"))
    others.forms = {"f01": "F01"}
    given = {"id": case.id, "version": 1}

    await commands.propose_filing(others.ports, uow, facts=by(ZHOU, at(8, 18), WU), document_id="f01", **given)
    await commands.review_filing(others.ports, uow, facts=by(ZHENG, at(8, 18)), opinion="同意", **given)
    await commands.file(others.ports, uow, facts=by(DEP, at(8, 18)), document_id="f01", **given)

    assert [asked for _, asked in others.asked] == [("OFFICER", "OFFICER"), ("OFFICER", "OFFICER", "REVIEWER"), ()]
    assert uow.happened == ["FilingProposed", "CaseFiled", "DocumentReleased"]
    assert uow.events[-1].document_ids == ("f01",)


async def test_a_refused_filing_without_form_releases_nothing():
    case, uow, others = at_hand("CLUE")

    await commands.refuse_filing(
        others.ports,
        uow,
        facts=by(DEP, at(8, 19)),
        id=case.id,
        version=1,
        ground=RefusalGround.NOT_COMPETENT,
        reason="海事",
        document_id="",
    )

    assert uow.happened == ["CaseNotFiled"]


async def test_the_investigation_from_first_act_to_report():
    case, uow, others = at_hand("FILED")
    others.evidence = "REGISTERED"
    given = {"id": case.id, "version": 1}
    await commands.start_investigation(others.ports, uow, facts=by(ZHOU, at(8, 23), WU), reason="询问", **given)
    asked = {
        "person_name": "邓某",
        "person_role": "焊工",
        "place": "分局",
        "starts_at": at(8, 23, 9),
        "ends_at": at(8, 23, 10),
        "officer_ids": ["zhou", "wu"],
        "recorder_id": "wu",
        "notice_document_id": "",
        "record_document_id": "",
    }
    await commands.record_questioning(uow, facts=by(ZHOU, at(8, 23, 11)), **given, **asked)
    await commands.record_crime_facts(uow, facts=by(ZHOU, at(8, 23, 12)), crime_facts=CrimeFacts(accident="NO"), **given)
    trial = await commands.compute_discretion(
        others.ports, uow, facts=by(ZHOU, at(9, 8)), id=case.id, circumstances=[LIGHTER], amount=None, deviation_reason="", metric_value=0
    )
    assert trial.tier == "LIGHTER"
    proposed = {"draft": DRAFT, "circumstances": [], "amount": Money.yuan(49_000), "deviation_reason": "", "metric_value": 3}
    await commands.propose_penalty(others.ports, uow, facts=by(ZHOU, at(9, 8)), **given, **proposed)
    await commands.screen(others.ports, uow, facts=by(ZHOU, at(9, 8)), **given)
    others.forms = {"r": "ws10053", "s": "F30"}
    await commands.submit_report(others.ports, uow, facts=by(ZHOU, at(9, 8), WU), document_ids=["r", "s"], **given)

    assert uow.happened == ["InvestigationStarted", "PenaltyProposed", "CaseScreened", "CaseReported", "DocumentReleased"]
    assert uow.events[-1].document_ids == ("r",)


async def test_reviews_release_their_opinion():
    case, uow, others = at_hand("REPORTED")
    others.forms = {"flow": "ws10051", "opinion": "ws10059"}
    given = {"id": case.id, "version": 1}
    to_review = ending.Move("submit_for_review", "", ("flow",))
    await ending.move(others.ports, uow, facts=by(ZHOU, at(9, 8)), asked=to_review, **given)
    await commands.return_review(
        others.ports, uow, facts=by(LEGAL, at(9, 8)), result=ReviewResult.RETURN, opinion="补充", document_id="opinion", **given
    )
    await ending.move(others.ports, uow, facts=by(ZHOU, at(9, 8)), asked=to_review, **given)
    await commands.pass_review(others.ports, uow, facts=by(LEGAL, at(9, 8)), opinion="同意", document_id="opinion", **given)

    assert [event.document_ids for event in uow.events if hasattr(event, "document_ids")] == [
        ("flow",),
        ("opinion",),
        ("flow",),
        ("opinion",),
    ]
    assert case.state is State.NOTICE_DRAFT


async def test_a_notice_is_released_with_its_approval_first_and_served_into_its_state():
    case, uow, others = at_hand("NOTICE_DRAFT")
    others.forms = {"n": "F24", "a": "ws1003012", "s": "F30"}
    await ending.release_notice(others.ports, uow, facts=by(DEP, at(9, 9)), id=case.id, version=1, document_ids=["n", "s", "a"])
    assert uow.events[-1].document_ids == ("a", "s", "n")
    notice = CaseDocument("n", case.id, case.org_path, "F24", "SERVED", at(9, 9), served_on="2022-09-09", deemed_on="2022-09-09")
    case.documents.append(notice)

    await ending.served(uow, facts=by(SYSTEM, at(9, 9)), case=case, document=notice, mode="DIRECT")
    said = {"mode": StatementMode.ORAL, "document_id": "f25", "points": POINTS, "hearing_waived": False}
    await ending.take_statement(uow, facts=by(ZHOU, at(9, 13)), id=case.id, version=1, **said)
    await ending.recheck_statement(uow, facts=by(ZHOU, at(9, 14)), id=case.id, version=1, points=[StatementPoint(POINTS[0], "不采纳")])

    assert case.state is State.DEFENCE
    assert uow.happened[-2:] == ["NoticeServed", "StatementTaken"]


async def test_with_a_hearing_right_the_case_waits_for_both_papers():
    case, uow, _ = at_hand("NOTICE_DRAFT")
    told = case.proposals[-1]
    case.proposals[-1] = told.__class__(**{**told.__dict__, "hearing_grounds": ("FINE_AMOUNT",)})
    others = Others(case, {"n": "F24", "h": "F26", "a": "ws1003012"})
    await ending.release_notice(others.ports, uow, facts=by(DEP, at(9, 9)), id=case.id, version=1, document_ids=["n", "h", "a"])
    first = CaseDocument("n", case.id, case.org_path, "F24", "SERVED", at(9, 9), served_on="2022-09-09", deemed_on="2022-09-09")
    second = CaseDocument("h", case.id, case.org_path, "F26", "SERVED", at(9, 9), served_on="2022-09-13", deemed_on="2022-09-13")
    case.documents.append(first)
    await ending.served(uow, facts=by(SYSTEM, at(9, 9)), case=case, document=first, mode="DIRECT")
    assert case.state is State.NOTICE_DRAFT
    case.documents.append(second)

    await ending.served(uow, facts=by(SYSTEM, at(9, 13)), case=case, document=second, mode="DIRECT")
    asked = {"requested_at": at(9, 14), "posted_on": "", "document_id": "letter"}
    await hearing.request_hearing(uow, facts=by(ZHOU, at(9, 14)), id=case.id, version=1, **asked)

    assert case.timer("D09").legal_expiry == "2022-09-20"
    assert case.notices[-1].deemed_on == "2022-09-13"


@pytest.mark.parametrize(
    ("state", "move", "person", "now", "forms", "target"),
    [
        ("REPORTED", "send_back", ZHENG, at(9, 8), {}, State.INVESTIGATING),
        ("NOTICE_DRAFT", "return_notice", DEP, at(9, 9), {}, State.REPORTED),
        ("DEFENCE", "submit_for_decision", ZHENG, at(9, 20), {"x": "F30"}, State.DECIDING),
        ("EXECUTING", "charge_surcharge", FIN, at(10, 9), {}, State.EXECUTING),
    ],
)
async def test_the_moves_that_share_one_door(state, move, person, now, forms, target):
    case, uow, others = at_hand(state)
    others.forms = forms

    asked = ending.Move(move, "理由", tuple(forms))
    await ending.move(others.ports, uow, facts=by(person, now), id=case.id, version=1, asked=asked)

    assert case.state is target


@pytest.mark.parametrize(
    ("state", "move", "person"),
    [("REPORTED", "skip_review", ZHENG), ("DEFENCE", "resubmit_for_review", ZHOU), ("EXECUTING", "complete_execution", FIN)],
)
async def test_a_refused_move_records_nothing(state, move, person):
    case, uow, others = at_hand(state)

    with pytest.raises(Exception, match=r".") as refused:
        await ending.move(others.ports, uow, facts=by(person, at(9, 20)), id=case.id, version=1, asked=ending.Move(move, "", ()))

    assert refused.value.reason in {"LEGAL_REVIEW_DUE", "REVIEW_ALREADY_PASSED", "FINE_UNPAID"}
    assert uow.events == []


async def test_an_unknown_move_is_no_move():
    case, uow, others = at_hand("REPORTED")

    with pytest.raises(UnknownMove):
        await ending.move(others.ports, uow, facts=by(ZHOU, at(9, 8)), id=case.id, version=1, asked=ending.Move("decide", "", ()))


async def test_the_decision_is_released_after_its_approving_form_and_served_into_execution():
    case, uow, others = at_hand("DECIDING")
    others.forms = {"d": "F34", "s": "F30"}
    await ending.decide(others.ports, uow, facts=by(CHIEF, at(9, 20)), id=case.id, version=1, document_ids=["d", "s"], late_reason="")
    assert uow.events[-1].document_ids == ("s", "d")
    paper = CaseDocument("d", case.id, case.org_path, "F34", "SERVED", at(9, 20), served_on="2022-09-20", deemed_on="2022-09-20")
    case.documents.append(paper)

    await ending.served(uow, facts=by(SYSTEM, at(9, 20)), case=case, document=paper, mode="DIRECT")
    await ending.served(uow, facts=by(SYSTEM, at(9, 21)), case=case, document=paper, mode="DIRECT")

    assert uow.happened == ["CaseDecided", "DocumentReleased", "CaseServed", "ExecutionStarted"]


async def test_the_extension_releases_its_form():
    case, uow, others = at_hand("NOTIFIED")
    others.forms = {"e": "F45"}

    await ending.extend(others.ports, uow, facts=by(CHIEF, at(9, 15)), id=case.id, version=1, days=60, reason="复杂", document_id="e")

    assert uow.happened == ["CaseExtended", "DocumentReleased"]


async def test_from_payment_to_archive():
    case, uow, others = at_hand("EXECUTING")
    given = {"id": case.id, "version": 1}
    await ending.publish(uow, facts=by(ZHOU, at(9, 28)), channel="公示系统", url="", **given)
    await ending.record_payment(
        uow, facts=by(FIN, at(10, 8)), amount=Money.yuan(49_000), paid_on="2022-10-08", slip="s", evidence_id="", **given
    )
    await ending.move(others.ports, uow, facts=by(FIN, at(10, 8)), asked=ending.Move("complete_execution", "", ()), **given)
    others.forms = {"c": "F46", "x": "F47", "y": "F48"}
    others.findings_ = [a_finding(open=True)]
    with pytest.raises(FindingsWithoutOrder):
        await ending.close(others.ports, uow, facts=by(DEP, at(10, 10)), document_id="c", **given)
    others.findings_ = [a_finding(open=True, ordered=True)]
    await ending.close(others.ports, uow, facts=by(DEP, at(10, 10)), document_id="c", **given)
    await ending.archive(others.ports, uow, facts=by(ARCHIVE, at(10, 12)), document_ids=["x", "y"], request_id="r", **given)

    assert uow.happened == [
        "PenaltyPublished",
        "FinePaid",
        "CaseExecuted",
        "CaseClosed",
        "DocumentReleased",
        "DocumentReleased",
        "CaseArchived",
    ]


async def test_a_record_of_questioning_is_released_by_itself():
    case, uow, others = at_hand("INVESTIGATING")
    others.forms = {"n": "F15"}

    await ending.release_documents(others.ports, uow, facts=by(ZHOU, at(8, 23)), id=case.id, version=1, document_ids=["n"])

    assert uow.happened == ["DocumentReleased"]


async def test_timers_move_or_mark():
    case, uow, _ = at_hand("NOTIFIED")
    await ending.lapse_statement(uow, facts=by(SYSTEM, case.timer("D08").expires_at), id=case.id)
    assert case.state is State.DEFENCE
    case, uow, _ = at_hand("EXECUTING")
    await ending.breach(uow, facts=by(SYSTEM, at(9, 30)), timer=case.timer("D14"))
    await ending.fall_due(uow, facts=by(SYSTEM, at(10, 9)), id=case.id)
    accrual = case.timer("D18")
    await ending.accrue(uow, facts=by(SYSTEM, at(10, 9)), timer=accrual)
    assert accrual.expires_at == at(11, 11, 0)
    await ending.accrue(uow, facts=by(SYSTEM, at(11, 11, 0)), timer=accrual)
    assert case.fine_account.state == "CAPPED"
    await ending.lapse(uow, facts=by(SYSTEM, at(11, 22)), timer=case.timer("D19"))

    assert uow.happened == ["CaseDeadlineBreached", "FineOverdue"]


async def test_recusals_and_filings_upward_are_use_cases_too():
    case, uow, _ = at_hand("EXECUTING")
    with pytest.raises(Exception, match="no filing"):
        await ending.file_upward(uow, facts=by(ZHOU, at(9, 28)), id=case.id, version=1, reference="x")
    case, uow, _ = at_hand("FILED")
    await commands.raise_recusal(uow, facts=by(ZHOU, at(8, 20)), id=case.id, version=1, officer_id="wu", ground="亲属", by_party=True)
    await commands.decide_recusal(
        uow, facts=by(CHIEF, at(8, 20)), id=case.id, version=1, recusal_id=case.recusals[0].id, accept=False, reason="不属实"
    )

    assert case.recusals[0].state == "DECIDED_REJECT"


async def test_queries_answer_the_case_and_what_hangs_on_it():
    case, uow, _ = at_hand("EXECUTING")

    assert await queries.case(uow, id=case.id) is case
    assert [machine.MACHINE for machine in await queries.machines(uow, id=case.id)] == ["case", "fine_account", "penalty_publicity"]
    assert (await queries.cases(uow, query=CaseQuery(), size=10, token=""))["cases"] == [case]
    assert (await queries.screens(uow, inspection_id="x"))["screens"] == []


async def drafted(case, form, now):
    others = Others(case)
    return await drafting.may_draft(others.ports, FakeUow(case), facts=by(ZHOU, now), form=form, object_kind="case", object_id=case.id)


@pytest.mark.parametrize(
    ("state", "form", "field", "value"),
    [
        ("CLUE", "F01", "cause", "特种作业人员未持证上岗"),
        ("INVESTIGATING", "F15", "authority_name", "东莞市应急管理局"),
        ("NOTIFIED", "F45", "new_due_on", "2022-11-16"),
        ("NOTICE_DRAFT", "F24", "facts_list", ["三名工人无证焊接", "李某证件过期"]),
        ("DECIDING", "F34", "reconsideration_body", "东莞市人民政府或者广东省应急管理厅"),
        ("EXECUTING", "SLIP", "pay_due_on", "2022-10-08"),
        ("EXECUTED", "F46", "execution_text", "罚款已全部缴纳：2022-10-08（slip-2022-10-08）。"),
        ("CLOSED", "F47", "retention_years", 30),
    ],
)
async def test_a_form_is_prefilled_from_its_case(state, form, field, value):
    answer = await drafted(a_case(state), form, at(9, 15))

    assert answer.allowed
    assert answer.fields[field] == value


async def test_the_catalogue_lists_the_sealed_documents_in_order():
    case = a_case("CLOSED")
    case.documents[0].number = "（莞）应急立〔2022〕1号"

    catalogue = (await drafted(case, "F48", at(10, 10))).fields["catalogue"]

    assert [line["form"] for line in catalogue] == ["F01", "F24", "F34", "ws10053"]
    assert catalogue[0]["number"] == "（莞）应急立〔2022〕1号"


async def test_what_the_party_said_stands_in_the_later_forms():
    story = Story()
    for step in ["CLUE", "FILING", "FILED", "INVESTIGATING", "REPORTED", "LEGAL_REVIEW", "NOTICE_DRAFT", "NOTIFIED"]:
        getattr(story, step)()
    case = story.case
    case.take_statement(StatementMode.ORAL, "f25", POINTS, False, facts=Facts(by=ZHOU, now=at(9, 13), law=LAW))

    assert (await drafted(case, "F30", at(9, 14))).fields["defence_text"] == "当事人陈述申辩：我们已经整改（待复核）。"


async def test_an_unfiled_clue_has_a_file_too():
    case = a_clue(finding_ids=[], party_kind=PartyKind.PERSON, person=a_person_party())
    case.open(facts=by(ZHOU, at(8, 18)))
    case.state, case.refusal_reason = State.NOT_FILED, "不属本机关管辖"

    fields = (await drafted(case, "F47", at(8, 30))).fields

    assert fields["result_text"] == "不予立案：不属本机关管辖"
    assert fields["party_name"] == "邓某"


@pytest.mark.parametrize(
    ("state", "form", "reason"),
    [
        ("CLUE", "F34", "STATE_FORBIDS_FORM"),
        ("CLUE", "F02", "FORM_NOT_OF_CASE"),
        ("INVESTIGATING", "F30", "PROPOSAL_MISSING"),
        ("DECIDING", "F35", "FORM_OF_OTHER_PARTY"),
        ("NOTICE_DRAFT", "F26", "NO_HEARING_RIGHT"),
    ],
)
async def test_a_form_that_may_not_be_drawn_up_says_why(state, form, reason):
    assert (await drafted(a_case(state), form, at(9, 15))).reason == reason
