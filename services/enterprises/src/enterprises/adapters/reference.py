"""Keeps the catalogue that ships as a version: idempotent, a file whose digest is the source of a version is left alone."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import resources

from kernel.moves import SYSTEM, Facts
from kernel.parameters import LawParameters
from sqlalchemy import select

from enterprises.adapters import tables as t
from enterprises.adapters.store import Store
from enterprises.application import chemicals
from enterprises.domain.chemicals import Chemical

FILE = resources.files("enterprises") / "data" / "hazardous-chemicals.csv"
# The catalogue of 2015 is in force from here.
VALID_FROM = date(2015, 5, 1)


async def load_reference(uow: Store) -> None:
    content = FILE.read_bytes()
    source = f"hazardous-chemicals.csv {hashlib.sha256(content).hexdigest()[:16]}"
    known = await uow.session.execute(select(t.catalogues.c.version).where(t.catalogues.c.source == source))
    if known.first() is None:
        facts = Facts(by=SYSTEM, now=datetime.now(UTC), law=LawParameters.shipped())
        await chemicals.import_chemicals(
            uow, facts=facts, source=source, valid_from_on=VALID_FROM, complete=False, verified=False, chemicals=shipped(content)
        )


def shipped(content: bytes) -> Sequence[Chemical]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8")))
    return [replace(_chemical(row), row=number) for number, row in enumerate(rows, start=1)]


def _chemical(row: dict[str, str]) -> Chemical:
    return Chemical(
        row=0,
        name=row["name"],
        aliases=tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip()),
        english=row["english"],
        cas=row["cas"],
        un=row["un"],
        hazard_class=row["hazard_class"],
        hazardous=row["hazardous"] == "true",
        verified=row["verified"] == "true",
    )
