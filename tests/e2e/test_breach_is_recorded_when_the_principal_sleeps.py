"""The principal lets his three days pass: the breach stays on record, the worklist shows it, and he still has to decide."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest
from embedded.demo.api import Refused
from embedded.demo.turnover import Story

BEGINS = "2023-07-03"


@pytest.fixture(scope="module")
def told(turnover: Callable[[str, str, int], Story]) -> Story:
    story = turnover("91440402MA6Y20022X", "珠海市南屏溶剂有限公司", 4)
    story.case()
    story.suspected()
    story.stage.day("2023-07-11", "09:00", "The principal slept")
    return story


@pytest.fixture(scope="module")
def form(told: Story) -> dict[str, Any]:
    record, team = told.suspicion, told.team
    paper = record.draft(team.lead, "F43", reason="涉嫌非法经营罪")
    told.stage.sign(paper, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
    told.stage.sign(paper, (team.unit, "REVIEWER"), (team.chief, "APPROVER"), opinion="同意移送")
    return paper


def test_the_breach_is_there_by_itself_and_the_late_decision_still_counts(told: Story, form: dict[str, Any], http: httpx.Client):
    record, chief = told.suspicion, told.team.chief
    breached = next(row for row in record.now()["deadlines"] if row["timer"] == "D33")
    shown = chief.until("/v1/breaches", lambda found: any(row["objectId"] == record.id for row in found.get("breaches", [])), pageSize=200)

    with pytest.raises(Refused) as without_reason:
        record.move(chief, "approve", documentId=form["id"], opinion="同意移送")

    def click(_: int) -> int:
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"', "Authorization": f"Bearer {chief.token()}"}
        body = {"documentId": form["id"], "opinion": "同意移送", "lateReason": "出差未及时审批"}
        return http.post(f"/v1/transfers/{record.id}:approve", headers=headers, json=body).status_code

    version = record.now()["version"]
    with ThreadPoolExecutor(2) as hands:
        answers = sorted(hands.map(click, range(2)))

    decided = record.now()
    assert breached["state"] == "BREACHED"
    assert any(row["timer"] == "D33" for row in shown["breaches"] if row["objectId"] == record.id)
    assert "LATE" in without_reason.value.reason
    assert answers == [200, 409]
    assert decided["state"] == "APPROVED"
    assert next(row for row in decided["deadlines"] if row["timer"] == "D33")["state"] == "BREACHED"
