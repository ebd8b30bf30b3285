"""A place in a law and how it is printed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Citation:
    """Instrument code, article, paragraph (款) and item (项); 0 where not given. `text` is the printed form."""

    instrument: str
    article: int
    paragraph: int = 0
    item: int = 0
    text: str = ""
    quote: str = ""


def chinese(number: int) -> str:
    """1…999 in Chinese numerals as articles are counted. Raises ValueError outside."""
    if not 0 < number < 1000:
        raise ValueError(f"articles are counted from 1 to 999, not {number}")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = DIGITS[hundreds] + "百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")


def place(article: int, paragraph: int, item: int, *, paragraphs: int) -> str:
    """The printed place, for example 第九十七条第七项; the paragraph is named only where the article has several."""
    text = f"第{chinese(article)}条"
    if paragraph and paragraphs > 1:
        text += f"第{chinese(paragraph)}款"
    if item:
        text += f"第{chinese(item)}项"
    return text


def cite(raw: Mapping[str, Any], titles: Mapping[str, str], paragraphs: Mapping[tuple[str, int], int]) -> Citation:
    """A citation of the shipped data, printed. `paragraphs` counts the paragraphs of (instrument, article)."""
    instrument, article = raw["instrument"], raw["article"]
    paragraph, item = raw.get("paragraph") or 0, raw.get("cited_item") or raw.get("item") or 0
    text = f"《{titles.get(instrument, instrument)}》" + place(
        article, paragraph, item, paragraphs=paragraphs.get((instrument, article), 1)
    )
    return Citation(instrument, article, paragraph, item, text, raw.get("quote") or "")


def joined(citations: Iterable[Citation]) -> str:
    """Several citations as one phrase; the title stands once where it repeats."""
    parts: list[str] = []
    last = ""
    for citation in citations:
        title, _, rest = citation.text.partition("》")
        parts.append(rest if title == last else citation.text)
        last = title
    return "、".join(parts)
