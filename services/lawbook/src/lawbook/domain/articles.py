"""Laws by article."""

from dataclasses import dataclass
from datetime import date

from kernel.errors import Invalid, NotFound


class ArticleNotInForce(NotFound):
    """The law has no such article on that day, or is not held here."""


class SearchWordsMissing(Invalid):
    """A search names at least one word."""


@dataclass(frozen=True)
class Article:
    """`sub` is 1 for 之一, 0 for a plain article; paragraphs hold their items on lines of their own."""

    instrument: str
    title: str
    article: int
    sub: int
    chapter: str
    paragraphs: tuple[str, ...]
    valid_from_on: date
    valid_to_on: date | None
    verified: bool
