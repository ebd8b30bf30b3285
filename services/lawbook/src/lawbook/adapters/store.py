"""The Uow over SQLAlchemy."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from anzhi.lawbook.v1 import events_pb2
from pydantic import TypeAdapter
from servicekit.db import Topic, page
from sqlalchemy import Select, Table, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from lawbook.adapters import tables as t
from lawbook.adapters.calendar_rows import CalendarRows
from lawbook.domain.acts import Act, Scale, ScaleAlreadyLoaded
from lawbook.domain.articles import Article
from lawbook.domain.items import CheckItem
from lawbook.domain.parameters import ParametersChanged, Published
from lawbook.domain.thresholds import Thresholds, ThresholdsAlreadySet

ACTS = TypeAdapter(Act)
ITEMS = TypeAdapter(CheckItem)
SCALES = TypeAdapter(Scale)
THRESHOLDS = TypeAdapter(Thresholds)
DEFAULT_SCALE = "DEFAULT"


def valid(table: Table, on: date) -> Any:
    """The rows in force on a day, both ends included."""
    return and_(table.c.valid_from_on <= on, or_(table.c.valid_to_on.is_(None), table.c.valid_to_on >= on))


class Store(CalendarRows):
    topics = (Topic("lawbook.parameters.v1", events_pb2, key="name"),)

    async def article(self, instrument: str, article: int, sub: int, on: date) -> Article | None:
        query = self._articles(on).where(t.articles.c.instrument == instrument, t.articles.c.article == article, t.articles.c.sub == sub)
        row = (await self.session.execute(query)).mappings().first()
        return _article(row) if row else None

    async def articles(self, on: date) -> Sequence[Article]:
        query = self._articles(on).order_by(t.articles.c.instrument, t.articles.c.article, t.articles.c.sub)
        return [_article(row) for row in (await self.session.execute(query)).mappings()]

    async def check_items(self, ids: Sequence[str], on: date) -> Sequence[CheckItem]:
        query = select(t.check_items.c.body).where(t.check_items.c.id.in_(list(ids)), valid(t.check_items, on))
        return [ITEMS.validate_python(body) for body in (await self.session.execute(query)).scalars()]

    async def find_check_items(
        self, *, category: str, regime: str, q: str, region_code: str, on: date, page_size: int, page_token: str
    ) -> tuple[Sequence[CheckItem], str]:
        columns = t.check_items.c
        query = select(columns.body).where(valid(t.check_items, on))
        if category:
            query = query.where(columns.category == category)
        if regime:
            query = query.where(or_(columns.applies_to.contains([regime]), columns.applies_to.contains(["ALL"])))
        if region_code:
            query = query.where(columns.region_code.in_(["", region_code[:4] + "00"]))
        for word in q.split():
            query = query.where(columns.words.icontains(word, autoescape=True))
        bodies, token = await page(self, query, by=(columns.category, columns.id), size=page_size, token=page_token)
        return [ITEMS.validate_python(body) for body in bodies], token

    async def act(self, act_id: str, on: date) -> Act | None:
        query = select(t.acts.c.body).where(t.acts.c.id == act_id, valid(t.acts, on)).order_by(t.acts.c.valid_from_on.desc()).limit(1)
        body = (await self.session.execute(query)).scalar_one_or_none()
        return ACTS.validate_python(body) if body else None

    async def acts(self, on: date) -> Sequence[Act]:
        query = select(t.acts.c.body).where(valid(t.acts, on)).order_by(t.acts.c.id)
        return [ACTS.validate_python(body) for body in (await self.session.execute(query)).scalars()]

    async def scales(self, act_id: str, branch: str) -> Sequence[Scale]:
        query = select(t.scales.c.body).where(t.scales.c.act_id == act_id, t.scales.c.branch == branch)
        return [SCALES.validate_python(body) for body in (await self.session.execute(query)).scalars()]

    async def default_scale(self) -> Scale:
        body = (await self.session.execute(select(t.scales.c.body).where(t.scales.c.id == DEFAULT_SCALE))).scalar_one()
        return SCALES.validate_python(body)

    async def put_scale(self, scale: Scale) -> None:
        row = {
            "id": scale.id,
            "act_id": scale.act_id,
            "branch": scale.branch,
            "valid_from_on": scale.valid_from_on,
            "valid_to_on": scale.valid_to_on,
            "body": SCALES.dump_python(scale, mode="json"),
        }
        try:
            await self.session.execute(insert(t.scales).values(**row))
        except IntegrityError as error:
            raise ScaleAlreadyLoaded("the branch has an official scale from that day", scale=scale.id) from error

    async def thresholds(self) -> Sequence[Thresholds]:
        return [THRESHOLDS.validate_python(body) for body in (await self.session.execute(select(t.thresholds.c.body))).scalars()]

    async def put_thresholds(self, row: Thresholds) -> None:
        values = {"region_code": row.region_code, "valid_from_on": row.valid_from_on, "body": THRESHOLDS.dump_python(row, mode="json")}
        try:
            await self.session.execute(insert(t.thresholds).values(**values))
        except IntegrityError as error:
            raise ThresholdsAlreadySet("the region has thresholds from that day", thresholds=row.version) from error

    async def parameters(self) -> Published:
        query = select(t.parameters).order_by(t.parameters.c.version.desc()).limit(1)
        row = (await self.session.execute(query)).mappings().first()
        return Published(**row) if row else Published(0, {}, "", None)

    async def put_parameters(self, published: Published) -> None:
        row = {
            "version": published.version,
            "overrides": dict(published.overrides),
            "source": published.source,
            "published_at": published.published_at,
        }
        try:
            await self.session.execute(insert(t.parameters).values(**row))
        except IntegrityError as error:
            raise ParametersChanged("someone published another version meanwhile", version=published.version) from error

    async def put(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert the rows; a row with the same key is replaced."""
        if not rows:
            return
        keys = [column.name for column in table.primary_key]
        statement = insert(table)
        replaced = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        await self.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=replaced), list(rows))

    def _articles(self, on: date) -> Select[Any]:
        columns = (t.articles, t.instruments.c.title, t.instruments.c.valid_from_on, t.instruments.c.valid_to_on, t.instruments.c.verified)
        joined = select(*columns).join(t.instruments, t.instruments.c.code == t.articles.c.instrument)
        return joined.where(valid(t.instruments, on))


def _article(row: Any) -> Article:
    return Article(**{**row, "paragraphs": tuple(row["paragraphs"])})
