"""Whole transfers, as 6.7 tells them."""

import asyncio

import pytest
from anzhi.criminal_transfer.v1 import criminal_transfer_pb2 as pb
from anzhi.criminal_transfer.v1 import partner_pb2
from anzhi.penalties.v1 import events_pb2 as penalties
from anzhi.type.v1 import types_pb2
from testkit.asking import refusal, request_id

from .walk import at


@pytest.mark.row("C01")
async def test_approved_in_time_handed_over_and_filed(walk, town):
    await walk.to_principal()
    assert await walk.state() == "PRINCIPAL"
    await walk.approve()
    await walk.deliver()

    pack = town.packs[-1]
    assert (pack.handed_to, list(pack.evidence_ids), pack.object_kind) == (walk.clients["police"], ["photo", "goods"], "transfer")
    assert len(pack.document_ids) == 5
    await walk.enter("police", "SignReceipt", number="回执1号", received_by="王警官")
    await walk.enter("police", "StartReview")
    await walk.clock(at(15))
    await walk.enter("police", "FileTransfer", number="立1号", dated_on="2023-06-15", copied_to_procuratorate=True)
    await walk.clock(at(19))
    await walk.confirmed("luo", "liang", "PrepareMaterials", evidence_ids=["goods"], measure_ids=["m1"], note="封存物品", party_told=True)
    seen = await walk.enter("police", "SignMaterials", received_by=["王警官"], number="交1号")

    assert seen.state == pb.Transfer.STATE_MATERIALS_GIVEN
    made = await walk.get()
    assert not made.decision.late
    assert {line.timer: line.state for line in made.deadlines if line.timer != "GEN"} == dict.fromkeys(
        ("D33", "D34", "D36", "D43", "D58"), "STOPPED"
    )
    event = (await walk.hears("MaterialsHandedOver"))[0]
    assert (list(event.evidence_ids), list(event.measure_ids), list(event.handed_by)) == (["goods"], ["m1"], ["luo", "liang"])
    approved = (await walk.hears("TransferApproved"))[0]
    assert (approved.case_id, list(approved.suspects)) == (walk.case_id, ["enterprise"])
    released = await walk.hears("DocumentReleased", 3)
    assert [len(one.document_ids) for one in released] == [1, 1, 3]


async def test_the_principal_sleeps_and_decides_late_with_reasons(walk):
    await walk.to_principal()
    document = await walk.sealed("F43")

    await walk.clock(at(14, 9))
    breach = (await walk.hears("TransferDeadlineBreached", 1))[-1]
    refused = walk.act("huang", "ApproveTransfer", document_id=document)
    assert await refusal(refused) == "LATE_REASON_MISSING"
    made = await walk.act("huang", "ApproveTransfer", document_id=document, late_reason="外出学习")

    assert (breach.timer, breach.legal_expiry) == ("D33", "2023-06-12")
    assert (made.state, made.decision.late, made.decision.late_reason) == (pb.Transfer.STATE_APPROVED, True, "外出学习")
    (line,) = [line for line in made.deadlines if line.timer == "D33"]
    assert (line.state, line.HasField("stopped_at")) == ("BREACHED", True)
    assert (await walk.hears("TransferApproved"))[0].late
    history = await (await walk.by("huang")).ListHistory(types_pb2.ListHistoryRequest(id=walk.id))
    assert ("C07", "approve", "外出学习") in {(entry.row, entry.move, entry.reason) for entry in history.entries}


async def test_the_police_refuse_and_the_procuratorate_makes_them_file(walk):
    await walk.to_review()
    await walk.clock(at(15))
    await walk.enter("police", "RefuseFiling", number="不立1号", dated_on="2023-06-15", reason="没有犯罪事实", file_returned=True)
    await walk.act("huang", "AskReconsideration", document_id=await walk.sealed("X4A"), reason="金额已达标准")
    await walk.enter("police", "DecideReconsideration", filed=False, number="复1号", dated_on="2023-06-15", reason="维持")
    await walk.act("huang", "SuggestSupervision", document_id=await walk.sealed("X4B"), reason="应当立案")
    await walk.enter("procuratorate", "OrderFiling", number="通立1号", dated_on="2023-06-15", text="应当立案")
    seen = await walk.enter("police", "FileTransfer", number="立2号", dated_on="2023-06-15")

    assert seen.state == pb.Transfer.STATE_FILED_POLICE
    assert [letter.row for letter in seen.letters] == ["C10", "C11", "C17", "C19", "C20", "C21", "C22", "C22"]
    assert {line.timer: line.state for line in seen.deadlines}["D42"] == "STOPPED"
    assert len(await walk.hears("TransferFiled")) == 1
    assert (await walk.hears("FilingOrdered"))[0].file_by


async def test_it_comes_back_to_the_administration_with_an_opinion_and_is_answered(walk):
    await walk.to_review()
    await walk.enter("police", "FileTransfer", number="立1号", dated_on="2023-06-12")
    await walk.confirmed("luo", "liang", "PrepareMaterials", evidence_ids=["goods"], party_told=True)
    await walk.enter("police", "SignMaterials", received_by=["王警官"])
    await walk.enter("procuratorate", "RecordResult", result="STATE_NOT_PROSECUTED", number="不诉1号", text="情节轻微")
    await walk.enter("procuratorate", "ReturnToAdministration", number="检意1号", reason="情节轻微", opinion=True, opinion_text="建议处罚")

    assert await refusal(walk.act("ye", "CloseTransfer", admin_result="已处罚")) == "REPLY_MISSING"
    closed = await walk.act("ye", "CloseTransfer", admin_result="已处罚", reply_number="复函1号", reply_text="处理情况")

    assert closed.state == pb.Transfer.STATE_CLOSED
    returned = (await walk.hears("TransferReturned"))[0]
    assert (returned.row, returned.cause, returned.case_id) == ("C27", "情节轻微", walk.case_id)
    assert len(await walk.hears("TransferClosed")) == 1


async def test_two_principals_at_once_and_a_double_click_decide_once(walk):
    await walk.to_principal()
    ours, theirs = await walk.sealed("F43"), walk.town.draft("F43", walk.id, "zhang")
    refusing = walk.town.draft("X3E", walk.id, "zhang")
    version = (await walk.get()).version
    twice = pb.ApproveTransferRequest(request_id=request_id(), id=walk.id, version=version, document_id=ours)
    first, second = await walk.by("huang"), await walk.by("zhang")
    other = pb.ApproveTransferRequest(request_id=request_id(), id=walk.id, version=version, document_id=theirs)
    against = pb.RefuseTransferRequest(request_id=request_id(), id=walk.id, version=version, document_id=refusing, reason="不够")

    answers = await asyncio.gather(
        first.ApproveTransfer(twice),
        first.ApproveTransfer(twice),
        second.ApproveTransfer(other),
        second.RefuseTransfer(against),
        return_exceptions=True,
    )

    done = [answer for answer in answers if isinstance(answer, pb.Transfer)]
    assert len({answer.decision.decided_by for answer in done}) == 1
    assert 1 <= len(done) <= 2
    decided = await walk.hears("TransferApproved" if done[0].decision.approved else "TransferRejected")
    assert len(decided) == 1
    history = await (await walk.by("huang")).ListHistory(types_pb2.ListHistoryRequest(id=walk.id))
    assert len([entry for entry in history.entries if entry.move in {"approve", "refuse"}]) == 1


async def test_a_judgment_offsets_the_fine_that_penalties_told_of(walk):
    await walk.to_review()
    fine = types_pb2.Money(fen=2_000_000)
    decided = penalties.SimpleDecided(case_id=walk.case_id, fine=fine)
    await walk.world.produce("penalties.case.v1", decided, key=walk.case_id, root=walk.root)
    await walk.world.produce(
        "penalties.case.v1", penalties.FinePaid(case_id=walk.case_id, amount=fine, settled=True), key=walk.case_id, root=walk.root
    )
    await walk.enter("police", "FileTransfer", number="立1号", dated_on="2023-06-12")
    await walk.confirmed("luo", "liang", "PrepareMaterials", evidence_ids=["goods"], party_told=True)
    await walk.enter("police", "SignMaterials", received_by=["王警官"])
    await walk.enter("procuratorate", "RecordResult", result="STATE_PROSECUTED", number="诉1号")
    await walk.screen("MUST_TRANSFER", "225")
    await walk.hears("ProsecutionResult")

    await walk.enter("court", "RecordJudgment", number="刑初1号", criminal_fine=types_pb2.Money(fen=5_000_000))

    made = await walk.get()
    assert made.offset.criminal_fine_due.fen == 3_000_000
    assert made.offset.outcome == pb.Offset.OUTCOME_OFFSET
    judged = (await walk.hears("TransferJudged"))[0]
    assert (judged.criminal_fine.fen, judged.outcome) == (5_000_000, "OFFSET")


async def test_silence_of_the_police_goes_to_the_procuratorate_after_a_reminder(walk):
    await walk.to_review()
    document = await walk.sealed("X4B")
    assert await refusal(walk.act("huang", "SuggestSupervision", document_id=document, reason="逾期")) == "POLICE_PERIOD_RUNNING"
    await walk.clock(at(16))
    assert await refusal(walk.act("huang", "SuggestSupervision", document_id=document, reason="逾期")) == "REMINDER_MISSING"
    await walk.act("huang", "RemindPolice", text="请依法决定", number="催1号")
    await walk.act("huang", "SuggestSupervision", document_id=document, reason="逾期")
    seen = await walk.enter("police", "TakeUp", number="回执2号", reason="")

    assert seen.state == pb.Transfer.STATE_POLICE_REVIEW
    assert (await walk.hears("SupervisionAsked"))[0].row == "C18"
    assert "D36" in {event.timer for event in await walk.hears("TransferDeadlineBreached")}


async def test_a_refused_file_is_recorded_and_goes_to_the_procuratorate(walk):
    await walk.to_principal()
    await walk.approve()
    await walk.deliver()

    document = await walk.sealed("X4B")
    given = {"document_id": document, "refusal": "王警官拒收", "superior_told": True}
    await walk.act("huang", "SuggestSupervision", **given)

    seen = await (await walk.partner("procuratorate")).GetHandedTransfer(partner_pb2.GetHandedTransferRequest(id=walk.id))
    assert seen.state == pb.Transfer.STATE_SUPERVISION
    await walk.enter("procuratorate", "JustifyNonFiling", number="监1号", reason="不属犯罪")
    assert (await walk.hears("TransferReturned"))[0].row == "C23"


async def test_a_refused_transfer_is_reopened_by_the_procuratorate(walk):
    await walk.to_principal()
    await walk.clock(at(12))
    await walk.act("huang", "RefuseTransfer", reason="未达标准", document_id=await walk.sealed("X3E"))

    stub = await walk.partner("procuratorate")
    seen = await stub.GetHandedTransfer(partner_pb2.GetHandedTransferRequest(id=walk.id))
    assert (seen.state, seen.decision.reason) == (pb.Transfer.STATE_REJECTED, "未达标准")
    await walk.enter("procuratorate", "RequireTransfer", number="检意1号", reason="应当移送")

    assert await walk.state() == "SUSPECTED"
    assert len(await walk.hears("TransferReopened")) == 1
