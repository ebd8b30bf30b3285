"""Sealed goods that nobody decides about: overdue when the thirtieth day ends, be it a holiday, and only a lift is left."""

import io

import httpx
import pytest
from embedded.demo.narration import Narration
from embedded.demo.stage import Cast, Stage
from embedded.demo.turnover import Days, Inspection, a_unit

BEGINS = "2023-09-04"


@pytest.fixture(scope="module")
def told(http: httpx.Client, cast: Cast) -> Inspection:
    stage = Stage(http, cast, cast("shen"), "/44/", Narration(io.StringIO()))
    inspection = Inspection(stage, a_unit("91440402MA6Y40044M", "珠海市前山油品有限公司"), Days(13))
    inspection.play()
    return inspection


def test_it_lapses_when_the_last_day_ends_and_is_lifted_at_once(told: Inspection):
    seal, chief = told.seal, told.team.chief
    told.stage.time("2023-10-04", "23:00")
    last_hour = seal.now()
    told.stage.time("2023-10-05", "00:10")
    over = seal.now()
    chief.until("/v1/breaches", lambda found: any(row["objectId"] == seal.id for row in found.get("breaches", [])), pageSize=200)
    lift = seal.draft(told.team.lead, "X7L", reason="查封期限届满")
    lifted = seal.move(chief, "lift", documentId=lift["id"], reason="查封期限届满")

    assert (last_hour["state"], last_hour["d02RawLastOn"]) == ("IN_FORCE", "2023-10-04")
    assert over["state"] == "LIFT_OVERDUE"
    assert lifted["state"] == "LIFTED"
