"""What penalties hears from documents and inspections, and what its timers do by themselves."""

from uuid import uuid4

from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceStub
from anzhi.inspections.v1 import events_pb2 as inspections
from anzhi.penalties.v1 import penalties_pb2 as pb
from google.protobuf.json_format import MessageToDict
from testkit.polling import poll

from .test_api import refused
from .walk import at, money


async def test_an_unpaid_fine_becomes_overdue_and_is_capped(walk):
    await walk.to("decide")
    await walk.clock(at(10, 9, 1))
    await walk.until(lambda case: case.fine_account.state == pb.FineAccount.STATE_OVERDUE)
    assert walk.case.state == pb.Case.STATE_EXECUTING
    d16 = next(line for line in walk.case.deadlines if line.timer == "D16")
    assert d16.state == "BREACHED"

    await walk.do("fang", "RecordPayment", amount=money(9_000), paid_on="2022-10-09", slip="a")
    assert walk.case.fine_account.surcharge.fen == 147_000

    await walk.clock(at(11, 11, 1))
    await walk.until(lambda case: case.fine_account.state in {pb.FineAccount.STATE_CAPPED, pb.FineAccount.STATE_PART_PAID})


async def test_the_surcharge_reaches_the_fine_on_the_34th_day(walk):
    await walk.to("decide")
    await walk.clock(at(11, 10, 23))
    await walk.until(lambda case: case.fine_account.state == pb.FineAccount.STATE_OVERDUE)
    await walk.clock(at(11, 11, 1))
    await walk.until(lambda case: case.fine_account.state == pb.FineAccount.STATE_CAPPED)

    assert walk.case.fine_account.surcharge.fen == 4_900_000


async def test_a_publicity_that_does_not_come_leaves_a_breach_and_an_event(walk, world):
    await walk.to("decide")
    await walk.clock(at(9, 30, 1))

    async def told():
        mine = [record for record in await world.records("penalties.case.v1") if record.key == walk.case.id.encode()]
        return [r for r in mine if b"CaseDeadlineBreached" in dict(r.headers)["ce_type"]]

    assert len(await poll(told)) == 1
    d14 = next(line for line in (await walk.get()).deadlines if line.timer == "D14")
    assert d14.state == "BREACHED"


async def test_a_signed_record_is_screened_and_its_screen_comes_with_the_case(walk, world):
    line = inspections.RecordSigned.Line(finding_id=walk.findings[0], act_id="A14", severity="GENERAL", persons=2)
    await walk.clock(at(8, 16, 15))
    await world.produce(
        "inspections.inspection.v1",
        inspections.RecordSigned(inspection_id=walk.inspection, findings=[line]),
        key=walk.inspection,
        root=walk.root,
    )

    async def screened():
        return (await (await walk.by("zhou")).ListScreens(pb.ListScreensRequest(inspection_id=walk.inspection))).screens

    found = await poll(screened)
    assert found[0].result == pb.SCREEN_RESULT_NONE
    await walk.open()
    assert [screen.point for screen in walk.case.screens] == [pb.SCREEN_POINT_RECORD_SIGNED]


async def test_a_document_of_another_object_is_passed_over(walk, world, penalties):
    await walk.to("open")
    other = walk.town.draft("F03", str(uuid4()))
    from anzhi.documents.v1 import events_pb2

    event = events_pb2.DocumentDrafted(document_id=other, form="F03", object_kind="inspection", object_id=str(uuid4()))
    await world.produce("documents.document.v1", event, key=other, root=walk.root)
    mine = walk.draft("F01")
    for kind in ("DocumentDrafted", "DocumentReturned", "DocumentVoided"):
        await walk.happened(mine, kind)
    await walk.until(lambda case: [d.state for d in case.documents] == ["VOID"])
    for kind in ("DocumentEffective", "DocumentArchived"):
        await walk.happened(mine, kind)
    await walk.until(lambda case: [d.state for d in case.documents] == ["ARCHIVED"])

    assert not await penalties.sql("SELECT 1 FROM documents WHERE document_id = $1", other)


async def test_a_served_event_told_twice_moves_once(walk):
    await walk.to("decide")
    before = (await walk.get()).version

    await walk.happened(walk.f34, "DocumentServed", served_on="2022-09-21", deemed_on="2022-09-21", mode="MAIL")
    await walk.happened(walk.f34, "DocumentEffective")
    await walk.until(lambda case: any(d.document_id == walk.f34 and d.state == "EFFECTIVE" for d in case.documents))

    assert walk.case.served_on == "2022-09-20"
    assert walk.case.version == before


async def drafting(walk, form, **given):
    stub = await walk.run.stub(DocumentOwnerServiceStub, walk.user("zhou"), service="documents")
    asked = {"form": form, "object_kind": "case", "object_id": walk.case.id, **given}
    return await stub.MayDraft(documents_pb2.MayDraftRequest(**asked))


async def test_the_decision_is_prefilled_with_its_remedies_and_the_account(walk):
    await walk.to("notify")
    await walk.clock(at(9, 20, 9))
    await walk.until(lambda case: case.state == pb.Case.STATE_DEFENCE)
    await walk.move("zheng", "submit_for_decision", "", walk.draft("F30"))

    answer = await drafting(walk, "F34")

    fields = MessageToDict(answer.fields)
    assert answer.allowed
    assert answer.org_path == walk.branch
    assert fields["penalty_text"] == "罚款人民币肆万玖仟元整（¥49,000元）。"
    assert fields["reconsideration_body"] == "东莞市人民政府或者广东省应急管理厅"
    assert (fields["court"], fields["bank"], fields["account"]) == ("东莞市第一人民法院", "样例银行", "123")
    assert fields["discretion_unofficial"] is True
    assert fields["defence_text"] == "当事人在规定期限内未提出陈述、申辩。"
    assert "百分之三" in fields["surcharge_text"]
    assert fields["evidence_list"] == ["照片e1", "照片e2"]
    other = await drafting(walk, "F35")
    assert (other.allowed, other.reason) == (False, "FORM_OF_OTHER_PARTY")


async def test_a_form_is_drawn_up_in_its_states_alone(walk):
    await walk.to("open")

    assert MessageToDict((await drafting(walk, "F01")).fields)["facts"] == "三名焊工无证作业"
    reasons = {form: (await drafting(walk, form)).reason for form in ("F34", "F03", "ws10053")}
    assert reasons == {"F34": "STATE_FORBIDS_FORM", "F03": "FORM_NOT_OF_CASE", "ws10053": "STATE_FORBIDS_FORM"}
    await walk.file()
    await walk.investigate()
    assert (await drafting(walk, "ws10053")).reason == "PROPOSAL_MISSING"
    assert (await drafting(walk, "F01", object_kind="order")).reason == "FORM_NOT_OF_CASE"


async def test_a_notice_is_served_only_when_it_is_released(walk):
    await walk.to("review")
    stub = await walk.run.stub(DocumentOwnerServiceStub, walk.user("zhou"), service="documents")
    f24 = walk.draft("F24")

    def asked(form, document_id):
        return documents_pb2.MayServeRequest(form=form, document_id=document_id, object_kind="case", object_id=walk.case.id)

    before = await stub.MayServe(asked("F24", f24))
    await walk.do("dai", "ReleaseNotice", document_ids=[f24, walk.draft("ws1003012")])
    after = await stub.MayServe(asked("F24", f24))

    assert (before.allowed, before.reason) == (False, "NOTICE_NOT_RELEASED")
    assert after.allowed
    assert (await stub.MayServe(asked("F34", "x"))).reason == "STATE_FORBIDS_TRANSITION"
    assert (await stub.MayServe(asked("F46", "x"))).reason == "FORM_NOT_SERVED"
    assert (await stub.MayServe(asked("F15", "x"))).allowed


async def test_a_decision_that_reads_otherwise_than_the_proposal_is_refused(walk):
    await walk.to("notify")
    await walk.clock(at(9, 20, 9))
    await walk.until(lambda case: case.state == pb.Case.STATE_DEFENCE)
    await walk.move("zheng", "submit_for_decision", "", walk.draft("F30"))
    altered = [walk.draft("F30"), walk.draft("F34", penalty_text="罚款人民币伍万元整。")]

    assert await refused(walk.do("chen", "DecideCase", document_ids=altered)) == "DOCUMENT_NOT_READY"


async def test_a_file_with_a_wrong_hash_is_not_archived(walk, town):
    await walk.to("decide")
    await walk.clock(at(9, 28, 9))
    await walk.do("zhou", "PublishPenalty", channel="公示系统")
    await walk.do("fang", "RecordPayment", amount=money(49_000), paid_on="2022-09-28", slip="s")
    await walk.move("zhou", "complete_execution")
    await walk.do("dai", "CloseCase", document_id=walk.draft("F46"))
    town.mismatches.add("e1")

    assert await refused(walk.do("an", "ArchiveCase", document_ids=[walk.draft("F47"), walk.draft("F48")])) == "HASH_MISMATCH"
