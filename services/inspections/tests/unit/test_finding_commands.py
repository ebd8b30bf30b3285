from typing import Any
from uuid import uuid4

import pytest
from inspections.application import commands, finding_commands, order_commands
from inspections.domain.finding_rows import State as F
from inspections.domain.form import DocumentLine
from inspections.domain.limits import Limits
from inspections.domain.order import State as R
from inspections.domain.task_rows import State as I

from .builders import (
    DUE,
    a_finding,
    a_task,
    an_order,
    facts,
)
from .scene import Scene, recheck, refused


@pytest.mark.row("HD06")
async def test_one_decision_covers_several_findings() -> None:
    task = a_task(I.ISSUES_OPEN)
    first, second = a_finding(F.GENERAL, task, measures=["M2"]), a_finding(F.MAJOR, task, measures=["M3"], safety_not_assured=True)
    scene = Scene(task)

    await finding_commands.apply_measures(
        scene.uow, inspection_id=task.id, finding_ids=[first.id, second.id], **scene.signing(task, scene.form("F04", task.id))
    )

    assert [f.state for f in (first, second)] == [F.MEASURE_IN_FORCE, F.MEASURE_IN_FORCE]
    assert scene.uow.told() == ["MeasuresApplied", "DocumentReleased"]
    assert scene.uow.events[0].measures == ["M2", "M3"]


@pytest.mark.row("HD17")
async def test_a_failed_recheck_is_a_clue_of_the_branch_overdue() -> None:
    order = an_order(R.RUNNING, [a_finding(F.RECHECK_DUE)])
    scene = Scene(order)

    await recheck(scene, order, "FAIL")

    clue = next(event for event in scene.uow.events if type(event).__name__ == "CaseClueRaised")
    assert (clue.act_id, clue.branch, clue.order_id) == ("A14", "OVERDUE", order.id)
    assert order.state is R.RECHECKED_FAIL


@pytest.mark.row("R08")
async def test_a_partial_recheck_moves_each_finding_by_its_result() -> None:
    task = a_task(I.ISSUES_OPEN)
    order = an_order(R.RUNNING, [a_finding(F.RECHECK_DUE, task), a_finding(F.RECHECK_DUE, task)])
    scene = Scene(order)

    await recheck(scene, order, "PASS", "PARTIAL")

    assert [finding.state for finding in order.findings] == [F.VERIFIED_CLOSED, F.NOT_RECTIFIED]
    assert order.state is R.RECHECKED_PARTIAL


@pytest.mark.refuses("R07")
async def test_results_are_one_for_each_finding_of_the_order() -> None:
    order = an_order(R.RUNNING, [a_finding(F.RECHECK_DUE)])
    stranger = a_finding(F.RECHECK_DUE, order.task)
    scene = Scene(order)
    one = {"finding_id": order.finding_ids[0], "result": "PASS", "photo_after_ids": ["a"]}

    async def given(*results: dict[str, Any]) -> str:
        return await refused(
            order_commands.recheck(scene.uow, order_id=order.id, results=results, **scene.signing(order, scene.form("F06", order.id)))
        )

    assert await given() == "RESULTS_INCOMPLETE"
    assert await given(one, one) == "RESULTS_INCOMPLETE"
    assert await given({**one, "result": ""}) == "RESULTS_INCOMPLETE"
    assert await given({**one, "finding_id": stranger.id}) == "FINDING_NOT_OF_ORDER"
    assert await given({**one, "finding_id": uuid4()}) == "FINDING_NOT_FOUND"


@pytest.mark.row("HD13")
async def test_a_finding_under_a_measure_alone_is_rechecked_without_an_order() -> None:
    task = a_task(I.ISSUES_OPEN)
    finding = a_finding(F.MEASURE_IN_FORCE, task)
    scene = Scene(task)
    task.file.documents.append(DocumentLine(uuid4(), task.id, task.org_path, "F04", "inspection", task.id, "SERVED"))
    scene.take(task)
    await finding_commands.apply_for_review(scene.uow, facts=facts("wu"), finding_id=finding.id, version=1, evidence_id="e")

    await finding_commands.recheck_measures(
        scene.uow,
        inspection_id=task.id,
        results=[{"finding_id": finding.id, "result": "PASS", "photo_after_ids": ["a"]}],
        **scene.signing(task, scene.form("F06", task.id)),
    )

    assert finding.state is F.VERIFIED_CLOSED


@pytest.mark.refuses("HD13")
async def test_a_recheck_rests_on_a_sealed_decision_or_order() -> None:
    task = a_task(I.ISSUES_OPEN)
    finding = a_finding(F.RECHECK_DUE, task)
    scene = Scene(task)
    results = [{"finding_id": finding.id, "result": "PASS", "photo_after_ids": ["a"]}]

    reason = await refused(
        finding_commands.recheck_measures(
            scene.uow, inspection_id=task.id, results=results, **scene.signing(task, scene.form("F06", task.id))
        )
    )

    assert reason == "PREDECESSOR_NOT_SEALED"


@pytest.mark.row("HD21")
@pytest.mark.row("I17")
@pytest.mark.row("I21")
async def test_another_departments_matter_goes_there_and_ends_with_its_receipt() -> None:
    task = a_task(I.ISSUES_OPEN)
    finding = a_finding(F.GENERAL, task, authority="FIRE_RESCUE")
    scene = Scene(task)
    paper = {"documents": scene.outside, "version": 1, "department": "消防救援大队", "reason": ""}

    await finding_commands.hand_over(
        scene.uow, facts=facts("zheng"), finding_id=finding.id, document_id=scene.form("ws10054", finding.id), **paper
    )
    await commands.refer(scene.uow, facts=facts("zheng"), inspection_id=task.id, document_id=scene.form("ws10054", task.id), **paper)
    await commands.accept_referral(scene.uow, facts=facts("zheng"), inspection_id=task.id, version=1, receipt_evidence_id="e")

    assert (finding.state, task.state, task.receipt_evidence_id) == (F.HANDED_OVER, I.CLOSED, "e")


@pytest.mark.parametrize(
    ("state", "command", "given", "by", "target"),
    [
        pytest.param(F.FOUND, "move", {"move": "classify_general", "reason": ""}, "zhou", F.GENERAL, marks=pytest.mark.row("HD02")),
        pytest.param(F.FOUND, "move", {"move": "void", "reason": "误录"}, "wu", F.VOID, marks=pytest.mark.row("HD24")),
        (F.FOUND, "amend", {"slots": {}, "place": "二车间", "photo_ids": ["p2"], "persons": 3}, "wu", F.FOUND),
        (
            F.GENERAL,
            "choose_handling",
            {"handling": ["ORDER"], "measures": [], "safety_not_assured": False, "hazchem_equipment": False, "hand_over_to": ""},
            "wu",
            F.GENERAL,
        ),
        pytest.param(
            F.GENERAL,
            "close_on_spot",
            {"photo_before_ids": [], "photo_after_ids": ["a"]},
            "wu",
            F.ON_SPOT_CLOSED,
            marks=pytest.mark.row("HD05"),
        ),
        pytest.param(
            F.MAJOR,
            "supervise",
            {"notice_number": "1", "responsible_person": "陈", "level": "COUNTY", "due_on": DUE, "limits": Limits()},
            "chief",
            F.MAJOR,
            marks=pytest.mark.row("HD08"),
        ),
        pytest.param(
            F.RESUME_REVIEW,
            "consent_resume",
            {"review_evidence_id": "e", "reason": ""},
            "dep",
            F.VERIFIED_CLOSED,
            marks=pytest.mark.row("HD15"),
        ),
        pytest.param(
            F.RESUME_REVIEW,
            "refuse_resume",
            {"reason": "x", "due_on": DUE, "limits": Limits()},
            "dep",
            F.RECTIFYING,
            marks=pytest.mark.row("HD16"),
        ),
        pytest.param(F.RECTIFYING, "object_to", {"evidence_id": "e", "reason": ""}, "wu", F.RECTIFYING, marks=pytest.mark.row("HD22")),
    ],
)
async def test_a_finding_moves_by_its_command(state: F, command: str, given: dict[str, Any], by: str, target: F) -> None:
    finding = a_finding(state)
    finding.handling = ["ON_SPOT"] if command == "close_on_spot" else finding.handling
    scene = Scene(finding)

    await getattr(finding_commands, command)(scene.uow, facts=facts(by), finding_id=finding.id, version=1, **given)

    assert finding.state is target


@pytest.mark.parametrize(
    ("state", "command", "given", "by", "second", "target"),
    [
        (F.FOUND, "classify_major", {"standard_item": "x", "doubtful": False, "opinion_evidence_id": ""}, "zhou", "zheng", F.MAJOR),
        (F.MAJOR, "downgrade", {"reason": "x", "evidence_ids": ["e"]}, "zheng", "dep", F.GENERAL),
        (F.RECTIFYING, "decide_objection", {"upheld": True, "reason": "x"}, "zheng", "dep", F.VOID),
    ],
)
async def test_two_persons_move_a_finding(state: F, command: str, given: dict[str, Any], by: str, second: str, target: F) -> None:
    finding = a_finding(state, disputed=True)
    scene = Scene(finding)

    file = await getattr(finding_commands, command)(scene.uow, facts=facts(by, second), finding_id=finding.id, version=1, **given)

    assert (finding.state, file.inspection) == (target, finding.task)


@pytest.mark.row("HD25")
@pytest.mark.row("HD26")
async def test_de_listing_and_the_end_of_a_unit() -> None:
    listed, gone = a_finding(F.RECTIFYING, supervised=True), a_finding(F.RECTIFYING)
    scene = Scene(listed, gone)

    await finding_commands.apply_delisting(scene.uow, facts=facts("wu"), finding_id=listed.id, version=1, evidence_id="e")
    await finding_commands.end_for_closed_unit(
        scene.uow,
        facts=facts("dep"),
        finding_id=gone.id,
        version=1,
        document_id=scene.form("F06", gone.id),
        closure_evidence_id="e",
        reason="关闭决定",
        documents=scene.outside,
    )

    assert (listed.state, gone.state) == (F.RECHECK_DUE, F.VERIFIED_CLOSED)


async def test_an_unknown_move_of_a_finding_or_order_is_refused() -> None:
    order = an_order()
    scene = Scene(order)
    finding = order.findings[0]

    assert (
        await refused(finding_commands.move(scene.uow, facts=facts(), finding_id=finding.id, version=1, move="verify", reason=""))
        == "UNKNOWN_MOVE"
    )
    assert (
        await refused(order_commands.move(scene.uow, facts=facts(), order_id=order.id, version=1, move="expire", reason=""))
        == "UNKNOWN_MOVE"
    )
