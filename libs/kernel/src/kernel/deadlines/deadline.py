"""The answer: which day a period ends, and every sentence of the reasoning."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from kernel.days import SHANGHAI

Day = date | datetime


@dataclass(frozen=True)
class Deadline:
    """What follows from a timer row (fields of docs/law/deadline-format.md). A field that the row has not is None.

    Days are dates, ends of hour periods are instants. `expires_at` is the first instant after the period, UTC; None
    where nothing expires or the period stands still.
    """

    timer: str
    raw: Day | None = None
    legal_expiry: Day | None = None
    internal_due: date | None = None
    earliest: Day | None = None
    latest: Day | None = None
    remedy_expiry: date | None = None
    open: date | None = None
    close: date | None = None
    feasible: bool | None = None
    accepted: tuple[bool, ...] | None = None
    in_time: bool | None = None
    due: date | tuple[date, ...] | None = None
    days_late: int | tuple[int | None, ...] | None = None
    surcharge_fen: int | tuple[int | None, ...] | None = None
    total_surcharge_fen: int | None = None
    deemed_served: date | None = None
    notice_due: Day | None = None
    period_over: date | None = None
    provisional: bool = False
    law: str = ""
    derivation: tuple[str, ...] = ()
    expires_at: datetime | None = None

    def text(self, name: str) -> str:
        """A day or instant as ISO text, empty if the row has none."""
        return _text(getattr(self, name)) or ""

    def as_line(self, question_id: object) -> dict[str, Any]:
        """The JSON object of one line of output."""
        line: dict[str, Any] = {"id": question_id}
        for name in _SHOWN:
            value = _text(getattr(self, name))
            if value not in (None, "", []) and (value is not False or name in _BOOLEANS):
                line[name] = value
        return line


_BOOLEANS = frozenset({"feasible", "in_time"})
_SHOWN = tuple(field.name for field in fields(Deadline) if field.name != "expires_at")


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_text(item) for item in value]
    return value


def spoken(day: Day, *, year: bool = True) -> str:
    """A day in a sentence: 9 September 2022; an instant with its clock time in Shanghai."""
    if isinstance(day, datetime):
        local = day.astimezone(SHANGHAI)
        return f"{local:%H:%M:%S} on {spoken(local.date())}"
    text = f"{day.day} {_MONTHS[day.month]}"
    return f"{text} {day.year}" if year else text


_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
