"""A penalty case and the moves it may make (11.5). The phases hold their rows; here they are one machine.

CLUE … filed      filing.py         PC01–PC04
investigation     investigation.py  PC07, PC10
review            review.py         PC11–PC15, PC60
notice, defence   notice.py         PC16, PC17, PC26, PC59
decision          decision.py       PC27, PC50
execution, end    execution.py      PC29, PC30, PC33, PC34, PC42, PC43
"""

from collections.abc import Mapping
from typing import Any

from kernel.moves import Move

from penalties.domain import decision, execution, filing, investigation, notice, review
from penalties.domain.execution import Executed
from penalties.domain.records import State

__all__ = ["MOVES", "Case", "State"]

# Every legal move, and nothing else. docs/reference/states.md and each case's list of permitted actions are made from this.
MOVES: tuple[Move, ...] = (*filing.ROWS, *investigation.ROWS, *review.ROWS, *notice.ROWS, *decision.ROWS, *execution.ROWS)

_TIMERS: Mapping[str, Any] = {
    "D08": notice.deemed,
    "D09": notice.deemed,
    "D12": decision.timer_d12,
    "D16": notice.deemed,
    "D18": execution.timer_d18,
    "D19": notice.deemed,
    "D20": notice.deemed,
    "D50": filing.timer_d50,
}


class Case(Executed):
    """One case against one party for one act."""

    MOVES = MOVES
    TIMERS = _TIMERS
