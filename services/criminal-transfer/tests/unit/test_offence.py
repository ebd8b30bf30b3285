import pytest
from criminal_transfer.domain.offence import chinese, spoken

LAW = "《中华人民共和国刑法》"


@pytest.mark.parametrize(
    ("offence", "text"),
    [
        ("CL 225", f"{LAW}第二百二十五条"),
        ("225", f"{LAW}第二百二十五条"),
        ("134(1)", f"{LAW}第一百三十四条第一款"),
        ("134-1(3)", f"{LAW}第一百三十四条之一第三项"),
        ("139-1", f"{LAW}第一百三十九条之一"),
        ("115(2)", f"{LAW}第一百一十五条第二款"),
        ("非法经营罪", "非法经营罪"),
    ],
)
def test_an_offence_is_spoken_as_the_law_numbers_it(offence, text):
    assert spoken(offence) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "零"), (7, "七"), (10, "十"), (17, "十七"), (20, "二十"), (105, "一百零五"), (400, "四百")]
)
def test_numbers_are_written_in_chinese(number, text):
    assert chinese(number) == text
