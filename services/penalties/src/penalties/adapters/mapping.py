"""What the tables of penalties share: their metadata, the mapping, and records as JSON."""

from typing import Any

from pydantic import TypeAdapter
from servicekit.tables import metadata_for
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator

metadata = metadata_for("penalties")
mapper = registry(metadata=metadata)


class Record(TypeDecorator[Any]):
    """Dataclasses as JSON. Assign a new value to change it."""

    impl = JSONB
    # `kind` is part of the key under which SQLAlchemy keeps a compiled statement.
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__(none_as_null=True)
        self.kind = kind
        self.adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.validate_python(value)
