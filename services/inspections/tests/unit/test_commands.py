from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from inspections.application import commands, order_commands, reactions
from inspections.domain.finding_rows import State as F
from inspections.domain.inspection import Inspection
from inspections.domain.limits import Limits
from inspections.domain.task_rows import State as I
from inspections.domain.visit import Stay

from .builders import (
    ITEM,
    NOW,
    REGION,
    a_finding,
    a_task,
    facts,
    timers_of,
)
from .scene import UNIT, Scene, draftable, refused, serve


@pytest.mark.row("I01")
async def test_a_task_keeps_what_the_register_says_of_the_enterprise() -> None:
    scene = Scene()

    task = await scene.create()

    assert (task.title, task.region_code, task.category, task.state) == (UNIT.name, REGION, "WORK_SAFETY", I.DRAFT)
    assert scene.uow.told() == ["InspectionCreated"]


@pytest.mark.refuses("I01")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"source": ""}, "SOURCE_MISSING"), ({"source_ref": ""}, "SOURCE_REFERENCE_MISSING"), ({"by": "dep"}, "ROLE_FORBIDS_MOVE")],
)
async def test_a_task_without_a_source_is_not_entered(changes: dict[str, Any], reason: str) -> None:
    scene = Scene()

    assert await refused(scene.create(**changes)) == reason
    assert scene.uow.things == []


@pytest.mark.refuses("I01")
async def test_an_enterprise_that_ceased_is_not_checked() -> None:
    scene = Scene()
    scene.outside.unit = replace(UNIT, ceased=True)

    assert await refused(scene.create()) == "ENTERPRISE_CEASED"


@pytest.mark.refuses("I01")
async def test_the_fifth_routine_check_of_a_year_needs_the_heads_reason() -> None:
    scene = Scene()
    for _ in range(Limits.checks_per_year):
        await scene.create()

    assert await refused(scene.create()) == "FREQUENCY_CAP_REACHED"
    assert (await scene.create(frequency_override="事故线索")).state is I.DRAFT


async def test_a_task_may_be_entered_for_a_body_below() -> None:
    scene = Scene()
    scene.outside.path = "/44/4419/dalingshan/unit/"

    task = await scene.create(org_id="unit")

    assert (task.org_id, task.org_path) == ("unit", "/44/4419/dalingshan/unit/")


@pytest.mark.refuses("I01")
async def test_a_task_is_not_entered_for_a_body_elsewhere() -> None:
    scene = Scene()
    scene.outside.path = "/44/4404/"

    assert await refused(scene.create(org_id="zhuhai")) == "BODY_NOT_BELOW"


@pytest.mark.refuses("I10")
async def test_an_officer_is_on_site_in_one_task_at_a_time() -> None:
    first, second = a_task(I.READY), a_task(I.READY)
    scene = Scene(first, second)
    await scene.arrive(first)

    assert await refused(scene.arrive(second)) == "OFFICER_ELSEWHERE"
    await scene.answer(first, "CONFORM")
    await scene.sign(first)
    await scene.arrive(second)
    assert [(stay.officer_id, stay.to_at is None) for stay in scene.uow.all(Stay)] == [
        ("zhou", False),
        ("wu", False),
        ("zhou", True),
        ("wu", True),
    ]


@pytest.mark.row("I05")
async def test_who_is_replaced_on_site_leaves_it() -> None:
    task = a_task(I.READY)
    scene = Scene(task)
    await scene.arrive(task)

    await commands.replace_officer(
        scene.uow,
        facts=facts("zheng"),
        inspection_id=task.id,
        version=1,
        officer_id="wu",
        by_officer_id="lin",
        lead_id="",
        ground="LEAVE",
        reason="急诊",
        identity=scene.outside,
    )

    assert {stay.officer_id for stay in scene.uow.all(Stay) if stay.to_at is None} == {"zhou", "lin"}


async def test_a_stale_version_changes_nothing() -> None:
    task = a_task(I.READY, version=3)
    scene = Scene(task)

    assert await refused(commands.move(scene.uow, facts=facts("zheng"), inspection_id=task.id, version=2, move="cancel", reason="x")) == (
        "CHANGED_MEANWHILE"
    )
    assert task.state is I.READY


async def test_only_moves_with_a_reason_share_a_door() -> None:
    scene = Scene(a_task(I.ON_SITE))

    assert await refused(scene.move(scene.uow.all(Inspection)[0], "sign_record")) == "UNKNOWN_MOVE"


@pytest.mark.row("I14")
@pytest.mark.row("I16")
async def test_signing_opens_the_issues_and_releases_the_record() -> None:
    task = a_task(I.ON_SITE)
    a_finding(F.GENERAL, task)
    scene = Scene(task)

    await scene.sign(task)

    assert task.state is I.ISSUES_OPEN
    assert scene.uow.told() == ["RecordSigned", "PublicityDue", "IssuesOpened", "FindingConfirmed", "DocumentReleased"]
    assert [line.row for line in task.take_transitions()] == ["I14", "I16"]
    assert len(scene.uow.all(type(task.file.publicity[0]))) == 1


async def test_the_second_officers_signature_confirms_the_move() -> None:
    task = a_task(I.ON_SITE)
    scene = Scene(task)

    await scene.sign(task)

    assert task.take_transitions()[0].actors == ("zhou", "wu")


@pytest.mark.refuses("I14")
async def test_one_signature_is_not_two_officers() -> None:
    task = a_task(I.ON_SITE)
    scene = Scene(task)

    assert await refused(scene.sign(task, officers=("zhou",))) == "SECOND_OFFICER_MISSING"
    assert await refused(scene.sign(task, officers=("wu", "lin"))) == "FORM_NOT_READY"
    assert task.state is I.ON_SITE


@pytest.mark.row("I15")
async def test_a_check_without_findings_is_closed_by_the_lead() -> None:
    task = a_task(I.ON_SITE)
    scene = Scene(task)
    await scene.sign(task)

    await scene.move(task, "close_without_findings")

    assert task.state is I.CLOSED


@pytest.mark.row("I11")
@pytest.mark.row("I13")
async def test_who_keeps_refusing_is_ordered_and_the_act_is_a_clue() -> None:
    task = a_task(I.ON_SITE)
    scene = Scene(task)
    scene.outside.check_items["X"] = replace(ITEM, id="X", act_id="A42", violation="拒绝检查", rectify="于{期限}前接受检查")
    await scene.answer(task, check_item_id="X", slots={})
    finding = task.file.findings[0]
    finding.classify_general("", facts=facts())
    finding.handling = ["ORDER"]
    await commands.obstruct(
        scene.uow,
        facts=facts("wu"),
        inspection_id=task.id,
        version=1,
        reason="锁门",
        warning_given=True,
        recording=True,
        evidence_ids=[],
        police_called_at=None,
        document_id=scene.form("F03", task.id, enterprise="REFUSED"),
        documents=scene.outside,
    )
    line = await reactions.note_document(
        scene.uow, document_id=task.refusal_document_id, form="F03", object_kind="inspection", object_id=task.id, state="SEALED"
    )
    assert line is not None
    order = await order_commands.draft(
        scene.uow,
        facts=facts(),
        inspection_id=task.id,
        version=1,
        items=[{"finding_id": finding.id, "due_on": date(2022, 8, 20)}],
        limits=Limits(),
    )
    await order_commands.issue(scene.uow, order_id=order.id, **scene.signing(order, scene.form("F05", order.id)))
    await serve(scene, order)

    await scene.move(task, "persist")

    assert (task.state, finding.state) == (I.ISSUES_OPEN, F.RECTIFYING)
    clue = next(event for event in scene.uow.events if type(event).__name__ == "CaseClueRaised")
    assert (clue.act_id, clue.branch, clue.finding_ids) == ("A42", "FIRST", [finding.id])


@pytest.mark.row("I06")
@pytest.mark.row("I08")
@pytest.mark.row("I09")
async def test_an_urgent_check_gets_its_scheme_afterwards() -> None:
    task = a_task(I.ASSIGNED)
    scene = Scene(task)
    await commands.arrive_urgently(
        scene.uow,
        facts=facts(),
        inspection_id=task.id,
        version=1,
        reason="举报",
        approved_by="dep",
        approved_at=NOW - timedelta(minutes=1),
        device_id="camera",
        recording=True,
        position={"latitude": 22.9, "longitude": 113.8, "accuracy_m": 5.0},
        identity=scene.outside,
        limits=Limits(),
    )
    await commands.submit_scheme(
        scene.uow,
        facts=facts(),
        inspection_id=task.id,
        version=1,
        window_from=NOW,
        window_to=NOW + timedelta(hours=8),
        content="x",
        method="y",
        check_item_ids=[ITEM.id],
        remarks="",
        lawbook=scene.outside,
    )
    form = scene.form("F02", task.id, officers=(), reviewers=("zheng", "dep"))
    assert (await draftable(scene, "F02", "inspection", task.id)).allowed
    await commands.approve_scheme(
        scene.uow, facts=facts("dep"), inspection_id=task.id, version=1, document_id=form, documents=scene.outside
    )

    assert (task.state, task.position.latitude, timers_of(task)) == (I.ON_SITE, 22.9, {"GEN": "STOPPED"})  # type: ignore[union-attr]
    assert [line.row for line in task.take_transitions()] == ["I09", "I09", "I09"]


@pytest.mark.refuses("I06")
async def test_a_scheme_has_a_window() -> None:
    task = a_task(I.ASSIGNED)
    scene = Scene(task)

    reason = await refused(
        commands.submit_scheme(
            scene.uow,
            facts=facts(),
            inspection_id=task.id,
            version=1,
            window_from=NOW,
            window_to=None,
            content="x",
            method="y",
            check_item_ids=[],
            remarks="",
            lawbook=scene.outside,
        )
    )

    assert reason == "FIELD_MISSING"


@pytest.mark.row("I20")
async def test_a_supplementary_record_is_signed_again() -> None:
    task = a_task(I.RECORDED)
    scene = Scene(task)

    await commands.supplement_record(scene.uow, inspection_id=task.id, reason="补充", **scene.signing(task, scene.form("F03", task.id)))

    assert len(task.supplement_document_ids) == 1


@pytest.mark.row("I07")
@pytest.mark.row("I12")
@pytest.mark.row("I18")
@pytest.mark.row("I19")
async def test_moves_with_a_reason() -> None:
    review, obstructed, planned, closable = a_task(I.SCHEME_REVIEW), a_task(I.OBSTRUCTED), a_task(I.READY), a_task(I.ISSUES_OPEN)
    a_finding(F.VERIFIED_CLOSED, closable, case_ids=["c"])
    scene = Scene(review, obstructed, planned, closable)

    await scene.move(review, "return_scheme", "dep", "x")
    await scene.move(obstructed, "give_access", "wu")
    await scene.move(planned, "cancel", "zheng", "x")
    await scene.move(closable, "close")

    assert [task.state for task in (review, obstructed, planned, closable)] == [I.ASSIGNED, I.ON_SITE, I.CANCELLED, I.CLOSED]
