"""A major danger under a stop measure: supervision, more time, refusal and consent to resume, objection, hand-over."""

import pytest
from anzhi.inspections.v1 import inspections_pb2 as pb
from testkit.asking import refusal, request_id
from testkit.polling import poll

from .town import CLEAN, EXPIRED_CERTIFICATE, NO_CERTIFICATE


def asked(thing, **given):
    return {"request_id": request_id(), "id": thing.id, "version": thing.version, **given}


async def classified_major(story, finding):
    proposal = await story.zhou.ClassifyMajor(pb.ClassifyMajorRequest(**asked(finding, standard_item="令第10号第3条第2项")))
    await story.confirmed("zheng", proposal)
    finding = await story.finding(finding.id)
    return await story.zhou.ChooseHandling(
        pb.ChooseHandlingRequest(
            **asked(finding, handling=[pb.HANDLING_MEASURE, pb.HANDLING_ORDER], measures=[pb.MEASURE_M4], safety_not_assured=True)
        )
    )


async def under_suspension(story):
    """A record with one major danger, its suspension in force."""
    task = await story.on_site()
    await story.found(task.id, NO_CERTIFICATE)
    await classified_major(story, (await story.file(task.id)).findings[0])
    form = story.town.signed("F03", "inspection", task.id, officers=story.officers())
    await story.zhou.SignRecord(pb.SignRecordRequest(**asked((await story.file(task.id)).inspection, document_id=form)))
    await story.sealed("F03", form, "inspection", task.id, task.id)
    file = await story.file(task.id)
    form = story.town.signed("F04", "inspection", task.id, officers=story.officers())
    await story.zhou.ApplyMeasures(pb.ApplyMeasuresRequest(**asked(file.inspection, finding_ids=[file.findings[0].id], document_id=form)))
    await story.sealed("F04", form, "inspection", task.id, task.id)
    return await story.file(task.id)


async def served_order(story, file, due_on, served_on="2022-08-16"):
    """F05 over all findings, drafted, issued and served today."""
    task_id = file.inspection.id
    order = await story.zhou.DraftOrder(
        pb.DraftOrderRequest(
            request_id=request_id(),
            inspection_id=task_id,
            version=file.version,
            items=[pb.OrderItem(finding_id=one.id, due_on=due_on) for one in file.findings],
        )
    )
    form = story.town.signed("F05", "order", order.id, officers=story.officers())
    await story.zhou.IssueOrder(pb.IssueOrderRequest(**asked(order, document_id=form)))
    await story.sealed("F05", form, "order", order.id, task_id)
    await story.served("F05", form, "order", order.id, served_on)

    async def running():
        return (await story.order(task_id, order.id)).state == pb.RectificationOrder.STATE_RUNNING

    await poll(running)
    return await story.order(task_id, order.id)


@pytest.mark.row("HD08")
@pytest.mark.row("HD10")
@pytest.mark.row("HD14")
@pytest.mark.row("HD15")
@pytest.mark.row("HD16")
async def test_a_suspension_ends_with_the_principals_consent(story):
    file = await under_suspension(story)
    order = await served_order(story, file, "2022-09-15")
    finding = await story.finding(file.findings[0].id)
    assert next(one for one in finding.deadlines if one.timer == "D29").legal_expiry == "2023-02-16"
    finding = await story.chief.SuperviseFinding(
        pb.SuperviseFindingRequest(**asked(finding, notice_number="督办1", responsible_person="陈某", level="COUNTY"))
    )
    assert finding.supervised

    await story.at(2022, 9, 5, 10)
    order = await story.wu.RequestExtension(
        pb.RequestExtensionRequest(**asked(order, finding_ids=[finding.id], reason="设备未到货", evidence_id="report-1"))
    )
    papers = [
        story.town.signed("ws10056", "order", order.id, officers=story.officers(), approvers=(story.ids["dep"],)),
        story.town.signed("ws10055", "order", order.id),
    ]
    order = await story.dep.GrantExtension(
        pb.GrantExtensionRequest(
            **asked(order, finding_ids=[finding.id], due_on="2022-09-30", interim_measures="专人监护", document_ids=papers)
        )
    )
    assert order.state == pb.RectificationOrder.STATE_RUNNING
    order = await story.reported(order)
    order = await story.rechecked(order, pb.RECHECK_RESULT_PASS)
    finding = await story.finding(finding.id)
    assert finding.state == pb.Finding.STATE_RESUME_REVIEW

    refusing = pb.RefuseResumeRequest(**asked(finding, reason="现场仍有隐患", due_on="2022-09-20"))
    finding = await story.dep.RefuseResume(refusing)
    assert (finding.state, finding.due_on) == (pb.Finding.STATE_RECTIFYING, "2022-09-20")
    again = await served_order(story, await story.file(file.inspection.id), "2022-09-20", "2022-09-05")
    again = await story.reported(again)
    await story.rechecked(again, pb.RECHECK_RESULT_PASS)
    finding = await story.finding(finding.id)
    consent = pb.ConsentResumeRequest(**asked(finding, review_evidence_id="report-1"))
    assert await refusal(story.dep.ConsentResume(consent)) == "CHIEF_DECIDES_SUPERVISED"
    consent = pb.ConsentResumeRequest(**asked(finding, review_evidence_id="report-1"))
    finding = await story.chief.ConsentResume(consent)
    assert (finding.state, finding.supervised) == (pb.Finding.STATE_VERIFIED_CLOSED, False)
    assert not [one for one in finding.deadlines if one.state == "RUNNING"]


@pytest.mark.row("HD20")
@pytest.mark.row("HD25")
@pytest.mark.row("HD22")
@pytest.mark.row("HD23")
async def test_review_objection_and_de_listing_of_a_stopped_danger(story):
    file = await under_suspension(story)
    finding = await story.chief.SuperviseFinding(
        pb.SuperviseFindingRequest(**asked(file.findings[0], notice_number="督办2", responsible_person="陈某", level="COUNTY"))
    )
    finding = await story.wu.ObjectToFinding(pb.ObjectToFindingRequest(**asked(finding, evidence_id="report-1", reason="事实不清")))
    proposal = await story.zheng.DecideObjection(pb.DecideObjectionRequest(**asked(finding, upheld=False, reason="事实清楚")))
    finding = (await story.confirmed("dep", proposal)).findings[0]
    assert not finding.disputed

    finding = await story.wu.ApplyDelisting(pb.ApplyDelistingRequest(**asked(finding, evidence_id="report-1")))
    assert {one.timer for one in finding.deadlines if one.state == "RUNNING"} >= {"D28", "D31", "D29"}
    form = story.town.signed("F06", "inspection", file.inspection.id, officers=story.officers())
    again = await story.zhou.RecheckMeasures(
        pb.RecheckMeasuresRequest(
            **asked(
                (await story.file(file.inspection.id)).inspection,
                document_id=form,
                results=[pb.FindingResult(finding_id=finding.id, result=pb.RECHECK_RESULT_FAIL)],
            )
        )
    )
    assert again.findings[0].state == pb.Finding.STATE_NOT_RECTIFIED


@pytest.mark.row("HD04")
@pytest.mark.row("HD20")
async def test_a_downgraded_danger_is_reviewed_on_application(story):
    file = await under_suspension(story)
    proposal = await story.zheng.DowngradeFinding(
        pb.DowngradeFindingRequest(**asked(file.findings[0], reason="复核意见", evidence_ids=["report-1"]))
    )
    finding = (await story.confirmed("dep", proposal)).findings[0]
    assert (finding.severity, finding.state) == (pb.SEVERITY_GENERAL, pb.Finding.STATE_MEASURE_IN_FORCE)

    finding = await story.wu.ApplyForReview(pb.ApplyForReviewRequest(**asked(finding, evidence_id="report-1")))

    assert finding.state == pb.Finding.STATE_RECHECK_DUE


@pytest.mark.row("HD05")
@pytest.mark.row("HD21")
@pytest.mark.row("HD26")
@pytest.mark.row("HD24")
async def test_findings_end_in_their_other_ways(story):
    task = await story.on_site()
    for item in (NO_CERTIFICATE, EXPIRED_CERTIFICATE, CLEAN):
        slots = {"设备": "行车"} if item == CLEAN else None
        await (story.found(task.id, item) if slots is None else story.found(task.id, item, slots=slots))
    first, second, third = (await story.file(task.id)).findings
    await story.found(task.id, CLEAN, slots={"设备": "误"})
    wrong = (await story.file(task.id)).findings[3]
    voided = await story.wu.MoveFinding(pb.MoveFindingRequest(**asked(wrong, move="void", reason="误录")))
    assert voided.state == pb.Finding.STATE_VOID

    first = await story.classified(first, pb.HANDLING_ON_SPOT)
    first = await story.wu.CloseOnSpot(pb.CloseOnSpotRequest(**asked(first, photo_after_ids=["after-1"])))
    assert first.state == pb.Finding.STATE_ON_SPOT_CLOSED
    form = story.town.signed("ws10054", "finding", second.id, officers=story.officers(), enterprise="")
    second = await story.zheng.HandOverFinding(pb.HandOverFindingRequest(**asked(second, department="消防救援大队", document_id=form)))
    assert second.state == pb.Finding.STATE_HANDED_OVER
    form = story.town.signed("F06", "finding", third.id, officers=story.officers())
    ending = pb.EndForClosedUnitRequest(**asked(third, document_id=form, closure_evidence_id="report-1", reason="关闭决定"))
    third = await story.dep.EndForClosedUnit(ending)
    assert third.state == pb.Finding.STATE_VERIFIED_CLOSED


@pytest.mark.row("RC01")
@pytest.mark.row("I05")
async def test_a_recused_officer_is_replaced(story):
    task = await story.ready()
    recusal = await story.zhou.RaiseRecusal(
        pb.RaiseRecusalRequest(
            request_id=request_id(),
            inspection_id=task.id,
            officer_id=story.ids["wu"],
            raised_by="PARTY",
            ground="SHAREHOLDING",
            reason="持有企业股份",
        )
    )
    await story.at(2022, 8, 16, 9, 30)
    await story.zhou.ArriveOnSite(story.arriving(task))
    recusal = await story.chief.DecideRecusal(pb.DecideRecusalRequest(**asked(recusal, accepted=True, reason="属实")))
    assert recusal.state == pb.Recusal.STATE_DECIDED_ACCEPT
    proposal = await story.zhou.ArriveOnSite(story.arriving(task))
    assert await refusal(story.confirmed("wu", proposal)) == "OFFICER_IN_CONFLICT"

    task = await story.zheng.ReplaceOfficer(
        pb.ReplaceOfficerRequest(**asked(task, officer_id=story.ids["wu"], by_officer_id="lin", ground="RECUSAL", reason="回避"))
    )
    assert (task.state, list(task.officer_ids)) == (pb.Inspection.STATE_ASSIGNED, [story.ids["zhou"], "lin"])


@pytest.mark.row("I11")
@pytest.mark.row("I12")
@pytest.mark.row("I19")
async def test_an_obstruction_ends_with_access(story):
    task = await story.on_site()
    obstructing = pb.ObstructInspectionRequest(
        **asked(task, reason="门卫拒绝", warning_given=True, recording=True, evidence_ids=["report-1"])
    )
    task = await story.wu.ObstructInspection(obstructing)
    assert task.state == pb.Inspection.STATE_OBSTRUCTED

    task = await story.wu.MoveInspection(pb.MoveInspectionRequest(**asked(task, move="give_access")))

    assert task.state == pb.Inspection.STATE_ON_SITE
    assert await refusal(story.zheng.MoveInspection(pb.MoveInspectionRequest(**asked(task, move="cancel", reason="x")))) == (
        "STATE_FORBIDS_TRANSITION"
    )


@pytest.mark.row("HD11")
async def test_a_refused_extension_leaves_the_day_and_the_publicity_is_taken_back(story):
    file, order = await story.ordered()
    ids = [one.id for one in file.findings]
    order = await story.wu.RequestExtension(
        pb.RequestExtensionRequest(**asked(order, finding_ids=ids, reason="设备未到货", evidence_id="report-1"))
    )
    papers = [
        story.town.signed("ws10056", "order", order.id, officers=story.officers(), approvers=(story.ids["dep"],)),
        story.town.signed("ws10055", "order", order.id),
    ]
    order = await story.dep.RefuseExtension(
        pb.RefuseExtensionRequest(**asked(order, finding_ids=ids, reason="理由不成立", document_ids=papers))
    )
    assert order.state == pb.RectificationOrder.STATE_RUNNING
    assert (await story.finding(ids[0])).due_on == "2022-09-15"

    item = (await story.file(file.inspection.id)).publicity[0]
    item = await story.zhou.PublishResult(pb.PublishResultRequest(**asked(item, address="https://example.invalid")))
    for move in ("require_withdrawal", "withdraw"):
        item = await story.dep.MovePublicityItem(pb.MovePublicityItemRequest(**asked(item, move=move, reason="内容有误")))
    assert item.state == pb.PublicityItem.STATE_WITHDRAWN
    assert [(one.timer, one.state) for one in item.deadlines] == [("D15", "STOPPED")]
