"""When a deadline is brought before whom."""

import json
from datetime import UTC, date, datetime
from importlib import resources
from uuid import UUID, uuid4

import pytest
from kernel.days import SHANGHAI, day_begins
from kernel.parameters import LawParameters
from kernel.timers import Timer
from worklist.domain.lines import NEVER, DeadlineLine, DeadlineState
from worklist.domain.notices import CountedFrom, Kind, Level, Rule, desks, next_after, notice, plan, working_days_before

LAW = LawParameters.shipped()
RULES = [
    Rule(**{**row, "kind": Kind(row["kind"]), "level": Level(row["level"]), "counted_from": CountedFrom(row["counted_from"])})
    for row in json.loads((resources.files("worklist") / "data" / "notice-rules.json").read_text("utf-8"))
]


def a_deadline(timer: str, starts_at: datetime, state: DeadlineState = DeadlineState.RUNNING, **params: object) -> DeadlineLine:
    made = Timer(timer, "case", UUID(int=1), "/44/4419/", starts_at, [], dict(params), id=UUID(int=2))
    made.recompute(LAW)
    return DeadlineLine(
        id=made.id,
        service="penalties",
        timer=timer,
        who=LAW.timers[timer].who,
        object_kind="case",
        object_id=made.object_id,
        org_path=made.org_path,
        state=state,
        starts_at=starts_at,
        raw=made.raw,
        legal_expiry=made.legal_expiry,
        internal_due=made.internal_due,
        expires_at=made.expires_at,
        provisional=made.provisional,
        law=made.law,
        law_version=made.law_version,
        derivation=made.derivation,
        earlier=[],
        stopped_at=None,
        breached_at=None,
        recorded_at=starts_at,
    )


def days(line: DeadlineLine) -> list[tuple[str, date]]:
    return [(each.rule.id, each.at.astimezone(SHANGHAI).date()) for each in plan(line, RULES, LAW.calendar)]


def test_the_welders_recheck_is_reminded_before_its_internal_day_and_escalated_to_its_legal_day():
    """D28 of 6.6: raw 25 September 2022 (a Sunday), legal expiry the 26th, internal due the 23rd."""
    line = a_deadline("D28", datetime(2022, 9, 15, 2, tzinfo=UTC))

    assert (line.internal_due, line.legal_expiry) == ("2022-09-23", "2022-09-26")
    assert days(line) == [
        ("remind-3", date(2022, 9, 20)),
        ("remind-1", date(2022, 9, 22)),
        ("unit-2", date(2022, 9, 22)),
        ("dep-1", date(2022, 9, 23)),
        ("remind-0", date(2022, 9, 23)),
        ("chief-0", date(2022, 9, 26)),
    ]


def test_working_days_go_round_holidays():
    """1 to 7 October 2022 were off, the 8th and 9th made up."""
    assert working_days_before(date(2022, 10, 9), 2, LAW.calendar) == date(2022, 9, 30)
    assert working_days_before(date(2022, 10, 3), 0, LAW.calendar) == date(2022, 9, 30)


def test_what_would_lie_before_the_start_is_left_out():
    line = a_deadline("D33", datetime(2022, 8, 23, 2, tzinfo=UTC))

    assert min(day for _, day in days(line)) >= date(2022, 8, 23)
    assert ("remind-3", date(2022, 8, 23)) in days(line)


def test_a_period_in_hours_is_told_in_hours():
    line = a_deadline("D34", datetime(2022, 8, 23, 2, tzinfo=UTC))

    found = [(each.rule.id, each.at) for each in plan(line, RULES, LAW.calendar)]

    assert [name for name, _ in found] == ["remind-12h", "unit-6h", "dep-3h", "remind-3h", "chief-1h"]
    assert found[0][1] == datetime(2022, 8, 23, 14, tzinfo=UTC)


def test_a_period_of_the_party_is_watched_and_nobody_above_is_troubled():
    line = a_deadline("D16", datetime(2022, 9, 14, 2, tzinfo=UTC))

    assert [name for name, _ in days(line)] == ["watch-0"]


@pytest.mark.parametrize("state", [DeadlineState.PAUSED, DeadlineState.STOPPED, DeadlineState.BREACHED])
def test_only_what_runs_is_told(state):
    assert plan(a_deadline("D28", datetime(2022, 9, 15, tzinfo=UTC), state), RULES, LAW.calendar) == []


def test_the_next_one_is_the_first_that_is_not_past():
    planned = plan(a_deadline("D28", datetime(2022, 9, 15, tzinfo=UTC)), RULES, LAW.calendar)

    assert next_after(planned, day_begins(date(2022, 9, 22))) == day_begins(date(2022, 9, 23))
    assert next_after(planned, day_begins(date(2022, 9, 26))) is None


def test_one_rule_and_one_last_day_make_one_notice():
    line = a_deadline("D28", datetime(2022, 9, 15, tzinfo=UTC))
    rule = RULES[0]
    at = day_begins(date(2022, 9, 20))
    first = notice(line, rule, at)

    assert notice(line, rule, NEVER).id == first.id
    line.legal_expiry = "2022-09-27"
    assert notice(line, rule, at).id != first.id
    line.legal_expiry, line.id = first.legal_expiry, uuid4()
    assert notice(line, rule, at).id != first.id


def test_the_desks_of_a_level():
    assert desks("OFFICER", ["zhou"], "zhou", "/44/") == {"zhou"}
    assert desks("OFFICER", [], "", "/44/") == {"OFF@/44/", "LEAD@/44/"}
    assert desks("CHIEF", ["zhou"], "zhou", "/44/4419/") == {"CHIEF@/44/", "CHIEF@/44/4419/"}


def test_what_presses():
    line = a_deadline("D28", datetime(2022, 9, 15, tzinfo=UTC))
    party = a_deadline("D16", datetime(2022, 9, 15, tzinfo=UTC), DeadlineState.BREACHED)

    assert line.presses
    line.state = DeadlineState.BREACHED
    assert line.presses, "the department let it pass and has still to act"
    line.stopped_at = NEVER
    assert not line.presses
    assert not party.presses
    assert party.ends_at == party.expires_at
    party.expires_at = None
    assert party.ends_at == NEVER
