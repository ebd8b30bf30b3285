"""What follows from size and kind of a penalty: hearing, collective discussion, legal review, upward comparison."""

import pytest
from kernel.money import Money
from penalties.domain.law import Branch, PartyKind, Range, Thresholds
from penalties.domain.proposal import (
    IncomeHandling,
    NothingToImpose,
    PenaltyItem,
    PenaltyKind,
    build,
    collective_grounds,
    hearing_grounds,
    items_of,
    review_grounds,
)

from .story import A14, DRAFT, THRESHOLDS, State, a_case, at

FINE, SUSPENSION = PenaltyKind.FINE, PenaltyKind.SUSPENSION


def fined(yuan, *kinds):
    return (PenaltyItem(FINE, Money.yuan(yuan)), *(PenaltyItem(kind) for kind in kinds))


@pytest.mark.parametrize(
    ("yuan", "party", "kinds", "expected"),
    [
        (49_000, PartyKind.UNIT, (), ()),
        (99_999, PartyKind.UNIT, (), ()),
        (100_000, PartyKind.UNIT, (), ("FINE_AMOUNT",)),
        (4_999, PartyKind.PERSON, (), ()),
        (5_000, PartyKind.PERSON, (), ("FINE_AMOUNT",)),
        (1, PartyKind.UNIT, (SUSPENSION,), ("SUSPENSION",)),
        (1, PartyKind.UNIT, (PenaltyKind.WARNING,), ()),
    ],
)
def test_the_right_to_a_hearing_follows_from_amount_or_kind(yuan, party, kinds, expected):
    assert hearing_grounds(fined(yuan, *kinds), party, THRESHOLDS) == expected


@pytest.mark.parametrize(
    ("items", "complex_case", "below", "expected"),
    [
        (fined(49_999), False, False, ()),
        (fined(50_000), False, False, ("FINE_AMOUNT",)),
        (fined(1), True, True, ("COMPLEX", "BELOW_MINIMUM")),
        (fined(1, SUSPENSION), False, False, ("SUSPENSION",)),
        ((PenaltyItem(PenaltyKind.CONFISCATE_INCOME, Money.yuan(50_000)),), False, False, ("CONFISCATE_INCOME_AMOUNT",)),
    ],
)
def test_the_leaders_decide_together_on_major_violations(items, complex_case, below, expected):
    assert collective_grounds(items, complex_case=complex_case, below_minimum=below, thresholds=THRESHOLDS) == expected


def test_no_threshold_no_collective_discussion():
    assert collective_grounds(fined(1_000_000), complex_case=False, below_minimum=False, thresholds=Thresholds()) == ()


def test_each_trigger_of_the_legal_review():
    trace = a_case(State.REPORTED).proposal.discretion
    deviating = trace.__class__(**{**trace.__dict__, "deviation_reason": "特殊"})
    limits = Thresholds(review_all=False, review_fine=5_000_000)

    assert review_grounds(fined(1), trace, complex_case=False, hearing=False, thresholds=limits) == ()
    assert review_grounds(fined(50_000), deviating, complex_case=True, hearing=True, thresholds=limits) == (
        "COMPLEX",
        "HEARING",
        "DEVIATION",
        "FINE_AMOUNT",
    )


def test_each_kind_that_a_branch_imposes():
    branch = Branch(
        "X",
        unit=Range(0, 10),
        suspend=True,
        suspend_text="停业",
        revoke=True,
        confiscate_goods=True,
        warning=True,
        employment_bar=True,
    )

    unit = items_of(branch, Money(5), Money(7), IncomeHandling.CONFISCATED, PartyKind.UNIT)
    person = items_of(branch, Money(5), Money(0), IncomeHandling.NONE, PartyKind.PERSON)

    assert {item.kind.value for item in unit} == {
        "WARNING",
        "FINE",
        "SUSPENSION",
        "REVOCATION",
        "CONFISCATE_GOODS",
        "EMPLOYMENT_BAR",
        "CONFISCATE_INCOME",
    }
    assert {item.kind.value for item in person} == {"WARNING", "FINE", "EMPLOYMENT_BAR"}
    with pytest.raises(NothingToImpose):
        items_of(Branch("Y"), Money(0), Money(0), IncomeHandling.NONE, PartyKind.UNIT)


def test_a_proposal_names_a_branch_of_its_act():
    trace = a_case(State.REPORTED).proposal.discretion
    other = trace.__class__(**{**trace.__dict__, "branch": "NONE"})

    with pytest.raises(NothingToImpose):
        build(
            DRAFT,
            number=1,
            act=A14,
            discretion=other,
            party=PartyKind.UNIT,
            complex_case=False,
            thresholds=THRESHOLDS,
            made_by="zhou",
            made_at=at(9, 8),
        )
