"""Codes against python-stdnum, the worked examples of the brief, and masking."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel.codes import (
    DocumentNumber,
    IdCard,
    InvalidDocumentNumber,
    InvalidIdCard,
    InvalidRegionCode,
    InvalidSocialCreditCode,
    RegionCode,
    SocialCreditCode,
    id_check,
    mask_id,
    mask_name,
    mask_phone,
    uscc_check,
)
from stdnum.cn import ric, uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91441900MA4W12346U", "91440402MA4X567882", "11440000MB2C9999XL"])
def test_the_worked_codes_pass_the_check(code: str) -> None:
    parsed = SocialCreditCode.parse(f" {code.lower()} ")

    assert parsed.check_ok
    assert str(parsed) == parsed.text == code
    assert parsed.region == code[2:8]


def test_a_wrong_check_warns_and_does_not_refuse() -> None:
    assert not SocialCreditCode.parse("91441900MA4W12346T").check_ok


@pytest.mark.parametrize("code", ["91350100M000100Y4Z", "9144190", "91441900MA4W12346UX", "I1441900MA4W12346U", "91A41900MA4W12346U"])
def test_a_wrong_form_is_refused(code: str) -> None:
    with pytest.raises(InvalidSocialCreditCode):
        SocialCreditCode.parse(code)


@given(st.text(ALPHABET, min_size=2, max_size=2), st.text("0123456789", min_size=6, max_size=6), st.text(ALPHABET, min_size=9, max_size=9))
def test_the_check_character_is_that_of_stdnum(kind: str, region: str, organisation: str) -> None:
    first = kind + region + organisation

    assert uscc_check(first) == uscc.calc_check_digit(first + "0")


def test_the_sample_of_the_standard_is_an_identity_number() -> None:
    card = IdCard.parse("11010519491231002x")

    assert card.born_on == date(1949, 12, 31)
    assert not card.male
    assert card.age_on(date(2022, 12, 30)) == 72
    assert card.age_on(date(2022, 12, 31)) == 73
    assert str(card) == card.masked == "110105********002X"


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("1101051949123100", "17 digits"),
        ("110105194912310021", "check character"),
        ("110105194902300" + "02" + id_check("11010519490230002"), "date of birth"),
    ],
)
def test_a_wrong_identity_number_is_refused(number: str, word: str) -> None:
    with pytest.raises(InvalidIdCard, match=word):
        IdCard.parse(number)


@given(st.dates(date(1930, 1, 1), date(2020, 12, 31)), st.integers(0, 999))
def test_identity_numbers_agree_with_stdnum(born: date, order: int) -> None:
    first = f"441900{born:%Y%m%d}{order:03}"
    number = first + ric.calc_check_digit(first + "0")

    card = IdCard.parse(number)

    assert card.born_on == born
    assert card.male == (order % 2 == 1)
    assert card.text == ric.compact(number)


@pytest.mark.parametrize(
    ("code", "digits"), [("440000", "44"), ("441900", "4419"), ("440402", "440402"), ("441900118", "441900118"), ("44", "44")]
)
def test_a_division_code_has_its_significant_digits(code: str, digits: str) -> None:
    assert RegionCode.parse(code).significant == digits
    assert str(RegionCode.parse(code)) == code


def test_a_city_covers_its_towns_and_no_other_city() -> None:
    assert RegionCode.parse("441900").covers(RegionCode.parse("441900118"))
    assert RegionCode.parse("440000").covers(RegionCode.parse("440402"))
    assert not RegionCode.parse("441900").covers(RegionCode.parse("440402"))
    assert not RegionCode.parse("441900118").covers(RegionCode.parse("441900"))


@pytest.mark.parametrize("code", ["", "4", "44190", "044190", "44190a", "４４１９００"])
def test_what_is_no_division_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidRegionCode):
        RegionCode.parse(code)


@pytest.mark.parametrize("number", ["（粤）应急罚〔2022〕1号", "（莞）应急现决〔2022〕135号", "（珠香）应急罚〔2022〕28号"])
def test_a_document_number_is_read_and_written_back(number: str) -> None:
    parsed = DocumentNumber.parse(number)

    assert str(parsed) == number
    assert DocumentNumber.of(parsed.abbr, parsed.code, parsed.year, parsed.seq) == parsed


@pytest.mark.parametrize(
    "number",
    ["(莞)应急罚〔2022〕1号", "（莞）应急罚[2022]1号", "（莞）应急罚〔2022〕01号", "（莞）应急罚〔1999〕1号", "（莞）安监罚〔2022〕1号"],
)
def test_what_is_no_document_number_is_refused(number: str) -> None:
    with pytest.raises(InvalidDocumentNumber):
        DocumentNumber.parse(number)


def test_personal_data_is_masked() -> None:
    assert mask_id("11010519491231002X") == "110105********002X"
    assert mask_id("12345") == "12345"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("110") == "110"
    assert mask_name("邓小明") == "邓**"
    assert mask_name("") == ""
