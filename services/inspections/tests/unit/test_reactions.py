from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from inspections.application import reactions
from inspections.domain.finding_rows import State as F
from inspections.domain.form import DocumentLine
from inspections.domain.limits import Limits
from inspections.domain.order import State as R
from inspections.domain.publicity import State as P
from inspections.domain.task_rows import State as I
from kernel.moves import Facts

from .builders import (
    NOW,
    a_finding,
    a_publicity,
    a_task,
    an_order,
    facts,
    timers_of,
)
from .fakes import FakeUow
from .scene import Scene, ask, serve


@pytest.mark.row("R03")
@pytest.mark.row("R04")
@pytest.mark.row("HD07")
async def test_service_of_the_order_starts_the_period_on_the_deemed_day() -> None:
    order = an_order(R.ISSUED, [a_finding(F.GENERAL, a_task(I.ISSUES_OPEN))])
    scene = Scene(order)

    await serve(scene, order, on=date(2022, 8, 18))

    finding = order.findings[0]
    assert (order.state, finding.state) == (R.RUNNING, F.RECTIFYING)
    assert finding.timer("D25").starts_at == datetime(2022, 8, 17, 16, tzinfo=UTC)  # type: ignore[union-attr]
    assert scene.uow.told() == ["OrderServed", "RectificationStarted"]


async def test_a_document_of_a_case_is_none_of_ours() -> None:
    scene = Scene()

    line = await reactions.note_document(scene.uow, document_id=uuid4(), form="F24", object_kind="case", object_id=uuid4(), state="SEALED")

    assert line is None
    assert scene.uow.things == []


async def test_a_line_never_goes_back() -> None:
    task = a_task(I.ON_SITE)
    scene = Scene(task)
    id = uuid4()

    for state in ("DRAFT", "SEALED", "DRAFT", "EFFECTIVE", "SERVED"):
        await reactions.note_document(
            scene.uow,
            document_id=id,
            form="F03",
            object_kind="inspection",
            object_id=task.id,
            state=state,
            number="1" if state == "SEALED" else "",
        )

    lines = [line for line in scene.uow.all(DocumentLine) if line.document_id == id]
    assert [(line.state, line.number) for line in lines] == [("EFFECTIVE", "1")]


@pytest.mark.row("R10")
async def test_a_case_over_the_failed_item_closes_its_order() -> None:
    order = an_order(R.RECHECKED_FAIL, [a_finding(F.NOT_RECTIFIED)])
    scene = Scene(order)

    await reactions.case_linked(
        scene.uow, facts=facts("system"), inspection_id=order.inspection_id, finding_ids=order.finding_ids, case_id="c", filed=True
    )

    assert order.state is R.CLOSED


EXPIRY = datetime(2022, 9, 15, 16, tzinfo=UTC)


def at_expiry(**known: Any) -> Facts:
    return facts("system", now=EXPIRY, **known)


@pytest.mark.row("HD12")
@pytest.mark.row("R06")
async def test_a_period_that_ends_without_a_report_makes_recheck_and_expiry() -> None:
    order = an_order()
    scene = Scene(order)
    finding = order.findings[0]
    timer = finding.timer("D25")
    assert timer is not None

    await reactions.rectification_ended(scene.uow, timer, at_expiry())

    assert (finding.state, finding.overdue, order.state) == (F.RECHECK_DUE, True, R.EXPIRED)
    assert scene.uow.told() == ["RecheckDue", "OrderExpired"]
    assert timer.stopped_at is None


@pytest.mark.row("HD27")
async def test_a_period_that_ends_without_a_reply_is_the_authoritys_breach() -> None:
    order = an_order()
    scene = Scene(order)
    await ask(scene, order, now=datetime(2022, 9, 5, 4, tzinfo=UTC))
    finding = order.findings[0]

    await reactions.rectification_ended(scene.uow, finding.timer("D25"), at_expiry())  # type: ignore[arg-type]

    assert (finding.state, finding.overdue, order.state) == (F.RECHECK_DUE, False, R.RUNNING)
    assert timers_of(finding)["D27"] == "BREACHED"


async def test_what_was_reported_in_time_only_ends() -> None:
    order = an_order()
    scene = Scene(order)
    finding = order.findings[0]
    finding.report_done("e", facts=facts("wu"))

    await reactions.rectification_ended(scene.uow, finding.timer("D25"), at_expiry())  # type: ignore[arg-type]

    assert (finding.state, order.state, timers_of(finding)["D25"]) == (F.RECHECK_DUE, R.RUNNING, "STOPPED")


@pytest.mark.row("HD20")
async def test_a_suspension_that_ends_is_reviewed() -> None:
    task = a_task(I.ISSUES_OPEN)
    alone = a_finding(F.MEASURE_IN_FORCE, task, measures=["M4"], in_force=["M4"])
    ordered = a_finding(F.MEASURE_IN_FORCE, task, measures=["M4"], in_force=["M4"])
    an_order(R.RUNNING, [ordered])
    for finding in (alone, ordered):
        finding.start_timer("D29", facts("system"))
    scene = Scene(task)

    for finding in (alone, ordered):
        await reactions.suspension_ended(scene.uow, finding.timer("D29"), at_expiry())  # type: ignore[arg-type]

    assert (alone.state, ordered.state) == (F.RECHECK_DUE, F.MEASURE_IN_FORCE)
    assert scene.uow.told() == ["SuspensionReviewDue", "RecheckDue", "SuspensionReviewDue"]


@pytest.mark.parametrize(("timer", "event"), [("D27", "ExtensionReplyOverdue"), ("D28", "LateRecheck"), ("D31", "ResumeReviewOverdue")])
async def test_a_missed_duty_over_a_finding_is_told(timer: str, event: str) -> None:
    finding = a_finding(F.RECHECK_DUE)
    finding.start_timer(timer, facts("system"))
    scene = Scene(finding)

    await reactions.duty_missed(scene.uow, finding.timer(timer), at_expiry())  # type: ignore[arg-type]

    assert scene.uow.told() == [event]


async def test_a_missed_duty_over_a_task_or_its_publicity_is_told() -> None:
    task = a_task(I.ON_SITE, drawn=True)
    item = a_publicity(task, P.PUBLISHED)
    scene = Scene(task)
    task.start_timer("D32", facts("system"))
    task.start_timer("GEN", facts("system"))
    item.start_timer("D15", facts("system"))

    for timer in (*task.timers, *item.timers):
        await reactions.duty_missed(scene.uow, timer, at_expiry())

    assert scene.uow.told() == ["PublicityOverdue", "SchemeOverdue", "PublicityOverdue"]


async def test_a_right_that_lapses_is_nobodys_breach() -> None:
    finding = a_finding(F.RECTIFYING)
    timer = finding.timer("D26")
    assert timer is not None

    await reactions.right_ended(FakeUow(), timer, at_expiry())

    assert timers_of(finding)["D26"] == "STOPPED"


async def test_service_of_another_document_moves_nothing() -> None:
    task = a_task(I.ISSUES_OPEN)
    order = an_order(R.RUNNING, [a_finding(F.RECTIFYING, task)])
    scene = Scene(task)
    known = len(scene.uow.all(DocumentLine))

    async def served(form: str, kind: str, id: UUID) -> None:
        day = date(2022, 8, 16)
        await reactions.document_served(
            scene.uow,
            facts=facts("system"),
            document_id=uuid4(),
            form=form,
            object_kind=kind,
            object_id=id,
            served_on=day,
            deemed_on=day,
            at=NOW,
            limits=Limits(),
        )

    await served("F04", "inspection", task.id)
    await served("F05", "order", order.id)
    await served("F24", "case", uuid4())

    assert order.state is R.RUNNING
    assert scene.uow.told() == []
    assert len(scene.uow.all(DocumentLine)) == known + 2


async def test_a_period_ends_also_where_no_order_is_left() -> None:
    finding = a_finding(F.RECTIFYING)
    scene = Scene(finding)

    await reactions.rectification_ended(scene.uow, finding.timer("D25"), at_expiry())  # type: ignore[arg-type]

    assert finding.state is F.RECHECK_DUE
