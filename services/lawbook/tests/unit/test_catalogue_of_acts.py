"""The catalogue of penalised acts, A01 to A82, against the table of the law brief: amounts in 10,000 yuan."""

import pytest
from lawbook.adapters.reference import _Laws, _thresholds
from lawbook.adapters.store import ACTS, THRESHOLDS
from lawbook.domain.acts import Act, Branch, Range
from lawbook.domain.thresholds import CrimeStandard

# id | FIRST: unit, persons | OVERDUE: unit, persons | marks: S/s suspension at the first stage or when overdue,
# C income, G goods, R/r revocation, W warning, O order to correct, K not verified | authority, if another
TABLE = """
A01 3-10  -     -      -    S
A02 10-20 5-10  -      -    CR
A03 -     -     -      -    sO
A04 -     -     -      -
A05 -     2-5   -      5-10 sO
A06 -     -     -      -
A07 -     1-3   -      -    O
A08 0-10  -     10-20  2-5  sO
A09 0-10  -     10-20  2-5  sO
A10 0-10  -     10-20  2-5  sO
A11 0-10  -     10-20  2-5  sO
A12 0-10  -     10-20  2-5  sO
A13 0-10  -     10-20  2-5  sO
A14 0-10  -     10-20  2-5  sO
A15 10-50 2-5   50-100 5-10 SO
A16 10-50 2-5   50-100 5-10 SO
A17 10-50 2-5   50-100 5-10 SO
A18 10-50 2-5   50-100 5-10 SO
A19 0-5   -     5-20   1-2  O
A20 0-5   -     5-20   1-2  O
A21 0-5   -     5-20   1-2  O
A22 0-5   -     5-20   1-2  O
A23 0-5   -     5-20   1-2  O
A24 0-5   -     5-20   1-2  O
A25 0-5   -     5-20   1-2  O
A26 0-5   -     5-20   1-2  O
A27 -     -     -      -
A28 0-10  -     10-20  2-5  sO
A29 0-10  -     10-20  2-5  sO
A30 0-10  -     10-20  2-5  sO
A31 0-10  -     10-20  2-5  sO
A32 0-10  -     10-20  2-5  sO
A33 0-5   -     -      5-10 sO
A34 10-20 1-2   -      -    CO
A35 0-5   0-1   -      -    sO
A36 0-10  0-2   -      -    sO
A37 10-20 5-10  -      -    SCRO
A38 0-5   0-1   -      -    sO
A39 0-5   0-1   -      -    sO
A40 0-5   0-1   -      -    sO
A41 -     2-10  -      -
A42 -     -     2-20   1-2  O
A43 5-10  -     10-20  -    O
A44 -     -     -      -
A45 -     -     -      -
A46 -     -     -      -
A47 -     -     -      -
A48 -     -     -      -
A49 -     -     -      -
A50 -     -     3-5    1-2  O
A51 100-500 -   -      -
A52 -     -     -      -
A53 -     -     -      -    -   POLICE
A54 -     -     -      -    -   POLICE
A55 20-50 -     -      -    CO
A56 -     -     50-100 -    SO
A57 10-50 -     -      -    CO  LICENCE_AUTHORITY
A58 10-20 -     -      -    sO
A59 10-20 -     -      -    CGO
A60 0-5   -     5-10   -    O
A61 5-10  -     -      -    srO
A62 0-1   -     1-5    -    O
A63 5-10  -     -      -    O
A64 0-1   -     1-5    -    O
A65 10-20 -     -      -    CsrO
A66 10-20 -     -      -    C   LICENCE_AUTHORITY
A67 10-20 -     -      -    srO MARKET_REGULATOR
A68 10-50 -     -      -    CO  LICENCE_AUTHORITY
A69 5-10  -     10-50  -    CO  LICENCE_AUTHORITY
A70 10-50 -     -      -    CRO LICENCE_AUTHORITY
A71 2-10  -     -      -    CGO
A72 1-5   -     -      -    sO
A73 2-10  -     -      -    CGO
A74 0.1-0.5 -   -      -    CGO
A75 0-1   -     -      -    WOK
A76 0-5   -     5-10   1-2  sOK
A77 1-3   -     -      -    WK
A78 -     0.1-0.5 -    -    WK
A79 -     0.2-1 -      -    WK
A80 1-3   0.1-1 -      -    WOK
A81 1-3   -     -      -    OK
A82 0-10  -     15-30  3-10 sO
"""
LINES = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()}
LAWS = _Laws()
ROWS = [ACTS.validate_python(row["body"]) for row in LAWS.acts()[1]]
FIRST_VERSIONS = {act.id: act for act in reversed(ROWS)}


def told(amounts: Range | None) -> str:
    if amounts is None:
        return "-"
    assert amounts.max_inclusive
    assert amounts.min_inclusive == (amounts.min_fen > 0)
    return f"{amounts.min_fen / 1_000_000:g}-{amounts.max_fen / 1_000_000:g}"


def branch(act: Act, id_: str) -> Branch | None:
    return next((one for one in act.branches if one.id == id_), None)


def test_the_catalogue_has_each_act_once_in_order():
    assert list(LINES) == [f"A{number:02d}" for number in range(1, 83)]
    assert sorted(FIRST_VERSIONS) == list(LINES)


@pytest.mark.parametrize("act_id", LINES)
def test_an_act_says_what_the_law_says(act_id: str):
    unit, persons, overdue_unit, overdue_persons, *more = LINES[act_id]
    marks, authority = (more[0] if more else "-"), (more[1] if len(more) > 1 else "EMERGENCY")
    act = FIRST_VERSIONS[act_id]
    first, overdue = branch(act, "FIRST"), branch(act, "OVERDUE")

    assert (told(first.unit if first else None), told(first.persons if first else None)) == (unit, persons)
    assert (told(overdue.unit if overdue else None), told(overdue.persons if overdue else None)) == (overdue_unit, overdue_persons)
    assert act.competent_authority == authority
    assert (first is not None and first.suspend) == ("S" in marks)
    assert (overdue is not None and overdue.suspend) == ("s" in marks)
    assert (first is not None and first.confiscate_income) == ("C" in marks)
    assert (first is not None and first.confiscate_goods) == ("G" in marks)
    assert (first is not None and first.revoke) == ("R" in marks)
    assert (overdue is not None and overdue.revoke) == ("r" in marks)
    assert (first is not None and first.warning) == ("W" in marks)
    assert act.correct_order == ("O" in marks)
    assert act.verified == ("K" not in marks)


@pytest.mark.parametrize(("act_id", "low", "high"), [("A46", 30, 100), ("A47", 100, 200), ("A48", 200, 1000), ("A49", 1000, 2000)])
def test_an_accident_costs_by_its_grade_and_twice_to_five_times_if_especially_serious(act_id: str, low: int, high: int):
    act = FIRST_VERSIONS[act_id]

    assert act.branch("ACCIDENT").unit == Range(low * 1_000_000, high * 1_000_000)
    assert act.branch("SERIOUS").fine_multiple == (2, 5)


@pytest.mark.parametrize(
    ("act_id", "branch_id", "shares"),
    [
        ("A06", "ORDINARY_ACCIDENT", (40, 40)),
        ("A06", "LARGER_ACCIDENT", (60, 60)),
        ("A06", "MAJOR_ACCIDENT", (80, 80)),
        ("A06", "EXTRA_MAJOR_ACCIDENT", (100, 100)),
        ("A07", "ACCIDENT", (20, 50)),
        ("A44", "FIRST", (60, 100)),
        ("A51", "FIRST", (60, 100)),
        ("A52", "FIRST", (40, 80)),
    ],
)
def test_some_persons_are_fined_by_their_income(act_id: str, branch_id: str, shares: tuple[int, int]):
    share = FIRST_VERSIONS[act_id].branch(branch_id).income_share

    assert share is not None
    assert (share.min_percent, share.max_percent) == shares


def test_the_investor_pays_after_an_accident():
    assert FIRST_VERSIONS["A04"].branch("ACCIDENT").persons == Range(2_000_000, 20_000_000)


@pytest.mark.parametrize("act_id", ["A72", "A73", "A74"])
def test_a_serious_case_of_fireworks_costs_the_licence(act_id: str):
    assert FIRST_VERSIONS[act_id].branch("SERIOUS").revoke


@pytest.mark.parametrize("act_id", ["A19", "A20", "A26", "A60"])
def test_a_serious_case_is_suspended(act_id: str):
    assert FIRST_VERSIONS[act_id].branch("SERIOUS").suspend


def test_the_chemicals_act_rests_on_its_places():
    act = FIRST_VERSIONS["A59"]

    assert act.violated_text == "《危险化学品安全管理条例》第三十三条第一款"
    assert act.basis_text == "《危险化学品安全管理条例》第七十七条第三款"


def test_the_rule_of_shenzhen_holds_there_alone():
    assert {act.id: act.region_code for act in ROWS if act.region_code} == {"A82": "4403"}


def test_the_law_of_2026_takes_over_where_its_text_is_known():
    """Acts of before keep the lighter law (APL 37)."""
    later = {act.id: act for act in ROWS if act.valid_from_on.isoformat() == "2026-05-01"}

    assert sorted(later) == ["A58", "A59"]
    assert all(told(act.branch("FIRST").unit) == "10-50" and not act.verified for act in later.values())
    assert {FIRST_VERSIONS[id_].valid_to_on.isoformat() for id_ in ("A55", "A58", "A59", "A66", "A67")} == {"2026-04-30"}


STANDARDS = {
    standard.offence: standard
    for standard in THRESHOLDS.validate_python(next(r for r in _thresholds()[1] if r["region_code"] == "44")["body"]).crime_standards
}


def amounts(standard: CrimeStandard) -> dict[str, int]:
    return {element.fact: element.value for element in standard.any_of if element.op == "GE"}


ACCIDENT = {"dead": 1, "seriously_injured": 3, "direct_loss_fen": 100_000_000}


def test_the_filing_standards_stand_whole():
    expected = "115(2) 125 134(1) 134(2) 134-1 135 135-1 136 137 138 139 139-1 146 225 229 229(3) 277 280 343 397 402"
    assert sorted(STANDARDS) == sorted(expected.split())


@pytest.mark.parametrize("offence", ["134(1)", "134(2)", "135", "135-1", "136", "137", "139", "146", "229(3)"])
def test_an_accident_is_filed_from_one_dead_three_injured_or_a_million(offence: str):
    assert amounts(STANDARDS[offence]) == ACCIDENT


@pytest.mark.parametrize("offence", ["134(1)", "134(2)", "135", "135-1", "136", "137", "139"])
def test_half_a_million_is_a_matter_for_consultation(offence: str):
    assert [(element.fact, element.value) for element in STANDARDS[offence].consult_any_of] == [("direct_loss_fen", 50_000_000)]


@pytest.mark.parametrize(
    ("offence", "expected"),
    [
        ("138", {"dead": 1, "seriously_injured": 3}),
        ("115(2)", {"dead": 1, "seriously_injured": 3, "direct_loss_fen": 50_000_000}),
        ("139-1", {"extra_dead": 1, "extra_injured": 3, "extra_loss_fen": 100_000_000}),
        (
            "225",
            {
                "illegal_turnover_fen": 50_000_000,
                "illegal_income_fen": 10_000_000,
                "individual_turnover_fen": 5_000_000,
                "individual_income_fen": 1_000_000,
            },
        ),
        ("229", {"dead": 1, "seriously_injured": 3, "direct_loss_fen": 50_000_000, "illegal_income_fen": 10_000_000}),
        ("343", {"mined_value_fen": 10_000_000}),
        ("397", {"official_dead": 1, "official_seriously_injured": 3, "official_minor_injured": 9, "official_loss_fen": 30_000_000}),
    ],
)
def test_other_offences_have_their_own_amounts(offence: str, expected: dict[str, int]):
    assert amounts(STANDARDS[offence]) == expected


def test_a_dangerous_operation_needs_no_accident():
    standard = STANDARDS["134-1"]

    assert [element.fact for element in standard.required] == ["real_danger"]
    assert [element.fact for element in standard.any_of] == ["disabled_monitoring", "refused_major_danger_order", "unlicensed_activity"]
    assert "A59" in standard.any_of[2].acts


@pytest.mark.parametrize("offence", ["125", "225", "343", "115(2)"])
def test_amounts_from_memory_are_not_verified(offence: str):
    assert not STANDARDS[offence].verified
