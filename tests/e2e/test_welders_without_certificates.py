"""The three welders of Dalingshan by HTTP alone: from the task to the archived file, and a fine of 49,000 yuan."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest
from embedded.demo.api import Refused
from embedded.demo.narration import Narration
from embedded.demo.stage import Cast, Stage, instant
from embedded.demo.visit import Inspected
from embedded.demo.welders_case import Case
from embedded.demo.welders_inspection import Inspection

ROOT = "/44/"
BEGINS = "2022-08-15"
WALKED = {"PC01", "PC02", "PC03", "PC07", "PC10", "PC12", "PC14", "PC16", "PC17"}
WALKED |= {"PC26", "PC27", "PC29", "PC30", "PC34", "PC42", "PC43", "PC50"}


@dataclass
class Told:
    """The story once told, and how."""

    case_id: str
    inspected: Inspected
    text: str
    cast: Cast

    def case(self) -> dict[str, Any]:
        return self.cast("zhou").get(f"/v1/cases/{self.case_id}")

    def file(self) -> dict[str, Any]:
        return self.cast("zhou").get(f"/v1/inspections/{self.inspected.inspection_id}")

    def deadline(self, timer: str) -> dict[str, Any]:
        return next(row for row in self.case()["deadlines"] if row["timer"] == timer)

    def documents(self) -> list[dict[str, Any]]:
        lead = self.cast("zhou")
        of_case = lead.get("/v1/documents", objectKind="case", objectId=self.case_id, pageSize=200)["documents"]
        of_task = lead.get("/v1/documents", objectKind="inspection", objectId=self.inspected.inspection_id, pageSize=200)["documents"]
        return [*of_case, *of_task]


@pytest.fixture(scope="module")
def told(http: httpx.Client, cast: Cast) -> Told:
    out = io.StringIO()
    stage = Stage(http, cast, cast("shen"), ROOT, Narration(out))
    inspection = Inspection(stage)
    inspection.play()
    case_id = Case(inspection).play()
    return Told(case_id, inspection.done, out.getvalue(), cast)


def test_the_case_ends_archived_with_a_fine_of_49000(told: Told):
    case = told.case()

    assert case["state"] == "ARCHIVED"
    assert case["fine"] == {"fen": "4900000"}
    assert case["fineAccount"]["state"] == "PAID"
    assert not case.get("late", False)


def test_the_inspection_is_closed_and_nothing_left_open(told: Told):
    file = told.file()

    assert file["inspection"]["state"] == "CLOSED"
    assert {finding["state"] for finding in file["findings"]} == {"VERIFIED_CLOSED"}
    assert [order["state"] for order in file["orders"]] == ["CLOSED"]


@pytest.mark.parametrize(
    ("timer", "last_day"),
    [("D12", "2022-11-16"), ("D08", "2022-09-19"), ("D14", "2022-09-29"), ("D16", "2022-10-08")],
)
def test_the_deadlines_are_those_of_the_law(told: Told, timer: str, last_day: str):
    deadline = told.deadline(timer)

    assert deadline["legalExpiry"] == last_day
    assert deadline["derivation"]


def test_the_extension_keeps_what_stood_before(told: Told):
    assert [row["legalExpiry"] for row in told.deadline("D12")["earlier"]] == ["2022-09-19"]


def test_the_discretion_shows_every_step_and_that_no_official_scale_was_there(told: Told):
    discretion = told.case()["proposals"][-1]["discretion"]

    assert discretion["position"] == pytest.approx(0.475)
    assert (discretion["min"], discretion["max"]) == ({"fen": "3000000"}, {"fen": "7000000"})
    assert not discretion.get("official", False)
    assert len(discretion["steps"]) >= 4


def test_every_numbered_document_is_sealed_with_a_number_of_the_city_bureau(told: Told):
    documents = [document for document in told.documents() if document["state"] in {"EFFECTIVE", "SERVED", "SEALED", "ARCHIVED"}]
    decision = next(document for document in documents if document["form"] == "F34")

    assert decision["number"] == "（莞）应急罚〔2022〕1号"
    assert decision["issuerName"] == "东莞市应急管理局"
    assert all(len(document["sha256"]) == 64 and len(document["sm3"]) == 64 for document in documents)


def test_every_evidence_item_is_archived_and_still_what_was_locked(told: Told):
    lead = told.cast("zhou")
    archived = lead.until(
        "/v1/evidence",
        lambda found: {item["state"] for item in found["items"]} == {"ARCHIVED"},
        objectKind="case",
        objectId=told.case_id,
    )

    verified = lead.post("/v1/evidence:verify", objectKind="case", objectId=told.case_id)

    assert len(archived["items"]) >= 10
    assert verified["ok"]


def test_the_paper_is_verified_by_anyone_without_personal_data(told: Told, http: httpx.Client):
    decision = next(document for document in told.documents() if document["form"] == "F34")

    page = http.get(f"/v/{decision['id']}")

    assert page.status_code == 200
    assert decision["number"] in page.text
    assert "何志明" not in page.text
    assert "邓海" not in page.text


def test_the_story_shows_who_was_refused(told: Told):
    assert told.text.count("✗") >= 7


def test_a_foreign_bureau_sees_nothing(told: Told):
    with pytest.raises(Refused) as refused:
        told.cast("liang").get(f"/v1/cases/{told.case_id}")
    assert refused.value.status == 404


def test_an_officer_whose_certificate_ran_out_is_not_assigned(told: Told):
    lead, unit, wei = told.cast("zhou"), told.cast("zheng"), told.cast("wei")
    task = lead.post(
        "/v1/inspections",
        source="COMPLAINT",
        sourceRef="举报第12号",
        title="举报核查",
        enterpriseId=told.inspected.enterprise_id,
        category="WORK_SAFETY",
        frequencyOverride="举报核查",
    )

    with pytest.raises(Refused) as refused:
        unit.post(f"/v1/inspections/{task['id']}:assign", version=task["version"], officerIds=[lead.id, wei.id], leadId=lead.id)

    assert refused.value.reason == "CERTIFICATE_NOT_VALID"


def wrong_requests(told: Told) -> list[tuple[str, Callable[[], Any], int]]:
    lead = told.cast("zhou")
    case = told.case()
    path = f"/v1/cases/{told.case_id}"
    return [
        ("an unknown field", lambda: lead.post(f"{path}:screen", version=case["version"], surprise=1), 400),
        ("a stale version", lambda: lead.post(f"{path}:screen", version=1), 409),
        ("no version", lambda: lead.post(f"{path}:screen"), 428),
        ("a move from the wrong state", lambda: lead.post(f"{path}:screen", version=case["version"]), 409),
        ("an id that is none", lambda: lead.get("/v1/cases/not-an-id"), 400),
    ]


def test_a_wrong_request_has_a_reason_and_writes_nothing(told: Told):
    for words, call, status in wrong_requests(told):
        with pytest.raises(Refused) as refused:
            call()
        assert (words, refused.value.status) == (words, status)
        assert refused.value.reason, words
    assert told.case()["version"] == told.case()["version"]


def test_legal_time_does_not_go_back(told: Told):
    with pytest.raises(Refused) as refused:
        told.cast("shen").post("/v1/legal-now", root=ROOT, at=instant("2022-08-15", "09:00"))
    assert refused.value.reason == "CLOCK_MOVES_FORWARD_ONLY"


async def test_history_has_one_row_for_each_version_and_every_read_is_recorded(told: Told, platform: Any):
    connection = await asyncpg.connect(platform.databases()["penalties"])
    try:
        rows = await connection.fetch("SELECT row, at FROM history WHERE object_id = $1 ORDER BY id", told.case_id)
        reads = await connection.fetchval("SELECT count(*) FROM reads WHERE object_id = $1", told.case_id)
    finally:
        await connection.close()

    walked = [row["row"] for row in rows]
    assert set(walked) >= WALKED
    assert reads > 10


def test_the_invariants_hold_over_the_live_data(told: Told, platform: Any):
    verified = platform.run("run", "python", "-m", "verify")

    assert verified.returncode == 0, verified.stdout + verified.stderr
