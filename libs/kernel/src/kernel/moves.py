"""State machines as tables: rows of law that name who may move what, when, and what starts or stops by it.

A machine is a dataclass with a `MOVES` table and a `state`. `_move` is the only way to change the state: it checks the
from-state, the actor and the guards of the row, changes the state, starts and stops the timers of the row, and leaves a
`Transition` for the history. `permitted` answers, for every row, whether it could be made now and if not, why.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from kernel.errors import DomainError, Forbidden, Precondition
from kernel.parameters import LawParameters


class Role(StrEnum):
    """Who acts, in the words of the law brief (1.8 and 11). LEAD and OFF are also relative to one case."""

    OFF = "OFF"
    LEAD = "LEAD"
    UNIT = "UNIT"
    LEGAL = "LEGAL"
    DEP = "DEP"
    CHIEF = "CHIEF"
    COLL = "COLL"
    GOV = "GOV"
    PLAN = "PLAN"
    EVID = "EVID"
    HEAR = "HEAR"
    FIN = "FIN"
    SEAL = "SEAL"
    ARCHIVE = "ARCHIVE"
    ENT = "ENT"
    POL = "POL"
    PRC = "PRC"
    CRT = "CRT"
    SYS = "SYS"
    # Keepers of accounts and of the audit; separate from every role of a case (MLPS level 3, section 12).
    ADMIN = "ADMIN"
    AUDITOR = "AUDITOR"
    CLERK = "CLERK"


class StateForbidsTransition(Precondition):
    """The move is not listed from this state."""


class RoleForbidsMove(Forbidden):
    """The person holds none of the roles that may make the move."""


class SecondOfficerMissing(Precondition):
    """Two officers are needed and the second has not confirmed with a token of his own."""


class SameOfficerTwice(Forbidden):
    """One person stands in for two officers."""


class LeadOfficerMissing(Forbidden):
    """Neither of the two officers leads this matter."""


@dataclass(frozen=True)
class Person:
    """Who acts. `roles` are the roles that his post gives him; the machine adds LEAD and OFF of its own.

    `delegations` names the acts that the head delegated to him (1.8 «head»): act -> largest amount in fen, None if unlimited.
    """

    id: str
    org_id: str
    org_path: str
    roles: frozenset[Role]
    delegations: Mapping[str, int | None] = field(default_factory=dict)


SYSTEM = Person(id="system", org_id="", org_path="/", roles=frozenset({Role.SYS}))


@dataclass(frozen=True)
class Facts:
    """What a move is judged by. A guard reads it and does no I/O.

    by, second: who acts; `second` is the officer who confirmed with his own token. now: legal now, UTC, aware.
    law: the parameters in force. input: what the move brings (None when only permission is asked; guards that need it
    then pass). known: what the command fetched from other services beforehand. cause: id of the event or timer behind
    a SYS move. permission_only: `permitted` is asking, a missing second officer is then no refusal.
    """

    by: Person
    now: datetime
    law: LawParameters
    second: Person | None = None
    input: Any = None
    known: Mapping[str, Any] = field(default_factory=dict)
    cause: str = ""
    permission_only: bool = False


@dataclass(frozen=True)
class Delegated:
    """The role may act inside a stored delegation of this act (1.8)."""

    role: Role
    act: str


@dataclass(frozen=True)
class AnyOf:
    """One person who holds any of the roles."""

    roles: tuple[Role | Delegated, ...]

    def __init__(self, *roles: Role | Delegated) -> None:
        object.__setattr__(self, "roles", roles)

    def refuse(self, machine: "Machine", facts: Facts) -> DomainError | None:
        held = machine.roles_of(facts.by)
        for role in self.roles:
            if isinstance(role, Delegated):
                if role.role in held and role.act in facts.by.delegations:
                    return None
            elif role in held:
                return None
        return RoleForbidsMove("none of your roles may do this", needed=str(self), held=",".join(sorted(held)))

    def __str__(self) -> str:
        return "/".join(f"{r.role}(delegated)" if isinstance(r, Delegated) else str(r) for r in self.roles)


@dataclass(frozen=True)
class TwoOfficers:
    """Two distinct officers of the matter, each with a token of his own; with `lead`, one of them leads it. Law: APL 42."""

    lead: bool = False

    def refuse(self, machine: "Machine", facts: Facts) -> DomainError | None:
        first = machine.roles_of(facts.by)
        if not first & {Role.OFF, Role.LEAD}:
            return RoleForbidsMove("none of your roles may do this", needed=str(self), held=",".join(sorted(first)))
        if facts.second is None:
            if facts.permission_only:
                return None
            return SecondOfficerMissing("a second officer has to confirm this with his own token")
        if facts.second.id == facts.by.id:
            return SameOfficerTwice("the second officer is another person than the first", officer=facts.by.id)
        second = machine.roles_of(facts.second)
        if not second & {Role.OFF, Role.LEAD}:
            return RoleForbidsMove("the second person is no officer of this matter", needed=str(self), held=",".join(sorted(second)))
        if self.lead and Role.LEAD not in first | second:
            return LeadOfficerMissing("one of the two officers leads the matter")
        return None

    def __str__(self) -> str:
        return "LEAD+OFF" if self.lead else "2 OFF"


@dataclass(frozen=True)
class Entered:
    """A move of the party (ENT), entered by an officer of the matter who holds the party's document."""

    def refuse(self, machine: "Machine", facts: Facts) -> DomainError | None:
        held = machine.roles_of(facts.by)
        if held & {Role.OFF, Role.LEAD, Role.SYS}:
            return None
        return RoleForbidsMove("a move of the party is entered by an officer of the matter", needed="ENT", held=",".join(sorted(held)))

    def __str__(self) -> str:
        return "ENT"


@dataclass(frozen=True)
class Both:
    """Two distinct persons with a token each: who proposes holds a role of `first`, who confirms one of `second` (1.8)."""

    first: AnyOf
    second: AnyOf

    def refuse(self, machine: "Machine", facts: Facts) -> DomainError | None:
        refused = self.first.refuse(machine, facts)
        if refused is not None:
            return refused
        if facts.second is None:
            if facts.permission_only:
                return None
            return SecondOfficerMissing("a second person has to confirm this with his own token", needed=str(self.second))
        if facts.second.id == facts.by.id:
            return SameOfficerTwice("who confirms is another person than who proposed", officer=facts.by.id)
        return self.second.refuse(machine, replace(facts, by=facts.second, second=None))

    def __str__(self) -> str:
        return f"{self.first}+{self.second}"


Who = AnyOf | TwoOfficers | Both | Entered
SYS = AnyOf(Role.SYS)
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
