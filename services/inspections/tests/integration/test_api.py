import asyncio
from uuid import uuid4

import grpc
import pytest
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1 import events_pb2 as documents_events
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceStub
from anzhi.inspections.v1 import inspections_pb2 as pb
from anzhi.inspections.v1.inspections_pb2_grpc import InspectionsServiceStub
from anzhi.type.v1 import types_pb2
from sqlalchemy import event
from testkit.asking import reason_of, refusal, request_id
from testkit.polling import poll
from testkit.users import a_user

from .story import PERMISSIONS, ROLES, Story
from .town import CLEAN, ELSEWHERE_ID, EXPIRED_CERTIFICATE, NO_CERTIFICATE, UNIT_ID


async def test_an_enterprise_of_another_place_is_not_checked(story):
    creating = {"source": pb.SOURCE_COMPLAINT, "source_ref": "12350-1", "enterprise_id": ELSEWHERE_ID}

    assert (
        await refusal(story.zhou.CreateInspection(pb.CreateInspectionRequest(request_id=request_id(), **creating))) == "PLACE_NOT_COMPETENT"
    )


async def test_another_body_sees_nothing_of_a_task(story, world):
    task = await story.created()
    foreign = a_user(org_path=f"{story.root}elsewhere/", roles=("OFF",), permissions=PERMISSIONS)
    stub = await story.run.stub(InspectionsServiceStub, foreign)

    assert await refusal(stub.GetInspection(pb.GetInspectionRequest(id=task.id))) == "INSPECTION_NOT_FOUND"
    assert not (await stub.ListInspections(pb.ListInspectionsRequest())).inspections
    assert (await story.chief.GetInspection(pb.GetInspectionRequest(id=task.id))).inspection.id == task.id


async def test_the_serve_role_sees_no_row_without_a_scope(story):
    await story.created()

    for table in ("inspections", "findings", "orders", "stays", "documents", "recusals", "publicity_items"):
        assert (await story.run.sql(f"SELECT count(*) AS n FROM {table}", role="serve"))[0]["n"] == 0


async def test_a_write_is_safe_to_send_twice(story):
    request = pb.CreateInspectionRequest(request_id=request_id(), source=pb.SOURCE_SPECIAL, source_ref="x", enterprise_id=UNIT_ID)

    first, second = await asyncio.gather(story.zhou.CreateInspection(request), story.zhou.CreateInspection(request))

    assert first == second


async def test_a_stale_version_is_told(story):
    task = await story.assigned()
    cancelling = {"id": task.id, "move": "cancel", "reason": "重复"}

    stale = pb.MoveInspectionRequest(request_id=request_id(), version=task.version - 1, **cancelling)

    assert await refusal(story.zheng.MoveInspection(stale)) == "CHANGED_MEANWHILE"


async def test_one_of_two_twins_moves_the_task(story):
    task = await story.assigned()
    requests = [
        pb.MoveInspectionRequest(request_id=request_id(), id=task.id, version=task.version, move="cancel", reason="重复") for _ in range(2)
    ]

    answers = await asyncio.gather(*(story.zheng.MoveInspection(one) for one in requests), return_exceptions=True)

    refused = [one for one in answers if isinstance(one, grpc.aio.AioRpcError)]
    assert len(refused) == 1
    assert reason_of(refused[0]) in {"CHANGED_MEANWHILE", "STATE_FORBIDS_TRANSITION"}


async def test_an_officer_with_an_expired_certificate_is_not_assigned(story, town):
    task = await story.created()
    town.expired.add(story.ids["wu"])

    assigning = pb.AssignOfficersRequest(
        request_id=request_id(), id=task.id, version=task.version, officer_ids=list(story.officers()), lead_id=story.ids["zhou"]
    )

    assert await refusal(story.zheng.AssignOfficers(assigning)) == "CERTIFICATE_NOT_VALID"


async def test_one_officer_alone_does_not_arrive(story):
    task = await story.ready()
    await story.at(2022, 8, 16, 9, 30)
    proposal = await story.zhou.ArriveOnSite(story.arriving(task))

    assert (proposal.row, proposal.move, proposal.object_id) == ("I10", "arrive", task.id)
    confirming = types_pb2.ConfirmMoveRequest(request_id=request_id(), proposal_id=proposal.id)
    assert await refusal(story.zhou.ConfirmMove(confirming)) == "SAME_OFFICER_TWICE"
    assert await refusal(story.zheng.ConfirmMove(confirming)) == "ROLE_FORBIDS_MOVE"
    assert (await story.file(task.id)).inspection.state == pb.Inspection.STATE_READY


async def test_a_proposal_that_could_not_be_made_is_not_stored(story):
    task = await story.ready()

    assert await refusal(story.zhou.ArriveOnSite(story.arriving(task))) == "OUTSIDE_SCHEME_WINDOW"
    await story.at(2022, 8, 16, 9, 30)
    assert await refusal(story.zhou.ArriveOnSite(story.arriving(task, recording=False))) == "RECORDING_DEVICE_MISSING"
    assert not await story.run.sql("SELECT 1 FROM proposals WHERE object_id = $1", task.id)


async def test_two_arrivals_of_one_officer_in_the_same_second(story):
    tasks = [await story.ready() for _ in range(2)]
    await story.at(2022, 8, 16, 9, 30)
    proposals = [await story.zhou.ArriveOnSite(story.arriving(task)) for task in tasks]

    answers = await asyncio.gather(*(story.confirmed("wu", one) for one in proposals), return_exceptions=True)

    refused = [one for one in answers if isinstance(one, grpc.aio.AioRpcError)]
    assert [reason_of(one) for one in refused] == ["OFFICER_ELSEWHERE"]
    stays = await story.run.sql("SELECT 1 FROM stays WHERE officer_id = $1 AND to_at IS NULL", story.ids["wu"])
    assert len(stays) == 1


async def test_a_record_with_an_empty_slot_is_not_signed(story, town):
    task = await story.on_site()
    await story.found(task.id, NO_CERTIFICATE, slots={"姓名": "邓某"})
    finding = (await story.file(task.id)).findings[0]
    assert list(finding.empty_slots) == ["人数", "场所", "作业"]
    await story.classified(finding, pb.HANDLING_ORDER)
    form = town.signed("F03", "inspection", task.id, officers=story.officers())

    async def signing():
        return pb.SignRecordRequest(request_id=request_id(), id=task.id, version=await story.version(task.id), document_id=form)

    assert await refusal(story.zhou.SignRecord(await signing())) == "EMPTY_SLOTS"
    finding = await story.finding(finding.id)
    await story.wu.AmendFinding(
        pb.AmendFindingRequest(
            request_id=request_id(), id=finding.id, version=finding.version, slots={"人数": "1", "场所": "车间", "作业": "焊接"}
        )
    )
    assert (await story.zhou.SignRecord(await signing())).state == pb.Inspection.STATE_ISSUES_OPEN


async def test_a_photo_that_evidence_does_not_keep_is_none(story):
    task = await story.on_site()

    assert await refusal(story.found(task.id, NO_CERTIFICATE, photo_ids=["photo-1", "photo-of-somewhere"])) == "EVIDENCE_NOT_OF_TASK"
    assert not (await story.file(task.id)).findings


async def test_an_unsigned_form_moves_nothing(story, town):
    task = await story.on_site()
    await story.found(task.id, CLEAN, slots={}, answer=pb.ANSWER_CONFORM)

    async def signed(**given) -> str:
        form = town.signed("F03", "inspection", task.id, **given)
        request = pb.SignRecordRequest(request_id=request_id(), id=task.id, version=await story.version(task.id), document_id=form)
        return await refusal(story.zhou.SignRecord(request))

    assert await signed(officers=story.officers(), problems=("SIGNATURE_MISSING",)) == "FORM_NOT_READY"
    assert await signed(officers=(story.ids["zhou"],)) == "SECOND_OFFICER_MISSING"
    assert await signed(officers=(story.ids["wu"], "someone")) == "FORM_NOT_READY"


async def test_the_classification_as_major_takes_lead_and_unit(story):
    task = await story.on_site()
    await story.found(task.id, NO_CERTIFICATE)
    finding = (await story.file(task.id)).findings[0]

    async def classifying(item: str):
        return pb.ClassifyMajorRequest(request_id=request_id(), id=finding.id, version=finding.version, standard_item=item)

    assert await refusal(story.zhou.ClassifyMajor(await classifying(""))) == "STANDARD_ITEM_MISSING"
    proposal = await story.zhou.ClassifyMajor(await classifying("令第10号第3条第2项"))
    file = await story.confirmed("zheng", proposal)

    assert (file.findings[0].state, file.findings[0].severity) == (pb.Finding.STATE_MAJOR, pb.SEVERITY_MAJOR)


@pytest.mark.row("HD12")
@pytest.mark.row("R06")
async def test_a_period_that_ends_is_swept_into_moves_and_breaches(story):
    file, order = await story.ordered()

    await story.at(2022, 9, 16, 0, 5)
    finding = await story.finding(file.findings[0].id)
    assert (finding.state, finding.overdue) == (pb.Finding.STATE_RECHECK_DUE, True)
    assert (await story.order(file.inspection.id, order.id)).state == pb.RectificationOrder.STATE_EXPIRED
    deadlines = {one.timer: one for one in finding.deadlines}
    assert (deadlines["D25"].state, deadlines["D26"].state) == ("BREACHED", "STOPPED")
    assert (deadlines["D28"].raw, deadlines["D28"].legal_expiry) == ("2022-09-25", "2022-09-26")

    await story.at(2022, 9, 27, 0, 5)
    late = await story.run.sql("SELECT row, move FROM history WHERE object_id = $1 AND move = 'breach' ORDER BY id", finding.id)
    assert [row["row"] for row in late] == ["D25", "D28"]


@pytest.mark.row("HD17")
@pytest.mark.row("R09")
@pytest.mark.row("R10")
async def test_a_failed_order_is_closed_by_the_next(story):
    file, order = await story.ordered()
    order = await story.reported(order)
    order = await story.rechecked(order, pb.RECHECK_RESULT_FAIL, pb.RECHECK_RESULT_PARTIAL)
    assert order.state == pb.RectificationOrder.STATE_RECHECKED_FAIL

    await story.case_filed(file.inspection.id, [finding.id for finding in file.findings])

    async def closed() -> bool:
        return (await story.order(file.inspection.id, order.id)).state == pb.RectificationOrder.STATE_CLOSED

    await poll(closed)


@pytest.mark.row("R12")
async def test_an_order_is_withdrawn_by_service(story, town):
    file, order = await story.ordered()
    form = town.signed("X7", "order", order.id)
    withdrawing = pb.ReleaseWithdrawalRequest(request_id=request_id(), id=order.id, version=order.version, document_id=form, reason="有误")
    released = await story.chief.ReleaseWithdrawal(withdrawing)
    assert released.state == pb.RectificationOrder.STATE_RUNNING

    await story.served("X7", form, "order", order.id, "2022-08-20")

    async def withdrawn() -> bool:
        return (await story.order(file.inspection.id, order.id)).state == pb.RectificationOrder.STATE_WITHDRAWN

    await poll(withdrawn)


async def test_a_served_document_of_a_case_is_passed_over(story, world):
    event_ = documents_events.DocumentServed(
        document_id=str(uuid4()), form="F24", object_kind="case", object_id=str(uuid4()), served_on="2022-09-09", deemed_on="2022-09-09"
    )
    await world.produce("documents.document.v1", event_, key=event_.document_id, root=story.root)
    task = await story.ready()
    await story.sealed("F02", task.scheme.document_id, "inspection", task.id, task.id)

    dead = [dict(one.headers) for one in await world.records("documents.document.v1.dead") if one.key == event_.document_id.encode()]
    assert not [headers for headers in dead if headers["reader"] == b"inspections"]


async def test_documents_asks_the_owner(story):
    task = await story.on_site()
    await story.found(task.id, EXPIRED_CERTIFICATE)
    owner = await story.run.stub(DocumentOwnerServiceStub, service="documents", anzhi_root=story.root)

    may = await owner.MayDraft(documents_pb2.MayDraftRequest(form="F03", object_kind="inspection", object_id=task.id))
    may_not = await owner.MayDraft(documents_pb2.MayDraftRequest(form="F04", object_kind="inspection", object_id=task.id))
    none = await owner.MayDraft(documents_pb2.MayDraftRequest(form="F03", object_kind="inspection", object_id=str(uuid4())))
    served = await owner.MayServe(
        documents_pb2.MayServeRequest(form="F05", document_id=str(uuid4()), object_kind="order", object_id=str(uuid4()))
    )

    assert may.allowed
    assert may.fields["unit"] == "东莞市穗岭机械有限公司"
    assert may.fields["findings"][0]["text"].startswith("特种作业人员李某的特种作业操作证自2022年5月1日起因有效期届满失效")
    assert (may.org_path, may.matter_id) == (f"{story.root}dalingshan/", task.id)
    assert (may_not.allowed, may_not.reason) == (False, "FORM_NOT_DUE_NOW")
    assert (none.allowed, none.reason) == (False, "INSPECTION_NOT_FOUND")
    assert served.reason == "ORDER_NOT_FOUND"


async def test_users_may_not_ask_as_documents_does(story):
    user = a_user(org_path=story.root, permissions=PERMISSIONS)
    owner = await story.run.stub(DocumentOwnerServiceStub, user)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await owner.MayDraft(documents_pb2.MayDraftRequest(form="F03", object_kind="inspection", object_id=str(uuid4())))

    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED


async def test_what_may_happen_now_is_told(story):
    file, order = await story.ordered()

    moves = (await story.zhou.ListMoves(types_pb2.ListMovesRequest(id=file.inspection.id))).moves
    told = {(one.object_id, one.move): one for one in moves}

    assert told[order.id, "recheck_pass"].permitted
    assert told[order.id, "close"].reason == "STATE_FORBIDS_TRANSITION"
    assert told[file.inspection.id, "close"].reason == "FINDINGS_OPEN"
    assert told[file.findings[0].id, "report_done"].permitted
    assert told[file.findings[0].id, "supervise"].reason == "ROLE_FORBIDS_MOVE"


async def test_the_history_of_each_object_is_kept(story):
    file, order = await story.ordered()

    async def rows(id: str) -> list[str]:
        return [one.row for one in (await story.zhou.ListHistory(types_pb2.ListHistoryRequest(id=id))).entries]

    assert await rows(file.inspection.id) == ["I01", "I04", "I06", "I08", "I10", "I14", "I14", "I14", "I16"]
    assert await rows(file.findings[0].id) == ["HD01", "HD02", "HD02", "HD06", "HD07"]
    assert await rows(order.id) == ["R01", "R02", "R03", "R04"]
    arrived = (await story.zhou.ListHistory(types_pb2.ListHistoryRequest(id=file.inspection.id))).entries[4]
    assert sorted(arrived.actors) == sorted(story.officers())
    assert "g01" in arrived.guards


async def test_reading_a_task_is_recorded(story):
    task = await story.created()

    await story.file(task.id)

    reads = await story.run.sql("SELECT by FROM reads WHERE object_id = $1", task.id)
    assert [row["by"] for row in reads] == [story.ids["zhou"]]


class Statements:
    """Counts what is sent to PostgreSQL."""

    def __init__(self, engine) -> None:
        self.engine, self.count = engine.sync_engine, 0

    def __enter__(self) -> "Statements":
        event.listen(self.engine, "before_cursor_execute", self.note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self.note)

    def note(self, *_: object) -> None:
        self.count += 1


async def test_a_file_takes_the_same_number_of_statements_whatever_hangs_on_it(story):
    full, _ = await story.ordered()
    second, third = await story.created(source=pb.SOURCE_COMPLAINT), await story.created(source=pb.SOURCE_COMPLAINT)
    counts = []

    for id in (full.inspection.id, full.inspection.id, second.id):
        with Statements(story.run.service.sessions.serve) as seen:
            await story.file(id)
        counts.append(seen.count)
    with Statements(story.run.service.sessions.serve) as one:
        await story.zhou.ListInspections(pb.ListInspectionsRequest(page_size=1))
    with Statements(story.run.service.sessions.serve) as many:
        await story.zhou.ListInspections(pb.ListInspectionsRequest(page_size=50))

    assert counts[0] == counts[1] <= 14
    assert counts[2] <= counts[0]
    assert one.count == many.count <= 4
    assert third.id


async def test_tasks_are_listed_by_pages(story):
    made = [await story.created(source=pb.SOURCE_COMPLAINT) for _ in range(3)]

    first = await story.zhou.ListInspections(pb.ListInspectionsRequest(page_size=2, source=pb.SOURCE_COMPLAINT))
    second = await story.zhou.ListInspections(
        pb.ListInspectionsRequest(page_size=2, source=pb.SOURCE_COMPLAINT, page_token=first.next_page_token)
    )

    assert {one.id for one in (*first.inspections, *second.inspections)} == {one.id for one in made}
    assert second.next_page_token == ""


@pytest.mark.parametrize("wrong", ["nonsense", ""])
async def test_an_id_that_is_none_is_told(story, wrong):
    assert await refusal(story.zhou.GetInspection(pb.GetInspectionRequest(id=wrong))) == "INVALID_ID"


async def test_who_lacks_the_permission_is_refused(story):
    stub = await story.run.stub(InspectionsServiceStub, a_user(org_path=story.root, permissions=("inspections.read",)))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.CreateInspection(pb.CreateInspectionRequest(request_id=request_id(), source=pb.SOURCE_SPECIAL))

    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
    assert isinstance(story, Story)
    assert ROLES
