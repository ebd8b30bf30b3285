"""A notice comes in by the API, is kept with its history, and goes out to every service."""

import pytest
from anzhi.lawbook.v1 import calendar_pb2 as pb
from anzhi.lawbook.v1.calendar_pb2_grpc import CalendarServiceStub
from anzhi.lawbook.v1.events_pb2 import ParametersPublished
from anzhi.type.v1.types_pb2 import ListMovesRequest
from testkit.asking import refusal, request_id
from testkit.polling import poll
from testkit.users import a_user

KEEPER = ("lawbook.read", "lawbook.calendar")


def loading(
    year: int, *, version: int = 0, notice: str = "国办发明电〔2029〕9号", issued_on: str = "2029-11-03"
) -> pb.LoadCalendarNoticeRequest:
    holiday = pb.Holiday(name="元旦", statutory=["01-01"], off=["01-01"])
    return pb.LoadCalendarNoticeRequest(
        request_id=request_id(),
        year=year,
        version=version,
        notice=pb.CalendarNotice(notice=notice, issued_on=issued_on, holidays=[holiday]),
    )


@pytest.mark.row("CY01")
@pytest.mark.row("CY02")
async def test_a_notice_is_kept_and_published(lawbook, world):
    stub = await lawbook.stub(CalendarServiceStub, a_user(org_path=world.a_root(), roles=("ADMIN",), permissions=KEEPER))
    before = await stub.GetCalendarYear(pb.GetCalendarYearRequest(year=2030), timeout=5)
    moves = await stub.ListCalendarMoves(ListMovesRequest(id="2030"), timeout=5)

    first = await stub.LoadCalendarNotice(loading(2030), timeout=5)
    second = await stub.LoadCalendarNotice(
        loading(2030, version=first.version, notice="国办发明电〔2030〕1号", issued_on="2030-01-20"), timeout=5
    )

    assert before.state == pb.CalendarYear.STATE_PROVISIONAL
    assert {move.row: move.permitted for move in moves.moves} == {"CY01": True, "CY02": False}
    assert (first.state, list(first.changed_days)) == (pb.CalendarYear.STATE_OFFICIAL, ["2030-01-01"])
    assert (second.parameters_version, [notice.notice for notice in second.notices]) == (
        first.parameters_version + 1,
        ["国办发明电〔2029〕9号", "国办发明电〔2030〕1号"],
    )
    history = await lawbook.sql(
        "SELECT row, source, target FROM history WHERE machine = 'calendar_year' AND object_id = '2030' ORDER BY id"
    )
    assert [tuple(line) for line in history] == [("CY01", "PROVISIONAL", "OFFICIAL"), ("CY02", "OFFICIAL", "OFFICIAL")]

    async def told() -> bool:
        events = [ParametersPublished.FromString(record.value) for record in await world.records("lawbook.parameters.v1")]
        return any(event.version == second.parameters_version for event in events)

    await poll(told, deadline=10)


@pytest.mark.refuses("CY01")
@pytest.mark.refuses("CY02")
async def test_another_post_loads_nothing(lawbook, world):
    stub = await lawbook.stub(CalendarServiceStub, a_user(org_path=world.a_root(), roles=("LEGAL",), permissions=KEEPER))

    assert await refusal(stub.LoadCalendarNotice(loading(2031), timeout=5)) == "ROLE_FORBIDS_MOVE"
    assert await refusal(stub.GetCalendarYear(pb.GetCalendarYearRequest(year=1), timeout=5)) == "CALENDAR_YEAR_UNKNOWN"
    assert await refusal(stub.ListCalendarMoves(ListMovesRequest(id="x"), timeout=5)) == "CALENDAR_YEAR_UNKNOWN"
    years = (await stub.ListCalendarYears(pb.ListCalendarYearsRequest(), timeout=5)).years
    assert {2020, 2026} <= {year.year for year in years}
    assert 2031 not in {year.year for year in years}
