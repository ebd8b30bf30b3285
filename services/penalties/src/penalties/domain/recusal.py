"""The recusal of an officer (1.5, RC01–RC03). Law: APL 43."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel.errors import DomainError, Forbidden, Invalid
from kernel.moves import AnyOf, Delegated, Entered, Facts, Machine, Move, Role


class RecusalState(StrEnum):
    RAISED = "RAISED"
    DECIDED_ACCEPT = "DECIDED_ACCEPT"
    DECIDED_REJECT = "DECIDED_REJECT"


class RecusalUnreasoned(Invalid):
    """A recusal names its ground, its decision a reason."""


class OwnRecusal(Forbidden):
    """Nobody decides on his own recusal; the head's is decided by the leaders together (PB 20)."""


def names_ground(recusal: "Recusal", facts: Facts) -> DomainError | None:
    """A ground is named. Law: APL 43."""
    return None if recusal.ground.strip() else RecusalUnreasoned("a recusal names its ground")


def not_his_own(recusal: "Recusal", facts: Facts) -> DomainError | None:
    """Not by him whom it concerns. Law: PB 20."""
    if facts.by.id == recusal.officer_id:
        return OwnRecusal("nobody decides on his own recusal", officer=recusal.officer_id)
    return None


def with_reason(recusal: "Recusal", facts: Facts) -> DomainError | None:
    """With a written reason. Law: APL 43(3)."""
    if facts.input is None or str(facts.input.get("reason", "")).strip():
        return None
    return RecusalUnreasoned("the decision on a recusal is reasoned")


HEAD = AnyOf(Role.CHIEF, Delegated(Role.DEP, "recusal"), Role.COLL)


@dataclass(eq=False)
class Recusal(Machine):
    """Whether an officer keeps off the case. The investigation goes on until it is decided."""

    MACHINE = "recusal"
    MOVES = (
        Move("RC01", "raise", {None}, RecusalState.RAISED, by=Entered(), guards=(names_ground,), law=("APL 43",)),
        Move(
            "RC02",
            "accept",
            {RecusalState.RAISED},
            RecusalState.DECIDED_ACCEPT,
            by=HEAD,
            guards=(not_his_own, with_reason),
            law=("APL 43", "PB 20"),
        ),
        Move(
            "RC03",
            "reject",
            {RecusalState.RAISED},
            RecusalState.DECIDED_REJECT,
            by=HEAD,
            guards=(not_his_own, with_reason),
            law=("APL 43", "PB 20"),
        ),
    )

    id: UUID
    officer_id: str
    ground: str
    by_party: bool
    state: RecusalState
    raised_by: str
    raised_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    replaced_by: str = ""

    def begin(self, *, facts: Facts) -> None:
        self._begin("raise", facts, reason=self.ground)

    def decided(self, accept: bool, reason: str, replacement: str, *, facts: Facts) -> "Recusal":
        """The same recusal, decided: a record that is kept in a list is changed by a new one."""
        made = replace(self)
        made._move("accept" if accept else "reject", replace(facts, input={"reason": reason}), reason=reason)
        made.decided_by, made.decided_at, made.reason = facts.by.id, facts.now, reason
        made.replaced_by = replacement if accept else ""
        return made
