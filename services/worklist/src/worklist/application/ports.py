"""What the use cases need from outside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from worklist.domain.lines import BreachLine, DeadlineLine, NoticeLine, TodoLine
from worklist.domain.notices import Rule


@dataclass(frozen=True)
class DeadlineQuery:
    timer: str
    object_kind: str
    object_id: UUID | None
    state: str
    until: datetime | None


@dataclass(frozen=True)
class ReadNotice:
    """A notice and when the reader read it."""

    line: NoticeLine
    read_at: datetime | None


class Words(Protocol):
    """Words of the catalogue in both languages."""

    def title(self, timer: str) -> Mapping[str, str]: ...
    def consequence(self, timer: str) -> Mapping[str, str]: ...


class Uow(Protocol):
    async def todos_of(self, keys: Sequence[str], size: int, token: str) -> tuple[Sequence[TodoLine], str]: ...
    async def deadlines_of(self, object_ids: Iterable[UUID]) -> Sequence[DeadlineLine]: ...
    async def matters(self, object_ids: Iterable[UUID]) -> Sequence[TodoLine]: ...
    async def deadlines(self, query: DeadlineQuery, size: int, token: str) -> tuple[Sequence[DeadlineLine], str]: ...
    async def deadline(self, id: UUID) -> DeadlineLine: ...
    async def breaches(self, timer: str, object_id: UUID | None, size: int, token: str) -> tuple[Sequence[BreachLine], str]: ...
    async def notices_of(
        self, keys: Sequence[str], reader: str, size: int, token: str, *, unread: bool
    ) -> tuple[Sequence[ReadNotice], str]: ...
    async def notice_for(self, id: UUID, keys: Sequence[str], reader: str) -> ReadNotice: ...
    async def read_notice(self, line: NoticeLine, reader: str, at: datetime) -> bool: ...
    async def rules(self) -> Sequence[Rule]: ...
    def record(self, happened: object) -> None: ...
