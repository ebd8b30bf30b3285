"""The publicity of the result of a check. Law: OBE 54; law brief 2.3, 11.9."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from kernel.errors import DomainError
from kernel.moves import SYS, AnyOf, Facts, Move, Person, Role
from kernel.timers import Clocked, Timer

from inspections.domain import events
from inspections.domain.guards import reason_given
from inspections.domain.inspection import Inspection
from inspections.domain.refusals import EvidenceMissing, WithdrawalNotRequired


class State(StrEnum):
    DUE = "DUE"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


def address_given(item: Any, facts: Facts) -> DomainError | None:
    """Where the result can be read. Law: OBE 54."""
    if facts.input is None or facts.input.strip():
        return None
    return EvidenceMissing("the place of publication is noted", field="address")


def withdrawal_required(item: Any, facts: Facts) -> DomainError | None:
    """Only what no longer holds is taken back (D15 runs). Law: APL 48."""
    timer = item.timer("D15")
    return None if timer is not None and timer.stopped_at is None else WithdrawalNotRequired("nothing asks for a withdrawal")


PUBLISHERS = AnyOf(Role.LEAD, Role.UNIT, Role.DEP)


MOVES = (
    Move("PI01", "fall_due", {None}, State.DUE, by=SYS, law=("OBE 54",)),
    Move("PI02", "publish", {State.DUE}, State.PUBLISHED, by=PUBLISHERS, guards=(address_given,), law=("OBE 54",), stops=("D32",)),
    Move("PI03", "require_withdrawal", {State.PUBLISHED}, None, by=PUBLISHERS, guards=(reason_given,), law=("APL 48",), starts=("D15",)),
    Move(
        "PI03",
        "withdraw",
        {State.PUBLISHED},
        State.WITHDRAWN,
        by=PUBLISHERS,
        guards=(withdrawal_required, reason_given),
        law=("APL 48",),
        stops=("D15",),
    ),
    Move("PI04", "expire", {State.PUBLISHED}, State.EXPIRED, by=PUBLISHERS, guards=(reason_given,)),
)


@dataclass(eq=False)
class PublicityItem(Clocked):
    """DUE since the record was signed; D32 of a drawn check runs on the task and stops here."""

    MACHINE = "publicity"
    MOVES = MOVES

    task: Inspection
    inspection_id: UUID
    org_path: str
    summary: str = ""
    address: str = ""
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    reason: str = ""
    timers: list[Timer] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @property
    def deadlines(self) -> list[Timer]:
        return self.timers

    def roles_of(self, person: Person) -> frozenset[Role]:
        return self.task.roles_of(person)

    def stop_timer(self, timer: str, facts: Facts) -> str:
        return self.task.stop_timer(timer, facts) if timer == "D32" else super().stop_timer(timer, facts)

    @classmethod
    def due(cls, task: Inspection, *, facts: Facts) -> tuple["PublicityItem", events.PublicityDue]:
        """PI01."""
        made = cls(task=task, inspection_id=task.id, org_path=task.org_path)
        made._begin("fall_due", facts)
        task.file.publicity.append(made)
        return made, events.PublicityDue(task.id, made.id, facts.now)

    def publish(self, address: str, summary: str, *, facts: Facts) -> events.ResultPublished:
        """PI02."""
        self._move("publish", replace(facts, input=address))
        self.address, self.summary, self.published_at = address, summary, facts.now
        return events.ResultPublished(self.inspection_id, self.id, facts.now)

    def move(self, name: str, reason: str, *, facts: Facts) -> events.PublicityWithdrawn | None:
        """PI03 (require_withdrawal, withdraw), PI04 (expire)."""
        self._move(name, replace(facts, input=reason), reason=reason)
        self.reason = reason
        if name != "withdraw":
            return None
        self.withdrawn_at = facts.now
        return events.PublicityWithdrawn(self.inspection_id, self.id, facts.now)
