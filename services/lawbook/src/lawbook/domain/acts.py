"""Penalised acts: the norm, its branches, and the scale that divides a range of money."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kernel.errors import Conflict, Invalid, NotFound, Precondition

from lawbook.domain.citation import Citation, joined


class ActNotInForce(NotFound):
    """No such act, or none in force on that day."""


class BranchUnknown(NotFound):
    """The act has no such branch."""


class NoScaleForBranch(Precondition):
    """The branch has no plain range of money that a scale could divide."""


class ScaleOutsideRange(Invalid):
    """A tier of the scale leaves the range of the branch, or ends before it begins."""


class ScaleWithoutSource(Invalid):
    """An official scale names the document it was published in."""


class ScaleAlreadyLoaded(Conflict):
    """The branch has an official scale from that day; a correction begins on another day."""


@dataclass(frozen=True)
class Range:
    """Money in fen. `min_inclusive` is False where the law sets no floor: 0 < amount."""

    min_fen: int
    max_fen: int
    min_inclusive: bool = True
    max_inclusive: bool = True

    def covers(self, other: "Range") -> bool:
        return self.min_fen <= other.min_fen <= other.max_fen <= self.max_fen


@dataclass(frozen=True)
class IncomeShare:
    min_percent: int
    max_percent: int


@dataclass(frozen=True)
class Branch:
    """What follows at one stage: FIRST, OVERDUE (refusal too), SERIOUS, ACCIDENT, DAILY or the grade of an accident."""

    id: str
    unit: Range | None
    persons: Range | None
    person_roles: tuple[str, ...]
    income_share: IncomeShare | None
    suspend: bool
    suspend_text: str
    revoke: bool
    confiscate_income: bool
    confiscate_goods: bool
    warning: bool
    employment_bar: bool
    computable: bool
    illegal_income_multiple: tuple[int, ...]
    fine_multiple: tuple[int, ...]
    note: str


@dataclass(frozen=True)
class Act:
    id: str
    name: str
    name_en: str
    violated: tuple[Citation, ...]
    basis: tuple[Citation, ...]
    branches: tuple[Branch, ...]
    additional: tuple[str, ...]
    competent_authority: str
    correct_order: bool
    valid_from_on: date
    valid_to_on: date | None
    verified: bool
    region_code: str = ""

    @property
    def violated_text(self) -> str:
        return joined(self.violated)

    @property
    def basis_text(self) -> str:
        return joined(self.basis)

    def branch(self, branch_id: str) -> Branch:
        """Raises: BranchUnknown."""
        for branch in self.branches:
            if branch.id == branch_id:
                return branch
        raise BranchUnknown(f"{self.id} has no branch {branch_id}", act=self.id, branch=branch_id)


class Shift(StrEnum):
    TOWARD_MIN = "TOWARD_MIN"
    TOWARD_MAX = "TOWARD_MAX"
    TIER_UP = "TIER_UP"
    TIER_DOWN = "TIER_DOWN"


@dataclass(frozen=True)
class Tier:
    """The metric selects the tier when min_n <= value <= max_n; max_n 0 is open."""

    level: str
    min_n: int
    max_n: int
    range: Range


@dataclass(frozen=True)
class Adjust:
    circumstance: str
    shift: Shift


@dataclass(frozen=True)
class Scale:
    """A published scale of a branch, or the default one: shares of the range, `official` False."""

    id: str
    act_id: str
    branch: str
    doc: str
    doc_no: str
    valid_from_on: date
    valid_to_on: date | None
    verified: bool
    official: bool
    metric: str
    tiers: tuple[Tier, ...] = ()
    shares: tuple[int, ...] = ()
    adjust: tuple[Adjust, ...] = field(default=())

    def check(self, act: Act) -> None:
        """Raises: BranchUnknown, NoScaleForBranch, ScaleOutsideRange, ScaleWithoutSource."""
        whole = scalable(act.branch(self.branch), act)
        if not self.doc.strip():
            raise ScaleWithoutSource("an official scale names the document it was published in", act=act.id, branch=self.branch)
        if not self.tiers:
            raise ScaleOutsideRange("a scale has at least one tier", act=act.id, branch=self.branch)
        for tier in self.tiers:
            if not whole.covers(tier.range):
                raise ScaleOutsideRange(
                    "a tier leaves the range of the branch", tier=tier.level, min_fen=tier.range.min_fen, max_fen=tier.range.max_fen
                )


def scalable(branch: Branch, act: Act) -> Range:
    """The range that a scale divides: the unit's, else the persons'. Raises: NoScaleForBranch."""
    whole = branch.unit or branch.persons
    if not branch.computable or whole is None:
        raise NoScaleForBranch("the branch has no plain range of money", act=act.id, branch=branch.id)
    return whole


def default_scale(act: Act, branch_id: str, template: Scale) -> Scale:
    """The default intervals where no official scale is loaded: lowest 30 %, middle, top 30 % of the range (a proposal, unofficial)."""
    scalable(act.branch(branch_id), act)
    return Scale(
        id=f"{template.id}:{act.id}/{branch_id}",
        act_id=act.id,
        branch=branch_id,
        doc=template.doc,
        doc_no=template.doc_no,
        valid_from_on=act.valid_from_on,
        valid_to_on=act.valid_to_on,
        verified=False,
        official=False,
        metric=template.metric,
        shares=template.shares,
        adjust=template.adjust,
    )
