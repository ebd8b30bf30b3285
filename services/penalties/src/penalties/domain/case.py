"""A penalty case and the moves it may make (11.5). The phases hold their rows; here they are one machine.

CLUE … filed      filing.py         PC01–PC04
urgency, pause    urgent.py         PC05, PC06, PC08, PC09
investigation     investigation.py  PC07, PC10
review            review.py         PC11–PC15, PC60
notice, defence   notice.py         PC16–PC18, PC26, PC59
hearing           heard.py          PC19–PC23, PC61
discussion        deliberation.py   PC24, PC25
no penalty        no_penalty.py     PC28, PC62
ends before       endings.py        PC47–PC49
simple procedure  simple.py cash.py PC53–PC57
cases beside      splitting.py      PC58, PC63
decision          decision.py       PC27, PC50
execution, end    execution.py      PC29, PC30, PC33, PC34, PC42, PC43
enforcement       deferral.py dunning.py court.py     PC31, PC32, PC35–PC38
remedies          challenge.py      PC39–PC41, PC51 (remedy.py: RM01–RM07)
police, archive   transfer.py lending.py              PC44–PC46, PC52
"""

from collections.abc import Mapping
from typing import Any

from kernel.moves import Move

from penalties.domain import (
    cash,
    challenge,
    court,
    decision,
    deferral,
    deliberation,
    dunning,
    endings,
    execution,
    filing,
    heard,
    investigation,
    lending,
    no_penalty,
    notice,
    review,
    simple,
    splitting,
    transfer,
    urgent,
)
from penalties.domain.cash import Cashed
from penalties.domain.deliberation import Deliberated
from penalties.domain.endings import Ended
from penalties.domain.heard import Heard
from penalties.domain.lending import Lending
from penalties.domain.no_penalty import Spared
from penalties.domain.records import State
from penalties.domain.splitting import Split
from penalties.domain.urgent import Interrupted

__all__ = ["MOVES", "Case", "State"]

# Every legal move, and nothing else. docs/reference/states.md and each case's list of permitted actions are made from this.
MOVES: tuple[Move, ...] = (
    *filing.ROWS,
    *urgent.ROWS,
    *investigation.ROWS,
    *review.ROWS,
    *notice.ROWS,
    *heard.ROWS,
    *deliberation.ROWS,
    *decision.ROWS,
    *no_penalty.ROWS,
    *execution.ROWS,
    *endings.ROWS,
    *simple.ROWS,
    *cash.ROWS,
    *splitting.ROWS,
    *deferral.ROWS,
    *dunning.ROWS,
    *court.ROWS,
    *challenge.ROWS,
    *transfer.ROWS,
    *lending.ROWS,
)

# These run from the day that a paper of a court, a body or the authority names.
SINCE = ("D15", "D21", "D52", "D53", "D54", "D55", "D56", "D57", "D59", "D60", "D62", "D63", "D64", "D65")
_TIMERS: Mapping[str, Any] = {
    "D06": cash.timer_d06,
    "D08": notice.deemed,
    "D09": notice.deemed,
    "D10": heard.timer_d10,
    "D11": notice.deemed,
    "D12": decision.timer_d12,
    "D16": notice.deemed,
    "D18": deferral.timer_d18,
    "D19": notice.deemed,
    "D20": notice.deemed,
    "D22": dunning.timer_d22,
    "D23": dunning.timer_d23,
    **dict.fromkeys(SINCE, court.timer_since),
    "D50": filing.timer_d50,
}


class Case(Lending, Heard, Deliberated, Interrupted, Spared, Ended, Cashed, Split):
    """One case against one party for one act."""

    MOVES = MOVES
    TIMERS = _TIMERS
