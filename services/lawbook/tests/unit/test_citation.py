import pytest
from lawbook.domain.citation import Citation, chinese, cite, joined, place


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (19, "十九"),
        (30, "三十"),
        (97, "九十七"),
        (100, "一百"),
        (105, "一百零五"),
        (112, "一百一十二"),
        (134, "一百三十四"),
    ],
)
def test_articles_are_counted_in_chinese(number: int, text: str):
    assert chinese(number) == text


@pytest.mark.parametrize("number", [0, 1000, -1])
def test_what_no_article_is_counted_by_is_refused(number: int):
    with pytest.raises(ValueError, match="counted"):
        chinese(number)


def test_a_paragraph_is_named_only_where_there_are_several():
    assert place(97, 1, 7, paragraphs=1) == "第九十七条第七项"
    assert place(30, 1, 0, paragraphs=2) == "第三十条第一款"


def test_a_cited_item_is_printed_though_the_quote_begins_with_the_lead_sentence():
    raw = {"instrument": "WSL", "article": 28, "paragraph": 1, "item": None, "cited_item": 2, "quote": "…"}

    assert cite(raw, {"WSL": "安全生产法"}, {("WSL", 28): 4}).text == "《安全生产法》第二十八条第一款第二项"


def test_a_title_stands_once_where_it_repeats():
    first = Citation("WSL", 5, text="《安全生产法》第五条")
    second = Citation("WSL", 25, text="《安全生产法》第二十五条")
    third = Citation("EMR", 7, text="《生产安全事故应急条例》第七条")

    assert joined([first, second, third]) == "《安全生产法》第五条、第二十五条、《生产安全事故应急条例》第七条"
