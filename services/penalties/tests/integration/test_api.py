"""The welders over gRPC against the real database and broker."""

import asyncio
from uuid import uuid4

import grpc
import pytest
from anzhi.penalties.v1 import events_pb2
from anzhi.penalties.v1 import penalties_pb2 as pb
from anzhi.penalties.v1.penalties_pb2_grpc import PenaltiesServiceStub
from anzhi.type.v1 import types_pb2
from google.rpc import error_details_pb2, status_pb2
from sqlalchemy import event
from testkit.polling import poll
from testkit.users import a_user

from .walk import PERMISSIONS, Walk, at, money

WALK = [
    "PC01",
    "PC02",
    "PC03",
    "PC03",
    "PC07",
    "PC10",
    "PC12",
    "PC14",
    "PC16",
    "PC16",
    "PC50",
    "PC17",
    "PC26",
    "PC27",
    "PC29",
    "PC30",
    "PC34",
    "PC42",
    "PC43",
]


async def refused(call):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    status = [value for key, value in caught.value.trailing_metadata() if key == "grpc-status-details-bin"]
    if not status:
        return caught.value.code().name
    for detail in status_pb2.Status.FromString(status[0]).details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return info.reason
    return caught.value.code().name


async def test_the_welders_walk_to_the_archive(walk, penalties, world):
    await walk.to("finish")

    case = await walk.get()
    assert case.state == pb.Case.STATE_ARCHIVED
    assert case.number == "（莞）应急立〔2022〕1号"
    assert case.fine.fen == 4_900_000
    assert not case.late
    deadlines = {line.timer: line.legal_expiry for line in case.deadlines}
    assert deadlines["D08"] == "2022-09-19"
    assert deadlines["D12"] == "2022-11-16"
    assert deadlines["D14"] == "2022-09-29"
    assert deadlines["D16"] == "2022-10-08"
    assert case.proposals[0].discretion.position == 0.475
    assert [pb.ScreenPoint.Name(screen.point) for screen in case.screens][-1] == "SCREEN_POINT_DECISION"
    assert case.fine_account.state == pb.FineAccount.STATE_PAID
    assert case.publicity.state == pb.PublicityItem.STATE_PUBLISHED

    history = await (await walk.by("zhou")).ListHistory(types_pb2.ListHistoryRequest(id=case.id, page_size=100))
    rows = [line.row for line in history.entries if line.row.startswith("PC")]
    assert rows == WALK
    assert next(entry.actors for entry in history.entries if entry.row == "PC02") == ["zhou", "wu"]


async def test_the_events_of_the_case_keep_their_order(walk, penalties, world):
    await walk.to("decide")

    async def published():
        mine = [record for record in await world.records("penalties.case.v1") if record.key == walk.case.id.encode()]
        names = [dict(record.headers)["ce_type"].decode().rsplit(".", 1)[1] for record in mine]
        return names if "ExecutionStarted" in names else None

    names = await poll(published, deadline=10)
    assert names == [
        "CaseOpened",
        "FilingProposed",
        "CaseFiled",
        "DocumentReleased",
        "InvestigationStarted",
        "PenaltyProposed",
        "CaseScreened",
        "CaseReported",
        "DocumentReleased",
        "ReviewRequested",
        "DocumentReleased",
        "ReviewFinished",
        "DocumentReleased",
        "NoticeReleased",
        "DocumentReleased",
        "NoticeServed",
        "CaseExtended",
        "DocumentReleased",
        "StatementTaken",
        "DecisionRequested",
        "CaseDecided",
        "DocumentReleased",
        "CaseServed",
        "ExecutionStarted",
    ]
    released = [
        events_pb2.DocumentReleased.FromString(record.value)
        for record in await world.records("penalties.case.v1")
        if record.key == walk.case.id.encode() and b"DocumentReleased" in dict(record.headers)["ce_type"]
    ]
    assert list(released[-1].document_ids) == [walk.second, walk.f34]
    assert released[-1].object_kind == "case"


async def test_a_request_sent_twice_is_done_once(walk):
    await walk.to("open")
    stub = await walk.by("dai")
    request = pb.RefuseFilingRequest(
        request_id=str(uuid4()),
        id=walk.case.id,
        version=walk.case.version,
        ground=pb.REFUSAL_GROUND_NOT_COMPETENT,
        reason="海事",
    )

    first, second = await asyncio.gather(stub.RefuseFiling(request), stub.RefuseFiling(request))

    assert first == second
    request.reason = "别的"
    assert await refused(stub.RefuseFiling(request)) == "REQUEST_ID_REUSED"


async def test_a_stale_version_is_refused(walk):
    await walk.to("open")
    request = pb.RecordCrimeFactsRequest(request_id=str(uuid4()), id=walk.case.id, version=99)

    assert await refused((await walk.by("zhou")).RecordCrimeFacts(request)) == "CHANGED_MEANWHILE"


async def test_of_many_at_once_one_wins(walk):
    await walk.to("open")
    stub = await walk.by("dai")

    def refuse():
        return stub.RefuseFiling(
            pb.RefuseFilingRequest(
                request_id=str(uuid4()),
                id=walk.case.id,
                version=walk.case.version,
                ground=pb.REFUSAL_GROUND_NOT_COMPETENT,
                reason="海事",
            )
        )

    answers = await asyncio.gather(*(refuse() for _ in range(5)), return_exceptions=True)

    assert sum(isinstance(answer, pb.Case) for answer in answers) == 1


async def test_one_officer_is_not_two_and_an_expired_certificate_counts_as_none(walk, town):
    await walk.to("open")
    f01 = walk.draft("F01")
    proposal = await walk.do("zhou", "ProposeFiling", document_id=f01)
    confirm = types_pb2.ConfirmMoveRequest(request_id=str(uuid4()), proposal_id=proposal.id)
    assert await refused((await walk.by("zhou")).ConfirmMove(confirm)) == "SAME_OFFICER_TWICE"

    town.expired.add("wu")
    again = types_pb2.ConfirmMoveRequest(request_id=str(uuid4()), proposal_id=proposal.id)
    assert await refused((await walk.by("wu")).ConfirmMove(again)) == "CERTIFICATE_NOT_VALID"
    assert (await walk.get()).state == pb.Case.STATE_CLUE


async def test_the_decision_is_refused_to_everybody_but_the_head(walk):
    await walk.to("notify")
    await walk.clock(at(9, 20, 9))
    await walk.until(lambda case: case.state == pb.Case.STATE_DEFENCE)
    await walk.move("zheng", "submit_for_decision", "", walk.draft("F30"))
    documents = [walk.draft("F30"), walk.draft("F34")]
    reasons = {}
    for name in ("zhou", "zheng", "luo", "dai", "fang", "an"):
        reasons[name] = await refused(walk.do(name, "DecideCase", document_ids=documents))

    assert set(reasons.values()) == {"ROLE_FORBIDS_MOVE"}
    assert (await walk.get()).state == pb.Case.STATE_DECIDING


async def test_without_the_extension_the_decision_is_late(walk):
    await walk.to("review")
    await walk.clock(at(9, 9, 9))
    walk.f24 = walk.draft("F24")
    await walk.do("dai", "ReleaseNotice", document_ids=[walk.f24, walk.draft("ws1003012")])
    await walk.sealed(walk.f24)
    await walk.served(walk.f24, "2022-09-09")
    await walk.clock(at(9, 20, 9))
    await walk.until(lambda case: case.state == pb.Case.STATE_DEFENCE)
    await walk.move("zheng", "submit_for_decision", "", walk.draft("F30"))
    documents = [walk.draft("F30"), walk.draft("F34")]
    assert await refused(walk.do("chen", "DecideCase", document_ids=documents)) == "CASE_LIMIT_PASSED"
    assert await refused(walk.do("chen", "ExtendCase", days=60, reason="复杂", document_id=walk.draft("F45"))) == "EXTENSION_TOO_LATE"

    await walk.do("chen", "DecideCase", document_ids=documents, late_reason="案情复杂")

    assert walk.case.late
    with pytest.raises(Exception, match="late is immutable"):
        await walk.run.sql("UPDATE cases SET late = false WHERE id = $1::uuid", walk.case.id)
    breached = [line for line in (await walk.get()).deadlines if line.timer == "D12"]
    assert breached[0].state == "BREACHED"


async def test_an_amount_outside_the_interval_is_refused_and_nothing_is_written(walk):
    await walk.to("investigate")
    given = {
        "facts": [pb.AllegedFact(text="无证", evidence_ids=["e1"])],
        "reasons": "x",
        "correction_order_ids": ["o"],
        "income_note": "无",
    }

    assert await refused(walk.do("zhou", "ProposePenalty", amount=money(80_000), **given)) == "AMOUNT_OUTSIDE_INTERVAL"

    case = await walk.get()
    assert not case.proposals


async def test_what_the_computation_answers_is_stored_nowhere(walk):
    await walk.to("investigate")

    answer = await (await walk.by("zhou")).ComputeDiscretion(
        pb.ComputeDiscretionRequest(id=walk.case.id, circumstances=[pb.Circumstance(code="L1", reason="已整改")])
    )

    assert (answer.min.fen, answer.max.fen, answer.tier) == (0, 3_000_000, "LIGHTER")
    assert not (await walk.get()).proposals


async def test_an_officer_is_not_at_two_questionings(walk, penalties, world, town):
    await walk.to("investigate")

    assert await refused(walk.question(at(8, 23, 9, 10))) == "OFFICER_ELSEWHERE"


async def test_a_suspected_crime_stops_the_report(walk):
    await walk.to("investigate")
    await walk.do("zhou", "RecordCrimeFacts", crime_facts=pb.CrimeFacts(accident=pb.ANSWER_YES, dead=1))

    assert await refused(walk.report()) == "CRIME_SUSPICION_UNRESOLVED"


async def test_another_body_sees_nothing(walk, penalties, world):
    await walk.to("open")
    stranger = a_user("x", org_id="xiangzhou", org_path=f"{walk.root}4404/xiangzhou/", permissions=PERMISSIONS)
    stub = await penalties.stub(PenaltiesServiceStub, stranger)

    assert await refused(stub.GetCase(pb.GetCaseRequest(id=walk.case.id))) == "CASE_NOT_FOUND"
    assert not (await stub.ListCases(pb.ListCasesRequest())).cases


async def test_a_list_has_a_fixed_number_of_statements_and_so_has_a_case(walk, penalties, world, town):
    await walk.to("open")
    for _ in range(3):
        other = Walk(penalties, world, town)
        other.root, other.city, other.branch = walk.root, walk.city, walk.branch
        await other.to("open")
    counted = []
    engine = penalties.service.sessions.serve.sync_engine

    def count(conn, cursor, statement, *rest):
        counted.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        stub = await walk.by("zhou")
        numbers = []
        for size in (1, 4):
            counted.clear()
            page = await stub.ListCases(pb.ListCasesRequest(page_size=size))
            assert len(page.cases) == size
            numbers.append(len(counted))
        counted.clear()
        await stub.GetCase(pb.GetCaseRequest(id=walk.case.id))
        got = len(counted)
    finally:
        event.remove(engine, "before_cursor_execute", count)

    assert numbers[0] == numbers[1] <= 3
    assert got <= 9


async def test_the_list_of_moves_says_who_and_why_not(walk):
    await walk.to("open")

    moves = {move.move: move for move in (await (await walk.by("zhou")).ListMoves(types_pb2.ListMovesRequest(id=walk.case.id))).moves}

    assert moves["propose_filing"].permitted
    assert moves["propose_filing"].by == "2 OFF"
    assert moves["refuse_filing"].reason == "ROLE_FORBIDS_MOVE"
    assert moves["decide"].reason == "STATE_FORBIDS_TRANSITION"


async def test_a_read_is_logged(walk, penalties):
    await walk.to("open")
    await walk.get()

    reads = await penalties.sql("SELECT by, rpc FROM reads WHERE object_id = $1", walk.case.id)
    assert {row["by"] for row in reads} == {"zhou"}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("act_id", "", "FIELD_MISSING"),
        ("source", 0, "WORD_MISSING"),
        ("act_on", "16.8.2022", "DATE_INVALID"),
        ("officer_ids", [], "OFFICERS_MISSING"),
    ],
)
async def test_bad_input_has_a_reason(walk, field, value, reason):
    await walk.clock(at(8, 18, 8))
    given = {"source": 1, "enterprise_id": walk.enterprise, "act_id": "A14", "act_on": "2022-08-16", "officer_ids": ["wu"], field: value}

    assert await refused((await walk.by("zhou")).OpenCase(pb.OpenCaseRequest(request_id=str(uuid4()), **given))) == reason


async def test_one_act_is_not_opened_twice(walk):
    await walk.to("open")
    kept = walk.case
    with pytest.raises(grpc.aio.AioRpcError):
        await walk.open()

    assert kept.state == pb.Case.STATE_CLUE
