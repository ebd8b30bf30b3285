from dataclasses import replace
from datetime import date

import pytest
from inspections.application import queries, recusal_and_publicity
from inspections.domain.finding import Finding
from inspections.domain.finding_rows import State as F
from inspections.domain.order import State as R
from inspections.domain.publicity import State as P
from inspections.domain.recusal import State as C
from inspections.domain.task_rows import State as I

from .builders import (
    a_finding,
    a_publicity,
    a_recusal,
    a_task,
    an_order,
    facts,
)
from .scene import Scene, refused


async def test_recusal_and_publicity_by_their_commands() -> None:
    task = a_task(I.ON_SITE)
    scene = Scene(task)
    recusal = await recusal_and_publicity.raise_recusal(
        scene.uow, facts=facts("zhou"), inspection_id=task.id, officer_id="wu", raised_by="PARTY", ground="INTEREST", reason="x"
    )
    await recusal_and_publicity.decide_recusal(scene.uow, facts=facts("chief"), recusal_id=recusal.id, version=1, accepted=True, reason="x")
    item = a_publicity(task)
    scene.take(task)
    given = {"publicity_id": item.id, "version": 1}
    await recusal_and_publicity.publish(scene.uow, facts=facts("zhou"), address="a", summary="s", **given)
    for move in ("require_withdrawal", "withdraw"):
        await recusal_and_publicity.move_publicity(scene.uow, facts=facts("dep"), move=move, reason="x", **given)

    assert task.file.recused() == {"wu"}
    assert item.state is P.WITHDRAWN
    assert await refused(recusal_and_publicity.move_publicity(scene.uow, facts=facts("dep"), move="publish", reason="x", **given)) == (
        "UNKNOWN_MOVE"
    )


async def test_what_may_be_asked() -> None:
    task = a_task(I.ON_SITE)
    finding = a_finding(F.GENERAL, task)
    a_recusal(task)
    scene = Scene(task, a_task(I.DRAFT))

    listed = await queries.tasks(
        scene.uow,
        size=10,
        token="",
        state="ON_SITE",
        enterprise_id=None,
        officer_id="",
        source="",
        created_from=date(2022, 8, 16),
        created_to=date(2022, 8, 16),
    )

    assert listed == {"inspections": [task], "next_page_token": ""}
    assert (await queries.findings(scene.uow, ids=[finding.id]))["findings"] == [finding]
    assert len(await queries.machines(scene.uow, inspection_id=task.id)) == 3
    assert await queries.machine(scene.uow, id=finding.id) is finding
    assert isinstance(finding, Finding)
    assert (await queries.file(scene.uow, inspection_id=task.id)).version == 1


@pytest.mark.parametrize("by", ["zhou", "wu", "zheng", "dep", "chief", "plan", "system"])
def test_every_object_in_every_state_tells_what_may_happen(by: str) -> None:
    asking = replace(facts(by), known={}, permission_only=True)
    things = [
        *(a_task(state) for state in I),
        *(a_finding(state) for state in F),
        *(an_order(state) for state in R),
        *(a_recusal(a_task(I.ON_SITE), state) for state in C),
        *(a_publicity(a_task(I.ON_SITE), state) for state in P),
    ]

    for thing in things:
        for told in thing.permitted(asking):
            assert told.refusal is None or told.refusal.text
