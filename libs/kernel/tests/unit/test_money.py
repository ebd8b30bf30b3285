"""Money and its capital numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel.money import Money, MoneyInvalid, capital

DIGITS = "零壹贰叁肆伍陆柒捌玖"
amounts = st.integers(0, 10**17)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (4900000, "肆万玖仟元整"),
        (15000000, "壹拾伍万元整"),
        (0, "零元整"),
        (1000, "壹拾元整"),
        (10000, "壹佰元整"),
        (1001000, "壹万零壹拾元整"),
        (100000000, "壹佰万元整"),
        (10000100000, "壹亿零壹仟元整"),
        (2003004000, "贰仟零叁万零肆拾元整"),
        (10000000000000000, "壹佰万亿元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (1005, "壹拾元零伍分"),
        (1050, "壹拾元伍角整"),
        (123456, "壹仟贰佰叁拾肆元伍角陆分"),
        (100000000000, "壹拾亿元整"),
    ],
)
def test_an_amount_is_written_as_documents_print_it(fen: int, words: str) -> None:
    assert capital(fen) == words
    assert Money(fen).in_words() == words


def read_back(words: str) -> int:
    """Fen of capital numerals: an oracle that shares nothing with the writer."""
    places = {"拾": 10, "佰": 100, "仟": 1000}
    total = section = digit = fen = 0
    for char in words:
        if char in DIGITS:
            digit = DIGITS.index(char)
        elif char in places:
            section, digit = section + digit * places[char], 0
        elif char == "万":
            section, digit = section + digit, 0
            total, section = total + section * 10**4, 0
        elif char == "亿":
            section, digit = section + digit, 0
            total, section = (total + section) * 10**8, 0
        elif char == "元":
            fen, section, digit = (total + section + digit) * 100, 0, 0
        elif char == "角":
            fen, digit = fen + digit * 10, 0
        elif char == "分":
            fen, digit = fen + digit, 0
    return fen


@given(st.integers(0, 10**14 - 1))
def test_the_words_say_the_amount(fen: int) -> None:
    words = capital(fen)

    assert read_back(words) == fen
    assert "零零" not in words
    assert words.endswith(("整", "分"))


@pytest.mark.parametrize("fen", [-1, 10**18])
def test_what_no_fine_can_be_has_no_words(fen: int) -> None:
    with pytest.raises(MoneyInvalid):
        capital(fen)


@pytest.mark.parametrize("wrong", [1.5, "1", True, None])
def test_money_is_whole_fen(wrong: object) -> None:
    with pytest.raises(MoneyInvalid):
        Money(wrong)  # type: ignore[arg-type]
    with pytest.raises(MoneyInvalid):
        Money.yuan(wrong)  # type: ignore[arg-type]


@given(amounts, amounts, st.integers(0, 1000))
def test_arithmetic_is_that_of_whole_numbers(one: int, other: int, times: int) -> None:
    assert Money(one) + Money(other) == Money(one + other)
    assert Money(one) - Money(other) == Money(one - other)
    assert Money(one) * times == times * Money(one) == Money(one * times)
    assert (Money(one) < Money(other)) == (one < other)


@given(amounts, st.integers(0, 100))
def test_a_part_never_exceeds_its_share(fen: int, percent: int) -> None:
    part = Money(fen).part(percent, 100)

    assert part.fen * 100 <= fen * percent < (part.fen + 1) * 100


def test_money_reads_as_yuan() -> None:
    assert str(Money(4900000)) == "49,000.00"
    assert str(Money(-5)) == "-0.05"
    assert Money.yuan(3) == Money(300)
    assert not Money(0)
    assert Money(1)
