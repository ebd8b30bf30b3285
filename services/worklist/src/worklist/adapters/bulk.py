"""Many rows by one statement: what a batch of events writes costs as many statements as one event."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Uow
from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value


def given(table: Table, names: Sequence[str]) -> str:
    """The rows in parameter `rows` as a set with the columns of the table."""
    columns = ", ".join(f'"{name}" {table.c[name].type.compile(_DIALECT)}' for name in names)
    return f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS given({columns})"


async def put(uow: Uow, table: Table, rows: Iterable[dict[str, Any]], conflict: str = "ON CONFLICT DO NOTHING") -> set[tuple[Any, ...]]:
    """Insert; answers the keys of the rows that were written."""
    rows = [{name: plain(value) for name, value in row.items()} for row in rows]
    if not rows:
        return set()
    names = list(rows[0])
    columns, keys = ", ".join(f'"{name}"' for name in names), ", ".join(column.name for column in table.primary_key)
    statement = f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {given(table, names)} {conflict} RETURNING {keys}"  # noqa: S608 - names of tables.py
    written = await uow.session.execute(text(statement), {"rows": json.dumps(rows, ensure_ascii=False)})
    return {tuple(row) for row in written}


def newer(table: Table, names: Iterable[str], age: Sequence[str]) -> str:
    """Take the given row if it is later than the one that stands."""
    keys = {column.name for column in table.primary_key}
    set_ = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
    mine, theirs = (", ".join(f"{where}.{name}" for name in age) for where in (table.name, "excluded"))
    return f"ON CONFLICT ({', '.join(sorted(keys))}) DO UPDATE SET {set_} WHERE ({theirs}) > ({mine})"
