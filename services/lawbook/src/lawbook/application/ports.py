"""What commands and queries need from outside: a protocol, because the unit tests have a second implementation."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from lawbook.domain.acts import Act, Scale
from lawbook.domain.articles import Article
from lawbook.domain.calendar_year import CalendarYear
from lawbook.domain.items import CheckItem
from lawbook.domain.parameters import Published
from lawbook.domain.thresholds import Thresholds


class Uow(Protocol):
    """One transaction over the lawbook."""

    def record(self, event: Any) -> None: ...

    async def article(self, instrument: str, article: int, sub: int, on: date) -> Article | None: ...

    async def articles(self, on: date) -> Sequence[Article]: ...

    async def check_items(self, ids: Sequence[str], on: date) -> Sequence[CheckItem]: ...

    async def find_check_items(
        self, *, category: str, regime: str, q: str, region_code: str, on: date, page_size: int, page_token: str
    ) -> tuple[Sequence[CheckItem], str]: ...

    async def act(self, act_id: str, on: date) -> Act | None: ...

    async def acts(self, on: date) -> Sequence[Act]: ...

    async def scales(self, act_id: str, branch: str) -> Sequence[Scale]: ...

    async def default_scale(self) -> Scale: ...

    async def put_scale(self, scale: Scale) -> None: ...

    async def thresholds(self) -> Sequence[Thresholds]: ...

    async def put_thresholds(self, row: Thresholds) -> None: ...

    async def parameters(self) -> Published:
        """The latest version; version 0 without overrides before the first."""
        ...

    async def calendar_year(self, year: int) -> CalendarYear | None:
        """None where nobody loaded a notice of the year."""
        ...

    async def calendar_years(self) -> Sequence[CalendarYear]: ...

    async def put_calendar_year(self, year: CalendarYear) -> None: ...

    async def put_parameters(self, published: Published) -> None:
        """Raises: ParametersChanged where someone published meanwhile."""
        ...
