"""When a deadline is brought before whom: the officer before the internal due day, his superiors as the legal day comes near.

Law: CT-13 keeps `internal_due` beside the legal day and warns on it; how many days before, and to whom, is the office's own
order, so the table is data that is not verified.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from kernel.calendar import Calendar
from kernel.days import day_begins, legal_day
from kernel.moves import Role

from worklist.domain.lines import Actor, BreachLine, DeadlineLine, DeadlineState, NoticeLine
from worklist.domain.seats import seats_of

_NOTICES = UUID("5f3d3c1e-6a27-5d0b-9c8e-0c6c8e5d1a77")


class Kind(StrEnum):
    REMINDER = "REMINDER"
    ESCALATION = "ESCALATION"
    BREACH = "BREACH"


class CountedFrom(StrEnum):
    INTERNAL_DUE = "INTERNAL_DUE"
    LEGAL_EXPIRY = "LEGAL_EXPIRY"
    BREACH = "BREACH"


class Level(StrEnum):
    """Whose desk, from the officers of the matter upwards."""

    OFFICER = "OFFICER"
    UNIT = "UNIT"
    DEP = "DEP"
    CHIEF = "CHIEF"


@dataclass(eq=False)
class Rule:
    """One row of the table: `before` in `wd` working days (for a last day) or `h` hours (for a last instant)."""

    id: str
    kind: Kind
    level: Level
    unit: str
    before: int
    counted_from: CountedFrom
    who: str
    source: str
    verified: bool

    def concerns(self, who: str) -> bool:
        return any(letter in who for letter in self.who)


@dataclass(frozen=True)
class Planned:
    at: datetime
    rule: Rule


def _unknown(day: date) -> None:
    """A reminder may rest on weekdays alone where no calendar is published yet."""


def working_days_before(day: date, n: int, calendar: Calendar) -> date:
    """The n-th working day before the last working day on or before `day`."""
    found = calendar.on_or_before(day, _unknown)
    for _ in range(n):
        found = calendar.on_or_before(found - timedelta(days=1), _unknown)
    return found


def plan(deadline: DeadlineLine, rules: Iterable[Rule], calendar: Calendar) -> list[Planned]:
    """All notices of a running deadline as it stands, the first one first. What would lie before its start is left out."""
    if deadline.state is not DeadlineState.RUNNING:
        return []
    found = []
    for rule in rules:
        text = deadline.internal_due if rule.counted_from is CountedFrom.INTERNAL_DUE else deadline.legal_expiry
        if rule.counted_from is CountedFrom.BREACH or not text or not rule.concerns(deadline.who):
            continue
        hours = "T" in text
        if hours != (rule.unit == "h"):
            continue
        if hours:
            at = datetime.fromisoformat(text) - timedelta(hours=rule.before)
            fits = at >= deadline.starts_at
        else:
            day = working_days_before(date.fromisoformat(text), rule.before, calendar)
            at, fits = day_begins(day), day >= legal_day(deadline.starts_at)
        if fits:
            found.append(Planned(at, rule))
    return sorted(found, key=lambda planned: (planned.at, planned.rule.id))


def next_after(planned: Sequence[Planned], at: datetime) -> datetime | None:
    return next((each.at for each in planned if each.at > at), None)


def notice(deadline: DeadlineLine | BreachLine, rule: Rule, at: datetime) -> NoticeLine:
    """Of one rule for one last day there is one notice, however often it is made."""
    return NoticeLine(
        id=uuid5(_NOTICES, f"{deadline.id} {rule.id} {deadline.legal_expiry}"),
        rule=rule.id,
        kind=str(rule.kind),
        level=str(rule.level),
        deadline_id=deadline.id,
        service=deadline.service,
        object_kind=deadline.object_kind,
        object_id=deadline.object_id,
        org_path=deadline.org_path,
        timer=deadline.timer,
        legal_expiry=deadline.legal_expiry,
        internal_due=deadline.internal_due if isinstance(deadline, DeadlineLine) else "",
        given_at=at,
    )


def desks(level: str, officer_ids: Sequence[str], lead_id: str, org_path: str) -> set[str]:
    """The seats that a notice of this level is for."""
    roles = (Role.OFF, Role.LEAD) if level == Level.OFFICER else (Role(level),)
    return seats_of((Actor(str(role)) for role in roles), officer_ids, lead_id, org_path)
