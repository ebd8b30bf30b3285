"""What the lawbook says of an act: branches, scale and thresholds, as the rules of this service read them."""

from dataclasses import dataclass, field
from enum import StrEnum

from kernel.money import Money

NIL = Money(0)


class PartyKind(StrEnum):
    UNIT = "UNIT"
    PERSON = "PERSON"


class Shift(StrEnum):
    TOWARD_MIN = "TOWARD_MIN"
    TOWARD_MAX = "TOWARD_MAX"
    TIER_UP = "TIER_UP"
    TIER_DOWN = "TIER_DOWN"


class Op(StrEnum):
    GE = "GE"
    TRUE = "TRUE"
    ACT = "ACT"


@dataclass(frozen=True)
class Range:
    """An interval of money in fen. «0–10» of the catalogue has no floor: its lower end itself is outside."""

    min_fen: int
    max_fen: int
    min_inclusive: bool = True
    max_inclusive: bool = True

    def holds(self, amount: int) -> bool:
        above = amount >= self.min_fen if self.min_inclusive else amount > self.min_fen
        below = amount <= self.max_fen if self.max_inclusive else amount < self.max_fen
        return above and below

    def share(self, lower: int, upper: int) -> "Range":
        """The part of the range between two shares in per cent. A border inside the range belongs to both parts."""
        span = self.max_fen - self.min_fen
        return Range(
            self.min_fen + span * lower // 100,
            self.min_fen + span * upper // 100,
            self.min_inclusive if lower == 0 else True,
            self.max_inclusive if upper == 100 else True,
        )

    def within(self, outer: "Range") -> "Range":
        """The common part of two ranges; the outer range's own end where they do not meet."""
        low = max(self.min_fen, outer.min_fen)
        high = min(self.max_fen, outer.max_fen)
        if low > high:
            edge = outer.max_fen if self.min_fen > outer.max_fen else outer.min_fen
            low = high = edge
        return Range(
            low,
            high,
            outer.min_inclusive if low == outer.min_fen else self.min_inclusive,
            outer.max_inclusive if high == outer.max_fen else self.max_inclusive,
        )


@dataclass(frozen=True)
class Branch:
    """What follows at one stage of an act (FIRST, OVERDUE, SERIOUS, ACCIDENT)."""

    id: str
    unit: Range | None = None
    persons: Range | None = None
    person_roles: tuple[str, ...] = ()
    suspend: bool = False
    suspend_text: str = ""
    revoke: bool = False
    confiscate_income: bool = False
    confiscate_goods: bool = False
    warning: bool = False
    employment_bar: bool = False
    computable: bool = True

    def range_for(self, party: PartyKind) -> Range | None:
        return self.unit if party is PartyKind.UNIT else self.persons


@dataclass(frozen=True)
class Act:
    """A penalised act as in force on one day."""

    id: str
    name: str
    violated_text: str
    basis_text: str
    branches: tuple[Branch, ...]
    competent_authority: str = "EMERGENCY"
    correct_order: bool = True
    valid_from_on: str = ""
    verified: bool = False

    def branch(self, branch_id: str) -> Branch | None:
        return next((branch for branch in self.branches if branch.id == branch_id), None)


@dataclass(frozen=True)
class Tier:
    level: str
    min_n: int
    max_n: int
    range: Range

    def selects(self, value: int) -> bool:
        return self.min_n <= value and (self.max_n == 0 or value <= self.max_n)


@dataclass(frozen=True)
class Scale:
    """A discretion scale of a branch. `official` false: the default shares of 6.3, no published benchmark."""

    id: str
    act_id: str
    branch: str
    doc: str = ""
    doc_no: str = ""
    valid_from_on: str = ""
    verified: bool = False
    official: bool = False
    metric: str = ""
    tiers: tuple[Tier, ...] = ()
    shares: tuple[int, ...] = (0, 30, 70, 100)
    adjust: tuple[tuple[str, Shift], ...] = ()


@dataclass(frozen=True)
class Element:
    """One element of a filing standard: a number reached, a fact that is true, or the act of the case."""

    id: str
    text: str
    fact: str
    op: Op
    value: int = 0
    acts: tuple[str, ...] = ()


@dataclass(frozen=True)
class CrimeStandard:
    offence: str
    name: str
    required: tuple[Element, ...] = ()
    any_of: tuple[Element, ...] = ()
    consult_any_of: tuple[Element, ...] = ()


@dataclass(frozen=True)
class Thresholds:
    """The amounts and kinds that trigger a hearing, a collective discussion, a legal review, an upward filing, a screen."""

    version: str = ""
    hearing: dict[PartyKind, int] = field(default_factory=dict)
    hearing_kinds: frozenset[str] = frozenset()
    collective_fine: int | None = None
    collective_confiscation: int | None = None
    collective_kinds: frozenset[str] = frozenset()
    review_all: bool = True
    review_fine: int | None = None
    upward: dict[str, int] = field(default_factory=dict)
    crime_standards: tuple[CrimeStandard, ...] = ()
    # Largest fine of a simple procedure (APL 51), and how many leaders discuss collectively at least (1.7).
    simple: dict[PartyKind, int] = field(default_factory=dict)
    min_attendees: int = 3
