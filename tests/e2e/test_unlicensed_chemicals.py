"""Sixteen chemicals outside the licence by HTTP alone: sealed, screened, heard, discussed, confiscated, and fined 150,000 yuan."""

import io
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from embedded.demo.chemicals_case import Case
from embedded.demo.chemicals_inspection import OUTSIDE, Inspection
from embedded.demo.narration import Narration
from embedded.demo.stage import Cast, Stage

BEGINS = "2022-06-13"
ROOT = "/44/"
WALKED = {"PC01", "PC02", "PC03", "PC07", "PC10", "PC12", "PC14", "PC16", "PC19", "PC20", "PC22", "PC23", "PC24", "PC25", "PC27"}
WALKED |= {"PC29", "PC30", "PC34", "PC42", "PC43", "PC50"}


@dataclass
class Told:
    case_id: str
    inspection: Inspection
    text: str
    cast: Cast

    def case(self) -> dict[str, Any]:
        return self.cast("liang").get(f"/v1/cases/{self.case_id}")

    def deadline(self, timer: str) -> dict[str, Any]:
        return next(row for row in self.case()["deadlines"] if row["timer"] == timer)


@pytest.fixture(scope="module")
def told(http: httpx.Client, cast: Cast) -> Told:
    out = io.StringIO()
    inspection = Inspection(Stage(http, cast, cast("shen"), ROOT, Narration(out)))
    inspection.play()
    case_id = Case(inspection).play()
    return Told(case_id, inspection, out.getvalue(), cast)


def test_the_case_ends_archived_with_three_amounts_kept_apart(told: Told):
    case = told.case()

    assert case["state"] == "ARCHIVED"
    assert case["fine"] == {"fen": "15000000"}
    decided = {item["kind"]: item["amount"]["fen"] for item in case["proposals"][-1]["items"] if "amount" in item}
    assert decided == {"FINE": "15000000", "CONFISCATE_INCOME": "9200000", "CONFISCATE_GOODS": "28640000"}
    assert case["proposals"][-1]["discretion"]["position"] == pytest.approx(0.5)


def test_sixteen_of_twenty_products_are_outside_the_licence(told: Told):
    answers = [result["answer"] for result in told.inspection.scope_of(told.inspection.products())]

    assert (len(answers), answers.count("OUT_OF_SCOPE")) == (20, len(OUTSIDE))
    assert answers[16:] == ["IN_SCOPE", "IN_SCOPE", "NOT_HAZARDOUS", "UNSURE"]


@pytest.mark.parametrize(
    ("timer", "last_day"), [("D12", "2022-09-13"), ("D08", "2022-07-14"), ("D09", "2022-07-14"), ("D10", "2022-07-26")]
)
def test_the_deadlines_are_those_of_the_law(told: Told, timer: str, last_day: str):
    deadline = told.deadline(timer)

    assert deadline["legalExpiry"] == last_day
    assert deadline["derivation"]


def test_the_seal_ends_confiscated_in_its_extended_period(told: Told):
    measure = told.inspection.seal.now()

    assert measure["state"] == "CONFISCATED"
    assert measure["extendedDays"] == 30
    d02 = next(row for row in measure["deadlines"] if row["timer"] == "D02")
    assert d02["legalExpiry"] == "2022-08-13"
    assert [row["legalExpiry"] for row in d02["earlier"]] == ["2022-07-14"]


def test_the_hearing_was_on_the_eighth_working_day(told: Told):
    hearing = told.case()["hearings"][-1]

    assert hearing["state"] == "REPORTED"
    assert (hearing["earliestOn"], hearing["targetOn"]) == ("2022-07-22", "2022-07-26")


def test_the_suspicion_ended_with_reasons_before_the_decision(told: Told):
    transfers = told.case()["transfers"]

    assert [transfer["state"] for transfer in transfers] == ["CLOSED"]


def test_every_move_is_in_the_history(told: Told):
    history = told.cast("liang").get(f"/v1/cases/{told.case_id}/history", pageSize=200)

    assert {entry["row"] for entry in history["entries"]} >= WALKED


def test_who_may_not_is_refused(told: Told):
    assert told.text.count("✗") >= 5


def test_a_foreign_bureau_sees_nothing(told: Told):
    seen = told.cast("zhou").get("/v1/measures", inspectionId=told.inspection.done.inspection_id)

    assert not seen.get("measures")
