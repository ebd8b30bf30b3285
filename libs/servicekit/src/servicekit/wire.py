"""Copies domain objects onto messages by field name, and reads what requests carry.

A field without a source raises: a name that was changed on one side only is found by the first test. A hand-written
function in place of `write` is always allowed.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import ModuleType
from typing import Any, TypeVar
from uuid import UUID

from anzhi.type.v1 import types_pb2
from google.protobuf import json_format, struct_pb2, timestamp_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from kernel.errors import Invalid
from kernel.money import Money

M = TypeVar("M", bound=Message)
_MISSING = object()
_TEXT, _MESSAGE, _ENUM, _BYTES = (
    FieldDescriptor.TYPE_STRING,
    FieldDescriptor.TYPE_MESSAGE,
    FieldDescriptor.TYPE_ENUM,
    FieldDescriptor.TYPE_BYTES,
)


class FieldWithoutSource(TypeError):
    """A message has a field for which the object has nothing of that name."""


class InvalidId(Invalid):
    """An id is a UUID."""


class InvalidDate(Invalid):
    """A date is written YYYY-MM-DD."""


class FieldMissing(Invalid):
    """A field that the request needs is empty."""


def write(kind: type[M], source: Any) -> M:
    """A message of this kind from an object, a mapping, or a message that already is one."""
    if isinstance(source, kind):
        return source
    message = kind()
    _fill(message, source)
    return message


def event(module: ModuleType, happened: object) -> Message:
    """The message of the same name as the event."""
    kind: type[Message] = getattr(module, type(happened).__name__)
    return write(kind, happened)


def _fill(message: Message, source: Any) -> None:
    found = source if type(source) is dict or isinstance(source, Mapping) else None
    for name, field, fill in _plan(message.DESCRIPTOR):
        value = getattr(source, name, _MISSING) if found is None else found.get(name, _MISSING)
        if value is _MISSING:
            raise FieldWithoutSource(f"{message.DESCRIPTOR.full_name}.{name} has no source in {type(source).__name__}")
        if value is None:
            continue
        if fill is None:
            setattr(message, name, _scalar(field, value))
        elif fill is _text:
            setattr(message, name, value if type(value) is str else _text(value))
        else:
            fill(getattr(message, name), field, value)


@cache
def _plan(kind: Any) -> tuple[tuple[str, Any, Callable[..., Any] | None], ...]:
    """How each field is filled: asking a descriptor costs more than copying a value."""

    def filler(field: Any) -> Callable[..., Any] | None:
        if _is_map(field):
            return _fill_map
        if field.is_repeated:
            return _fill_list
        if field.type == _MESSAGE:
            return lambda target, field, value: _fill_message(target, field.message_type, value)
        return _text if field.type == _TEXT else None

    return tuple((field.name, field, filler(field)) for field in kind.fields)


def _is_map(field: Any) -> bool:
    return bool(field.type == _MESSAGE and field.message_type.GetOptions().map_entry)


def _fill_map(target: Any, field: Any, value: Mapping[Any, Any]) -> None:
    value_field = field.message_type.fields_by_name["value"]
    for key, item in value.items():
        if value_field.type == _MESSAGE:
            _fill_message(target[key], value_field.message_type, item)
        else:
            target[key] = _scalar(value_field, item)


def _fill_list(target: Any, field: Any, values: Iterable[Any]) -> None:
    if field.type == _MESSAGE:
        for value in values:
            _fill_message(target.add(), field.message_type, value)
    else:
        target.extend(_scalar(field, value) for value in values)


def _fill_message(target: Message, kind: Any, value: Any) -> None:
    name = kind.full_name
    if isinstance(value, Message):
        target.CopyFrom(value)
    elif name == "google.protobuf.Timestamp":
        target.FromDatetime(value)  # type: ignore[attr-defined]
    elif name == "google.protobuf.Struct":
        target.update(plain_json(value))  # type: ignore[attr-defined]
    elif name == "anzhi.type.v1.Money":
        target.fen = value.fen if isinstance(value, Money) else int(value)  # type: ignore[attr-defined]
    else:
        _fill(target, value)
    target.SetInParent()


def _scalar(field: Any, value: Any) -> Any:
    if field.type == _ENUM:
        return _enum_number(field.enum_type, value)
    if field.type == _TEXT:
        return _text(value)
    if field.type == _BYTES or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Money):
        return value.fen
    return float(value) if isinstance(value, Decimal) else value


def _text(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


@cache
def _prefix(kind: Any) -> str:
    first: str = kind.values[0].name
    return first.removesuffix("UNSPECIFIED")


def _enum_number(kind: Any, value: Any) -> int:
    if isinstance(value, int):
        return value
    name = str(value.value if isinstance(value, Enum) else value).upper().replace("-", "_")
    found = kind.values_by_name.get(_prefix(kind) + name)
    if found is None:
        if not name:
            return 0
        raise FieldWithoutSource(f"{kind.full_name} has no value {_prefix(kind)}{name}")
    return int(found.number)


def plain_json(value: Any) -> Any:
    """Values that JSON knows, for a Struct: dates, ids and enums become text, Money its fen."""
    if isinstance(value, Mapping):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_json(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Money):
        return value.fen
    return _text(value)


def uuid(value: str, field: str = "id") -> UUID:
    try:
        return UUID(value)
    except ValueError as error:
        raise InvalidId(f"{field} is no id", field=field, given=value[:64]) from error


def uuids(values: Iterable[str], field: str = "ids") -> list[UUID]:
    return [uuid(value, field) for value in values]


def uuid_or_none(value: str, field: str = "id") -> UUID | None:
    return uuid(value, field) if value else None


def day(value: str, field: str = "on") -> date | None:
    """An ISO date; None if empty."""
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise InvalidDate(f"{field} is no date", field=field, given=value[:64]) from error


def instant(value: timestamp_pb2.Timestamp) -> datetime | None:
    """UTC, aware; None if unset."""
    if value.seconds == 0 and value.nanos == 0:
        return None
    return value.ToDatetime(tzinfo=UTC)


def money(value: types_pb2.Money) -> Money:
    return Money(value.fen)


def plain(value: struct_pb2.Struct) -> dict[str, Any]:
    """A Struct as a dict. Whole numbers come back as int."""
    return {key: _whole(item) for key, item in json_format.MessageToDict(value).items()}


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def word(kind: Any, number: int) -> str:
    """The word of an enum value without its prefix: `word(pb.Case.State, request.state)` -> "FILED"; empty if unspecified."""
    if number == 0:
        return ""
    name: str = kind.Name(number)
    return name.removeprefix(_prefix(kind.DESCRIPTOR))


def needed(value: str, field: str) -> str:
    """The text, or a refusal that names the field."""
    if not value.strip():
        raise FieldMissing(f"{field} is needed", field=field)
    return value


def needed_day(value: str, field: str) -> date:
    """The ISO date, or a refusal that names the field."""
    found = day(needed(value, field), field)
    if found is None:
        raise FieldMissing(f"{field} is needed", field=field)
    return found
