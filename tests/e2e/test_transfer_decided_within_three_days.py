"""A turnover that is a crime, by HTTP alone: reported, decided on the third day, handed over in hours, filed by the police."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from embedded.demo.api import Refused
from embedded.demo.partner import Partner
from embedded.demo.program import verified
from embedded.demo.turnover import Story

BEGINS = "2023-06-05"
WALKED = {"C01", "C02", "C03", "C04", "C06", "C07", "C10", "C11", "C14", "C16", "C25"}


@pytest.fixture(scope="module")
def police(partner: Callable[[str], Partner]) -> Partner:
    return partner("zhuhai-xiangzhou-police")


@pytest.fixture(scope="module")
def told(turnover: Callable[[str, str, int], Story], police: Partner) -> Story:
    story = turnover("91440402MA6Y1001XQ", "珠海市粤恒化工有限公司", 0)
    story.play(police)
    return story


def test_the_police_have_case_goods_and_materials(told: Story):
    assert told.suspicion.now()["state"] == "MATERIALS_GIVEN"
    assert told.inspection.seal.now()["state"] == "HANDED_TO_POLICE"
    states = {told.team.lead.get(f"/v1/evidence/{evidence_id}")["state"] for evidence_id in told.evidence_ids}
    assert states == {"HANDED_TO_POLICE"}


@pytest.mark.parametrize(("timer", "last_day"), [("D33", "2023-06-12"), ("D36", "2023-06-15"), ("D43", "2023-06-19")])
def test_the_deadlines_are_those_of_the_law(told: Story, timer: str, last_day: str):
    deadline = next(row for row in told.suspicion.now()["deadlines"] if row["timer"] == timer)

    assert deadline["legalExpiry"] == last_day


def test_the_penalty_case_rests_with_its_time(told: Story):
    case = told.now()

    assert case["state"] == "CRIME_TRANSFER"
    # While it is paused the limit has no last day.
    assert not next(row for row in case["deadlines"] if row["timer"] == "D12").get("legalExpiry")


def test_every_step_is_in_the_history(told: Story):
    history = told.team.lead.get(f"/v1/transfers/{told.suspicion.id}/history", pageSize=200)

    assert {entry["row"] for entry in history["entries"]} >= WALKED


def test_the_pack_verifies_without_the_platform(told: Story, police: Partner, tmp_path: Any):
    link = police.get(f"/v1/partner/transfers/{told.suspicion.id}/package")
    pack = tmp_path / "pack.zip"
    pack.write_bytes(httpx.get(link["url"], timeout=60).content)

    assert verified(pack)


def test_one_changed_byte_is_found(told: Story, police: Partner, tmp_path: Any):
    link = police.get(f"/v1/partner/transfers/{told.suspicion.id}/package")
    content = bytearray(httpx.get(link["url"], timeout=60).content)
    content[len(content) // 2] ^= 1
    pack = tmp_path / "pack.zip"
    pack.write_bytes(content)

    with pytest.raises(RuntimeError):
        verified(pack)


def test_the_police_of_another_city_see_nothing(told: Story, partner: Callable[[str], Partner]):
    others = partner("dongguan-police")

    assert not others.get("/v1/partner/transfers").get("transfers")
    with pytest.raises(Refused) as refused:
        others.get(f"/v1/partner/transfers/{told.suspicion.id}")
    assert refused.value.status == 404


def test_a_partner_does_not_come_in_by_the_officers_doors(told: Story, police: Partner):
    for path in (f"/v1/transfers/{told.suspicion.id}", f"/v1/cases/{told.id}", "/v1/inspections"):
        with pytest.raises(Refused) as refused:
            police.get(path)
        assert refused.value.status == 403


def test_the_procuratorate_has_its_copy(told: Story, partner: Callable[[str], Partner]):
    procuratorate = partner("zhuhai-xiangzhou-procuratorate")

    assert procuratorate.get(f"/v1/partner/transfers/{told.suspicion.id}")["state"] == "MATERIALS_GIVEN"
