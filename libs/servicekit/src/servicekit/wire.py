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
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
    for name, put, always in _plan(message.DESCRIPTOR):
        value = getattr(source, name, _MISSING) if found is None else found.get(name, _MISSING)
        if value is _MISSING:
            raise FieldWithoutSource(f"{message.DESCRIPTOR.full_name}.{name} has no source in {type(source).__name__}")
        # What is empty is there already, unless the field tells empty from absent.
        if value is None or not (always or value):
            continue
        put(message, value)


@cache
def _plan(kind: Any) -> tuple[tuple[str, Callable[[Any, Any], None], bool], ...]:
    """How each field is filled: asking a descriptor costs more than copying a value."""
    return tuple((field.name, _filler(field), field.has_presence) for field in kind.fields)


def _filler(field: Any) -> Callable[[Any, Any], None]:
    name = field.name
    if _is_map(field):
        return lambda message, value: _fill_map(getattr(message, name), field, value)
    if field.type == _MESSAGE:
        fill = _message_filler(field.message_type)

        def put_messages(message: Any, values: Any) -> None:
            target = getattr(message, name)
            for value in values:
                fill(target.add(), value)

        def put_message(message: Any, value: Any) -> None:
            target = getattr(message, name)
            fill(target, value)
            target.SetInParent()

        return put_messages if field.is_repeated else put_message
    scalar = _scalars(field)
    if field.is_repeated:
        return lambda message, values: getattr(message, name).extend([scalar(value) for value in values])
    return lambda message, value: setattr(message, name, scalar(value))


def _is_map(field: Any) -> bool:
    return bool(field.type == _MESSAGE and field.message_type.GetOptions().map_entry)


def _fill_map(target: Any, field: Any, value: Mapping[Any, Any]) -> None:
    value_field = field.message_type.fields_by_name["value"]
    for key, item in value.items():
        if value_field.type == _MESSAGE:
            _message_filler(value_field.message_type)(target[key], item)
        else:
            target[key] = _scalars(value_field)(item)


@cache
def _message_filler(kind: Any) -> Callable[[Any, Any], None]:
    own = {"google.protobuf.Timestamp": _fill_instant, "google.protobuf.Struct": _fill_struct, "anzhi.type.v1.Money": _fill_money}
    fill = own.get(kind.full_name, _fill)

    def copy_or_fill(target: Any, value: Any) -> None:
        if isinstance(value, Message):
            target.CopyFrom(value)
        else:
            fill(target, value)

    return copy_or_fill


def _fill_instant(target: Any, value: datetime) -> None:
    since = (value if value.tzinfo else value.replace(tzinfo=UTC)) - _EPOCH
    target.seconds, target.nanos = since.days * 86_400 + since.seconds, since.microseconds * 1_000


def _fill_struct(target: Any, value: Any) -> None:
    target.update(plain_json(value))


def _fill_money(target: Any, value: Any) -> None:
    target.fen = value.fen if isinstance(value, Money) else int(value)


@cache
def _scalars(field: Any) -> Callable[[Any], Any]:
    if field.type == _TEXT:
        return lambda value: value if type(value) is str else _text(value)
    if field.type == _BYTES:
        return lambda value: value
    if field.type != _ENUM:
        return _number
    kind, known = field.enum_type, dict[Any, int]()

    def number_of(value: Any) -> int:
        found = known.get(value)
        if found is None:
            found = _enum_number(kind, value)
            if not isinstance(value, int):
                known[value] = found
        return found

    return number_of


def _number(value: Any) -> Any:
    if isinstance(value, bool | int | float):
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
