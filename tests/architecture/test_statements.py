"""Statements are compiled once: each column type of each table says what it is, so that SQLAlchemy may keep what it compiled."""

import importlib
from pathlib import Path

import pytest
from sqlalchemy import select

ROOT = Path(__file__).parents[2]
TABLES = sorted(path.parents[1].name for path in ROOT.glob("services/*/src/*/adapters/tables.py"))


@pytest.mark.parametrize("package", TABLES)
def test_every_table_can_be_selected_by_a_kept_statement(package: str) -> None:
    metadata = importlib.import_module(f"{package}.adapters.tables").metadata
    for table in metadata.tables.values():
        for column in table.columns:
            assert select(column)._generate_cache_key() is not None, f"{table.name}.{column.name}: {column.type!r} has no cache key"


@pytest.mark.parametrize("package", TABLES)
def test_types_with_another_content_have_another_key(package: str) -> None:
    """What is kept for one record must not read another."""
    metadata = importlib.import_module(f"{package}.adapters.tables").metadata
    keys: dict[object, str] = {}
    for table in metadata.tables.values():
        for column in table.columns:
            kind = getattr(column.type, "kind", None)
            if kind is not None:
                assert keys.setdefault(column.type._static_cache_key, repr(kind)) == repr(kind)
