"""Reconsideration and suit over gRPC and events: the surcharge rests, a revoked decision is refunded, a case is decided again."""

from functools import partial

import pytest
from anzhi.penalties.v1 import events_pb2, execution_pb2, remedies_pb2
from anzhi.penalties.v1 import penalties_pb2 as pb
from anzhi.penalties.v1.execution_pb2_grpc import ExecutionServiceStub
from anzhi.penalties.v1.remedies_pb2_grpc import RemediesServiceStub
from testkit.polling import poll

from .test_api import refused
from .test_enforcement_walk import deadline, later
from .walk import at, money

STEP = remedies_pb2.RecordReconsiderationStepRequest.Step
EFFECT = remedies_pb2.Ruling.Effect


def challenge(walk):
    return partial(walk.call, stub=RemediesServiceStub, module=remedies_pb2)


def ruling(effect, on, **given):
    return remedies_pb2.Ruling(effect=EFFECT.Value(effect), on=on, received_on=on, number="1号", **given)


async def told(world, walk, name):
    async def mine():
        records = [record for record in await world.records("penalties.case.v1") if record.key == walk.case.id.encode()]
        return [record for record in records if dict(record.headers)["ce_type"].decode().endswith(f".{name}")]

    found = await poll(mine)
    return getattr(events_pb2, name).FromString(found[-1].value)


@pytest.mark.row("RM01", "RM02", "PC39", "PC41", "FA08", "FA09", "PI03")
async def test_a_reconsideration_revokes_and_the_money_goes_back(walk, world):
    await walk.to("decide")
    await walk.clock(at(9, 28))
    await walk.do("zhou", "PublishPenalty", channel="公示系统")
    await walk.clock(at(10, 8))
    await walk.do("fang", "RecordPayment", amount=money(49_000), paid_on="2022-10-08", slip="slip-1")
    do = challenge(walk)
    await walk.clock(at(10, 20))
    await do("zhou", rpc="FileReconsideration", filed_on="2022-10-20", body="东莞市人民政府", ground="处罚过重")
    remedy = walk.case.remedies[0].id
    assert walk.case.under_review
    assert await refused(do("zhou", rpc="FileSuit", filed_on="2022-10-21", court="法院")) == "RECONSIDERATION_PENDING"
    await walk.clock(at(10, 28, 1))
    await walk.until(lambda case: any(step.what == "ACCEPTED" for step in case.remedies[0].steps))
    assert deadline(walk.case, "D52").legal_expiry == "2022-12-19"
    await do("zhou", rpc="RecordReconsiderationStep", remedy_id=remedy, step=STEP.Value("STEP_COPY_RECEIVED"), on="2022-10-28")
    await walk.clock(at(12, 1))

    await do("zhou", rpc="EndReconsideration", remedy_id=remedy, ruling=ruling("EFFECT_REVOKED", "2022-12-01", text="撤销"))

    assert (walk.case.state, walk.case.revoked, walk.case.under_review) == (pb.Case.STATE_CLOSED, True, False)
    assert walk.case.fine_account.state == pb.FineAccount.STATE_REFUND_DUE
    revoked = await told(world, walk, "DecisionRevoked")
    assert list(revoked.document_ids) == [walk.f34]
    assert (await told(world, walk, "RefundDue")).amount == money(49_000)
    assert deadline(walk.case, "D15").legal_expiry == "2022-12-06"
    execution = partial(walk.call, stub=ExecutionServiceStub, module=execution_pb2)
    papers = [walk.draft("F47"), walk.draft("F48")]
    assert await refused(walk.do("an", "ArchiveCase", document_ids=papers)) == "REFUND_OPEN"
    await execution("fang", rpc="RecordRefund", refunded_on="2022-12-01", slip="退-1")
    await execution("zheng", rpc="WithdrawPublicity", reason="处罚决定已撤销")
    assert walk.case.publicity.state == pb.PublicityItem.STATE_WITHDRAWN
    await walk.happened(walk.f34, "DocumentRevoked")
    await walk.until(lambda case: any(d.document_id == walk.f34 and d.state == "REVOKED" for d in case.documents))
    await walk.do("an", "ArchiveCase", document_ids=papers)
    assert walk.case.state == pb.Case.STATE_ARCHIVED


@pytest.mark.row("RM04", "RM05", "RM06", "RM07", "PC40")
async def test_the_surcharge_rests_through_reconsideration_suit_and_appeal(walk):
    await walk.to("decide")
    await walk.clock(at(10, 9, 1))
    await walk.until(lambda case: case.fine_account.state == pb.FineAccount.STATE_OVERDUE)
    do = challenge(walk)
    await walk.clock(at(10, 18))
    await do("zhou", rpc="FileReconsideration", filed_on="2022-10-18", body="东莞市人民政府")
    remedy = walk.case.remedies[0].id
    assert walk.case.fine_account.surcharge_paused
    assert walk.case.fine_account.surcharge == money(13_230)
    await walk.clock(at(12, 1))
    await do("zhou", rpc="EndReconsideration", remedy_id=remedy, ruling=ruling("EFFECT_UPHELD", "2022-12-01"))
    assert deadline(walk.case, "D21").legal_expiry == "2022-12-16"
    await walk.clock(at(12, 5))
    given = {"remedy_id": remedy, "filed_on": "2022-12-05", "court": "东莞市第一人民法院", "copy_received_on": "2022-12-05"}
    await do("zhou", rpc="SueAfterReconsideration", **given)
    await do("zhou", rpc="AnswerSuit", remedy_id=remedy, on="2022-12-05")
    # From the end of the reconsideration to the day before the suit four days ran.
    assert walk.case.fine_account.surcharge == money(13_230 + 5_880)
    await walk.clock(later(3, 1))
    await do("zhou", rpc="RecordJudgment", remedy_id=remedy, ruling=ruling("EFFECT_UPHELD", "2023-03-01"))
    await do("zhou", rpc="RecordAppeal", remedy_id=remedy, on="2023-03-01", by_party=True)
    assert walk.case.under_review

    await do("zhou", rpc="RecordFinalJudgment", remedy_id=remedy, ruling=ruling("EFFECT_UPHELD", "2023-03-01"))

    assert (walk.case.remedies[0].state, walk.case.under_review) == (pb.Remedy.STATE_FINAL, False)
    # The day on which it became final counts again.
    assert walk.case.fine_account.surcharge == money(13_230 + 5_880 + 1_470)
    await walk.clock(later(3, 2))
    await walk.do("fang", "RecordPayment", amount=money(49_000), paid_on="2023-03-02", slip="s")
    assert walk.case.fine_account.surcharge == money(13_230 + 5_880 + 2 * 1_470)


@pytest.mark.row("PC41", "PC27")
async def test_a_case_to_be_decided_again_goes_through_its_whole_way_and_opens_a_new_account(walk):
    await walk.to("finish")
    do = challenge(walk)
    await walk.clock(at(10, 20))
    await do("zhou", rpc="FileReconsideration", filed_on="2022-10-20", body="东莞市人民政府")
    remedy = walk.case.remedies[0].id
    await walk.clock(at(12, 1))
    await do("zhou", rpc="EndReconsideration", remedy_id=remedy, ruling=ruling("EFFECT_REDECIDE", "2022-12-01", redecide_by="2022-12-31"))
    assert (walk.case.state, walk.case.redecision.revoked_proposal) == (pb.Case.STATE_INVESTIGATING, 1)
    assert walk.case.earlier_accounts[0].state == pb.FineAccount.STATE_REFUND_DUE
    assert deadline(walk.case, "D12").legal_expiry == "2023-01-03"

    async def again(amount):
        given = {"reasons": "三人，已整改", "correction_order_ids": ["order"], "income_note": "无违法所得"}
        alleged = [pb.AllegedFact(text="三名工人无证焊接", evidence_ids=["e1", "e2"], finding_ids=walk.findings)]
        await walk.do("zhou", "ProposePenalty", facts=alleged, amount=money(amount), **given)
        await walk.do("zhou", "ScreenCase")
        await walk.both("SubmitReport", document_ids=[walk.draft("ws10053"), walk.draft("F30")])

    await again(40_000)
    await walk.review()
    assert walk.case.state == pb.Case.STATE_NOTICE_DRAFT
    f24 = walk.draft("F24")
    await walk.do("dai", "ReleaseNotice", document_ids=[f24, walk.draft("ws1003012"), walk.draft("F30")])
    await walk.served(f24, "2022-12-01")
    await walk.clock(at(12, 20))
    await walk.until(lambda case: case.state == pb.Case.STATE_DEFENCE)
    await walk.move("zheng", "submit_for_decision", "", walk.draft("F30"))
    decision = walk.draft("F34")
    await walk.do("chen", "DecideCase", document_ids=[walk.draft("F30"), decision])
    await walk.sealed(decision, "（莞）应急罚〔2022〕2号")
    await walk.served(decision, "2022-12-20")
    await walk.until(lambda case: case.state == pb.Case.STATE_EXECUTING)

    assert (walk.case.fine_account.fine, walk.case.fine_account.state) == (money(40_000), pb.FineAccount.STATE_DUE)
    assert (walk.case.revoked, walk.case.publicity.state) == (False, pb.PublicityItem.STATE_DUE)
    assert len(walk.case.earlier_accounts) == 1


@pytest.mark.row("PC51")
async def test_the_body_revokes_its_own_decision(walk, world):
    await walk.to("decide")
    do = challenge(walk)
    await walk.clock(at(9, 28))
    await walk.get()
    given = {"reason": "事实认定有误", "document_id": walk.draft("X7D")}
    assert await refused(do("dai", rpc="CorrectDecision", **given)) == "ROLE_FORBIDS_MOVE"

    await do("chen", rpc="CorrectDecision", **given)

    assert (walk.case.state, walk.case.revoked) == (pb.Case.STATE_EXECUTING, True)
    assert (await told(world, walk, "DecisionRevoked")).withdrawn_by == given["document_id"]


@pytest.mark.row("RC01", "RC02")
async def test_an_accepted_recusal_names_who_stands_in(walk):
    await walk.to("investigate")
    await walk.do("zhou", "RaiseRecusal", officer_id="wu", ground="亲属", by_party=True)
    recusal = walk.case.recusals[0].id

    await walk.do("chen", "DecideRecusal", recusal_id=recusal, accept=True, reason="属实", replacement_id="song")

    assert list(walk.case.officer_ids) == ["song", "zhou"]
    assert (walk.case.recusals[0].state, walk.case.recusals[0].replaced_by) == (pb.Recusal.STATE_DECIDED_ACCEPT, "song")
