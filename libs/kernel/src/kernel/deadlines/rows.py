"""The rows of the master table that follow their data: length, rolling, pauses, extensions."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from kernel.days import day_ends
from kernel.deadlines.counting import Count
from kernel.deadlines.deadline import Day, spoken
from kernel.deadlines.period import Period
from kernel.deadlines.question import BadInput, Event, NoSuchPeriodYet, Question
from kernel.parameters import Length, LimitPolicy, RowVersion, TimerRow

# Who reads a clock finer than this writes the law, not a computer.
_ENDED_BY_NOTICE = frozenset({"D36", "D58"})
_TICK = timedelta(microseconds=1)


@dataclass
class Answer:
    """Fields of the deadline as they are found."""

    fields: dict[str, Any] = field(default_factory=dict)
    accepted: dict[int, bool] = field(default_factory=dict)
    expires_at: datetime | None = None
    law: str = ""

    def ends(self, raw: date, expiry: date) -> None:
        self.fields |= {"raw": raw, "legal_expiry": expiry}
        self.expires_at = day_ends(expiry)

    def ends_at(self, expiry: datetime) -> None:
        """Hours never roll, so their raw end is their end."""
        self.fields |= {"raw": expiry, "legal_expiry": expiry}
        self.expires_at = expiry + _TICK


def version_for(question: Question, row: TimerRow, count: Count) -> RowVersion:
    """The version of the start day; refused where that day knew no such period."""
    version = row.version_on(count.start)
    if version.absent:
        raise NoSuchPeriodYet(f"{row.id} did not exist on {spoken(count.start)}: it begins with {row.versions[-1].law}", timer=row.id)
    count.version(row)
    return version


def judge(question: Question, row: TimerRow, count: Count, last: Day) -> bool | None:
    """Whether the act asked about is in time: by the day it was done, or posted where posting counts (CT-11)."""
    if isinstance(last, datetime):
        act = question.first("act")
        return None if act is None else act.at <= last
    # An application is the act, unless it is what starts the period.
    done = question.all("act") or (question.all("apply") if row.id != "D28" else [])
    posted = question.all("post")
    if not done and not posted:
        return None
    counts = row.posting == "law" or (row.posting == "posting_counts" and count.read("posting_counts") is True)
    if posted and counts:
        count.say(f"CT-11: posting before expiry is not late; posted on {spoken(posted[0].day)}.")
    elif posted:
        count.say(f"CT-11: for {row.id} receipt decides, not the day of posting.")
    return any(event.day <= last for event in posted if counts) or any(count.in_time(event.at, event.day, last) for event in done)


def finish(question: Question, row: TimerRow, count: Count, answer: Answer) -> None:
    """What every row of days has once its last day is known."""
    raw, expiry = answer.fields["raw"], answer.fields["legal_expiry"]
    if row.department_owes:
        answer.fields["internal_due"] = count.internal_due(raw)
    if (in_time := judge(question, row, count, expiry)) is not None:
        answer.fields["in_time"] = in_time
    if row.id in _ENDED_BY_NOTICE:
        answer.accepted |= {notice.index: notice.day <= expiry for notice in question.all("notice")}


def plain(question: Question, row: TimerRow, count: Count) -> Answer:
    """A row that its data describes in full."""
    version = version_for(question, row, count)
    length = version.length_for(question.params)
    if length.unit == "h":
        return _hours(question, row, count, length)
    if length.unit == "named":
        return _named(question, row, count, version)
    policy = None
    answer = Answer(law=version.law)
    if row.id == "D12":
        policy = case_limit(question, count)
        length, answer.law = Length(policy.base_days, "cal", True), policy.id
    raw = count.end(count.start, length, of=started(row, question), source=policy.source if policy else row.source)
    return run(question, row, count, answer, raw, length, policy)


def run(
    question: Question, row: TimerRow, count: Count, answer: Answer, raw: date, length: Length, policy: LimitPolicy | None = None
) -> Answer:
    """Pauses, extensions and rolling of a period whose first raw last day is known."""
    rolls = count.rolls(length)
    if not rolls and length.unit != "wd":
        count.say(f"CT-15: the last day of {row.id} is not rolled ({row.source}).")
    barred = _extension_bar(question, row, count)
    period = Period(count, row, count.start, raw, rolls=rolls, unit=length.unit, policy=policy, extension_barred=barred)
    period.live(question.events)
    answer.accepted |= period.accepted
    if period.paused:
        if question.first("act", "post") is not None:
            answer.fields["in_time"] = True
        return answer
    answer.ends(period.raw, period.expiry())
    finish(question, row, count, answer)
    return answer


def _extension_bar(question: Question, row: TimerRow, count: Count) -> str:
    """Why this row may not be extended in this case, or nothing."""
    grade = question.params.get("grade", "general")
    if row.id == "D48" and question.first("extend") and count.read("d48_extension") == "extra_major" and grade != "extra-major":
        return f"only the report of an extra-major accident gives one, not of a {grade} one (ACR 32(1))"
    simple = question.params.get("procedure") == "simple"
    if row.id == "D52" and simple and row.version_on(count.start).when:
        return "only the ordinary procedure is extended (ARL 62)"
    return ""


def case_limit(question: Question, count: Count) -> LimitPolicy:
    """The limit of the case by filing day (5.6); the named policy only while it is in force."""
    policy = count.law.policy(question.params.get("policy"), count.start)
    named = question.params.get("policy")
    if named is not None and named != policy.id:
        count.say(f"CT-17: policy {named} is not in force for cases filed on {spoken(count.start)}; {policy.id} is ({policy.source}).")
    count.say(f"5.6: policy {policy.id}, {policy.base_days} days from filing ({policy.source}).")
    return policy


def started(row: TimerRow, question: Question) -> str:
    return "the start day" if not row.text["starts"] else row.text["starts"].split(" (")[0]


def _hours(question: Question, row: TimerRow, count: Count, length: Length) -> Answer:
    answer = Answer()
    end = count.hours(question.starts_at, length.n, choice=row.hours_start, of=started(row, question))
    answer.ends_at(end)
    in_time = judge(question, row, count, end)
    if row.id == "D01":
        in_time = _reported(question, count, end)
    if in_time is not None:
        answer.fields["in_time"] = in_time
    return answer


def _reported(question: Question, count: Count, end: datetime) -> bool | None:
    """D01: the head is told, and by the default reading has also approved, within the 24 hours (AEL 19)."""
    told, approved = question.first("told"), question.first("act")
    if told is None and approved is None:
        return None
    if count.read("d01_stop") == "report":
        reported = told or approved
        assert reported is not None
        return reported.at <= end
    return approved is not None and approved.at <= end and (told is None or told.at <= end)


def _named(question: Question, row: TimerRow, count: Count, version: RowVersion) -> Answer:
    """D62 before 2024: the notice itself names a reasonable period (ARL17, ARR 29)."""
    named = named_day(question)
    answer = Answer(law=version.law)
    count.say(f"{row.id}: the period ends on the day named in the notice, {spoken(named)} (ARR 29).")
    return run(question, row, count, answer, named, version.length)


def named_day(question: Question) -> date:
    """The day that an order, grant or notice names."""
    for name in ("until", "due", "deferred_until"):
        if name in question.days:
            return question.days[name]
    for name in ("days", "n"):
        if question.params.get(name) is not None:
            return question.start + timedelta(days=question.params[name])
    raise BadInput(f"{question.timer} ends on the day named in the order or grant: give params.until")


def bare(question: Question, count: Count) -> Answer:
    """GEN: n days, working days, months or hours, and nothing else."""
    n, unit = question.params.get("n"), question.params.get("unit")
    if n is None or unit not in ("cal", "wd", "mon", "h"):
        raise BadInput("GEN has params n (a whole number from 1) and unit (cal, wd, mon or h)")
    answer = Answer()
    if unit == "h":
        answer.ends_at(count.hours(question.starts_at, n, choice=True, of="the event"))
        act = question.first("act")
        if act is not None:
            answer.fields["in_time"] = act.at <= answer.fields["legal_expiry"]
        return answer
    rolls = unit != "wd" and question.params.get("rolls") is not False
    raw = count.end(count.start, Length(n, unit, rolls), of="the start day")
    answer.ends(raw, count.roll(raw, rolls))
    done: list[Event] = question.all("act")
    if done:
        answer.fields["in_time"] = any(count.in_time(act.at, act.day, answer.fields["legal_expiry"]) for act in done)
    return answer
