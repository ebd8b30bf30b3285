"""Who acts: roles, persons, and what a move asks of the one or two persons who make it (brief 1.8, 11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

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


class Actable(Protocol):
    """A matter that knows which roles a person has in it."""

    def roles_of(self, person: "Person") -> frozenset[Role]: ...


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

    def refuse(self, machine: Actable, facts: Facts) -> DomainError | None:
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

    def refuse(self, machine: Actable, facts: Facts) -> DomainError | None:
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

    def refuse(self, machine: Actable, facts: Facts) -> DomainError | None:
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

    def refuse(self, machine: Actable, facts: Facts) -> DomainError | None:
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
