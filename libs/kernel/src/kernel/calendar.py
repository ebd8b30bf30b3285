"""The statutory calendar: which days are worked, and how days, working days, months and years are counted.

A calendar is data (CT-14): one holiday notice of the State Council per year, later notices of the same year over earlier
ones, and rows that a province puts over them. Outside the years that are loaded it knows weekdays only, and whoever
counts there is told so by `unknown`.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cached_property
from typing import Any

from kernel.errors import Invalid

ONE_DAY = timedelta(days=1)


class CalendarDataWrong(Invalid):
    """A notice or an override row does not fit the form."""


@dataclass(frozen=True)
class Notice:
    """One holiday notice of one year. `off` are weekdays off, `work` make-up weekend days, `statutory` holidays of HOL 2."""

    year: int
    notice: str
    issued: str
    off: Mapping[date, str]
    work: Mapping[date, str]
    statutory: Mapping[date, str]
    verified: bool = False

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Notice":
        year = int(row["year"])
        days: dict[str, dict[date, str]] = {"off": {}, "work": {}, "statutory": {}}
        for holiday in row["holidays"]:
            for kind, named in days.items():
                for text in holiday.get(kind, ()):
                    named.setdefault(date.fromisoformat(f"{year}-{text}"), str(holiday["name"]))
        for day in days["work"]:
            if day.weekday() < 5:
                raise CalendarDataWrong(f"{day} is no weekend day and cannot be made up", day=day.isoformat(), notice=str(row["notice"]))
        for day in days["off"]:
            if day.weekday() >= 5:
                raise CalendarDataWrong(f"{day} is a weekend day and off without a notice", day=day.isoformat(), notice=str(row["notice"]))
        return cls(year, str(row["notice"]), str(row["issued"]), days["off"], days["work"], days["statutory"], bool(row.get("verified")))


@dataclass(frozen=True)
class Override:
    """A row that a province or office puts over the national calendar (9.7). `org` is the path from which it holds."""

    day: date
    work: bool
    source: str
    org: str = "/"

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Override":
        if row["kind"] not in ("work", "off"):
            raise CalendarDataWrong(f"a day is «work» or «off», not «{row['kind']}»", kind=str(row["kind"]), day=str(row["date"]))
        return cls(date.fromisoformat(row["date"]), row["kind"] == "work", str(row["source"]), str(row.get("org", "/")))


@dataclass(frozen=True)
class Calendar:
    """`first` and `last` bound the part that may be used; None means all that is loaded."""

    notices: tuple[Notice, ...]
    overrides: tuple[Override, ...] = ()
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Calendar":
        notices = tuple(Notice.of(row) for row in document["notices"])
        return cls(notices, tuple(Override.of(row) for row in document.get("days", ())))

    def within(self, first: date, last: date) -> "Calendar":
        made = replace(self, first=first, last=last)
        # The rows are the same, only what may be used of them differs.
        made.__dict__.update(in_force=self.in_force, _off=self._off, _work=self._work, _statutory=self._statutory)
        return made

    def at(self, org_path: str) -> "Calendar":
        """The calendar of one office: overrides of other offices are left out."""
        return replace(self, overrides=tuple(row for row in self.overrides if org_path.startswith(row.org)))

    @cached_property
    def in_force(self) -> Mapping[int, Notice]:
        """The newest notice of each year (9.7: a published year can change)."""
        return {row.year: row for row in sorted(self.notices, key=lambda row: row.issued)}

    @cached_property
    def _off(self) -> Mapping[date, str]:
        named = {day: name for row in self.in_force.values() for day, name in row.off.items()}
        return {**named, **{row.day: row.source for row in self.overrides if not row.work}}

    @cached_property
    def _work(self) -> Mapping[date, str]:
        named = {day: name for row in self.in_force.values() for day, name in row.work.items()}
        return {**named, **{row.day: row.source for row in self.overrides if row.work}}

    @cached_property
    def _statutory(self) -> Mapping[date, str]:
        return {day: name for row in self.in_force.values() for day, name in row.statutory.items()}

    def known(self, day: date) -> bool:
        """Whether the official calendar of that day is loaded."""
        if (self.first is not None and day < self.first) or (self.last is not None and day > self.last):
            return False
        return day.year in self.in_force

    def works(self, day: date) -> bool:
        """Whether the day is a working day; where the calendar is not loaded, whether it is Monday to Friday."""
        if self.known(day):
            if day in self._work:
                return True
            if day in self._off:
                return False
        return day.weekday() < 5

    def statutory(self, day: date) -> bool:
        """Whether the day is a statutory holiday 法定休假日 (HOL 2; LAB 44 sets rest days apart)."""
        return self.known(day) and day in self._statutory

    def why_off(self, day: date) -> str:
        """The name of a day off: its holiday, else its weekday."""
        if self.known(day):
            name = self._off.get(day) or self._statutory.get(day)
            if name is not None:
                return name
        return day.strftime("%A")

    def why_works(self, day: date) -> str:
        """The holiday for which a weekend day is made up, else nothing."""
        return self._work.get(day, "") if self.known(day) else ""

    def count(self, start: date, n: int, unknown: Callable[[date], None]) -> date:
        """The n-th working day after `start` (before it, if n is negative). CT-1: `start` itself is not counted."""
        step, day, left = (ONE_DAY if n > 0 else -ONE_DAY), start, abs(n)
        while left:
            day += step
            if not self.known(day):
                unknown(day)
            if self.works(day):
                left -= 1
        return day

    def roll(self, day: date, unknown: Callable[[date], None], *, statutory_only: bool = False) -> date:
        """The day itself, or the first day after it that is not off (CT-3)."""
        while True:
            if not self.known(day):
                unknown(day)
            if not (self.statutory(day) if statutory_only else not self.works(day)):
                return day
            day += ONE_DAY

    def on_or_before(self, day: date, unknown: Callable[[date], None]) -> date:
        """The last working day on or before the day (CT-13)."""
        while True:
            if not self.known(day):
                unknown(day)
            if self.works(day):
                return day
            day -= ONE_DAY

    def days_between(self, first: date, last: date) -> Iterable[date]:
        """Both ends included."""
        return (first + timedelta(days=i) for i in range((last - first).days + 1))


def add_months(day: date, months: int) -> date:
    """The corresponding day, or the last day of the month where there is none (CT-4, CC 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"{months} months from {day} lie outside the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
