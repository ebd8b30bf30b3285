"""What the principal head lets a deputy decide in his place (1.8 «head»)."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from kernel.days import legal_day
from kernel.errors import Invalid, Precondition
from kernel.money import Money
from kernel.moves import Facts, Move

from identity.domain.events import DelegationChanged
from identity.domain.kept import HEAD, Kept, PeriodReversed
from identity.domain.user import User

# Acts where «head» may be a deputy inside a delegation; where the law names the principal there is none (1.8).
ACTS = frozenset(
    {
        "penalty_decision",
        "case_extension",
        "recusal",
        "deferral",
        "document_void",
        "advance_registration",
        "seal_or_seize",
        "court_application",
        "hearing_postponement",
    }
)


class State(StrEnum):
    IN_FORCE = "IN_FORCE"
    ENDED = "ENDED"


class ActNotDelegable(Invalid):
    """The law names the principal for it, or there is no such act."""


class DeputyIsNone(Precondition):
    """Only a deputy head of the same body takes a delegation."""


class AmountInvalid(Invalid):
    """The largest amount is more than nothing."""


@dataclass(eq=False)
class Delegation(Kept):
    MACHINE = "delegation"

    org_id: UUID
    org_path: str
    act: str
    deputy_id: UUID
    delegated_by: str
    valid_from_on: date
    valid_to_on: date
    max_amount: Money | None = None
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @classmethod
    def delegate(
        cls, deputy: User, *, act: str, max_amount: Money | None, valid_from_on: date | None, valid_to_on: date | None, facts: Facts
    ) -> tuple["Delegation", DelegationChanged]:
        """Raises: ActNotDelegable, DeputyIsNone, PeriodReversed, AmountInvalid."""
        if act not in ACTS:
            raise ActNotDelegable("this act is not delegated", act=act)
        first = valid_from_on or legal_day(facts.now)
        if valid_to_on is None or valid_to_on < first:
            raise PeriodReversed("a delegation has a last day", valid_from=first, valid_to=valid_to_on or "")
        if max_amount is not None and max_amount.fen <= 0:
            raise AmountInvalid("the largest amount is more than nothing", max_amount=max_amount.fen)
        other_body = facts.by.org_id and facts.by.org_id != str(deputy.org_id)
        if "DEP" not in deputy.roles_on(first) or other_body:
            raise DeputyIsNone("only a deputy head of the same body takes a delegation", deputy=str(deputy.id))
        made = cls(
            org_id=deputy.org_id,
            org_path=deputy.org_path,
            act=act,
            deputy_id=deputy.id,
            delegated_by=facts.by.id,
            valid_from_on=first,
            valid_to_on=valid_to_on,
            max_amount=max_amount,
        )
        made._begin("delegate", facts)
        return made, made._changed("delegate", facts)

    def end(self, *, reason: str, facts: Facts) -> DelegationChanged:
        """It holds to the end of the day. Raises: PeriodReversed."""
        self._move("end", facts, reason=reason)
        self.valid_to_on = min(self.valid_to_on, legal_day(facts.now))
        return self._changed("end", facts)

    def holds(self, on: date) -> bool:
        return self.valid_from_on <= on <= self.valid_to_on

    def _changed(self, change: str, facts: Facts) -> DelegationChanged:
        return DelegationChanged(self.deputy_id, self.id, self.org_id, self.act, change, facts.now)

    MOVES = (
        Move("DL01", "delegate", {None}, State.IN_FORCE, by=HEAD, law=("APL 57",)),
        Move("DL02", "end", {State.IN_FORCE}, State.ENDED, by=HEAD),
    )
