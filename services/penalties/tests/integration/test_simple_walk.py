"""A penalty on the spot with its cash, and the ways around the straight one, over gRPC."""

from uuid import uuid4

import pytest
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceStub
from anzhi.penalties.v1 import endings_pb2, simple_pb2
from anzhi.penalties.v1 import penalties_pb2 as pb
from anzhi.penalties.v1.endings_pb2_grpc import EndingsServiceStub
from anzhi.penalties.v1.simple_pb2_grpc import SimpleServiceStub
from anzhi.type.v1 import types_pb2

from .test_api import refused
from .walk import at, money, stamp


async def simple(walk, name, rpc, **given):
    return await walk.call(name, SimpleServiceStub, simple_pb2, rpc, **given)


async def around(walk, name, rpc, **given):
    return await walk.call(name, EndingsServiceStub, endings_pb2, rpc, **given)


async def drafted(walk, yuan=100):
    await walk.to("open")
    await walk.do("zhou", "ScreenCase")
    given = {"facts": "一名焊工证件过期", "evidence_ids": ["e1"], "correction_order_ids": ["order"]}
    await walk.confirm(await simple(walk, "zhou", "DraftSimple", kind=pb.SIMPLE_KIND_FINE, fine=money(yuan), **given))


async def handed_over(walk, yuan=100):
    await drafted(walk, yuan)
    given = {"certificate_shown": True, "rights_told": True, "statement": "没有异议", "place": "一号车间"}
    proposal = await simple(walk, "zhou", "HandOverSimple", document_id=walk.draft("F32"), **given)
    await walk.confirm(proposal)


async def test_a_fine_on_the_spot_is_paid_in_cash_and_ends_as_any_other(walk, penalties):
    await handed_over(walk)
    case = walk.case
    assert (case.state, case.fine.fen, case.fine_account.due_on) == (pb.Case.STATE_S_DECIDED, 10_000, "2022-09-02")
    await simple(
        walk,
        "zhou",
        "CollectCash",
        amount=money(100),
        ground=pb.CASH_GROUND_UP_TO_100,
        receipt_number="粤财 001",
        collected_at=stamp(at(8, 18, 8)),
    )
    await walk.clock(at(8, 19))
    await simple(walk, "fang", "HandInCash", receipt_number="粤财 001")
    assert walk.case.fine_account.state == pb.FineAccount.STATE_PAID
    await simple(walk, "fang", "DepositCash", receipt_number="粤财 001", slip="bank-1")
    await simple(walk, "zhou", "RecordSimple", entry="当场处罚登记 1 号")
    await simple(walk, "fang", "ExecuteSimple")
    await simple(walk, "fang", "CompleteSimple")
    await walk.do("zhou", "PublishPenalty", channel="公示系统", url="https://example.invalid/1")
    await walk.do("dai", "CloseCase", document_id=walk.draft("F46"))

    assert walk.case.state == pb.Case.STATE_CLOSED
    rows = await penalties.sql("SELECT row FROM history WHERE object_id = $1 AND row LIKE 'PC%' ORDER BY id", walk.case.id)
    assert [row["row"] for row in rows] == ["PC01", "PC53", "PC54", "PC57", "PC57", "PC57", "PC56", "PC57", "PC57", "PC42"]


async def test_more_than_the_cap_or_one_officer_is_refused(walk):
    with pytest.raises(Exception, match="cap of the simple procedure"):
        await drafted(walk, 3_001)
    proposal = await simple(
        walk, "zhou", "DraftSimple", kind=pb.SIMPLE_KIND_FINE, fine=money(100), facts="x", evidence_ids=["e1"], correction_note="已改正"
    )
    assert await refused(walk.confirm(proposal, "zhou")) == "SAME_OFFICER_TWICE"


async def test_cash_that_stays_with_the_officer_is_a_breach(walk):
    await handed_over(walk)
    given = {"amount": money(100), "ground": pb.CASH_GROUND_HARD_LATER, "receipt_number": "2", "collected_at": stamp(at(8, 18, 8))}
    await simple(walk, "zhou", "CollectCash", **given)

    await walk.clock(at(8, 24, 1))

    await walk.until(lambda case: {line.timer for line in case.deadlines if line.state == "BREACHED"} >= {"D05", "D06"})


async def test_the_form_on_the_spot_is_filled_in_by_the_case_and_one_that_is_uncertain_is_filed(walk, penalties):
    await drafted(walk)
    owner = await penalties.stub(DocumentOwnerServiceStub, walk.user("zhou"), service="documents")
    answer = await owner.MayDraft(documents_pb2.MayDraftRequest(form="F32", object_kind="case", object_id=walk.case.id))
    assert answer.allowed
    assert answer.fields["penalty_text"] == "罚款人民币壹佰元整（¥100元）。"
    other = await owner.MayDraft(documents_pb2.MayDraftRequest(form="F33", object_kind="case", object_id=walk.case.id))
    assert (other.allowed, other.reason) == (False, "FORM_OF_OTHER_PARTY")

    await walk.confirm(await simple(walk, "zhou", "LeaveSimple", reason="证件有争议", document_id=walk.draft("F01")))

    assert walk.case.state == pb.Case.STATE_FILING


async def test_evidence_first_then_suspended_resumed_and_withdrawn_by_two(walk):
    await walk.to("open")
    await walk.confirm(await around(walk, "zhou", "StartUrgently", reason="证据可能灭失"))
    await around(walk, "dai", "FileAfterwards", document_id=walk.draft("F01"))
    await walk.both("StartInvestigation", reason="询问")
    await walk.clock(at(8, 25))
    await around(walk, "dai", "SuspendCase", ground=pb.SUSPENSION_GROUND_APPRAISAL, reason="鉴定", document_id=walk.draft("X7S"))
    await walk.clock(at(9, 5))
    await around(walk, "dai", "ResumeCase", reason="鉴定完成", document_id=walk.draft("X7R"))
    assert next(line.legal_expiry for line in walk.case.deadlines if line.timer == "D12") == "2022-09-28"

    proposal = await around(walk, "luo", "ProposeWithdrawal", reason="立案有误", document_id=walk.draft("ws10052"))
    stub = walk.stubs["dai EndingsServiceStub"]
    walk.case = await stub.ConfirmEnding(types_pb2.ConfirmMoveRequest(request_id=str(uuid4()), proposal_id=proposal.id))

    assert walk.case.state == pb.Case.STATE_WITHDRAWN
    assert (walk.case.ending.proposed_by, walk.case.ending.ended_by) == ("luo", "dai")


async def test_no_penalty_with_its_review_and_its_education(walk):
    await walk.to("investigate")
    await walk.clock(at(9, 8, 9))
    facts = [pb.AllegedFact(text="一人证件过期一日", evidence_ids=["e1"])]
    given = {"ground": endings_pb2.NO_PENALTY_GROUND_MINOR, "reasons": "轻微并及时改正", "facts": facts}
    await around(walk, "zhou", "ProposeNoPenalty", **given)
    await walk.do("zhou", "ScreenCase")
    await walk.both("SubmitReport", document_ids=[walk.draft("ws10053"), walk.draft("F30")])
    await walk.move("zhou", "submit_for_review", "", walk.draft("ws10051"))
    await walk.do("luo", "PassReview", opinion="同意", document_id=walk.draft("ws10059"))
    await walk.move("zheng", "submit_no_penalty", "", walk.draft("F30"))

    await around(walk, "chen", "DecideNoPenalty", education="已教育", document_ids=[walk.draft("F30"), walk.draft("ws10050")])

    assert walk.case.state == pb.Case.STATE_NO_PENALTY
    assert walk.case.ending.ground == "MINOR"


async def test_a_case_is_handed_over_terminated_or_split(walk, penalties):
    await walk.to("investigate")
    person = pb.PersonParty(name="邓某")
    await around(
        walk, "dai", "SplitCase", reason="负责人另行处理", party_kind=2, person=person, finding_ids=walk.findings, summary="未履职"
    )
    sibling = await (await walk.by("zhou")).GetCase(pb.GetCaseRequest(id=walk.case.sibling_ids[0]))
    assert (sibling.origin_case_id, sibling.party_name, sibling.state) == (walk.case.id, "邓某", pb.Case.STATE_INVESTIGATING)
    d12 = [next(line.legal_expiry for line in case.deadlines if line.timer == "D12") for case in (walk.case, sibling)]
    assert d12[0] == d12[1]

    given = {"receiver": "海事局", "accepted_on": "2022-08-22", "proof_id": "letter", "reason": "不属本机关"}
    await around(walk, "dai", "HandOverCase", document_ids=[walk.draft("F43"), walk.draft("F44")], **given)
    assert walk.case.state == pb.Case.STATE_MOVED

    walk.case = sibling
    given = {"ground": endings_pb2.TERMINATION_GROUND_DEATH, "proof_id": "certificate", "reason": "死亡"}
    await around(walk, "dai", "TerminateCase", document_id=walk.draft("TERM"), **given)
    assert walk.case.state == pb.Case.STATE_TERMINATED


async def test_a_daily_fine_follows_a_served_one(walk, town):
    await walk.to("decide")
    await walk.clock(at(10, 24))
    town.failed_orders = True
    days = [pb.RefusalDay(on="2022-10-20", evidence_ids=["e1"]), pb.RefusalDay(on="2022-10-21", evidence_ids=["e2"])]
    try:
        proposal = await around(
            walk, "zhou", "OpenDailyCase", order_id="order", refusal_days=days, summary="拒不改正", act_id="A45", officer_ids=["wu"]
        )
        daily = await walk.confirm(proposal)
    finally:
        town.failed_orders = False

    assert (daily.kind, daily.branch, daily.state) == (pb.CASE_KIND_DAILY, "DAILY", pb.Case.STATE_CLUE)
    answer = await (await walk.by("zhou")).ComputeDiscretion(pb.ComputeDiscretionRequest(id=daily.id))
    assert answer.amount.fen == 9_800_000
