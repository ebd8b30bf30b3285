"""The bare rules of counting (CT-1 to CT-5, CT-13 to CT-16), each with the sentence that says what it did."""

from datetime import date, datetime, time, timedelta

from kernel.calendar import ONE_DAY, Calendar, add_months
from kernel.days import SHANGHAI
from kernel.deadlines.deadline import spoken
from kernel.deadlines.question import CalendarNotLoaded, Question, window
from kernel.parameters import LawParameters, Length, TimerRow, Value

_UNITS = {"cal": "calendar day", "wd": "working day", "mon": "month", "yr": "year", "h": "hour"}
# Which rule says what a day is, by the law that the row rests on.
_DAY_RULES = (
    ("APL", "CT-5 (APL 85, 86)"),
    ("AEL", "CT-6 (AEL 69)"),
    ("ARL", "CT-7 (ARL 88)"),
    ("TRR", "CT-8 (TRR, MPS: no working-day clause)"),
    ("MPS", "CT-8 (TRR, MPS: no working-day clause)"),
    ("L54", "CT-8 (TRR, MPS: no working-day clause)"),
    ("PB", "CT-9 (PB: no working-day clause)"),
    ("SD5", "CT-9 (PB: no working-day clause)"),
    ("WSL", "CT-10 (WSL 78)"),
)


class Count:
    """Counts for one question: knows the calendar window, the readings and whether it had to guess."""

    def __init__(self, question: Question, law: LawParameters) -> None:
        self.law = law.with_readings(question.params["readings"]) if question.params.get("readings") else law
        self.calendar: Calendar = law.calendar
        if question.params.get("calendar") is not None:
            self.calendar = self.calendar.within(*window(question.params["calendar"]))
        self.start = question.start
        self.sentences: list[str] = []
        self.guessed: date | None = None
        self._read: dict[str, Value] = {}

    def say(self, sentence: str) -> None:
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def read(self, name: str, *, quiet: bool = False) -> Value:
        """How a doubtful rule is read; the derivation says so (CT-20)."""
        if name not in self._read:
            self._read[name] = self.law.reading(name, self.start)
        value = self._read[name]
        if not quiet:
            setting = self.law.readings[name]
            self.say(f"CT-20: {name} is read as «{setting.describe(value)}» ({setting.why}).")
        return value

    def unknown(self, day: date) -> None:
        if self.read("unpublished_year", quiet=True) == "refuse":
            self.read("unpublished_year")
            raise CalendarNotLoaded(f"the official calendar of {spoken(day)} is not loaded", day=day.isoformat())
        if self.guessed is None:
            self.guessed = day
            self.say(
                f"CT-14: the official calendar of {spoken(day)} is not loaded; Monday to Friday are taken as working days and the date "
                "is provisional until the notice is loaded (unpublished_year)."
            )

    def hours(self, at: datetime, n: int, *, choice: bool, of: str) -> datetime:
        """CT-2: hours run from the moment of the event and never roll."""
        local = at.astimezone(SHANGHAI)
        if choice and self.read("hours_start") == "next_full_hour":
            local = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        end = local + timedelta(hours=n)
        self.say(f"CT-2 (CC 201(2)): {n} hours from {spoken(local)}, {of}, end at {spoken(end)}; they run through nights and holidays.")
        return end

    def end(self, start: date, length: Length, *, of: str, source: str = "") -> date:
        """The raw last day of a period of days, months or years. CT-1: the start day is not counted."""
        n, unit = length.n, length.unit
        named = f"{n} {_UNITS[unit]}{'s' if n != 1 else ''}"
        self.say(f"CT-1 (CC 201): {spoken(start)}, {of}, is not counted; counting begins on {spoken(start + timedelta(days=1))}.")
        if unit == "wd":
            last = self.calendar.count(start, n, self.unknown)
            self.say(f"{_day_rule(source)}: {named} end on {spoken(last)}{self._between(start, last)}.")
        elif unit == "cal":
            last = start + timedelta(days=n)
            self.say(f"{_day_rule(source)}: {named} end on {spoken(last)}.")
        else:
            last = add_months(start, n if unit == "mon" else 12 * n)
            if last.day == start.day:
                self.say(f"CT-4 (CC 202): {named} end on the corresponding day, {spoken(last)}.")
            else:
                self.say(f"CT-4 (CC 202): {named} end on {spoken(last)}; that month has no day {start.day}.")
        return last

    def _between(self, start: date, last: date) -> str:
        """The days between that are otherwise than their weekday says."""
        runs: list[tuple[str, date, date]] = []
        for day in self.calendar.days_between(min(start, last) + ONE_DAY, max(start, last)):
            works, weekend = self.calendar.works(day), day.weekday() >= 5
            if works is not weekend:
                continue
            why = f"working though a weekend day, for {self.calendar.why_works(day)}" if works else f"off, {self.calendar.why_off(day)}"
            if runs and runs[-1][0] == why and runs[-1][2] == day - ONE_DAY:
                runs[-1] = (why, runs[-1][1], day)
            else:
                runs.append((why, day, day))
        return "".join(f"; {_span(first, last)} {why}" for why, first, last in runs)

    def before(self, day: date, n: int) -> date:
        """The n-th working day before a day."""
        last = self.calendar.count(day, -n, self.unknown)
        between = self._between(last - timedelta(days=1), day - timedelta(days=1))
        self.say(f"CT-5 (APL 64(2), 85): the {n}th working day before {spoken(day)} is {spoken(last)}{between}.")
        return last

    def rolls(self, length: Length) -> bool:
        """Whether the last day of this row rolls (CT-15)."""
        return length.rolls if isinstance(length.rolls, bool) else self.read(length.rolls) is True

    def roll(self, day: date, rolls: bool = True, *, quiet: bool = False) -> date:
        """CT-3: a last day that is off gives way to the first working day after it."""
        if not rolls:
            return day
        statutory = self.read("roll_days", quiet=True) == "statutory_holidays"
        if statutory:
            self.read("roll_days")
        rolled = self.calendar.roll(day, self.unknown, statutory_only=statutory)
        if rolled != day and not quiet:
            between = self._between(day, rolled)
            self.say(
                f"CT-3 (CC 203): {spoken(day)} is a day off ({self.calendar.why_off(day)}), so the period ends on the first "
                f"{'day that is no statutory holiday' if statutory else 'working day'} after it, {spoken(rolled)}{between}."
            )
        return rolled

    def internal_due(self, raw: date) -> date:
        """CT-13: the last working day on or before the raw last day, never earlier than the start day."""
        due = max(self.calendar.on_or_before(raw, self.unknown), self.start)
        if due != raw:
            self.say(f"CT-13: the department works to {spoken(due)}, on or before the raw last day {spoken(raw)}.")
        return due

    def in_time(self, at: datetime, day: date, last: date) -> bool:
        """CT-16: a period in days ends at 24:00 of its last day, unless the office reads its closing time."""
        closes = self.read("end_of_day", quiet=True)
        if day != last or closes == "24:00":
            return day <= last
        self.read("end_of_day")
        closing = self.law.closing_time if closes == "closing_time" else time.fromisoformat(str(closes))
        return at.astimezone(SHANGHAI).time() <= closing

    def version(self, row: TimerRow) -> None:
        """CT-17: the sentence on the version of the row in force on the start day."""
        version = row.version_on(self.start)
        if version.law:
            self.say(
                f"CT-17: {row.id} started on {spoken(self.start)}; its version «{version.law}» governs the whole period ({row.source})."
            )
        if not version.verified:
            self.say(f"{row.id} rests on a value that is not verified ({row.source}).")


def _span(first: date, last: date) -> str:
    if first == last:
        return f"{spoken(first, year=False)} is"
    return f"{spoken(first, year=False)} to {spoken(last, year=False)} are"


def _day_rule(source: str) -> str:
    for law, rule in _DAY_RULES:
        if law in source:
            return rule
    return "CT-1 (CC 201)"
