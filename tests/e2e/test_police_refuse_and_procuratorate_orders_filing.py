"""The police do not file and uphold it; the department asks the procuratorate, which makes them file."""

from collections.abc import Callable

import pytest
from embedded.demo.partner import Partner
from embedded.demo.turnover import Story

BEGINS = "2023-07-31"
ROWS = {"C17", "C19", "C20", "C21", "C22"}


@pytest.fixture(scope="module")
def told(turnover: Callable[[str, str, int], Story], partner: Callable[[str], Partner]) -> Story:
    story = turnover("91440402MA6Y300389", "珠海市湾仔化学品有限公司", 8)
    police, procuratorate = partner("zhuhai-xiangzhou-police"), partner("zhuhai-xiangzhou-procuratorate")
    story.case()
    story.suspected()
    story.approved()
    story.delivered(police)
    story.refused_by(police)
    supervised(story, police, procuratorate)
    return story


def supervised(story: Story, police: Partner, procuratorate: Partner) -> None:
    record, chief, id = story.suspicion, story.team.chief, story.suspicion.id
    story.stage.day("2023-08-11", "10:00", "The department asks the police to look again")
    request = record.draft(story.team.lead, "X4A", reason="销售额、违法所得均达追诉标准")
    story.stage.sign(request, (chief, "APPROVER"))
    record.move(chief, "askReconsideration", documentId=request["id"], reason="销售额、违法所得均达追诉标准")
    story.stage.day("2023-08-14", "10:00", "The police uphold it")
    police.move(id, "decideReconsideration", filed=False, number="香公复字1号", datedOn="2023-08-14", reason="维持不予立案")
    story.stage.day("2023-08-16", "10:00", "The department turns to the procuratorate")
    letter = record.draft(story.team.lead, "X4B", reason="公安机关应当立案而不立案")
    story.stage.sign(letter, (chief, "APPROVER"))
    record.move(chief, "suggestSupervision", documentId=letter["id"], reason="公安机关应当立案而不立案")
    story.stage.day("2023-08-21", "10:00", "The procuratorate orders the filing")
    procuratorate.move(id, "orderFiling", number="香检通立1号", datedOn="2023-08-21", text="通知立案")
    story.stage.day("2023-08-25", "10:00", "The police file")
    police.move(id, "file", number="香公立字88号", datedOn="2023-08-25", text="决定立案", copiedToProcuratorate=True)


def test_the_police_file_on_the_notice_of_the_procuratorate(told: Story):
    assert told.suspicion.now()["state"] == "FILED_POLICE"


def test_every_step_is_in_the_history(told: Story):
    history = told.team.lead.get(f"/v1/transfers/{told.suspicion.id}/history", pageSize=200)

    assert {entry["row"] for entry in history["entries"]} >= ROWS


@pytest.mark.parametrize(("timer", "last_day"), [("D38", "2023-08-14"), ("D40", "2023-08-17"), ("D42", "2023-09-05")])
def test_the_deadlines_are_those_of_the_law(told: Story, timer: str, last_day: str):
    deadline = next(row for row in told.suspicion.now()["deadlines"] if row["timer"] == timer)

    assert deadline["legalExpiry"] == last_day
