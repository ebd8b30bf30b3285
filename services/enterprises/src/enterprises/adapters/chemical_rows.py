"""The catalogue of hazardous chemicals in its tables."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from servicekit.db import Uow, page
from sqlalchemy import insert, or_, select
from sqlalchemy.exc import IntegrityError

from enterprises.adapters import tables as t
from enterprises.domain.chemicals import EMPTY, Catalogue, CatalogueAlreadyImported, Chemical, plain_cas


class ChemicalRows(Uow):
    async def catalogue(self, on: date) -> Catalogue:
        """Of versions from one day the one that was imported last."""
        in_force = select(t.catalogues).where(t.catalogues.c.valid_from_on <= on)
        newest = in_force.order_by(t.catalogues.c.valid_from_on.desc(), t.catalogues.c.version.desc()).limit(1)
        found = (await self.session.execute(newest)).mappings().first()
        if found is None:
            return EMPTY
        rows = select(t.chemicals).where(t.chemicals.c.version == found["version"]).order_by(t.chemicals.c.row)
        return Catalogue(**found, chemicals=tuple(_chemical(row) for row in (await self.session.execute(rows)).mappings()))

    async def newest_catalogue(self) -> Catalogue:
        found = (await self.session.execute(select(t.catalogues).order_by(t.catalogues.c.version.desc()).limit(1))).mappings().first()
        return Catalogue(**found) if found else EMPTY

    async def keep_catalogue(self, catalogue: Catalogue) -> None:
        told = ("version", "source", "valid_from_on", "complete", "verified", "imported_at")
        try:
            await self.session.execute(insert(t.catalogues).values(**{name: getattr(catalogue, name) for name in told}).inline())
        except IntegrityError as error:
            raise CatalogueAlreadyImported("someone imported another version meanwhile", version=catalogue.version) from error
        names = [column.name for column in t.chemicals.columns if column.name not in {"version", "aliases"}]
        rows = [
            {"version": catalogue.version, "aliases": list(one.aliases), **{name: getattr(one, name) for name in names}}
            for one in catalogue.chemicals
        ]
        await self.session.execute(insert(t.chemicals).inline(), rows)

    async def find_chemicals(self, version: int, q: str, page_size: int, page_token: str) -> tuple[Sequence[Chemical], str]:
        columns = t.chemicals.c
        query = select(columns.row).where(columns.version == version)
        if q.strip():
            parts = [column.icontains(q.strip(), autoescape=True) for column in (columns.name, columns.english)]
            query = query.where(or_(*parts, columns.aliases.contains([q.strip()]), columns.cas == plain_cas(q)))
        rows, token = await page(self, query, by=(columns.row,), size=page_size, token=page_token)
        found = select(t.chemicals).where(columns.version == version, columns.row.in_(rows)).order_by(columns.row)
        return [_chemical(row) for row in (await self.session.execute(found)).mappings()], token


def _chemical(row: Mapping[Any, Any]) -> Chemical:
    given = {name: value for name, value in row.items() if name not in {"version", "aliases"}}
    return Chemical(**given, aliases=tuple(row["aliases"]))
