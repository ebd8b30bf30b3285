"""Lines of a licence as JSON."""

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from enterprises.domain.enterprise import ScopeLine

LINES = TypeAdapter(list[ScopeLine])


class Lines(TypeDecorator[list[ScopeLine]]):
    """Assign a new list to change it."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return LINES.dump_python(value or [], mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> list[ScopeLine]:
        return LINES.validate_python(value or [])
