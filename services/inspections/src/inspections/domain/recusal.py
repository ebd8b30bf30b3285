"""A request that an officer withdraws from a task. Law: APL 43; law brief 1.5, 11.9."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from kernel.errors import DomainError
from kernel.moves import AnyOf, Delegated, Facts, Machine, Move, Person, Role

from inspections.domain import events
from inspections.domain.guards import reason_given
from inspections.domain.inspection import Inspection
from inspections.domain.refusals import OfficerNotOfTask, ReasonMissing, RecusalGroundUnknown

GROUNDS = frozenset({"KINSHIP", "INTEREST", "WITNESS", "FORMER_EMPLOYMENT", "SHAREHOLDING", "OTHER"})


class State(StrEnum):
    RAISED = "RAISED"
    DECIDED_ACCEPT = "DECIDED_ACCEPT"
    DECIDED_REJECT = "DECIDED_REJECT"


def grounds(recusal: Any, facts: Facts) -> DomainError | None:
    """An officer of the task, a ground of 1.5, and the reason. Law: APL 43."""
    if recusal.officer_id not in recusal.task.officer_ids:
        return OfficerNotOfTask("the person is no officer of this task", officer=recusal.officer_id)
    if recusal.ground not in GROUNDS or recusal.raised_by not in {"OFFICER", "PARTY"}:
        return RecusalGroundUnknown("a ground of the law is named", ground=recusal.ground, raised_by=recusal.raised_by)
    return None if recusal.reason.strip() else ReasonMissing("a reason is needed")


HEAD = AnyOf(Role.CHIEF, Delegated(Role.DEP, "recusal"))


MOVES = (
    Move("RC01", "raise_recusal", {None}, State.RAISED, by=AnyOf(Role.OFF), guards=(grounds,), law=("APL 43",)),
    Move("RC02", "accept", {State.RAISED}, State.DECIDED_ACCEPT, by=HEAD, guards=(reason_given,), law=("APL 43",)),
    Move("RC03", "reject", {State.RAISED}, State.DECIDED_REJECT, by=HEAD, guards=(reason_given,), law=("APL 43",)),
)


@dataclass(eq=False)
class Recusal(Machine):
    """The check goes on meanwhile. `raised_by`: OFFICER or PARTY."""

    MACHINE = "recusal"
    MOVES = MOVES

    task: Inspection
    inspection_id: UUID
    org_path: str
    officer_id: str
    raised_by: str
    ground: str
    reason: str
    raised_at: datetime
    decided_at: datetime | None = None
    decision: str = ""
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    def roles_of(self, person: Person) -> frozenset[Role]:
        return self.task.roles_of(person)

    @classmethod
    def raised(
        cls, task: Inspection, officer_id: str, raised_by: str, ground: str, reason: str, *, facts: Facts
    ) -> tuple["Recusal", events.RecusalRaised]:
        """RC01."""
        made = cls(task, task.id, task.org_path, officer_id, raised_by, ground, reason, facts.now)
        made._begin("raise_recusal", facts, reason=reason)
        return made, events.RecusalRaised(task.id, made.id, officer_id, facts.now)

    def decide(self, reason: str, *, accepted: bool, facts: Facts) -> events.RecusalDecided:
        """RC02, RC03: the head of the authority decides."""
        self._move("accept" if accepted else "reject", replace(facts, input=reason), reason=reason)
        self.decided_at, self.decision = facts.now, reason
        return events.RecusalDecided(self.inspection_id, self.id, self.officer_id, accepted, facts.now)
