"""From circumstances to an interval and a position in it (6.3): a pure function over an act and its scale.

Each step leaves a line with the interval after it; the whole trace is stored and printed on F30. Nothing here steers to
an amount: the officer names it, the function says where it stands and refuses what the law does not allow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kernel.errors import Invalid, Precondition
from kernel.money import Money

from penalties.domain.law import Act, Branch, PartyKind, Range, Scale, Shift, Tier

BARS = frozenset({"N1", "N2", "N4"})
MUST_BE_LIGHTER = frozenset({"L1", "L2", "L3", "L4", "L5", "L6"})
MAY_BE_LIGHTER = frozenset({"L7"})
HEAVIER = frozenset({"H1", "H2", "H3", "H4", "H5", "H6", "H7"})
OPTIONAL_NONE = frozenset({"N3"})
KNOWN = BARS | MUST_BE_LIGHTER | MAY_BE_LIGHTER | HEAVIER | OPTIONAL_NONE
LEVELS = ("LIGHTER", "ORDINARY", "HEAVIER")


class NoPenaltyDue(Precondition):
    """A bar of 6.2 applies: the case ends without a penalty (PC28)."""


class UnknownCircumstance(Invalid):
    """The circumstance is none of 6.2."""


class CircumstanceWithoutReason(Invalid):
    """Each circumstance is written down with its reason."""


class UnknownBranch(Invalid):
    """The act has no such branch."""


class ActNotComputable(Precondition):
    """The fine of this branch is no plain range of money (a multiple of income, or by special law)."""


class PersonNotFinedAtThisStage(Precondition):
    """The branch names no fine for responsible persons."""


class NoScaleTier(Precondition):
    """No tier of the scale answers to the number given."""


class AmountMissing(Invalid):
    """A branch with a fine needs an amount."""


class AmountNotAllowed(Invalid):
    """The branch knows no fine."""


class AmountAboveMaximum(Invalid):
    """Never above the maximum of the law."""


class AmountBelowMinimum(Invalid):
    """Below the minimum only with an explicit ground (L1–L7)."""


class AmountOutsideInterval(Invalid):
    """Outside the computed interval only with a written reason for the deviation."""


@dataclass(frozen=True)
class Circumstance:
    code: str
    reason: str
    evidence_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class DiscretionStep:
    number: int
    rule: str
    text: str
    min: Money
    max: Money


@dataclass(frozen=True)
class Discretion:
    act_id: str
    branch: str
    law_on: str
    scale_id: str
    official: bool
    verified: bool
    metric: str
    metric_value: int
    tier: str
    min: Money
    max: Money
    min_inclusive: bool
    amount: Money
    position: float
    deviation_reason: str
    circumstances: tuple[Circumstance, ...]
    steps: tuple[DiscretionStep, ...]

    @property
    def deviates(self) -> bool:
        return self.deviation_reason != ""


def lighter_act(then: Act, now: Act | None, branch_id: str, party: PartyKind) -> Act:
    """The version of the act that is applied: of its day, or the present one where that is lighter. Law: APL 37."""
    if now is None:
        return then
    old, new = then.branch(branch_id), now.branch(branch_id)
    if old is None or new is None:
        return then
    before, after = old.range_for(party), new.range_for(party)
    if before is None or (after is not None and (after.max_fen, after.min_fen) >= (before.max_fen, before.min_fen)):
        return then
    return now


class _Trace:
    def __init__(self) -> None:
        self.steps: list[DiscretionStep] = []

    def note(self, rule: str, text: str, interval: Range | None) -> None:
        low, high = (interval.min_fen, interval.max_fen) if interval else (0, 0)
        self.steps.append(DiscretionStep(len(self.steps) + 1, rule, text, Money(low), Money(high)))


def _checked(circumstances: Iterable[Circumstance]) -> tuple[Circumstance, ...]:
    given = tuple(circumstances)
    for circumstance in given:
        if circumstance.code not in KNOWN:
            raise UnknownCircumstance("no circumstance of this code exists", code=circumstance.code)
        if not circumstance.reason.strip():
            raise CircumstanceWithoutReason("a circumstance needs its reason", code=circumstance.code)
    bar = next((c for c in given if c.code in BARS), None)
    if bar is not None:
        raise NoPenaltyDue(f"the bar {bar.code} applies: the case ends without a penalty", code=bar.code)
    return given


def _ordered(circumstances: Sequence[Circumstance]) -> list[Circumstance]:
    groups = (MUST_BE_LIGHTER, HEAVIER, MAY_BE_LIGHTER)
    return [c for group in groups for c in circumstances if c.code in group]


def _tiers(scale: Scale, outer: Range) -> list[Tier]:
    if scale.tiers:
        return [Tier(t.level, t.min_n, t.max_n, t.range.within(outer)) for t in scale.tiers]
    pairs = zip(scale.shares, scale.shares[1:], strict=False)
    return [Tier(level, 0, 0, outer.share(low, high)) for level, (low, high) in zip(LEVELS, pairs, strict=True)]


def _first_tier(scale: Scale, tiers: list[Tier], metric_value: int) -> int:
    if not scale.tiers or not scale.metric:
        return len(tiers) // 2
    for index, tier in enumerate(tiers):
        if tier.selects(metric_value):
            return index
    raise NoScaleTier("no tier of the scale answers to this number", metric=scale.metric, value=metric_value)


def _shift_for(scale: Scale, code: str) -> Shift:
    """As the scale says; otherwise toward its end. In a scale of shares or without metric that is the next tier."""
    listed = dict(scale.adjust).get(code, Shift.TOWARD_MAX if code in HEAVIER else Shift.TOWARD_MIN)
    if scale.tiers and scale.metric:
        return listed
    return {Shift.TOWARD_MIN: Shift.TIER_DOWN, Shift.TOWARD_MAX: Shift.TIER_UP}.get(listed, listed)


def _interval(scale: Scale, outer: Range, metric_value: int, circumstances: Sequence[Circumstance], trace: _Trace) -> tuple[str, Range]:
    tiers = _tiers(scale, outer)
    index, lean = _first_tier(scale, tiers, metric_value), 0
    name = "official scale" if scale.official else "default scale, no official benchmark"
    trace.note("TIER", f"{name} {scale.id}: {tiers[index].level} (value {metric_value})", tiers[index].range)
    for circumstance in _ordered(circumstances):
        shift = _shift_for(scale, circumstance.code)
        if shift in {Shift.TIER_UP, Shift.TIER_DOWN}:
            index = min(max(index + (1 if shift is Shift.TIER_UP else -1), 0), len(tiers) - 1)
        else:
            lean += 1 if shift is Shift.TOWARD_MAX else -1
        trace.note("CIRCUMSTANCE", f"{circumstance.code} {shift}: {circumstance.reason}", _leaning(tiers[index].range, lean, scale))
    for circumstance in circumstances:
        if circumstance.code in OPTIONAL_NONE:
            trace.note("CIRCUMSTANCE", f"{circumstance.code} considered, punished all the same: {circumstance.reason}", tiers[index].range)
    return tiers[index].level, _leaning(tiers[index].range, lean, scale)


def _leaning(interval: Range, lean: int, scale: Scale) -> Range:
    if lean == 0:
        return interval
    low, high = scale.shares[1], scale.shares[2]
    return interval.share(0, low) if lean < 0 else interval.share(high, 100)


def _check_amount(amount: int, interval: Range, outer: Range, circumstances: Sequence[Circumstance], deviation_reason: str) -> None:
    facts = {"amount": amount, "min": interval.min_fen, "max": interval.max_fen}
    if amount <= 0:
        raise AmountMissing("this branch needs an amount", amount=amount)
    if amount > outer.max_fen or (amount == outer.max_fen and not outer.max_inclusive):
        raise AmountAboveMaximum("the amount is above the maximum of the law", amount=amount, max=outer.max_fen)
    if not outer.holds(amount):
        grounds = MUST_BE_LIGHTER | MAY_BE_LIGHTER
        if not deviation_reason or not any(c.code in grounds for c in circumstances):
            raise AmountBelowMinimum("below the minimum only with a ground L1–L7 and reasons", amount=amount, min=outer.min_fen)
        return
    if not interval.holds(amount) and not deviation_reason:
        raise AmountOutsideInterval("the amount is outside the interval and no deviation is reasoned", **facts)


def _outer(act: Act, branch_id: str, party: PartyKind) -> tuple[Branch, Range | None]:
    branch = act.branch(branch_id)
    if branch is None:
        raise UnknownBranch("the act has no such branch", act=act.id, branch=branch_id)
    if not branch.computable:
        raise ActNotComputable("the fine of this branch is no plain range of money", act=act.id, branch=branch_id)
    outer = branch.range_for(party)
    if outer is None and party is PartyKind.PERSON:
        raise PersonNotFinedAtThisStage("this branch fines no responsible person", act=act.id, branch=branch_id)
    return branch, outer


def compute(
    *,
    then: Act,
    now: Act | None,
    scale: Scale | None,
    branch_id: str,
    party: PartyKind,
    metric_value: int,
    circumstances: Iterable[Circumstance],
    amount: Money | None,
    act_on: str,
    today: str,
    deviation_reason: str = "",
) -> Discretion:
    """The whole computation contract of 6.3, steps 1 to 7 and 9. Without an amount it answers the interval alone."""
    trace = _Trace()
    act = lighter_act(then, now, branch_id, party)
    law_on = act_on if act is then else today
    given = _checked(circumstances)
    _, outer = _outer(act, branch_id, party)
    compared = "" if now is None else ", compared with the law of today (APL 37)"
    trace.note("LAW", f"{act.id} in the version of {law_on}{compared}: {act.basis_text}", outer)
    trace.note("BARS", "no bar of APL 30, 31, 33, 36 applies", outer)
    trace.note("BRANCH", f"branch {branch_id}", outer)
    if outer is None:
        if amount is not None and amount.fen:
            raise AmountNotAllowed("this branch knows no fine", act=act.id, branch=branch_id)
        return _answer(act, branch_id, law_on, None, metric_value, "", Range(0, 0), Money(0), "", given, trace)
    if scale is None:
        raise NoScaleTier("no scale is known for this branch", act=act.id, branch=branch_id)
    level, interval = _interval(scale, outer, metric_value, given, trace)
    interval = interval.within(outer)
    trace.note("CLAMP", "inside the range of the law", interval)
    chosen, deviation = Money(0), ""
    if amount is not None:
        _check_amount(amount.fen, interval, outer, given, deviation_reason)
        chosen, deviation = amount, "" if interval.holds(amount.fen) else deviation_reason
        where = f"deviation: {deviation}" if deviation else "inside the interval"
        trace.note("AMOUNT", f"{amount.fen} fen, {where}", interval)
    return _answer(act, branch_id, law_on, scale, metric_value, level, interval, chosen, deviation, given, trace)


def _answer(
    act: Act,
    branch_id: str,
    law_on: str,
    scale: Scale | None,
    metric_value: int,
    level: str,
    interval: Range,
    amount: Money,
    deviation: str,
    circumstances: tuple[Circumstance, ...],
    trace: _Trace,
) -> Discretion:
    span = interval.max_fen - interval.min_fen
    position = (amount.fen - interval.min_fen) / span if span and amount.fen else 0.0
    return Discretion(
        act_id=act.id,
        branch=branch_id,
        law_on=law_on,
        scale_id=scale.id if scale else "",
        official=scale.official if scale else False,
        verified=bool(scale and scale.verified and act.verified),
        metric=scale.metric if scale else "",
        metric_value=metric_value,
        tier=level,
        min=Money(interval.min_fen),
        max=Money(interval.max_fen),
        min_inclusive=interval.min_inclusive,
        amount=amount,
        position=round(position, 4),
        deviation_reason=deviation,
        circumstances=circumstances,
        steps=tuple(trace.steps),
    )


def daily(act: Act, branch: str, original: Money, days: Sequence[str]) -> Discretion:
    """WSL 112 leaves no range: the original fine for each day of refusal."""
    total = Money(original.fen * len(days))
    trace = _Trace()
    text = f"original fine {original.fen} fen, {len(days)} days of refusal: {', '.join(days)}"
    trace.note("DAILY", text, Range(total.fen, total.fen))
    law_on = days[0] if days else ""
    return _answer(act, branch, law_on, None, len(days), "", Range(total.fen, total.fen), total, "", (), trace)
