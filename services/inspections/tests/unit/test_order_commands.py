from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from inspections.application import order_commands
from inspections.domain.finding_rows import State as F
from inspections.domain.limits import Limits
from inspections.domain.order import State as R
from inspections.domain.task_rows import State as I

from .builders import (
    DUE,
    a_finding,
    a_task,
    an_order,
    facts,
    timers_of,
)
from .scene import Scene, ask, papers, refused, serve


@pytest.mark.row("HD09")
@pytest.mark.row("HD10")
@pytest.mark.row("R05")
async def test_more_time_is_asked_for_and_granted() -> None:
    order = an_order()
    scene = Scene(order)
    await ask(scene, order)
    pending = order.state

    await order_commands.grant_extension(
        scene.uow,
        facts=facts("dep"),
        order_id=order.id,
        version=1,
        finding_ids=order.finding_ids,
        due_on=date(2022, 9, 30),
        interim_measures="专人监护",
        document_ids=papers(scene, order),
        documents=scene.outside,
        limits=Limits(),
    )

    assert (pending, order.state, order.findings[0].due_on) == (R.EXT_PENDING, R.RUNNING, date(2022, 9, 30))
    released = scene.uow.events[-1]
    assert [scene.outside.forms[id].form for id in released.document_ids] == ["ws10056", "ws10055"]


@pytest.mark.row("HD11")
async def test_more_time_is_refused_and_the_last_day_stands() -> None:
    order = an_order()
    scene = Scene(order)
    await ask(scene, order)

    await order_commands.refuse_extension(
        scene.uow,
        facts=facts("dep"),
        order_id=order.id,
        version=1,
        finding_ids=order.finding_ids,
        reason="理由不成立",
        document_ids=papers(scene, order),
        documents=scene.outside,
    )

    assert (order.state, order.findings[0].due_on) == (R.RUNNING, DUE)


@pytest.mark.refuses("HD11")
@pytest.mark.refuses("HD10")
async def test_a_reply_needs_approval_and_answer() -> None:
    order = an_order()
    scene = Scene(order)
    await ask(scene, order)

    async def given(documents: list[UUID]) -> str:
        return await refused(
            order_commands.refuse_extension(
                scene.uow,
                facts=facts("dep"),
                order_id=order.id,
                version=1,
                finding_ids=order.finding_ids,
                reason="x",
                document_ids=documents,
                documents=scene.outside,
            )
        )

    assert await given([]) == "FORM_NOT_READY"
    assert await given(papers(scene, order)[:1]) == "FORM_NOT_READY"
    assert await given(papers(scene, order, complete=False)) == "FORM_NOT_READY"
    assert await given([scene.form("ws10056", order.id)]) == "FORM_NOT_READY"
    assert await given([scene.form("F05", order.id)]) == "FORM_NOT_READY"


async def test_two_findings_ask_one_after_the_other() -> None:
    task = a_task(I.ISSUES_OPEN)
    order = an_order(R.RUNNING, [a_finding(F.RECTIFYING, task), a_finding(F.RECTIFYING, task)])
    scene = Scene(order)

    await ask(scene, order, [order.finding_ids[0]])
    await ask(scene, order, [order.finding_ids[1]])
    await order_commands.refuse_extension(
        scene.uow,
        facts=facts("dep"),
        order_id=order.id,
        version=1,
        finding_ids=[order.finding_ids[0]],
        reason="x",
        document_ids=papers(scene, order),
        documents=scene.outside,
    )

    assert order.state is R.EXT_PENDING


@pytest.mark.refuses("HD12")
@pytest.mark.refuses("HD09")
async def test_what_is_none_of_the_order_is_refused() -> None:
    order = an_order()
    scene = Scene(order)
    stranger = a_finding(F.RECTIFYING, order.task)

    async def given(ids: list[UUID]) -> str:
        return await refused(
            order_commands.report_done(scene.uow, facts=facts("wu"), order_id=order.id, version=1, finding_ids=ids, evidence_id="e")
        )

    assert await given([]) == "NO_FINDING_CHOSEN"
    assert await given([*order.finding_ids, stranger.id]) == "FINDING_NOT_OF_ORDER"


@pytest.mark.refuses("R01")
async def test_an_order_names_each_finding_once_and_its_day() -> None:
    finding = a_finding(F.GENERAL, a_task(I.ISSUES_OPEN))
    scene = Scene(finding)
    one = {"finding_id": finding.id, "due_on": DUE}

    async def given(*items: dict[str, Any]) -> str:
        return await refused(
            order_commands.draft(scene.uow, facts=facts(), inspection_id=finding.inspection_id, version=1, items=items, limits=Limits())
        )

    assert await given() == "NO_FINDING_CHOSEN"
    assert await given(one, one) == "NO_FINDING_CHOSEN"
    assert await given({**one, "due_on": None}) == "DATE_MISSING"
    assert await given({**one, "finding_id": uuid4()}) == "FINDING_NOT_FOUND"


@pytest.mark.row("R12")
async def test_a_withdrawal_takes_effect_when_it_is_served() -> None:
    order = an_order()
    scene = Scene(order)

    await order_commands.release_withdrawal(
        scene.uow,
        facts=facts("chief"),
        order_id=order.id,
        version=1,
        document_id=scene.form("X7", order.id, kind="order"),
        reason="事实有误",
        documents=scene.outside,
    )
    before = order.state
    await serve(scene, order, "X7")

    assert (before, order.state) == (R.RUNNING, R.WITHDRAWN)
    assert timers_of(order.findings[0]) == {"D25": "STOPPED", "D26": "STOPPED"}
