"""Loads what the package ships: divisions, bodies with their counterparts, roles. Idempotent; amended rows stay as they are."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from importlib import resources
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.dialects.postgresql import insert

from identity.adapters import tables
from identity.adapters.store import Store
from identity.domain.org import Basis, Counterpart, CounterpartKind, Level, State, shipped_id

DATA = resources.files("identity") / "data"
BATCH = 500


async def load_reference(uow: Store) -> None:
    await _put(uow, tables.divisions, list(_rows("divisions.csv")), key="code")
    await _put(uow, tables.org_units, _bodies(), key="id", unless_amended=True)
    await _put(uow, tables.roles, json.loads((DATA / "roles.json").read_text("utf-8")), key="role")


def shipped_bodies() -> dict[str, str]:
    """id -> name of each."""
    return {str(row["id"]): row["name"] for row in _bodies()}


def _bodies() -> list[dict[str, Any]]:
    counterparts = defaultdict(list)
    for row in _rows("counterparts.csv"):
        name = f"{row['org_path']}{row['path']}{row['kind']}{row['name']}"
        counterparts[row["path"]].append(
            Counterpart(
                kind=CounterpartKind(row["kind"]),
                name=row["name"],
                org_id=str(shipped_id(row["org_path"])) if row["org_path"] else "",
                valid_from_on=row["valid_from_on"],
                valid_to_on=row["valid_to_on"],
                id=str(uuid5(NAMESPACE_URL, name)),
            )
        )
    return [_body(row, counterparts[row["path"]]) for row in _rows("bodies.csv")]


def _body(row: dict[str, str], counterparts: list[Counterpart]) -> dict[str, Any]:
    path, basis = row["path"], Basis(row["authority_basis"])
    above = path[: path.rstrip("/").rfind("/") + 1]
    return {
        "id": shipped_id(path),
        "parent_id": shipped_id(above) if above != "/" else None,
        "org_path": path,
        "name": row["name"],
        "level": Level(row["level"]),
        "authority_basis": basis,
        "region_code": row["region_code"],
        "uscc": "",
        "doc_abbr": row["doc_abbr"],
        "address": "",
        "postcode": "",
        "phone": "",
        "payment": None,
        "seal_name": row["name"] if basis is not Basis.ENTRUSTED else "",
        "valid_from_on": None,
        "valid_to_on": None,
        "counterparts": counterparts,
        "min_attendees": 3,
        "verified": False,
        "state": State.OPEN,
        "version": 1,
    }


def _rows(file: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader((DATA / file).read_text("utf-8").splitlines())


async def _put(uow: Store, table: Any, rows: list[dict[str, Any]], *, key: str, unless_amended: bool = False) -> None:
    put = insert(table)
    columns = {column.name: put.excluded[column.key] for column in table.c if column.key != key}
    put = put.on_conflict_do_update(index_elements=[table.c[key]], set_=columns, where=table.c.version == 1 if unless_amended else None)
    for start in range(0, len(rows), BATCH):
        await uow.session.execute(put, rows[start : start + BATCH])
