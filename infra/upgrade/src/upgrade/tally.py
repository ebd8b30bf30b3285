"""What became of each request: answered, refused, failed, or unknown because nobody answered."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SHOWN = 50


@dataclass(frozen=True)
class Failure:
    at: str
    kind: str
    method: str
    path: str
    said: str


@dataclass
class Tally:
    began: float = field(default_factory=time.monotonic)
    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    again: int = 0
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[Failure] = field(default_factory=list)

    def fail(self, kind: str, method: str, path: str, said: str, *, unknown: bool) -> None:
        (self.unknown if unknown else self.failed)[kind] += 1
        self.failures.append(Failure(time.strftime("%H:%M:%S"), kind, method, path, said))

    @property
    def clean(self) -> bool:
        """Not one request failed or was left without an answer."""
        return not (self.failed.total() or self.unknown.total())

    def report(self) -> dict[str, Any]:
        return {
            "seconds": round(time.monotonic() - self.began, 1),
            "sent": self.sent.total(),
            "answered": self.answered.total(),
            "refused": dict(self.refused),
            "failed": self.failed.total(),
            "unknown": self.unknown.total(),
            "asked_again": self.again,
            "by_kind": {kind: self._of(kind) for kind in sorted(self.sent)},
            "failures": [vars(failure) for failure in self.failures[:SHOWN]],
        }

    def _of(self, kind: str) -> dict[str, Any]:
        ordered = sorted(self.seconds[kind])
        return {
            "sent": self.sent[kind],
            "failed": self.failed[kind],
            "unknown": self.unknown[kind],
            "p50_ms": _share(ordered, 0.5),
            "p95_ms": _share(ordered, 0.95),
            "max_ms": _share(ordered, 1.0),
        }


def _share(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1) if ordered else 0.0
