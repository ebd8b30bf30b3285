"""Years of the calendar in their table."""

from collections.abc import Sequence

from servicekit.db import Uow
from sqlalchemy import select

from lawbook.adapters import tables as t
from lawbook.domain.calendar_year import CalendarYear


class CalendarRows(Uow):
    async def calendar_year(self, year: int) -> CalendarYear | None:
        found: CalendarYear | None = await self.one(select(CalendarYear).where(t.calendar_years.c.year == year))
        return found

    async def calendar_years(self) -> Sequence[CalendarYear]:
        return await self.all(select(CalendarYear).order_by(t.calendar_years.c.year))

    async def put_calendar_year(self, year: CalendarYear) -> None:
        if year not in self.session:
            self.add(year)
        # Its new version is part of the answer.
        await self.flush()
