from typing import Any
from uuid import UUID, uuid4

import pytest
from inspections.application.kept_evidence import EvidenceNotOfTask, resting_on

from .builders import a_finding, facts
from .fakes import FakeEvidence
from .scene import Scene


async def run(scene: Scene, *fields: str, **given: Any) -> list[dict[str, Any]]:
    ran: list[dict[str, Any]] = []

    async def command(uow: Any, *, facts: Any, **named: Any) -> None:
        ran.append(named)

    await resting_on(FakeEvidence({"kept"}), command, *fields)(scene.uow, facts=facts(), **given)
    return ran


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("photo_ids", []),
        ("photo_ids", ["kept", "kept"]),
        ("evidence_id", ""),
        ("evidence_id", "kept"),
        ("results", [{"photo_after_ids": ["kept"]}, {"photo_after_ids": []}]),
    ],
)
async def test_what_evidence_keeps_may_carry_a_move(field: str, value: Any) -> None:
    finding = a_finding()

    assert await run(Scene(finding), field, finding_id=finding.id, **{field: value})


@pytest.mark.parametrize(
    ("field", "value"), [("photo_ids", ["kept", "made up"]), ("evidence_id", "made up"), ("results", [{"photo_after_ids": ["made up"]}])]
)
async def test_what_evidence_does_not_keep_carries_nothing(field: str, value: Any) -> None:
    finding = a_finding()

    with pytest.raises(EvidenceNotOfTask) as refused:
        await run(Scene(finding), field, inspection_id=finding.inspection_id, **{field: value})

    assert refused.value.facts == {"missing": "made up"}


async def test_an_object_that_does_not_exist_is_told_by_the_command() -> None:
    nowhere: UUID = uuid4()

    assert await run(Scene(), "evidence_id", order_id=nowhere, evidence_id="made up")
