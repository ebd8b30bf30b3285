"""The computation contract of 6.3, step by step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel.money import Money
from penalties.domain.discretion import (
    KNOWN,
    ActNotComputable,
    AmountAboveMaximum,
    AmountBelowMinimum,
    AmountMissing,
    AmountNotAllowed,
    AmountOutsideInterval,
    Circumstance,
    CircumstanceWithoutReason,
    NoPenaltyDue,
    NoScaleTier,
    PersonNotFinedAtThisStage,
    UnknownBranch,
    UnknownCircumstance,
    compute,
    lighter_act,
)
from penalties.domain.law import Act, Branch, PartyKind, Range, Scale, Shift, Tier

from .story import A14, SCALE

OFFICIAL = Scale(
    id="GD-1",
    act_id="A14",
    branch="FIRST",
    official=True,
    verified=True,
    metric="uncertified_persons",
    tiers=(
        Tier("轻微", 1, 1, Range(0, 3_000_000, min_inclusive=False)),
        Tier("一般", 2, 4, Range(3_000_000, 7_000_000)),
        Tier("较重", 5, 0, Range(7_000_000, 12_000_000)),
    ),
    adjust=(("L1", Shift.TOWARD_MIN), ("H2", Shift.TIER_UP)),
)


def discretion(*codes, amount=None, deviation="", scale=SCALE, metric=3, branch="FIRST", party=PartyKind.UNIT, act=A14, now=None):
    return compute(
        then=act,
        now=now,
        scale=scale,
        branch_id=branch,
        party=party,
        metric_value=metric,
        circumstances=[Circumstance(code, "理由") for code in codes],
        amount=None if amount is None else Money.yuan(amount),
        act_on="2022-08-16",
        today="2022-09-08",
        deviation_reason=deviation,
    )


def interval(answer):
    return answer.min.fen // 100, answer.max.fen // 100


@pytest.mark.parametrize(
    ("codes", "expected", "tier"),
    [
        ((), (30_000, 70_000), "ORDINARY"),
        (("L1",), (0, 30_000), "LIGHTER"),
        (("H3",), (70_000, 100_000), "HEAVIER"),
        (("L7",), (0, 30_000), "LIGHTER"),
        (("H1", "L1"), (30_000, 70_000), "ORDINARY"),
        (("L1", "L2"), (0, 30_000), "LIGHTER"),
        (("N3",), (30_000, 70_000), "ORDINARY"),
    ],
)
def test_the_default_scale_is_thirty_forty_thirty(codes, expected, tier):
    answer = discretion(*codes)

    assert (interval(answer), answer.tier) == (expected, tier)
    assert not answer.official


@pytest.mark.parametrize(("metric", "expected"), [(1, (0, 30_000)), (3, (30_000, 70_000)), (9, (70_000, 100_000))])
def test_an_official_scale_picks_its_tier_by_the_number_and_stays_inside_the_law(metric, expected):
    assert interval(discretion(scale=OFFICIAL, metric=metric)) == expected


def test_an_official_scale_shifts_inside_the_tier_or_to_the_next():
    assert interval(discretion("L1", scale=OFFICIAL)) == (30_000, 42_000)
    assert interval(discretion("H2", scale=OFFICIAL)) == (70_000, 100_000)
    assert interval(discretion("H1", scale=OFFICIAL)) == (58_000, 70_000)
    assert interval(discretion("L1", "H1", scale=OFFICIAL)) == (30_000, 70_000)


def test_a_scale_without_metric_lets_the_circumstances_choose():
    free = Scale(**{**OFFICIAL.__dict__, "metric": "", "adjust": ()})

    assert discretion(scale=free).tier == "一般"
    assert discretion("H3", scale=free).tier == "较重"


def test_in_the_default_scale_toward_an_end_is_the_next_share():
    leaning = Scale(**{**SCALE.__dict__, "adjust": (("L1", Shift.TOWARD_MIN), ("H3", Shift.TOWARD_MAX))})

    assert interval(discretion("L1", scale=leaning)) == (0, 30_000)
    assert interval(discretion("H3", scale=leaning)) == (70_000, 100_000)


def test_every_step_is_kept():
    answer = discretion("L1", "N3", amount=20_000)

    assert [step.rule for step in answer.steps] == ["LAW", "BARS", "BRANCH", "TIER", "CIRCUMSTANCE", "CIRCUMSTANCE", "CLAMP", "AMOUNT"]
    assert [step.number for step in answer.steps] == list(range(1, 9))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"amount": 0}, AmountMissing),
        ({"amount": 100_001}, AmountAboveMaximum),
        ({"amount": 70_001}, AmountOutsideInterval),
        ({"amount": 29_999}, AmountOutsideInterval),
        ({"branch": "SERIOUS"}, UnknownBranch),
        ({"party": PartyKind.PERSON}, PersonNotFinedAtThisStage),
        ({"scale": None}, NoScaleTier),
        ({"scale": OFFICIAL, "metric": 0}, NoScaleTier),
    ],
)
def test_what_the_law_does_not_allow_is_refused(given, reason):
    with pytest.raises(reason):
        discretion(**given)


@pytest.mark.parametrize("code", ["N1", "N2", "N4"])
def test_a_bar_ends_the_computation(code):
    with pytest.raises(NoPenaltyDue):
        discretion(code)


def test_a_circumstance_is_one_of_the_list_and_reasoned():
    with pytest.raises(UnknownCircumstance):
        discretion("Z9")
    with pytest.raises(CircumstanceWithoutReason):
        compute(
            then=A14,
            now=None,
            scale=SCALE,
            branch_id="FIRST",
            party=PartyKind.UNIT,
            metric_value=3,
            circumstances=[Circumstance("L1", " ")],
            amount=None,
            act_on="2022-08-16",
            today="2022-08-16",
        )


def test_below_the_minimum_only_with_a_ground_and_reasons():
    floor = Act("X", "", "", "", (Branch("FIRST", unit=Range(10_000_000, 20_000_000)),))
    scale = Scale("D", "X", "FIRST")
    with pytest.raises(AmountBelowMinimum):
        discretion(amount=90_000, act=floor, scale=scale, deviation="困难")

    answer = discretion("L1", amount=90_000, act=floor, scale=scale, deviation="困难")

    assert answer.deviates


def test_a_person_is_fined_in_the_branch_that_says_so():
    answer = discretion(branch="OVERDUE", party=PartyKind.PERSON, amount=30_000, scale=Scale("D", "A14", "OVERDUE"))

    assert answer.amount == Money.yuan(30_000)


def test_a_branch_without_a_fine_has_no_amount():
    only = Act("Y", "", "", "", (Branch("FIRST", suspend=True), Branch("SERIOUS", computable=False)))
    assert discretion(act=only, scale=None).amount == Money(0)
    with pytest.raises(AmountNotAllowed):
        discretion(act=only, scale=None, amount=1)
    with pytest.raises(ActNotComputable):
        discretion(act=only, branch="SERIOUS")


def test_the_lighter_of_two_laws_is_applied():
    def act(maximum):
        return Act("A14", "", "", "", (Branch("FIRST", unit=Range(0, maximum, min_inclusive=False)),))

    old, new = act(10_000_000), act(5_000_000)
    assert lighter_act(old, new, "FIRST", PartyKind.UNIT) is new
    assert lighter_act(new, old, "FIRST", PartyKind.UNIT) is new
    assert lighter_act(old, None, "FIRST", PartyKind.UNIT) is old
    assert lighter_act(old, A14, "SERIOUS", PartyKind.UNIT) is old
    assert discretion(act=old, now=new).law_on == "2022-09-08"


@given(
    codes=st.lists(st.sampled_from(sorted(KNOWN - {"N1", "N2", "N4"})), max_size=5),
    amount=st.integers(1, 10_000_000),
    scale=st.sampled_from([SCALE, OFFICIAL]),
    metric=st.integers(1, 20),
)
def test_whatever_the_circumstances_the_interval_stays_inside_the_law(codes, amount, scale, metric):
    answer = compute(
        then=A14,
        now=None,
        scale=scale,
        branch_id="FIRST",
        party=PartyKind.UNIT,
        metric_value=metric,
        circumstances=[Circumstance(code, "理由") for code in codes],
        amount=Money(amount),
        act_on="2022-08-16",
        today="2022-08-16",
        deviation_reason="测试",
    )

    assert 0 <= answer.min.fen <= answer.max.fen <= 10_000_000
    inside = answer.min.fen <= amount <= answer.max.fen and (amount > answer.min.fen or answer.min_inclusive)
    assert inside == (not answer.deviates)
    assert not inside or 0 <= answer.position <= 1
