"""A clue that an official committed a crime: a record apart, seen by the principal head and the auditor (C30). Law: TRR 18-19."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from kernel.errors import DomainError
from kernel.moves import AnyOf, Facts, Machine, Move, Role

from criminal_transfer.domain.refusals import FieldMissing


class ClueState(StrEnum):
    RECORDED = "RECORDED"


def clue_letter(clue: Any, facts: Facts) -> DomainError | None:
    """To the supervision commission or the procuratorate, by a letter with a number; never to the police. Law: TRR 19."""
    for name in ("receiver", "facts", "letter_number", "sent_on"):
        if not str(getattr(clue, name)).strip():
            return FieldMissing("the clue letter is complete", field=name)
    return None


MOVES = (Move("C30", "record", {None}, ClueState.RECORDED, by=AnyOf(Role.CHIEF), guards=(clue_letter,), law=("TRR 19",)),)


@dataclass(eq=False)
class OfficialClue(Machine):
    MACHINE = "official_clue"
    MOVES = MOVES
    APART = True

    transfer_id: UUID
    org_path: str
    receiver: str
    facts: str
    letter_number: str
    sent_on: str
    recorded_by: str
    recorded_at: datetime
    id: UUID = field(default_factory=uuid4)
    state: ClueState | None = None
    version: int = 1

    def record(self, *, facts: Facts) -> None:
        """C30. Nothing of it stands in the transfer, nor is it told to anyone by event."""
        self._begin("record", facts)
