"""Rows of law with a life: which of them is in force on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Versioned(Protocol):
    @property
    def valid_from_on(self) -> date: ...

    @property
    def valid_to_on(self) -> date | None: ...


V = TypeVar("V", bound=Versioned)


def in_force(row: Versioned, on: date) -> bool:
    """Both ends included. Law: APL 37 (the law in force when the act happened)."""
    return row.valid_from_on <= on and (row.valid_to_on is None or on <= row.valid_to_on)


def latest(rows: Iterable[V], on: date) -> V | None:
    """The row in force that began last."""
    return max((row for row in rows if in_force(row, on)), key=lambda row: row.valid_from_on, default=None)
