"""The question: a timer, when it started, what happened, and the parameters of the case, checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kernel.days import legal_day
from kernel.errors import Invalid, Precondition


class BadInput(Invalid):
    """The question cannot be understood."""


class UnknownTimer(Invalid):
    """The master table has no such row."""


class NoSuchPeriodYet(UnknownTimer):
    """The law in force on the start day knew no such period (5.10.1)."""


class CalendarNotLoaded(Precondition):
    """A day is needed whose official calendar is not loaded, and the reading refuses to guess."""


KINDS = frozenset(
    {
        *("suspend", "resume", "extend", "extend_request", "apply", "notice", "told", "hearing_notice", "demand"),
        *("act", "post", "land", "pay", "defer", "review_start", "review_end", "reconsideration_decision"),
        *("discovered", "act_ended"),
    }
)
REASONS = frozenset({"appraisal", "suspension", "force_majeure", "criminal_transfer", "crime_transfer", "public_notice", "hearing"})
_CHOICES: Mapping[str, frozenset[object]] = {
    "told": frozenset({True, False}),
    "no_decision": frozenset({True, False}),
    "path": frozenset({"none", "not_told", "reconsidered", "recon_first"}),
    "direction": frozenset({"forward", "backward"}),
    "grade": frozenset({"extra-major", "major", "larger", "general"}),
    "procedure": frozenset({"simple", "ordinary", "general"}),
    "mode": frozenset({"public_notice", "direct", "leave", "electronic", "mail", "entrust", "forward"}),
    "years": frozenset({2, 5}),
    "unlawful": frozenset({True, False}),
    "refusal": frozenset({"not_accepted", "not_executed"}),
    "accident": frozenset({"general", "road_traffic", "fire"}),
    "immovable": frozenset({True, False}),
    "rolls": frozenset({True, False}),
    "not_told": frozenset({"both", "litigation", "reconsideration"}),
}
_DAYS = ("until", "due", "deferred_until", "made_on", "served_on")
_COUNTS = ("fine_fen", "approved_days", "n", "days")
_LARGEST = 1_000_000


@dataclass(frozen=True)
class Event:
    """Something that happened. `index` is its place in the question: answers come in that order."""

    index: int
    at: datetime
    day: date
    kind: str
    reason: str = ""
    days: int | None = None
    until: date | None = None
    by: str = ""
    instalment: int | None = None
    amount_fen: int | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Question:
    timer: str
    starts_at: datetime
    start: date
    events: tuple[Event, ...]
    params: Mapping[str, Any]
    days: Mapping[str, date] = field(default_factory=dict)

    @classmethod
    def of(cls, timer: str, starts_at: object, events: object, params: object) -> "Question":
        at = instant(starts_at, "starts_at")
        params = {} if params is None else params
        if not isinstance(params, Mapping):
            raise BadInput("params is an object")
        _check(params)
        if events is None:
            events = ()
        if isinstance(events, str | Mapping) or not isinstance(events, Iterable):
            raise BadInput("events is a list")
        listed = [_event(index, event) for index, event in enumerate(events)]
        listed.sort(key=lambda event: event.at)
        days = {name: day_of(params[name], name) for name in _DAYS if params.get(name) is not None}
        return cls(timer, at, legal_day(at), tuple(listed), params, days)

    def all(self, *kinds: str) -> list[Event]:
        return [event for event in self.events if event.kind in kinds]

    def first(self, *kinds: str) -> Event | None:
        return next((event for event in self.events if event.kind in kinds), None)

    def flag(self, name: str) -> bool:
        return self.params.get(name) is True


def instant(value: object, name: str) -> datetime:
    """An aware instant. Text is ISO with an offset."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as wrong:
            raise BadInput(f"{name} is an ISO instant with an offset, not {value!r}") from wrong
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise BadInput(f"{name} is an ISO instant with an offset")
    try:
        legal_day(value)
    except OverflowError as wrong:
        raise BadInput(f"{name} lies outside the calendar") from wrong
    return value


def day_of(value: object, name: str) -> date:
    """A day: ISO date, or an instant whose day in Shanghai is meant."""
    if isinstance(value, datetime):
        return legal_day(instant(value, name))
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return legal_day(instant(value, name))
    raise BadInput(f"{name} is an ISO day")


def whole(value: object, name: str, *, least: int = 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value:
        raise BadInput(f"{name} is a whole number from {least}, not {value!r}")
    return value


def _event(index: int, given: object) -> Event:
    if not isinstance(given, Mapping):
        raise BadInput("an event is an object with at and kind")
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadInput(f"there is no kind of event {kind!r}")
    at = instant(given.get("at"), f"at of {kind}")
    reason = given.get("reason") or ""
    if kind in ("suspend", "resume") and reason and reason not in REASONS:
        raise BadInput(f"{kind} has no reason {reason!r}")
    days = given.get("days")
    if days is not None:
        days = whole(days, f"days of {kind}", least=0 if kind == "resume" else 1)
        if days > _LARGEST:
            raise BadInput(f"days of {kind} is out of reach")
    until = given.get("until")
    if kind == "extend" and days is None and until is None:
        raise BadInput("an extension has days or until")
    if kind == "defer" and until is None:
        raise BadInput("a deferral has until")
    instalment = given.get("instalment")
    amount = given.get("amount_fen")
    return Event(
        index=index,
        at=at,
        day=legal_day(at),
        kind=kind,
        reason=reason,
        days=days,
        until=None if until is None else day_of(until, f"until of {kind}"),
        by=str(given.get("by") or ""),
        instalment=None if instalment is None else whole(instalment, "instalment", least=0),
        amount_fen=None if amount is None else whole(amount, "amount_fen"),
        outcome=str(given.get("outcome") or ""),
    )


def _check(params: Mapping[str, Any]) -> None:
    for name, allowed in _CHOICES.items():
        value = params.get(name)
        if value is None:
            continue
        known = [choice for choice in allowed if type(choice) is type(value)]
        if value not in known:
            raise BadInput(f"{name} is one of {', '.join(sorted(map(str, allowed)))}, not {value!r}")
    for name in _COUNTS:
        if params.get(name) is None:
            continue
        if whole(params[name], name, least=0 if name == "fine_fen" else 1) > _LARGEST and name != "fine_fen":
            raise BadInput(f"{name} is out of reach")
    if "readings" in params and params["readings"] is not None and not isinstance(params["readings"], Mapping):
        raise BadInput("readings is an object")
    if params.get("instalments") is not None:
        _instalments(params["instalments"])
    if params.get("calendar") is not None:
        window(params["calendar"])


def _instalments(given: object) -> None:
    if not isinstance(given, list | tuple) or not given:
        raise BadInput("instalments is a list of parts with due and amount_fen")
    for part in given:
        if not isinstance(part, Mapping) or "due" not in part or "amount_fen" not in part:
            raise BadInput("an instalment has due and amount_fen")
        day_of(part["due"], "due of an instalment")
        whole(part["amount_fen"], "amount_fen of an instalment")


def window(given: object) -> tuple[date, date]:
    """First and last day of the official calendar that is loaded."""
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise BadInput("calendar is [first day, last day]")
    first, last = day_of(given[0], "first day of calendar"), day_of(given[1], "last day of calendar")
    if last < first:
        raise BadInput("calendar ends before it begins")
    return first, last
