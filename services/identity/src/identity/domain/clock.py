"""The legal clock of a root: real now plus an offset that only grows once it is set."""

import math
from datetime import datetime, timedelta

from kernel.errors import Forbidden, Invalid, Precondition


class LegalClockOff(Precondition):
    """This installation follows real time."""


class ClockMovesForwardOnly(Precondition):
    """The instant lies before legal now."""


class RootInvalid(Invalid):
    """A root is the first part of a path: /44/."""


class RootNotYours(Forbidden):
    """The clock of another root."""


def check_root(root: str) -> None:
    if len(root.strip("/").split("/")) != 1 or root != f"/{root.strip('/')}/" or root == "//":
        raise RootInvalid("a root is the first part of a path", root=root)


def offset_to(at: datetime, *, real: datetime, offset: int | None) -> int:
    """Whole seconds, so that legal now is not before `at`. The first setting is free. Raises: ClockMovesForwardOnly."""
    if offset is not None and at < real + timedelta(seconds=offset):
        raise ClockMovesForwardOnly("legal time moves forward only", legal_now=real + timedelta(seconds=offset), given=at)
    return math.ceil((at - real).total_seconds())
