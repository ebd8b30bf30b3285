"""INV-10 sees a hand-over that came late without its breach."""

from datetime import timedelta
from typing import Any

import pytest
from verify import transfers

APPROVED = {"approved": True, "decided_at": "2023-06-12T02:00:00Z"}


class FakeSources:
    def __init__(self, *answers: list[dict[str, Any]]) -> None:
        self._answers = list(answers)

    async def rows(self, service: str, query: str, *values: object) -> list[dict[str, Any]]:
        return self._answers.pop(0)


@pytest.mark.parametrize(
    ("handed_at", "state", "decision", "broken"),
    [
        ("2023-06-13T02:00:00Z", "STOPPED", APPROVED, 0),
        ("2023-06-13T02:00:01Z", "BREACHED", APPROVED, 0),
        ("2023-06-13T02:00:01Z", "STOPPED", APPROVED, 1),
        ("2023-06-12T03:00:00Z", "BREACHED", APPROVED, 1),
        ("2023-06-12T03:00:00Z", "STOPPED", None, 1),
    ],
    ids=["on the hour", "late with its breach", "late without", "in time with a breach", "never approved"],
)
async def test_a_late_hand_over_carries_its_breach(handed_at: str, state: str, decision: Any, broken: int) -> None:
    timer = {"object_id": 1, "state": state}
    row = {"id": 1, "decision": decision, "package": {"handed_at": handed_at}}

    outcome = await transfers.transfers_are_handed_over_in_time(FakeSources([timer], [row]))  # type: ignore[arg-type]

    assert len(outcome.violations) == broken
    assert outcome.rows == 1
    assert timedelta(hours=24) == transfers.DAY
