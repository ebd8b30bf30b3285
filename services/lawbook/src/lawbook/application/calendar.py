"""The official calendar by year: loading a notice publishes the parameters (CY01, CY02)."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from kernel.calendar import Calendar
from kernel.moves import Facts
from kernel.parameters import LawParameters

from lawbook.application.ports import Uow
from lawbook.domain.calendar_year import CalendarYear
from lawbook.domain.parameters import announced, succeed


async def load_notice(uow: Uow, *, facts: Facts, year: int, version: int, notice: Mapping[str, Any]) -> dict[str, Any]:
    """Every service hears the new parameters and derives its open timers anew. Raises: CalendarYearUnknown, CalendarYearChanged,
    NoticeIncomplete, NoticeNotLater, ParametersInvalid, ParametersChanged, and what the kernel refuses of a notice."""
    found = await _year(uow, year)
    found.expect(version)
    # Asked before anything is published: who may not load learns it first.
    refused = found.refusal(found.row("load" if not found.notices else "load_later"), replace(facts, input=notice))
    if refused is not None:
        raise refused
    current = await uow.parameters()
    overrides = deepcopy(dict(current.overrides))
    row = {"year": year, **notice, "verified": True}
    overrides.setdefault("calendar", {}).setdefault("notices", []).append(row)
    published = succeed(current, version=current.version, overrides=overrides, source=str(notice["notice"]), now=facts.now)
    found.load(
        row,
        before=_calendar(current.overrides),
        after=_calendar(overrides),
        published=published.version,
        facts=replace(facts, input=notice),
    )
    await uow.put_parameters(published)
    await uow.put_calendar_year(found)
    uow.record(announced(published, json.dumps(published.overrides, ensure_ascii=False).encode()))
    return shown(found)


async def calendar_year(uow: Uow, *, year: int) -> CalendarYear:
    return await _year(uow, year)


async def shown_year(uow: Uow, *, year: int) -> dict[str, Any]:
    return shown(await _year(uow, year))


async def calendar_years(uow: Uow) -> dict[str, Any]:
    """Those that ship and those that were loaded."""
    stored = {found.year: found for found in await uow.calendar_years()}
    ships = {int(notice["year"]) for notice in _notices()}
    years = [stored.get(year) or CalendarYear.shipped(year, _notices()) for year in sorted(ships | set(stored))]
    return {"years": [shown(found) for found in years]}


def shown(year: CalendarYear) -> dict[str, Any]:
    notices = [
        {
            "notice": notice["notice"],
            "issued_on": notice["issued"],
            "holidays": [
                {"name": holiday["name"], **{kind: holiday.get(kind, []) for kind in ("off", "work", "statutory")}}
                for holiday in notice["holidays"]
            ],
        }
        for notice in year.notices
    ]
    told = {name: getattr(year, name) for name in ("year", "state", "version", "parameters_version", "changed_days")}
    return {**told, "notices": notices}


async def _year(uow: Uow, year: int) -> CalendarYear:
    return await uow.calendar_year(year) or CalendarYear.shipped(year, _notices())


def _notices() -> list[dict[str, Any]]:
    return list(LawParameters.shipped().document["calendar"]["notices"])


def _calendar(overrides: Mapping[str, Any]) -> Calendar:
    return LawParameters.shipped().override(dict(overrides)).calendar
