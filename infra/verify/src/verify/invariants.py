"""An invariant: what must be true of the stored data, how many rows were looked at, what breaks it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from verify.sources import Sources


@dataclass
class Outcome:
    rows: int = 0
    violations: list[str] = field(default_factory=list)

    def look(self, holds: bool, violation: str) -> None:
        self.rows += 1
        if not holds:
            self.violations.append(violation)


Judge = Callable[[Sources], Awaitable[Outcome]]


@dataclass(frozen=True)
class Invariant:
    id: str
    text: str
    needs: tuple[str, ...]
    judge: Judge


ALL: list[Invariant] = []
ELSEWHERE = {
    "INV-21": "does not apply yet: no service of statistics stands",
    "INV-24": "static: held over every table of moves by tests/architecture/test_rows.py",
}
"""Invariants of the law that no stored row can show."""


def invariant(id: str, text: str, *, needs: tuple[str, ...] = ()) -> Callable[[Judge], Judge]:
    """`needs`: the services whose databases it reads; none named: whatever there is."""

    def keep(judge: Judge) -> Judge:
        ALL.append(Invariant(id, text, needs, judge))
        return judge

    return keep
