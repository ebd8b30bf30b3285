"""The gRPC servicer of the calendar: one statement per RPC."""

from typing import Any

from anzhi.lawbook.v1 import calendar_pb2 as pb
from anzhi.lawbook.v1.calendar_pb2_grpc import CalendarServiceServicer
from anzhi.type.v1 import types_pb2
from servicekit import wire
from servicekit.calls import Calls

from lawbook.application import calendar
from lawbook.domain.calendar_year import CalendarYearUnknown


class CalendarApi(CalendarServiceServicer):
    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    async def LoadCalendarNotice(self, request: pb.LoadCalendarNoticeRequest, context: Any) -> pb.CalendarYear:
        return await self.calls.once(
            request,
            context,
            pb.CalendarYear,
            calendar.load_notice,
            year=request.year,
            version=request.version,
            notice=_notice(request.notice),
        )

    async def GetCalendarYear(self, request: pb.GetCalendarYearRequest, context: Any) -> pb.CalendarYear:
        return await self.calls.read(request, context, pb.CalendarYear, calendar.shown_year, year=request.year)

    async def ListCalendarYears(self, request: pb.ListCalendarYearsRequest, context: Any) -> pb.ListCalendarYearsResponse:
        return await self.calls.read(request, context, pb.ListCalendarYearsResponse, calendar.calendar_years)

    async def ListCalendarMoves(self, request: types_pb2.ListMovesRequest, context: Any) -> types_pb2.ListMovesResponse:
        if not request.id.isdecimal():
            raise CalendarYearUnknown("a calendar year is a number", year=request.id[:10])
        return await self.calls.moves(request, context, calendar.calendar_year, year=int(request.id))


def _notice(message: pb.CalendarNotice) -> dict[str, Any]:
    """In the shape of the kernel's calendar."""
    issued = wire.day(message.issued_on, "issued_on")
    return {
        "notice": message.notice.strip(),
        "issued": issued.isoformat() if issued else "",
        "holidays": [
            {"name": holiday.name, "off": list(holiday.off), "work": list(holiday.work), "statutory": list(holiday.statutory)}
            for holiday in message.holidays
        ],
    }
