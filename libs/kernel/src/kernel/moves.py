"""State machines as tables: rows of law that name who may move what, when, and what starts or stops by it.

A machine is a dataclass with a `MOVES` table and a `state`. `_move` is the only way to change the state: it checks the
from-state, the actor and the guards of the row, changes the state, starts and stops the timers of the row, and leaves a
`Transition` for the history. `permitted` answers, for every row, whether it could be made now and if not, why.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from kernel.actors import (
    SYS,
    SYSTEM,
    AnyOf,
    Both,
    Delegated,
    Entered,
    Facts,
    LeadOfficerMissing,
    Person,
    Role,
    RoleForbidsMove,
    SameOfficerTwice,
    SecondOfficerMissing,
    TwoOfficers,
    Who,
)
from kernel.errors import DomainError, Precondition

__all__ = [
    "SYS",
    "SYSTEM",
    "AnyOf",
    "Both",
    "Delegated",
    "Entered",
    "Facts",
    "Guard",
    "LeadOfficerMissing",
    "Machine",
    "Move",
    "Permitted",
    "Person",
    "Role",
    "RoleForbidsMove",
    "SameOfficerTwice",
    "SecondOfficerMissing",
    "StateForbidsTransition",
    "Transition",
    "TwoOfficers",
    "When",
    "Who",
]


class StateForbidsTransition(Precondition):
    """The move is not listed from this state."""


Guard = Callable[[Any, Facts], DomainError | None]


@dataclass(frozen=True)
class When:
    """A timer that starts only if the move releases this form."""

    timer: str
    form: str

    def __str__(self) -> str:
        return f"{self.timer} (with {self.form})"


@dataclass(frozen=True)
class Move:
    """One row of a table of section 11: `row` is its id there, `name` the verb of method, command and RPC."""

    row: str
    name: str
    sources: frozenset[Any]
    target: Any
    by: Who
    guards: tuple[Guard, ...] = ()
    law: tuple[str, ...] = ()
    starts: tuple[str | When, ...] = ()
    stops: tuple[str, ...] = ()
    form: str = ""

    def __init__(
        self,
        row: str,
        name: str,
        sources: Collection[Any],
        target: Any,
        *,
        by: Who,
        guards: Iterable[Guard] = (),
        law: Iterable[str] = (),
        starts: Iterable[str | When] = (),
        stops: Iterable[str] = (),
        form: str = "",
    ) -> None:
        for name_, value in {
            "row": row,
            "name": name,
            "sources": frozenset(sources),
            "target": target,
            "by": by,
            "guards": tuple(guards),
            "law": tuple(law),
            "starts": tuple(starts),
            "stops": tuple(stops),
            "form": form,
        }.items():
            object.__setattr__(self, name_, value)


@dataclass(frozen=True)
class Transition:
    """One line of history: what moved, by whom, on what grounds. Section 11, conventions; hashes are the ledger's."""

    machine: str
    object_id: str
    row: str
    name: str
    source: str
    target: str
    actors: tuple[str, ...]
    at: datetime
    guards: tuple[str, ...]
    documents: tuple[str, ...]
    deadlines: tuple[str, ...]
    reason: str
    cause: str


@dataclass(frozen=True)
class Permitted:
    """A row as seen from one object now: `refusal` is None when the move could be made."""

    move: Move
    refusal: DomainError | None


class Machine:
    """Mixed into an aggregate. The aggregate has `id`, `state`, and sets `MOVES` and `MACHINE` (its name in history).

    Timers of a row are started and stopped by `start_timer` and `stop_timer`; an aggregate that keeps timers overrides
    both (see `kernel.timers.Clocked`).
    """

    MACHINE: ClassVar[str]
    MOVES: ClassVar[tuple[Move, ...]]
    # States in which nothing waits for anybody: what may still be done there is the exception.
    RESTS: ClassVar[frozenset[Any]] = frozenset()

    id: Any
    state: Any

    def roles_of(self, person: Person) -> frozenset[Role]:
        """The roles of his post and those that this matter gives him."""
        return person.roles

    def start_timer(self, timer: str, facts: Facts) -> str:
        """Start the timer by this row; answers a line for the history."""
        raise NotImplementedError(f"{type(self).__name__} keeps no timers, but a row starts {timer}")

    def stop_timer(self, timer: str, facts: Facts) -> str:
        """Stop the timer by this row; answers a line for the history, empty if it was not running."""
        raise NotImplementedError(f"{type(self).__name__} keeps no timers, but a row stops {timer}")

    def row(self, name: str) -> Move:
        """The row of this name from the present state. Raises StateForbidsTransition."""
        rows = [move for move in self.MOVES if move.name == name]
        for move in rows:
            if self.state in move.sources:
                return move
        sources = sorted({str(source) for move in rows for source in move.sources if source is not None})
        raise StateForbidsTransition(
            f"{name} is possible from {', '.join(sources)}, not from {self.state}",
            move=name,
            state=str(self.state),
            allowed=",".join(sources),
        )

    def refusal(self, move: Move, facts: Facts) -> DomainError | None:
        """The first reason why the row may not be made now, or None."""
        refused = move.by.refuse(self, facts)
        if refused is not None:
            return refused
        for guard in move.guards:
            refused = guard(self, facts)
            if refused is not None:
                return refused
        return None

    def permitted(self, facts: Facts) -> list[Permitted]:
        """Every row of the table, with its refusal."""
        answers = []
        for move in self.MOVES:
            if None in move.sources:
                continue
            if self.state in move.sources:
                answers.append(Permitted(move, self.refusal(move, facts)))
            else:
                allowed = sorted(str(source) for source in move.sources)
                answers.append(
                    Permitted(
                        move,
                        StateForbidsTransition(
                            f"{move.name} is possible from {', '.join(allowed)}, not from {self.state}",
                            move=move.name,
                            state=str(self.state),
                            allowed=",".join(allowed),
                        ),
                    )
                )
        return answers

    def _move(self, name: str, facts: Facts, *, target: Any = None, documents: Iterable[str] = (), reason: str = "") -> Move:
        """Make the move or raise its first refusal. `target` picks one where the row names several (a collection)."""
        move = self.row(name)
        refused = self.refusal(move, facts)
        if refused is not None:
            raise refused
        self._apply(move, facts, target=target, documents=documents, reason=reason)
        return move

    def _begin(self, name: str, facts: Facts, *, documents: Iterable[str] = (), reason: str = "") -> Move:
        """The first move of a new object (from «–», written None in the table)."""
        move = next(m for m in self.MOVES if m.name == name and None in m.sources)
        refused = self.refusal(move, facts)
        if refused is not None:
            raise refused
        self._apply(move, facts, target=None, documents=documents, reason=reason, source="")
        return move

    def _apply(self, move: Move, facts: Facts, *, target: Any, documents: Iterable[str], reason: str, source: str | None = None) -> None:
        was = str(self.state) if source is None else source
        self.state = self._target(move, target)
        documents = tuple(documents)
        changes = [self.stop_timer(timer, facts) for timer in move.stops]
        for start in move.starts:
            timer = start if isinstance(start, str) else start.timer
            if isinstance(start, str) or start.form in facts.known.get("forms", ()):
                changes.append(self.start_timer(timer, facts))
        actors = (facts.by.id,) if facts.second is None else (facts.by.id, facts.second.id)
        self._note(
            Transition(
                machine=self.MACHINE,
                object_id=str(self.id),
                row=move.row,
                name=move.name,
                source=was,
                target=str(self.state),
                actors=actors,
                at=facts.now,
                guards=tuple(guard.__name__ for guard in move.guards),
                documents=documents,
                deadlines=tuple(change for change in changes if change),
                reason=reason,
                cause=facts.cause,
            )
        )

    def _target(self, move: Move, chosen: Any) -> Any:
        if isinstance(move.target, frozenset):
            if chosen not in move.target:
                raise ValueError(f"{move.row} ends in one of {sorted(map(str, move.target))}, not in {chosen}")
            return chosen
        if move.target is None:
            return self.state
        return move.target

    def _note(self, transition: Transition) -> None:
        self.__dict__.setdefault("_transitions", []).append(transition)

    def take_transitions(self) -> list[Transition]:
        """The transitions since the last call; the store writes them to the history in the same flush."""
        taken: list[Transition] = self.__dict__.pop("_transitions", [])
        return taken
