"""The shipped calendar against an independent one, and what always holds of counting."""

from datetime import date, timedelta
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel.calendar import Calendar, CalendarDataWrong, add_months
from kernel.parameters import LawParameters

CALENDAR = LawParameters.shipped().calendar
FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)
LOADED_DAYS = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
days = st.dates(FIRST, date(2026, 10, 31))


def nothing(_: date) -> None:
    """Nobody minds an unknown day here."""


def test_every_day_of_seven_years_is_what_an_independent_calendar_says() -> None:
    assert [CALENDAR.works(day) for day in LOADED_DAYS] == [chinese_calendar.is_workday(day) for day in LOADED_DAYS]


@pytest.mark.parametrize(("year", "worked"), [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_each_year_has_its_working_days(year: int, worked: int) -> None:
    assert sum(CALENDAR.works(day) for day in LOADED_DAYS if day.year == year) == worked


@pytest.mark.parametrize(("year", "statutory"), [(2020, 10), (2021, 11), (2024, 11), (2025, 13), (2026, 13)])
def test_statutory_holidays_are_eleven_and_thirteen_from_2025(year: int, statutory: int) -> None:
    """In 2020 Mid-Autumn was National Day itself."""
    assert sum(CALENDAR.statutory(day) for day in LOADED_DAYS if day.year == year) == statutory


def test_a_later_notice_changes_a_published_year() -> None:
    before = Calendar(tuple(row for row in CALENDAR.notices if row.issued < "2020-01-01"))

    assert before.works(date(2020, 1, 31))
    assert before.works(date(2020, 2, 1))
    assert not CALENDAR.works(date(2020, 1, 31))
    assert not CALENDAR.works(date(2020, 2, 1))


def test_a_row_of_an_office_goes_over_the_national_calendar_there_only() -> None:
    law = LawParameters.shipped().override(
        {
            "calendar": {
                "days": [
                    {"date": "2024-03-04", "kind": "off", "source": "typhoon notice", "org": "/44/4404/"},
                    {"date": "2024-03-09", "kind": "work", "source": "typhoon notice", "org": "/44/4404/"},
                ]
            }
        }
    )

    there, elsewhere = law.at("/44/4404/xiangzhou/").calendar, law.at("/44/4419/").calendar

    assert not there.works(date(2024, 3, 4))
    assert there.why_off(date(2024, 3, 4)) == "typhoon notice"
    assert there.works(date(2024, 3, 9))
    assert there.why_works(date(2024, 3, 9)) == "typhoon notice"
    assert elsewhere.works(date(2024, 3, 4))
    assert not elsewhere.works(date(2024, 3, 9))


@pytest.mark.parametrize(
    ("holiday", "word"),
    [
        ({"name": "X", "work": ["03-04"]}, "no weekend day"),
        ({"name": "X", "off": ["03-09"]}, "weekend day and off"),
    ],
)
def test_a_notice_that_does_not_fit_the_weekday_is_refused(holiday: dict[str, Any], word: str) -> None:
    row = {"year": 2024, "notice": "n", "issued": "2024-01-01", "holidays": [holiday]}

    with pytest.raises(CalendarDataWrong, match=word):
        Calendar.of({"notices": [row]})


def test_a_day_is_work_or_off_and_nothing_else() -> None:
    with pytest.raises(CalendarDataWrong, match="«work» or «off»"):
        Calendar.of({"notices": [], "days": [{"date": "2024-03-04", "kind": "half", "source": "s"}]})


def test_where_no_calendar_is_loaded_weekdays_are_all_it_knows() -> None:
    seen: list[date] = []

    assert CALENDAR.count(date(2026, 12, 31), 1, seen.append) == date(2027, 1, 1)
    assert seen == [date(2027, 1, 1)]
    assert CALENDAR.why_off(date(2027, 1, 2)) == "Saturday"
    assert CALENDAR.why_works(date(2027, 1, 2)) == ""
    assert CALENDAR.on_or_before(date(2027, 1, 3), seen.append) == date(2027, 1, 1)


def test_a_window_hides_the_rest() -> None:
    window = CALENDAR.within(date(2022, 10, 1), date(2022, 10, 7))

    assert not window.works(date(2022, 10, 7))
    assert not window.works(date(2022, 10, 8))
    assert window.works(date(2022, 9, 30))
    assert not window.known(date(2022, 9, 30))
    assert not window.known(date(2022, 10, 8))


@given(days, st.integers(1, 40))
def test_counting_back_undoes_counting_forward_from_a_working_day(start: date, n: int) -> None:
    start = CALENDAR.roll(start, nothing)

    assert CALENDAR.count(CALENDAR.count(start, n, nothing), -n, nothing) == start


@given(days, st.integers(1, 40))
def test_one_more_working_day_is_later_and_works(start: date, n: int) -> None:
    end = CALENDAR.count(start, n, nothing)

    assert CALENDAR.works(end)
    assert CALENDAR.count(start, n + 1, nothing) > end > start


@given(days)
def test_rolling_ends_on_the_nearest_working_day_and_twice_changes_nothing(day: date) -> None:
    rolled = CALENDAR.roll(day, nothing)

    assert CALENDAR.works(rolled)
    assert not any(CALENDAR.works(between) for between in CALENDAR.days_between(day, rolled - timedelta(days=1)))
    assert CALENDAR.roll(rolled, nothing) == rolled


@given(days)
def test_no_day_works_both_ways(day: date) -> None:
    earlier = CALENDAR.on_or_before(day, nothing)

    assert earlier <= day <= CALENDAR.roll(day, nothing)
    assert (earlier == day) == CALENDAR.works(day)


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(0, 400))
def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(start: date, months: int) -> None:
    end = add_months(start, months)

    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)
