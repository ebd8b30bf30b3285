"""Payment of the fine: named days (D17) and the surcharge that runs after them (D18). Brief 5.8, APL 66, 67, 72, 73."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from kernel.calendar import ONE_DAY
from kernel.days import day_begins
from kernel.deadlines.counting import Count
from kernel.deadlines.deadline import spoken
from kernel.deadlines.question import Event, Question, day_of
from kernel.deadlines.rows import Answer, finish, judge, named_day, plain
from kernel.parameters import TimerRow

_PERCENT_A_DAY = 3


@dataclass
class Part:
    """A part of the fine: an instalment, or what is paid on one day."""

    amount: int
    due: date
    until: date | None
    """The day on which it was paid, or up to which it is reckoned; None where neither is known."""
    still: list[tuple[date, date]] = field(default_factory=list)
    """Days on which no surcharge runs, first and last."""


def payment(question: Question, row: TimerRow, count: Count) -> Answer:
    """D16: fifteen days from receipt of the decision (APL 67)."""
    answer = plain(question, row, count)
    paid = question.first("pay")
    if paid is not None and "in_time" not in answer.fields:
        answer.fields["in_time"] = count.in_time(paid.at, paid.day, answer.fields["legal_expiry"])
    return answer


def deferred(question: Question, row: TimerRow, count: Count) -> Answer:
    """D17: the day or days that the grant names; surcharge on a part that is late."""
    rolls = count.read("roll_named_day") is True
    answer = Answer()
    instalments = question.params.get("instalments")
    if instalments:
        parts = _instalments(question, count, rolls)
        raw = max(day_of(part["due"], "due") for part in instalments)
    else:
        raw = _granted_again(question, count, named_day(question), rolls)
        paid = question.first("pay")
        parts = [Part(question.params.get("fine_fen") or 0, count.roll(raw, rolls), paid.day if paid else None)]
    answer.ends(raw, count.roll(raw, rolls))
    finish(question, row, count, answer)
    fine = question.params.get("fine_fen") or sum(part.amount for part in parts)
    for part in parts:
        part.still += _reviewed(question, count)
    if instalments:
        _defer_instalments(question, count, parts, rolls)
    if fine:
        _charge(count, answer, parts, fine, listed=bool(instalments))
    elif parts[0].until is not None:
        answer.fields |= {"due": parts[0].due, "days_late": _days_late(parts[0], parts[0].until)}
    return answer


def _instalments(question: Question, count: Count, rolls: bool) -> list[Part]:
    given = question.params["instalments"]
    return [
        Part(
            part["amount_fen"],
            count.roll(day_of(part["due"], "due"), rolls),
            _paid_on(question, index, len(given)) or question.days.get("until"),
        )
        for index, part in enumerate(given)
    ]


def _granted_again(question: Question, count: Count, named: date, rolls: bool) -> date:
    """A new grant in time names another day (APL 66)."""
    for event in question.all("defer"):
        if event.until is not None and event.day <= count.roll(named, rolls):
            named = event.until
            count.say(f"APL 66: granted anew on {spoken(event.day)}; the day is {spoken(named)}.")
    return named


def _defer_instalments(question: Question, count: Count, parts: list[Part], rolls: bool) -> None:
    for event in question.all("defer"):
        for part in parts:
            _defer(question, count, part, event, rolls)


def _paid_on(question: Question, index: int, parts: int) -> date | None:
    """Payments name their instalment, from 1; one that names none pays the first that is still open."""
    named = [event for event in question.all("pay") if event.instalment is not None]
    base = 0 if any(event.instalment == 0 for event in named) else 1
    for event in named:
        if event.instalment == index + base:
            return event.day
    free = [event for event in question.all("pay") if event.instalment is None]
    taken = {(event.instalment or 0) - base for event in named}
    waiting = [i for i in range(parts) if i not in taken]
    place = waiting.index(index) if index in waiting else len(free)
    return free[place].day if place < len(free) else None


def surcharge(question: Question, row: TimerRow, count: Count) -> Answer:
    """D18: three per cent of the late part for each day after the due day, at most the part itself (APL 72)."""
    rolls = count.read("roll_named_day", quiet=True) is True
    instalments = bool(question.params.get("instalments"))
    parts = _instalments(question, count, rolls) if instalments else _parts(question, _due(question, count, rolls))
    start = parts[0].due + ONE_DAY
    answer = Answer(law=row.version_on(start).law)
    count.say(f"CT-17: surcharge runs from {spoken(start)}, the day after the due day as rolled; version «{answer.law}».")
    answer.expires_at = day_begins(start)
    for part in parts:
        part.still += _reviewed(question, count)
        for event in question.all("defer"):
            _defer(question, count, part, event, rolls)
    fine = question.params.get("fine_fen") or sum(part.amount for part in parts)
    _charge(count, answer, parts, fine, listed=instalments)
    if (in_time := judge(question, row, count, parts[0].due)) is not None:
        answer.fields["in_time"] = in_time
    return answer


def _due(question: Question, count: Count, rolls: bool) -> date:
    """The due day as rolled: the one given, the end of the deferral, or the day before the surcharge starts."""
    if "due" in question.days:
        return count.roll(question.days["due"])
    if "deferred_until" in question.days:
        named = question.days["deferred_until"]
        count.say(f"APL 66: payment is deferred to {spoken(named)}.")
        count.read("roll_named_day")
        return count.roll(named, rolls)
    return count.start - ONE_DAY


def _parts(question: Question, due: date) -> list[Part]:
    """What is paid on one day is a part; what is never paid is reckoned to `params.until`."""
    fine, until = question.params.get("fine_fen") or 0, question.days.get("until")
    pays = question.all("pay")
    if not any(event.amount_fen is not None for event in pays):
        return [Part(fine, due, pays[0].day if pays else until)]
    parts = [Part(event.amount_fen or 0, due, event.day) for event in pays]
    rest = fine - sum(part.amount for part in parts)
    return [*parts, Part(rest, due, until)] if rest > 0 else parts


def _reviewed(question: Question, count: Count) -> list[tuple[date, date]]:
    """Days under reconsideration or in court: filing day out, closing day in, by the reading (APL 73(3))."""
    spans: list[tuple[date, date]] = []
    begun: Event | None = None
    starts, ends = question.all("review_start"), question.all("review_end", "reconsideration_decision")
    if not starts:
        return spans
    reading = count.read("surcharge_review_days")
    for event in question.events:
        if event.kind == "review_start":
            begun = begun or event
        elif event.kind == "review_end" and begun is not None:
            spans.append(_span(begun.day, event.day, reading))
            begun = None
    if begun is not None:
        closing = next((event.day for event in ends if event.kind == "reconsideration_decision" and event.day >= begun.day), None)
        spans.append(_span(begun.day, closing or date.max, reading))
    return spans


def _span(filed: date, closed: date, reading: object) -> tuple[date, date]:
    first = filed + ONE_DAY if reading == "filing_counts" else filed
    last = closed if reading == "closing_out" or closed == date.max else closed - ONE_DAY
    return first, last


def _defer(question: Question, count: Count, part: Part, event: Event, rolls: bool) -> None:
    """A deferral asked for by the due day moves it; a later one stops the surcharge from the day of the grant (5.8)."""
    if event.until is None or event.until <= part.due or event.until < event.day:
        return
    until = count.roll(event.until, rolls)
    asked = question.first("apply")
    if min(event.day, asked.day if asked else event.day) <= part.due:
        count.say(f"APL 66: deferred in time on {spoken(event.day)}; the due day is {spoken(until)}.")
        part.due = until
    elif count.read("surcharge_before_deferral") == "lapses":
        count.say(f"APL 66: deferred on {spoken(event.day)}; what had run lapses, the due day is {spoken(until)}.")
        part.due = until
    else:
        count.say(f"5.8: deferred on {spoken(event.day)}, after the due day; the surcharge stops from that day to {spoken(until)}.")
        part.still.append((event.day, until))


def _days_late(part: Part, until: date) -> int:
    days = max((until - part.due).days, 0)
    return days - sum(_overlaps(part.still, part.due + ONE_DAY, until))


def _overlaps(spans: Iterable[tuple[date, date]], first: date, last: date) -> Iterable[int]:
    """Days of the spans inside first … last, each day once."""
    reached = first
    for begins, ends in sorted(spans):
        begins, ends = max(begins, reached), min(ends, last)  # noqa: PLW2901
        if begins <= ends:
            yield (ends - begins).days + 1
            reached = ends + ONE_DAY


def _charge(count: Count, answer: Answer, parts: list[Part], fine: int, *, listed: bool) -> None:
    whole = count.read("surcharge_base") == "whole_fine"
    half_up = count.read("surcharge_round") == "half_up"
    days: list[int | None] = []
    charges: list[int | None] = []
    for part in parts:
        if part.until is None:
            days.append(None)
            charges.append(None)
            continue
        late = _days_late(part, part.until)
        base = fine if whole else part.amount
        charge = min(base, (base * _PERCENT_A_DAY * late + (50 if half_up else 0)) // 100)
        days.append(late)
        charges.append(charge)
        count.say(f"APL 72(1): due {spoken(part.due)}, {late} days late: min({base}, {base} × 3 % × {late}) = {charge} fen.")
    total = sum(charge for charge in charges if charge is not None)
    total = min(total, fine) if whole else total
    known = any(charge is not None for charge in charges)
    if listed:
        answer.fields |= {"due": tuple(part.due for part in parts), "days_late": tuple(days), "surcharge_fen": tuple(charges)}
    else:
        answer.fields |= {"due": parts[0].due}
        if known:
            answer.fields |= {"days_late": max(day for day in days if day is not None), "surcharge_fen": total}
    if known:
        answer.fields["total_surcharge_fen"] = total
