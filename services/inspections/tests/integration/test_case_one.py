"""The three welders (law brief 6.7, case 1) as far as inspections carries it."""

import pytest
from anzhi.inspections.v1 import events_pb2
from anzhi.inspections.v1 import inspections_pb2 as pb
from testkit.asking import request_id
from testkit.polling import poll

ROWS = ["I01", "I04", "I06", "I08", "I10", "I14", "I16", "I18", "HD01", "HD02", "HD06", "HD07", "HD12", "HD13", "R01", "R02", "R03", "R04"]


def deadline(thing: object, timer: str) -> object:
    return next(one for one in thing.deadlines if one.timer == timer)  # type: ignore[attr-defined]


@pytest.mark.row("I18")
@pytest.mark.row("R11")
async def test_three_welders_from_the_task_to_the_closed_check(story, world):
    file, order = await story.ordered()
    task = file.inspection
    finding = file.findings[0]
    assert finding.violation_text == "特种作业人员邓某、许某等2人未取得相应资格，在焊接车间从事熔化焊接上岗作业"
    assert finding.rectify_text == "立即停止邓某、许某等2人从事熔化焊接；于2022年9月15日前调整为持证人员作业"
    assert finding.state == pb.Finding.STATE_RECTIFYING
    assert deadline(finding, "D25").legal_expiry == "2022-09-15"
    assert deadline(finding, "D26").legal_expiry == "2022-09-05"
    assert order.served_on == "2022-08-16"
    assert {one.timer for one in order.deadlines} == {"D19", "D20"}

    await story.case_filed(task.id, [one.id for one in file.findings])
    await story.at(2022, 9, 15, 15)
    order = await story.reported(order)
    finding = await story.finding(finding.id)
    recheck = deadline(finding, "D28")
    assert (recheck.raw, recheck.legal_expiry, recheck.internal_due) == ("2022-09-25", "2022-09-26", "2022-09-23")

    await story.at(2022, 9, 19, 10)
    order = await story.rechecked(await story.order(task.id, order.id), pb.RECHECK_RESULT_PASS, pb.RECHECK_RESULT_PASS)
    assert order.state == pb.RectificationOrder.STATE_RECHECKED_PASS
    finding = await story.finding(finding.id)
    assert finding.state == pb.Finding.STATE_VERIFIED_CLOSED
    assert {one.state for one in finding.deadlines} == {"STOPPED"}

    order = await story.zhou.MoveOrder(pb.MoveOrderRequest(request_id=request_id(), id=order.id, version=order.version, move="close"))
    assert order.state == pb.RectificationOrder.STATE_CLOSED
    closing = pb.MoveInspectionRequest(request_id=request_id(), id=task.id, version=await story.version(task.id), move="close")
    closed = await story.zhou.MoveInspection(closing)
    assert closed.state == pb.Inspection.STATE_CLOSED

    item = (await story.file(task.id)).publicity[0]
    item = await story.zhou.PublishResult(
        pb.PublishResultRequest(request_id=request_id(), id=item.id, version=item.version, address="https://example.invalid/1")
    )
    assert item.state == pb.PublicityItem.STATE_PUBLISHED

    rows = await story.run.sql(
        "SELECT DISTINCT h.row FROM history h WHERE object_id = ANY($1::text[])", [task.id, order.id, *(one.id for one in file.findings)]
    )
    assert set(ROWS) <= {row["row"] for row in rows}

    async def published() -> bool:
        records = await world.records("inspections.inspection.v1")
        kinds = {dict(one.headers)["ce_type"].decode().rsplit(".", 1)[1] for one in records if one.key == task.id.encode()}
        return {"RecordSigned", "FindingConfirmed", "OrderServed", "OrderRechecked", "InspectionClosed", "DocumentReleased"} <= kinds

    await poll(published)
    released = [
        events_pb2.DocumentReleased.FromString(one.value)
        for one in await world.records("inspections.inspection.v1")
        if one.key == task.id.encode() and dict(one.headers)["ce_type"].endswith(b"DocumentReleased")
    ]
    assert [story.town.documents[one.document_ids[0]].form for one in released] == ["F02", "F03", "F04", "F05", "F06"]
