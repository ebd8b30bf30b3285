"""A version of what is to be decided, and what follows from its size and kind: hearing, collective discussion, review.

The latest version is the content of the notice and of the decision; a digest over facts, basis and penalties is what
legal review, notice and decision have to agree on (G11, G16).
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kernel.errors import Invalid, Precondition
from kernel.money import Money

from penalties.domain.discretion import Discretion
from penalties.domain.law import NIL, Act, Branch, PartyKind, Thresholds


class PenaltyKind(StrEnum):
    WARNING = "WARNING"
    FINE = "FINE"
    CONFISCATE_INCOME = "CONFISCATE_INCOME"
    CONFISCATE_GOODS = "CONFISCATE_GOODS"
    REVOCATION = "REVOCATION"
    SUSPENSION = "SUSPENSION"
    CLOSURE = "CLOSURE"
    EMPLOYMENT_BAR = "EMPLOYMENT_BAR"
    DOWNGRADE = "DOWNGRADE"


class IncomeHandling(StrEnum):
    NONE = "NONE"
    CONFISCATED = "CONFISCATED"
    REFUNDED = "REFUNDED"


class NothingAlleged(Invalid):
    """A proposal alleges at least one fact."""


class FactWithoutEvidence(Precondition):
    """Every alleged fact is linked to at least one item of evidence (G08)."""


class CorrectionMissing(Precondition):
    """An order to correct goes with the penalty, or the reason why nothing is left to correct (APL 28)."""


class IncomeUnaccounted(Precondition):
    """Illegal income is computed and confiscated or refunded (APL 28)."""


class GoodsNotAssessed(Precondition):
    """Goods that are confiscated are assessed: their value alone may give a right to a hearing (5.5)."""


class GoodsNotConfiscated(Invalid):
    """The branch confiscates no goods."""


class NothingToImpose(Precondition):
    """The branch imposes nothing on this party."""


@dataclass(frozen=True)
class AllegedFact:
    text: str
    evidence_ids: tuple[str, ...] = ()
    finding_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class PenaltyItem:
    kind: PenaltyKind
    amount: Money = NIL
    text: str = ""


@dataclass(frozen=True)
class PenaltyProposal:
    number: int
    facts: tuple[AllegedFact, ...]
    violated: str
    basis: str
    items: tuple[PenaltyItem, ...]
    fine: Money
    discretion: Discretion
    reasons: str
    correction_order_ids: tuple[str, ...]
    correction_note: str
    illegal_income: Money
    income_handling: IncomeHandling
    income_note: str
    made_by: str
    made_at: datetime
    digest: str
    hearing_grounds: tuple[str, ...] = field(default=())
    collective_grounds: tuple[str, ...] = field(default=())
    review_grounds: tuple[str, ...] = field(default=())
    goods_value: Money = NIL
    no_penalty: str = ""
    disputed: bool = False
    other_reason: str = ""

    @property
    def evidence_ids(self) -> tuple[str, ...]:
        return tuple(sorted({evidence for fact in self.facts for evidence in fact.evidence_ids}))

    def same_ground(self, other: "PenaltyProposal") -> bool:
        """Facts and basis are the same, whatever the penalty."""
        return [f.text for f in self.facts] == [f.text for f in other.facts] and (self.violated, self.basis) == (
            other.violated,
            other.basis,
        )

    def heavier_than(self, other: "PenaltyProposal") -> bool:
        """A higher amount of any kind, or a kind that the other does not impose."""
        amounts = {item.kind: item.amount.fen for item in other.items}
        return any(item.kind not in amounts or item.amount.fen > amounts[item.kind] for item in self.items)


def items_of(
    branch: Branch, fine: Money, illegal_income: Money, handling: IncomeHandling, party: PartyKind, goods_value: Money = NIL
) -> tuple[PenaltyItem, ...]:
    """The penalties that the branch imposes on this party, each with its own amount. Law: the row of 6.4; APL 28 for illegal income."""
    items = []
    if branch.warning:
        items.append(PenaltyItem(PenaltyKind.WARNING))
    if fine.fen:
        items.append(PenaltyItem(PenaltyKind.FINE, fine))
    if party is PartyKind.UNIT:
        if branch.suspend:
            items.append(PenaltyItem(PenaltyKind.SUSPENSION, text=branch.suspend_text))
        if branch.revoke:
            items.append(PenaltyItem(PenaltyKind.REVOCATION))
        if branch.confiscate_goods:
            items.append(PenaltyItem(PenaltyKind.CONFISCATE_GOODS, goods_value))
    if branch.employment_bar:
        items.append(PenaltyItem(PenaltyKind.EMPLOYMENT_BAR))
    if handling is IncomeHandling.CONFISCATED and illegal_income.fen:
        items.append(PenaltyItem(PenaltyKind.CONFISCATE_INCOME, illegal_income))
    if not items:
        raise NothingToImpose("this branch imposes nothing on the party", branch=branch.id)
    return tuple(items)


def digest_of(facts: Iterable[AllegedFact], violated: str, basis: str, items: Iterable[PenaltyItem]) -> str:
    content = {
        "facts": [[fact.text, sorted(fact.evidence_ids)] for fact in facts],
        "violated": violated,
        "basis": basis,
        "items": [[item.kind.value, item.amount.fen, item.text] for item in items],
    }
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def hearing_grounds(items: Sequence[PenaltyItem], party: PartyKind, thresholds: Thresholds) -> tuple[str, ...]:
    """Why the party may ask for a hearing, by amount (each kind apart) or by kind. Law: APL 63; GDH 6."""
    grounds: list[str] = []
    amount = thresholds.hearing.get(party)
    for item in items:
        if item.kind.value in thresholds.hearing_kinds:
            grounds.append(item.kind.value)
        elif amount is not None and item.amount.fen >= amount:
            grounds.append(f"{item.kind.value}_AMOUNT")
    return tuple(grounds)


def collective_grounds(items: Sequence[PenaltyItem], *, complex_case: bool, below_minimum: bool, thresholds: Thresholds) -> tuple[str, ...]:
    """Why the leaders have to decide collectively. Law: APL 57(2); PB 29; 6.3 step 5 for what is below the minimum."""
    grounds = ["COMPLEX"] if complex_case else []
    if below_minimum:
        grounds.append("BELOW_MINIMUM")
    for item in items:
        if item.kind.value in thresholds.collective_kinds:
            grounds.append(item.kind.value)
        limit = thresholds.collective_fine if item.kind is PenaltyKind.FINE else thresholds.collective_confiscation
        money = item.kind in {PenaltyKind.FINE, PenaltyKind.CONFISCATE_INCOME, PenaltyKind.CONFISCATE_GOODS}
        if money and limit is not None and item.amount.fen >= limit:
            grounds.append(f"{item.kind.value}_AMOUNT")
    return tuple(grounds)


def review_grounds(
    items: Sequence[PenaltyItem], discretion: Discretion, *, complex_case: bool, hearing: bool, thresholds: Thresholds
) -> tuple[str, ...]:
    """Why the case needs a legal review before the decision. Law: APL 58; `review_all` is the practice of Guangdong."""
    grounds = ["COMPLEX"] if complex_case else []
    if hearing:
        grounds.append("HEARING")
    if discretion.deviates:
        grounds.append("DEVIATION")
    fine = sum(item.amount.fen for item in items if item.kind is PenaltyKind.FINE)
    if thresholds.review_fine is not None and thresholds.review_fine > 0 and fine >= thresholds.review_fine:
        grounds.append("FINE_AMOUNT")
    if thresholds.review_all:
        grounds.append("EVERY_CASE")
    return tuple(grounds)


@dataclass(frozen=True)
class Draft:
    """What the officer brings for a new version of the proposal."""

    facts: tuple[AllegedFact, ...]
    reasons: str
    correction_order_ids: tuple[str, ...] = ()
    correction_note: str = ""
    illegal_income: Money = NIL
    income_handling: IncomeHandling = IncomeHandling.NONE
    income_note: str = ""
    goods_value: Money = NIL
    other_reason: str = ""


def build(
    draft: Draft,
    *,
    number: int,
    act: Act,
    discretion: Discretion,
    party: PartyKind,
    complex_case: bool,
    thresholds: Thresholds,
    made_by: str,
    made_at: datetime,
) -> PenaltyProposal:
    """A complete version, or the first reason why it is none."""
    branch = act.branch(discretion.branch)
    if branch is None:
        raise NothingToImpose("the act has no such branch", branch=discretion.branch)
    if not draft.facts:
        raise NothingAlleged("a proposal alleges at least one fact")
    bare = next((fact for fact in draft.facts if not fact.evidence_ids), None)
    if bare is not None:
        raise FactWithoutEvidence("an alleged fact has no evidence", fact=bare.text)
    if act.correct_order and not draft.correction_order_ids and not draft.correction_note.strip():
        raise CorrectionMissing("name the order to correct, or why nothing is left to correct")
    _check_income(draft)
    _check_goods(draft, branch, party)
    items = items_of(branch, discretion.amount, draft.illegal_income, draft.income_handling, party, draft.goods_value)
    outer = branch.range_for(party)
    below = bool(outer and discretion.amount.fen and not outer.holds(discretion.amount.fen))
    hearing = hearing_grounds(items, party, thresholds)
    return PenaltyProposal(
        number=number,
        facts=draft.facts,
        violated=act.violated_text or act.basis_text,
        basis=act.basis_text,
        items=items,
        fine=discretion.amount,
        discretion=discretion,
        reasons=draft.reasons,
        correction_order_ids=draft.correction_order_ids,
        correction_note=draft.correction_note,
        illegal_income=draft.illegal_income,
        income_handling=draft.income_handling,
        income_note=draft.income_note,
        made_by=made_by,
        made_at=made_at,
        digest=digest_of(draft.facts, act.violated_text or act.basis_text, act.basis_text, items),
        hearing_grounds=hearing,
        collective_grounds=collective_grounds(items, complex_case=complex_case, below_minimum=below, thresholds=thresholds),
        review_grounds=review_grounds(items, discretion, complex_case=complex_case, hearing=bool(hearing), thresholds=thresholds),
        goods_value=draft.goods_value,
        other_reason=draft.other_reason,
    )


def _check_goods(draft: Draft, branch: Branch, party: PartyKind) -> None:
    """Goods that the branch confiscates are assessed: their value alone may give a right to a hearing (5.5)."""
    if draft.goods_value.fen and not (branch.confiscate_goods and party is PartyKind.UNIT):
        raise GoodsNotConfiscated("this branch confiscates no goods", branch=branch.id)
    if branch.confiscate_goods and party is PartyKind.UNIT and draft.goods_value.fen <= 0:
        raise GoodsNotAssessed("assess the goods that the branch confiscates", branch=branch.id)


def _check_income(draft: Draft) -> None:
    if draft.illegal_income.fen and draft.income_handling is IncomeHandling.NONE:
        raise IncomeUnaccounted("illegal income is confiscated or refunded", illegal_income=draft.illegal_income.fen)
    if not draft.illegal_income.fen and not draft.income_note.strip():
        raise IncomeUnaccounted("say how the illegal income was found to be nil", illegal_income=0)
