"""CY01 and CY02: the holiday notice of a year is loaded, and a later one changes it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from kernel.calendar import CalendarDataWrong
from kernel.moves import Facts, Person, Role, RoleForbidsMove, StateForbidsTransition
from kernel.parameters import LawParameters
from kernel.timers import Timer
from lawbook.application import calendar
from lawbook.domain.calendar_year import (
    CalendarYear,
    CalendarYearChanged,
    CalendarYearUnknown,
    NoticeIncomplete,
    NoticeNotLater,
    YearState,
)
from lawbook.domain.events import ParametersPublished
from lawbook.domain.parameters import Published

NOW = datetime(2026, 11, 4, 1, tzinfo=UTC)
NOTICE_ID = UUID(int=1)
ADMIN = Facts(by=Person("he", "o", "/44/4419/", frozenset({Role.ADMIN})), now=NOW, law=LawParameters.shipped())
NOTICE: dict[str, Any] = {
    "notice": "国办发明电〔2026〕9号",
    "issued": "2026-11-03",
    "holidays": [
        {"name": "元旦", "statutory": ["01-01"], "off": ["01-01"], "work": []},
        {
            "name": "春节",
            "statutory": ["02-05", "02-06", "02-07", "02-08"],
            "off": ["02-05", "02-08", "02-09", "02-10", "02-11"],
            "work": ["01-31"],
        },
    ],
}


class FakeUow:
    def __init__(self) -> None:
        self.published = Published(0, {}, "", None)
        self.years: dict[int, CalendarYear] = {}
        self.events: list[ParametersPublished] = []

    def record(self, event: ParametersPublished) -> None:
        self.events.append(event)

    async def parameters(self) -> Published:
        return self.published

    async def put_parameters(self, published: Published) -> None:
        self.published = published

    async def calendar_year(self, year: int) -> CalendarYear | None:
        return self.years.get(year)

    async def calendar_years(self) -> list[CalendarYear]:
        return list(self.years.values())

    async def put_calendar_year(self, year: CalendarYear) -> None:
        self.years[year.year] = year
        year.version += 1


async def loaded(uow: FakeUow, *, year: int = 2027, version: int = 0, by: Facts = ADMIN, **changes: Any) -> dict[str, Any]:
    return await calendar.load_notice(uow, facts=by, year=year, version=version, notice={**NOTICE, **changes})


@pytest.mark.row("CY01")
async def test_a_provisional_year_becomes_official_and_every_service_hears():
    uow = FakeUow()

    shown = await loaded(uow)

    assert (shown["state"], shown["parameters_version"]) == (YearState.OFFICIAL, 1)
    # 31 January is a Sunday that is worked; 6 and 7 February are a weekend, statutory now.
    assert shown["changed_days"] == [
        "2027-01-01", "2027-01-31", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11",
    ]  # fmt: skip
    assert [event.version for event in uow.events] == [1]
    assert LawParameters.shipped().override(dict(uow.published.overrides)).calendar.in_force[2027].verified
    (line,) = uow.years[2027].take_transitions()
    assert (line.row, line.source, line.target) == ("CY01", "PROVISIONAL", "OFFICIAL")


@pytest.mark.row("CY02")
async def test_a_later_notice_changes_an_official_year():
    uow = FakeUow()
    await loaded(uow)
    longer = [NOTICE["holidays"][0], {**NOTICE["holidays"][1], "off": [*NOTICE["holidays"][1]["off"], "02-12"]}]

    shown = await loaded(uow, version=1, notice="国办发明电〔2027〕1号", issued="2027-01-26", holidays=longer)

    assert (shown["changed_days"], shown["parameters_version"], len(shown["notices"])) == (["2027-02-12"], 2, 2)
    assert [line.row for line in uow.years[2027].take_transitions()] == ["CY01", "CY02"]


@pytest.mark.row("CY02")
async def test_a_year_that_ships_is_official_already():
    uow = FakeUow()

    shown = await loaded(uow, year=2026, notice="国办发明电〔2026〕2号", issued="2026-01-20", holidays=NOTICE["holidays"][:1])

    assert [line.row for line in uow.years[2026].take_transitions()] == ["CY02"]
    assert len(shown["notices"]) == 2


@pytest.mark.row("CY01")
async def test_an_open_timer_is_derived_anew_and_keeps_the_day_before():
    """Five working days from 2027-02-04: without the notice until 11 February, with it until 18 February."""
    uow = FakeUow()
    provisional = LawParameters.shipped().override({"version": "before"})
    timer = Timer(
        "GEN", "case", NOTICE_ID, "/44/", datetime(2027, 2, 4, 2, tzinfo=UTC), [], {"n": 5, "unit": "wd", "roll": "none", "readings": {}}
    )
    timer.recompute(provisional)
    before = timer.legal_expiry

    await loaded(uow)
    law = LawParameters.shipped().override({**uow.published.overrides, "version": "after"})

    assert timer.touched_by(law)
    timer.recompute(law, why="notice")
    assert (before, timer.legal_expiry) == ("2027-02-11", "2027-02-18")
    assert timer.earlier[0]["legal_expiry"] == before
    assert not timer.touched_by(law)


@pytest.mark.refuses("CY01")
@pytest.mark.refuses("CY02")
@pytest.mark.parametrize("year", [2026, 2027])
async def test_only_who_keeps_the_platform_loads_a_notice(year: int):
    uow = FakeUow()
    legal = replace(ADMIN, by=Person("feng", "o", "/44/4419/", frozenset({Role.LEGAL})))

    with pytest.raises(RoleForbidsMove):
        await loaded(uow, year=year, by=legal)
    assert uow.events == []


@pytest.mark.refuses("CY01")
@pytest.mark.refuses("CY02")
@pytest.mark.parametrize("year", [2026, 2027])
@pytest.mark.parametrize(
    "changes", [{"notice": " "}, {"issued": ""}, {"holidays": []}, {"holidays": [{**NOTICE["holidays"][0], "statutory": []}]}]
)
async def test_a_notice_is_whole(year: int, changes: dict[str, Any]):
    with pytest.raises(NoticeIncomplete):
        await loaded(FakeUow(), year=year, **changes)


@pytest.mark.refuses("CY02")
async def test_a_notice_that_is_not_later_changes_nothing():
    uow = FakeUow()
    await loaded(uow)

    with pytest.raises(NoticeNotLater):
        await loaded(uow, version=1)
    assert uow.published.version == 1


@pytest.mark.refuses("CY01")
async def test_an_official_year_never_becomes_provisional_again():
    year = CalendarYear.shipped(2026, [{"year": 2026, "issued": "2025-11-04"}])

    with pytest.raises(StateForbidsTransition):
        year.row("load")


@pytest.mark.refuses("CY02")
async def test_a_provisional_year_has_nothing_to_change():
    with pytest.raises(StateForbidsTransition):
        CalendarYear.shipped(2027, []).row("load_later")


@pytest.mark.refuses("CY01")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"holidays": [{"name": "x", "statutory": ["01-01"], "off": ["01-02"], "work": []}]}, CalendarDataWrong),
        ({"holidays": [{"name": "x", "statutory": ["01-01"], "off": [], "work": ["01-04"]}]}, CalendarDataWrong),
    ],
)
async def test_a_day_that_is_no_such_day_is_refused(changes: dict[str, Any], error: type[Exception]):
    """2 January 2027 is a Saturday, 4 January a Monday."""
    uow = FakeUow()

    with pytest.raises(error):
        await loaded(uow, **changes)
    assert (uow.events, uow.years) == ([], {})


async def test_a_year_that_changed_meanwhile_is_told():
    with pytest.raises(CalendarYearChanged):
        await loaded(FakeUow(), version=1)


async def test_a_year_out_of_reach_is_refused():
    with pytest.raises(CalendarYearUnknown):
        await loaded(FakeUow(), year=1999)


async def test_the_years_are_those_that_ship_and_those_loaded():
    uow = FakeUow()
    await loaded(uow)

    years = (await calendar.calendar_years(uow))["years"]

    assert [year["year"] for year in years] == [*range(2020, 2028)]
    assert {year["state"] for year in years} == {YearState.OFFICIAL}
    assert (await calendar.shown_year(uow, year=2028))["state"] is YearState.PROVISIONAL
