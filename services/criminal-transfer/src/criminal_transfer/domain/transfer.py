"""The transfer of a suspected crime: all rows of 11.8 and the phases that hold them."""

from dataclasses import dataclass

from criminal_transfer.domain import decision, delivery, outcome, police, supervision, suspicion
from criminal_transfer.domain.decision import Deciding
from criminal_transfer.domain.delivery import Delivery
from criminal_transfer.domain.outcome import Outcomes
from criminal_transfer.domain.suspicion import Suspicion

MOVES = (*suspicion.MOVES, *decision.MOVES, *delivery.MOVES, *police.MOVES, *supervision.MOVES, *outcome.MOVES)


@dataclass(eq=False)
class Transfer(Suspicion, Deciding, Delivery, Outcomes):
    MOVES = MOVES
