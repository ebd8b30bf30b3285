"""A running period: what pauses it, what lengthens it, and where its last day lies after each (CT-18, CT-19)."""

from dataclasses import dataclass
from datetime import date, timedelta

from kernel.deadlines.counting import Count
from kernel.deadlines.deadline import spoken
from kernel.deadlines.question import BadInput, Event
from kernel.parameters import LimitPolicy, TimerRow

# Rows whose extensions are a doubtful rule of their own (5.10.2).
_CUTOFF_ROWS = frozenset({"D02", "D12", "D47", "D48", "D52"})


@dataclass
class _Pause:
    begins: date
    counts: bool
    stated: int | None


class Period:
    """The last day of a period, moved by pauses and extensions in the order in which they happened."""

    def __init__(
        self,
        count: Count,
        row: TimerRow,
        start: date,
        raw: date,
        *,
        rolls: bool,
        unit: str = "cal",
        policy: LimitPolicy | None = None,
        extension_barred: str = "",
    ) -> None:
        self.count, self.row, self.start, self.raw, self.rolls, self.unit = count, row, start, raw, rolls, unit
        self.policy, self.extension_barred = policy, extension_barred
        self.accepted: dict[int, bool] = {}
        self._granted = 0
        self._extended = False
        self._open: dict[str, _Pause] = {}
        self._out: set[date] = set()

    @property
    def paused(self) -> bool:
        return any(pause.counts for pause in self._open.values())

    def expiry(self) -> date:
        """The last day as it stands at the end."""
        return self.count.roll(self.raw, self.rolls)

    def expiry_so_far(self) -> date:
        """The last day before the event that is looked at."""
        return self.count.roll(self.raw, self.rolls, quiet=True)

    def live(self, events: tuple[Event, ...]) -> "Period":
        """Take every pause and extension in order."""
        for event in events:
            if event.kind == "suspend":
                self._suspend(event)
            elif event.kind == "resume":
                self._resume(event)
            elif event.kind == "extend":
                self._extend(event)
        if self.paused:
            since = min(pause.begins for pause in self._open.values() if pause.counts)
            self.count.say(f"CT-18: the period stands still since {spoken(since)}; its last day follows when it resumes.")
        return self

    def _suspend(self, event: Event) -> None:
        kind = self._kind(event.reason)
        counts = kind in self.row.pauses and self._switch(kind)
        if not counts:
            self.count.say(f"CT-18: days of {_plain(kind)} are not taken out of {self.row.id} ({self.row.source}).")
        elif not self.paused and event.day > (expiry := self.expiry_so_far()):
            self.accepted[event.index] = counts = False
            self.count.say(
                f"CT-18: the pause of {spoken(event.day)} begins after the last day {spoken(expiry)} and does not revive the period."
            )
        self._open[event.reason] = _Pause(max(event.day, self.start), counts, event.days)

    def _kind(self, reason: str) -> str:
        """The kind of pause as the row names it."""
        if not reason:
            return "suspension" if "suspension" in self.row.pauses else next(iter(self.row.pauses), "suspension")
        if reason == "criminal_transfer":
            return "crime_transfer"
        if reason == "force_majeure" and reason not in self.row.pauses:
            return "suspension"
        return reason

    def _switch(self, kind: str) -> bool:
        if self.row.id == "D12":
            return self.count.read(f"d12_exclude.{kind}") is True
        if self.row.id == "D52" and kind == "suspension":
            return self.count.read("d52_suspension") == "days_out"
        return True

    def _resume(self, event: Event) -> None:
        if event.reason in self._open:
            pause = self._open.pop(event.reason)
        elif self._open and not event.reason:
            pause = self._open.pop(next(reversed(self._open)))
        else:
            raise BadInput(f"nothing is suspended that resumes on {event.day.isoformat()}")
        if not pause.counts:
            return
        last = event.day if self._both_days_out() else event.day - timedelta(days=1)
        own = set(self.count.calendar.days_between(pause.begins, last))
        added = len(own - self._out)
        overlap = len(own) - added
        self._out |= own
        stated = event.days if event.days is not None else pause.stated
        if stated is not None:
            # The object's own appraisal is out at most as it was stated to the party (AEL 25(3)).
            added = min(added, stated) if self.row.id == "D02" else stated
        self.raw += timedelta(days=added)
        twice = f"; {overlap} of them count once, in the pause that overlaps" if overlap else ""
        self.count.say(
            f"CT-18: paused from {spoken(pause.begins)} to {spoken(event.day)}: {added} days are out{twice}; "
            f"the raw last day moves to {spoken(self.raw)}."
        )

    def _both_days_out(self) -> bool:
        return self.count.read("pause_days", quiet=self.row.id == "D65") == "both_days_out" and self.row.id != "D65"

    def _extend(self, event: Event) -> None:
        barred = self._barred(event)
        self.accepted[event.index] = not barred
        if barred:
            self.count.say(f"CT-19: the extension of {spoken(event.day)} does not count: {barred}.")
            return
        choice = self.row.id in _CUTOFF_ROWS
        base = self.raw
        if choice and self.count.read("extension_base") == "rolled":
            base = self.expiry_so_far()
        days = self._days(event)
        self._granted += days
        self._extended = True
        if event.until is not None and event.days is None:
            self.raw = event.until
        elif self.unit == "wd":
            self.raw = self.count.calendar.count(base, days, self.count.unknown)
        else:
            self.raw = base + timedelta(days=days)
        self.count.say(f"CT-19 ({self.row.source}): extended in time on {spoken(event.day)}; the raw last day is {spoken(self.raw)}.")

    def _days(self, event: Event) -> int:
        if event.days is not None:
            return event.days
        assert event.until is not None
        return (event.until - self.raw).days

    def _barred(self, event: Event) -> str:
        """Why an extension does not count, or nothing."""
        if self.extension_barred:
            return self.extension_barred
        if self.policy is None and not self.row.extends:
            return f"{self.row.id} cannot be extended"
        if self._extended and self.row.extension_once:
            return f"{self.row.id} is extended once"
        days = self._days(event)
        if days <= 0:
            return "it does not lengthen the period"
        if self.policy is not None:
            by = event.by or "head"
            if by not in self.policy.extensions:
                return f"policy {self.policy.id} knows no extension by {by} ({self.policy.source})"
            total, limit = self.policy.base_days + self._granted + days, self.policy.extensions[by]
            if total > limit:
                return f"{total} days in all are more than the {limit} that {by} may grant ({self.policy.source})"
        elif self.row.extension_max is not None and self._granted + days > self.row.extension_max:
            return f"extensions of {self._granted + days} days in all are more than {self.row.extension_max} ({self.row.source})"
        if self.paused:
            return ""
        last = self.expiry_so_far()
        if self.row.id in _CUTOFF_ROWS and self.count.read("extension_cutoff") == "raw":
            last = self.raw
        if event.day > last:
            return f"it was approved after {spoken(last)}, the last day for it"
        return ""


def _plain(kind: str) -> str:
    return kind.replace("_", " ")
