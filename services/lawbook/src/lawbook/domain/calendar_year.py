"""A year of the official calendar: provisional until its holiday notice is loaded, changed by later ones. Law: HOL; law brief 9.7, 11.9."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from kernel.calendar import Calendar
from kernel.errors import Conflict, DomainError, Invalid, Precondition
from kernel.moves import AnyOf, Facts, Machine, Move, Role

YEARS = range(2000, 2101)


class CalendarYearUnknown(Invalid):
    """A calendar year lies between 2000 and 2100."""


class CalendarYearChanged(Conflict):
    """The year changed since it was read."""


class NoticeIncomplete(Invalid):
    """A notice has its number, the day it was issued, and the statutory holidays of its year."""


class NoticeNotLater(Precondition):
    """A notice that changes a year is issued after those that it changes."""


class YearState(StrEnum):
    PROVISIONAL = "PROVISIONAL"
    OFFICIAL = "OFFICIAL"


def whole(year: "CalendarYear", facts: Facts) -> DomainError | None:
    """Number, day of issue, and statutory holidays. Law: HOL 2."""
    given: Mapping[str, Any] | None = facts.input
    if given is None:
        return None
    missing = [name for name in ("notice", "issued") if not str(given.get(name) or "").strip()]
    if not any(holiday["statutory"] for holiday in given["holidays"]):
        missing.append("holidays")
    return NoticeIncomplete("the notice is not whole", year=year.year, missing=",".join(missing)) if missing else None


def later(year: "CalendarYear", facts: Facts) -> DomainError | None:
    """A later notice of the same year replaces the earlier (9.7)."""
    given: Mapping[str, Any] | None = facts.input
    if given is None or not year.notices:
        return None
    newest = max(str(notice["issued"]) for notice in year.notices)
    if str(given["issued"]) > newest:
        return None
    return NoticeNotLater("the notice is not later than those of the year", year=year.year, issued=str(given["issued"]), newest=newest)


@dataclass(eq=False)
class CalendarYear(Machine):
    """`notices` in the shape of the kernel's calendar, the newest last. `parameters_version` 0: as it ships."""

    MACHINE = "calendar_year"

    year: int
    state: YearState
    notices: list[dict[str, Any]] = field(default_factory=list)
    parameters_version: int = 0
    changed_days: list[str] = field(default_factory=list)
    version: int = 0

    @classmethod
    def shipped(cls, year: int, notices: Sequence[Mapping[str, Any]]) -> "CalendarYear":
        """As it stands before anything was loaded here. Raises: CalendarYearUnknown."""
        if year not in YEARS:
            raise CalendarYearUnknown("a calendar year lies between 2000 and 2100", year=year)
        own = sorted((dict(notice) for notice in notices if notice["year"] == year), key=lambda notice: str(notice["issued"]))
        return cls(year, YearState.OFFICIAL if own else YearState.PROVISIONAL, own)

    @property
    def id(self) -> int:
        return self.year

    def expect(self, version: int) -> None:
        """Raises: CalendarYearChanged."""
        if version != self.version:
            raise CalendarYearChanged("the year changed since you read it", year=self.year, version=self.version)

    def load(self, notice: Mapping[str, Any], *, before: Calendar, after: Calendar, published: int, facts: Facts) -> None:
        """CY01, CY02. `published` is the version of the parameters that carries the notice."""
        changed = [
            day.isoformat() for day in _days(self.year) if before.works(day) != after.works(day) or _statutory_differs(before, after, day)
        ]
        self._move(
            "load" if self.state is YearState.PROVISIONAL else "load_later", facts, reason=f"{notice['notice']}: {','.join(changed)}"
        )
        self.notices = [*self.notices, dict(notice)]
        self.changed_days, self.parameters_version = changed, published

    MOVES = (
        Move("CY01", "load", {YearState.PROVISIONAL}, YearState.OFFICIAL, by=AnyOf(Role.ADMIN), guards=(whole,), law=("HOL 2, 6",)),
        Move(
            "CY02", "load_later", {YearState.OFFICIAL}, YearState.OFFICIAL, by=AnyOf(Role.ADMIN), guards=(whole, later), law=("HOL 2, 6",)
        ),
    )


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def _statutory_differs(before: Calendar, after: Calendar, day: date) -> bool:
    return before.statutory(day) != after.statutory(day)
