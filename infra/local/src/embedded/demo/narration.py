"""Prints the story as it goes: the day, who did what, the state it led to, documents and deadlines."""

import sys
from typing import Any, TextIO
from unicodedata import east_asian_width

WIDTH = 118


class Narration:
    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out

    def day(self, date: str, title: str) -> None:
        self._line("")
        self._line(f"── {date}  {title} " + "─" * max(0, WIDTH - 6 - len(date) - _width(title)))

    def act(self, who: str, what: str, state: str = "", row: str = "") -> None:
        """`row` is the row of the law table, `state` what the act led to."""
        line = f"  {_filled(row, 6)}{_filled(who, 16)}{what}"
        self._line(f"{line}  → {state}" if state else line)

    def refused(self, who: str, what: str, reason: str) -> None:
        self._line(f"  {_filled('', 6)}{_filled(who, 16)}{what}  ✗ {reason}")

    def document(self, form: str, number: str, title: str, file: str = "") -> None:
        self._line(f"        ▪ {form} {title}  {number}" + (f"  {file}" if file else ""))

    def deadline(self, deadline: dict[str, Any]) -> None:
        internal = f", internally {deadline['internalDue']}" if deadline.get("internalDue") else ""
        self._line(f"        ⏱ {deadline['timer']} until {deadline.get('legalExpiry', '')}{internal}")
        for sentence in deadline.get("derivation", []):
            self._line(f"            {sentence}")

    def note(self, text: str) -> None:
        self._line(f"        {text}")

    def _line(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _filled(text: str, width: int) -> str:
    return text + " " * max(1, width - _width(text))
