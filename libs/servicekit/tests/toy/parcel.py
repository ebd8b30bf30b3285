"""A parcel, its moves and its events."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from kernel.errors import DomainError, NotFound, Precondition
from kernel.money import Money
from kernel.moves import AnyOf, Facts, Move, Role, TwoOfficers
from kernel.timers import Clocked, Timer


class State(StrEnum):
    PLACED = "PLACED"
    SENT = "SENT"
    SEALED = "SEALED"
    LOST = "LOST"


class ParcelNotFound(NotFound):
    """There is no such parcel."""


class SealMissing(Precondition):
    """No seal was brought."""


class ReceiverUnknown(Precondition):
    """Nobody of that name."""


@dataclass(frozen=True)
class ParcelPlaced:
    parcel_id: UUID
    placed_at: datetime


@dataclass(frozen=True)
class ParcelSent:
    parcel_id: UUID
    sent_at: datetime


def has_seal(parcel: "Parcel", facts: Facts) -> DomainError | None:
    if facts.input == "":
        return SealMissing("a seal is needed", parcel=str(parcel.id))
    return None


@dataclass(eq=False)
class Parcel(Clocked):
    MACHINE = "parcel"
    MOVES = (
        Move("T01", "place", {None}, State.PLACED, by=AnyOf(Role.OFF), starts=("D08",)),
        Move("T02", "send", {State.PLACED}, State.SENT, by=AnyOf(Role.OFF, Role.SYS), stops=("D08",), law=("APL 1",)),
        Move("T03", "seal", {State.SENT}, State.SEALED, by=TwoOfficers(), guards=(has_seal,)),
        Move("T04", "lose", {State.PLACED, State.SENT}, State.LOST, by=AnyOf(Role.SYS)),
        Move("T05", "note", {State.SENT}, None, by=AnyOf(Role.SYS)),
    )

    title: str
    worth: Money
    placed_at: datetime
    org_path: str
    due_on: date | None = None
    state: State | None = None
    id: UUID = field(default_factory=uuid4)
    version: int = 0
    timers: list[Timer] = field(default_factory=list)

    @classmethod
    def place(cls, *, title: str, worth: Money, due_on: date | None, facts: Facts) -> tuple["Parcel", ParcelPlaced]:
        parcel = cls(title, worth, facts.now, facts.by.org_path, due_on)
        parcel._begin("place", facts)
        return parcel, ParcelPlaced(parcel.id, facts.now)

    def send(self, *, facts: Facts) -> ParcelSent:
        self._move("send", facts)
        return ParcelSent(self.id, facts.now)

    def seal(self, *, facts: Facts) -> None:
        self._move("seal", facts)

    def note(self, *, facts: Facts) -> None:
        self._move("note", facts)

    def lose(self, *, facts: Facts) -> None:
        self._move("lose", facts)
