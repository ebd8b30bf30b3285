"""Days of the law: a day is a day in Asia/Shanghai, a stored instant is UTC. Law: CC 203(2)."""

from datetime import UTC, date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def legal_day(at: datetime) -> date:
    """The day in Asia/Shanghai of an aware instant."""
    return at.astimezone(SHANGHAI).date()


def day_begins(day: date) -> datetime:
    """The first instant of the day, UTC."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """The first instant after the day, UTC (its 24:00)."""
    return day_begins(day + timedelta(days=1))
