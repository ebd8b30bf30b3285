"""The party's remedies (D19 to D21) and the window of the court application that follows them (D23). Brief 5.8."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kernel.calendar import ONE_DAY, add_months
from kernel.deadlines.counting import Count
from kernel.deadlines.deadline import spoken
from kernel.deadlines.period import Period
from kernel.deadlines.question import BadInput, Event, NoSuchPeriodYet, Question, day_of
from kernel.deadlines.rows import Answer, finish, version_for
from kernel.parameters import Length, TimerRow

# ARL 23(1)(1): reconsideration before court for penalties on the spot.
_RECONSIDERATION_FIRST = date(2024, 1, 1)
_QUARTER = 3


@dataclass
class Remedy:
    """The last day of one remedy, before and after rolling."""

    raw: date
    expiry: date
    accepted: dict[int, bool]


def remedy(question: Question, count: Count, name: str, knowing: date, *, told: bool, events: Iterable[Event]) -> Remedy | None:
    """When one remedy ends that is known of on this day; None while its period stands still.

    Not told: it starts when told, and ends at most a year after knowing (D19 from 2024: ARL 20(3); D20, D21: ALI 64).
    """
    row = count.law.timers[name]
    version = row.version_on(knowing)
    events = tuple(events)
    notice = next((event.day for event in events if event.kind == "told" and event.day >= knowing), None)
    begins: date | None = knowing
    if not told:
        begins = notice if version.cap_years else notice or knowing
        if begins is not None and begins != knowing:
            count.say(f"5.8 ({row.source}): the period starts when the party is told of it, on {spoken(begins)}.")
    ends: list[Remedy] = []
    if begins is not None:
        raw = count.end(
            begins, version.length, of="receipt of that notice" if begins != knowing else "the day of knowing", source=row.source
        )
        period = Period(count, row, begins, raw, rolls=True).live(events)
        if period.paused:
            return None
        ends.append(Remedy(period.raw, period.expiry(), period.accepted))
    if not told and version.cap_years:
        ends.append(_capped(count, row, knowing, 12 * version.cap_years, "from knowing the content, as the remedy was not told", events))
    if "made_on" in question.days and name != "D21" and (name == "D20" or version.cap_years):
        years = 20 if question.flag("immovable") else 5
        ends.append(_capped(count, row, question.days["made_on"], 12 * years, "from the act", ()))
    first = min(ends, key=lambda end: end.expiry)
    return Remedy(min(end.raw for end in ends), first.expiry, ends[0].accepted)


def _capped(count: Count, row: TimerRow, since: date, months: int, why: str, events: tuple[Event, ...]) -> Remedy:
    rolls = count.read("roll_cap") is True
    raw = add_months(since, months)
    count.say(f"CT-4 ({row.source}): at most {months // 12} year{'s' if months > 12 else ''} {why}: {spoken(raw)}.")
    period = Period(count, row, since, raw, rolls=rolls).live(events)
    return Remedy(period.raw, period.expiry(), period.accepted)


def _told(question: Question) -> bool:
    return question.params.get("told") is not False and question.first("told") is None


def party_remedy(question: Question, row: TimerRow, count: Count) -> Answer:
    """D19, D20, D21."""
    answer = Answer()
    knowing = question.start
    if row.id == "D20" and question.params.get("procedure") == "simple" and knowing >= _RECONSIDERATION_FIRST:
        raise NoSuchPeriodYet("a penalty on the spot goes to reconsideration first since 2024-01-01 (ARL 23): D19, then D21", timer="D20")
    events = question.events
    if row.id == "D21" and question.flag("no_decision"):
        over, answer.accepted = silence(question, count, knowing)
        answer.fields["period_over"] = knowing = over
        events = tuple(event for event in events if event.kind != "extend" and event.reason == "force_majeure")
    else:
        answer.law = version_for(question, row, count).law
    found = remedy(question, count, row.id, knowing, told=_told(question), events=events)
    if found is None:
        if question.first("act", "post") is not None:
            answer.fields["in_time"] = True
        return answer
    answer.accepted |= found.accepted
    answer.ends(found.raw, found.expiry)
    finish(question, row, count, answer)
    return answer


def silence(question: Question, count: Count, accepted_on: date) -> tuple[date, dict[int, bool]]:
    """The last day of D52 as rolled: with no decision by then the reconsideration is over (ARL 34, ALL 45)."""
    row = count.law.timers["D52"]
    version = row.version_on(accepted_on)
    length = version.length_for(question.params)
    count.say(f"CT-17: the review was accepted on {spoken(accepted_on)}; D52 stands in its version «{version.law}».")
    raw = count.end(accepted_on, length, of="acceptance of the review", source=row.source)
    barred = "only the ordinary procedure is extended (ARL 62)" if length is not version.length else ""
    events = tuple(event for event in question.events if event.reason != "force_majeure")
    period = Period(count, row, accepted_on, raw, rolls=True, extension_barred=barred).live(events)
    if period.paused:
        raise BadInput("the review is suspended: its period is not over, so no suit for silence starts yet")
    over = period.expiry()
    count.say(f"ARL 34, ALL 45: no decision by {spoken(over)}, the last day of the review as rolled.")
    return over, period.accepted


def court_window(question: Question, row: TimerRow, count: Count) -> Answer:
    """D23: three months after the remedies, or the deferral, the later; never before the demand has waited (AEL 53, 54)."""
    answer = Answer()
    remedy_end = _remedy_end(question, count, answer)
    if remedy_end is None:
        count.say("D23: an obstacle still stands against the remedy, so the window is not known yet.")
        return answer
    count.say(f"5.8: the remedies end on {spoken(remedy_end)}.")
    base = _base(question, count, remedy_end)
    opens = base + ONE_DAY
    raw = count.end(base, Length(_QUARTER, "mon", True), of="the end of the remedies or of the deferral", source=row.source)
    close = count.roll(raw)
    answer.ends(raw, close)
    earliest = opens
    demand = question.first("demand")
    if demand is not None:
        wait = count.law.timers["D22"]
        tenth = count.end(demand.day, wait.version_on(demand.day).length, of="service of the demand", source=wait.source)
        earliest = max(opens, tenth + ONE_DAY)
    answer.fields |= {"remedy_expiry": remedy_end, "open": opens, "close": close, "earliest": earliest, "latest": close}
    answer.fields["feasible"] = earliest <= close
    count.say(f"D23 (AEL 53, 54): open from {spoken(opens)}, to be used from {spoken(earliest)} to {spoken(close)}.")
    if earliest > close:
        count.say(
            "D23: the demand has not waited its ten working days before the window closes: not feasible, alarm to the principal head."
        )
    finish(question, row, count, answer)
    asked = question.first("act", "apply", "post")
    if asked is not None:
        answer.fields["in_time"] = earliest <= asked.day <= close
        if asked.day > close:
            count.say("ALI 156: a late application is possible with good reason, which the court examines.")
    return answer


def _base(question: Question, count: Count, remedy_end: date) -> date:
    ends = [question.days[name] for name in ("deferred_until",) if name in question.days]
    ends += [day_of(part["due"], "due") for part in question.params.get("instalments") or ()]
    ends += [event.until for event in question.all("defer") if event.until is not None]
    if not ends:
        return remedy_end
    rolls = count.read("roll_named_day") is True
    deferral = count.roll(max(ends), rolls)
    count.say(f"APL 72(2): payment is deferred to {spoken(deferral)}.")
    if count.read("d23_deferral") == "deferral_alone":
        return deferral
    return max(remedy_end, deferral)


def _remedy_end(question: Question, count: Count, answer: Answer) -> date | None:
    """Last day of the remedies, cases (a) to (e) of 5.8."""
    service = count.start
    path = _path(question)
    used = question.first("reconsideration_decision", "review_start", "review_end") is not None
    if path == "recon_first" and service < _RECONSIDERATION_FIRST:
        count.say("5.10.1: before 2024-01-01 both remedies against a penalty on the spot ran side by side.")
        path = "reconsidered" if used else "none"
    if path == "reconsidered" or (path == "recon_first" and used):
        return _after_reconsideration(question, count, answer)
    if path == "recon_first":
        return _reconsideration_unused(question, count, service)
    told = path != "not_told" or question.params.get("not_told") == "reconsideration"
    suit = _end(remedy(question, count, "D20", service, told=told, events=question.events))
    if path == "not_told" and question.params.get("not_told") == "reconsideration":
        count.say("5.8 (b): only reconsideration was not told; where it ends later, its end counts.")
        return _later(suit, _end(remedy(question, count, "D19", service, told=False, events=question.events)))
    count.say("5.8 (b): not told, end of D20 with its one-year cap." if path == "not_told" else "5.8 (a): told and not used, end of D20.")
    return suit


def _path(question: Question) -> str:
    path = question.params.get("path")
    if path in (None, "none"):
        if question.params.get("procedure") == "simple":
            return "recon_first"
        if path is None and question.first("reconsideration_decision") is not None:
            return "reconsidered"
        return "none" if _told(question) else "not_told"
    return str(path)


def _reconsideration_unused(question: Question, count: Count, service: date) -> date | None:
    if count.read("d23_recon_first") == "six_months":
        raw = add_months(service, 6)
        count.say(f"5.8 (d): six months from service end on {spoken(raw)}.")
        return count.roll(raw)
    count.say("5.8 (d): reconsideration comes first and was not used: end of D19.")
    return _end(remedy(question, count, "D19", service, told=_told(question), events=question.events))


def _after_reconsideration(question: Question, count: Count, answer: Answer) -> date | None:
    """Case (c)."""
    decided = question.first("reconsideration_decision")
    begun, ended = question.first("review_start"), question.first("review_end")
    events = question.events
    told = question.params.get("told") is not False
    if decided is not None:
        later = tuple(event for event in events if event.day >= decided.day or event.kind in ("suspend", "resume"))
        count.say(f"5.8 (c): reconsideration decided, received on {spoken(decided.day)}: end of D21.")
        suit = _end(remedy(question, count, "D21", decided.day, told=told, events=later))
        if decided.outcome in ("not_accepted", "inadmissible"):
            count.say("5.8 (c): not accepted or inadmissible: the later of D20 and D21.")
            return _later(suit, _end(remedy(question, count, "D20", count.start, told=told, events=events)))
        return suit
    if ended is not None:
        count.say("5.8 (c): reconsideration withdrawn: end of D20.")
        return _end(remedy(question, count, "D20", count.start, told=told, events=events))
    if begun is None:
        raise BadInput("path reconsidered has an event reconsideration_decision, review_start or review_end")
    over, _ = silence(question, count, begun.day)
    answer.fields["period_over"] = over
    obstacles = tuple(event for event in events if event.reason == "force_majeure")
    return _end(remedy(question, count, "D21", over, told=told, events=obstacles))


def _end(found: Remedy | None) -> date | None:
    return None if found is None else found.expiry


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
