"""Lengths that law leaves to the authority: «at once» and the steps before the principal. None is verified [P]."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from criminal_transfer.domain.records import State


@dataclass(frozen=True)
class Limits:
    """task_force_hours: «immediately» of TRR 5. verification_days: working days. review_days: calendar days of the legal review."""

    task_force_hours: int = 24
    verification_days: int = 5
    review_days: int = 2
    verified: bool = False

    def period(self, state: State | None) -> dict[str, Any]:
        """The period that the state opens, as GEN counts it."""
        periods: Mapping[State | None, dict[str, Any]] = {
            State.SUSPECTED: {"n": self.task_force_hours, "unit": "h"},
            State.VERIFYING: {"n": self.verification_days, "unit": "wd"},
            State.REPORTED: {"n": self.review_days, "unit": "cal"},
        }
        return periods[state]
