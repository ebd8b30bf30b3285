"""Frozen dataclasses of the domain in a JSON column."""

import types
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from servicekit import wire
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator


class Record(TypeDecorator[Any]):
    """One dataclass, or with `many` a list of them. Assign a new value to change it."""

    impl = JSONB(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: type[Any], *, many: bool = False) -> None:
        super().__init__()
        self.kind, self.many = kind, many

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return [wire.plain_json(asdict(one)) for one in value] if self.many else wire.plain_json(asdict(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return [read(self.kind, one) for one in value] if self.many else read(self.kind, value)


def read(hint: Any, value: Any) -> Any:
    """A value as its type says."""
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return read(next(one for one in get_args(hint) if one is not type(None)), value)
    if origin is tuple:
        return tuple(read(get_args(hint)[0], one) for one in value)
    if is_dataclass(hint):
        assert isinstance(hint, type) and isinstance(value, Mapping)
        hints = get_type_hints(hint)
        return hint(**{name: read(hints[name], one) for name, one in value.items() if name in hints})
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    if hint is UUID or (isinstance(hint, type) and issubclass(hint, Enum)):
        return hint(value)
    return value
