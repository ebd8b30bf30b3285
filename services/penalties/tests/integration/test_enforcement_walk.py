"""What follows an unperformed decision, over gRPC and events: surcharge, demand, court; deferral with a missed instalment."""

from datetime import datetime
from functools import partial

import pytest
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceStub
from anzhi.penalties.v1 import execution_pb2
from anzhi.penalties.v1 import penalties_pb2 as pb
from anzhi.penalties.v1.execution_pb2_grpc import ExecutionServiceStub
from google.protobuf.json_format import MessageToDict
from kernel.days import SHANGHAI

from .test_api import refused
from .test_consumers import drafting
from .walk import at, money

KIND = execution_pb2.RecordCourtNoticeRequest.Kind


def later(month, day, hour=9):
    return datetime(2023, month, day, hour, tzinfo=SHANGHAI)


def enforce(walk):
    return partial(walk.call, stub=ExecutionServiceStub, module=execution_pb2)


def deadline(case, timer):
    return next(line for line in reversed(case.deadlines) if line.timer == timer)


async def overdue(walk):
    await walk.to("decide")
    await walk.clock(at(10, 9, 1))
    await walk.until(lambda case: case.fine_account.state == pb.FineAccount.STATE_OVERDUE)
    return enforce(walk)


async def demanded(walk, moment):
    do = await overdue(walk)
    await walk.clock(moment)
    await walk.get()
    f41 = walk.draft("F41")
    await do("zhou", rpc="ReleaseDemand", document_id=f41)
    owner = await walk.run.stub(DocumentOwnerServiceStub, walk.user("zhou"), service="documents")
    asked = documents_pb2.MayServeRequest(form="F41", document_id=f41, object_kind="case", object_id=walk.case.id)
    assert (await owner.MayServe(asked)).allowed
    await walk.sealed(f41, "（莞）应急执行催告〔2023〕1号")
    await walk.served(f41, moment.date().isoformat())
    await walk.until(lambda case: case.state == pb.Case.STATE_DUNNED)
    return do, f41


@pytest.mark.row("PC33", "PC35", "PC36", "PC37", "PC42")
async def test_an_unpaid_fine_goes_by_demand_to_the_court_and_is_executed(walk):
    do, f41 = await demanded(walk, later(3, 21))
    assert deadline(walk.case, "D22").legal_expiry == "2023-04-04"
    assert deadline(walk.case, "D23").legal_expiry == "2023-06-20"
    fields = MessageToDict((await drafting(walk, "F42")).fields)
    assert fields["owed_yuan"] == "98,000"
    assert fields["court"] == "东莞市第一人民法院"
    await walk.clock(later(4, 4))
    early = {"document_id": walk.draft("F42"), "package_document_ids": [walk.f34, f41]}
    await do("zhou", rpc="RecordDemandAnswer")
    assert await refused(do("chen", rpc="ApplyToCourt", **early)) == "DEMAND_STILL_WAITS"
    await walk.clock(later(4, 6))
    await walk.get()
    assert await refused(do("chen", rpc="ApplyToCourt", **{**early, "package_document_ids": [f41]})) == "PACKAGE_INCOMPLETE"

    await do("chen", rpc="ApplyToCourt", **early)

    assert (walk.case.state, walk.case.late_application) == (pb.Case.STATE_COURT, False)
    assert (walk.case.court.earliest_on, walk.case.court.latest_on) == ("2023-04-05", "2023-06-20")
    await walk.clock(later(4, 10))
    for kind, on in (("KIND_ACCEPTED", "2023-04-10"), ("KIND_TO_EXECUTE", "2023-04-10")):
        await do("zhou", rpc="RecordCourtNotice", kind=KIND.Value(kind), on=on, received_on=on, number="1号")
    await walk.do("fang", "RecordPayment", amount=money(98_000), paid_on="2023-04-10", slip="court")
    await do("zhou", rpc="RecordCourtNotice", kind=KIND.Value("KIND_EXECUTED"), on="2023-04-10")
    assert walk.case.state == pb.Case.STATE_EXECUTED
    await walk.do("zhou", "PublishPenalty", channel="公示系统")
    await walk.do("dai", "CloseCase", document_id=walk.draft("F46"))
    assert walk.case.state == pb.Case.STATE_CLOSED


@pytest.mark.row("PC36", "PC38")
async def test_a_late_application_is_marked_and_a_refusal_brings_the_case_back(walk):
    do, f41 = await demanded(walk, later(6, 1))
    await do("zhou", rpc="RecordDemandAnswer", answer="无力缴纳", evidence_id="e9", finding="不成立")
    await walk.clock(later(6, 21))
    await walk.until(lambda case: deadline(case, "D22").state == "STOPPED")
    papers = {"document_id": walk.draft("F42"), "package_document_ids": [walk.f34, f41]}
    assert await refused(do("chen", rpc="ApplyToCourt", **papers)) == "WINDOW_CLOSED"
    await do("chen", rpc="ApplyToCourt", late_reason="当事人下落不明", **papers)
    assert walk.case.late_application

    await do("zhou", rpc="RecordCourtNotice", kind=KIND.Value("KIND_NOT_ACCEPTED"), on="2023-06-21", received_on="2023-06-21")
    await do("chen", rpc="AskHigherCourt", reason="有正当理由")
    await do("zhou", rpc="RecordCourtNotice", kind=KIND.Value("KIND_HIGHER_CONFIRMED"), on="2023-06-21", reason="维持")

    assert walk.case.state == pb.Case.STATE_EXECUTING
    assert [notice.kind for notice in walk.case.court.notices] == ["NOT_ACCEPTED", "HIGHER_COURT_ASKED", "HIGHER_CONFIRMED"]


@pytest.mark.row("PC31", "PC32", "FA04", "FA06", "FA07")
async def test_a_deferral_with_a_missed_instalment(walk):
    await walk.to("decide")
    do = enforce(walk)
    await walk.clock(at(10, 6))
    days = (("2022-10-31", 20_000), ("2022-11-30", 29_000))
    parts = [pb.Instalment(due_on=due, amount=money(yuan)) for due, yuan in days]
    f38, f39 = walk.draft("F38"), walk.draft("F39")
    given = {"applied_on": "2022-10-05", "hardship": "连续亏损", "instalments": parts, "document_ids": [f38, f39]}
    assert await refused(do("dai", rpc="GrantDeferral", **given)) == "ROLE_FORBIDS_MOVE"
    await do("chen", rpc="GrantDeferral", **given)
    assert (walk.case.state, walk.case.deferral.until) == (pb.Case.STATE_DEFERRED, "2022-11-30")
    assert [line.legal_expiry for line in walk.case.deadlines if line.timer == "D17"] == ["2022-10-31", "2022-11-30"]
    await walk.clock(at(10, 31))
    await walk.do("fang", "RecordPayment", amount=money(20_000), paid_on="2022-10-31", slip="one")
    assert walk.case.state == pb.Case.STATE_DEFERRED

    await walk.clock(at(12, 1, 1))
    await walk.until(lambda case: case.state == pb.Case.STATE_EXECUTING)

    assert walk.case.deferral.missed_on == "2022-11-30"
    assert walk.case.fine_account.state == pb.FineAccount.STATE_OVERDUE
    await walk.clock(at(12, 10))
    await walk.do("fang", "RecordPayment", amount=money(29_000), paid_on="2022-12-10", slip="two")
    assert walk.case.fine_account.surcharge == money(8_700)
    await walk.do("fang", "RecordPayment", amount=money(8_700), paid_on="2022-12-10", slip="three")
    await walk.move("fang", "complete_execution")
    assert walk.case.state == pb.Case.STATE_EXECUTED


@pytest.mark.row("PC52")
async def test_an_archived_file_is_lent_and_comes_back(walk):
    await walk.to("finish")
    do = enforce(walk)

    await do("chen", rpc="ApproveLoan", borrower="市检察院", purpose="复查", due_on="2022-12-20")
    loan = walk.case.loans[0].id
    await do("an", rpc="LendFile", loan_id=loan)
    assert await refused(do("an", rpc="LendFile", loan_id=loan)) == "FILE_AWAY"
    await do("an", rpc="ReturnFile", loan_id=loan)

    assert walk.case.loans[0].returned_to == "an"
    assert walk.case.state == pb.Case.STATE_ARCHIVED
