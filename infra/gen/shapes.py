"""What a field of a message is in JSON: its Python type, its schema, its default. Every generated shape starts here."""

import keyword
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gateway.doors import Door
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from pydantic import BaseModel

F = FieldDescriptor
Schema = dict[str, Any]

SCALARS: dict[int, tuple[str, Schema, str]] = {
    F.TYPE_STRING: ("str", {"type": "string"}, '""'),
    F.TYPE_BOOL: ("bool", {"type": "boolean"}, "False"),
    F.TYPE_INT32: ("Int32", {"type": "integer", "format": "int32", "minimum": -(2**31), "maximum": 2**31 - 1}, "0"),
    F.TYPE_UINT32: ("UInt32", {"type": "integer", "minimum": 0, "maximum": 2**32 - 1}, "0"),
    F.TYPE_INT64: ("Int64", {"type": "string", "format": "int64", "pattern": "^(0|-?[1-9][0-9]{0,18})$"}, '"0"'),
    F.TYPE_UINT64: ("UInt64", {"type": "string", "format": "uint64", "pattern": "^(0|[1-9][0-9]{0,19})$"}, '"0"'),
    F.TYPE_DOUBLE: ("float", {"type": "number", "format": "double"}, "0.0"),
    F.TYPE_FLOAT: ("float", {"type": "number", "format": "float"}, "0.0"),
    F.TYPE_BYTES: ("bytes", {"type": "string", "contentEncoding": "base64"}, 'b""'),
}
WELL_KNOWN: dict[str, tuple[str, Schema]] = {
    "google.protobuf.Timestamp": ("Instant", {"type": "string", "format": "date-time"}),
    "google.protobuf.Struct": ("dict[str, JsonValue]", {"type": "object", "additionalProperties": True}),
    "google.protobuf.Value": ("JsonValue", {}),
    "google.protobuf.ListValue": ("list[JsonValue]", {"type": "array", "items": {}}),
}


def package(descriptor: Descriptor | EnumDescriptor) -> str:
    """The folder of protos/anzhi that says it."""
    return str(descriptor.file.package).split(".")[1]


def class_name(descriptor: Descriptor) -> str:
    """Nested messages are joined to their parents: Case.Party -> CaseParty."""
    return str(descriptor.full_name).removeprefix(f"{descriptor.file.package}.").replace(".", "")


def component(descriptor: Descriptor) -> str:
    return f"{package(descriptor)}.{class_name(descriptor)}"


def enum_words(enum: EnumDescriptor) -> list[str]:
    """The values without the prefix that proto asks for and without UNSPECIFIED, which is absence."""
    prefix = longest_prefix(enum)
    return [value.name.removeprefix(prefix) for value in enum.values if value.number != 0 or not value.name.endswith("_UNSPECIFIED")]


def longest_prefix(enum: EnumDescriptor) -> str:
    zero = next(value.name for value in enum.values if value.number == 0)
    return str(zero).removesuffix("UNSPECIFIED")


@dataclass(frozen=True)
class Shape:
    """A field as JSON has it. `default` is None where absence is a value of its own."""

    field: FieldDescriptor
    python: str
    schema: Schema
    default: str | None

    @property
    def attribute(self) -> str:
        name = str(self.field.name)
        return f"{name}_" if keyword.iskeyword(name) or hasattr(BaseModel, name) else name

    @property
    def alias(self) -> str:
        return str(self.field.json_name)


def shape(field: FieldDescriptor, home: str) -> Shape:
    """`home` is the package whose module the Python type is written into."""
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        value = shape(field.message_type.fields_by_name["value"], home)
        return Shape(field, f"dict[str, {value.python}]", {"type": "object", "additionalProperties": value.schema}, "{}")
    python, schema, default = single(field, home)
    if field.is_repeated:
        return Shape(field, f"list[{python}]", {"type": "array", "items": schema}, "[]")
    return Shape(field, python, schema, None if field.has_presence else default)


def single(field: FieldDescriptor, home: str) -> tuple[str, Schema, str | None]:
    if field.enum_type is not None:
        words = enum_words(field.enum_type)
        return f"Literal[{', '.join(map(quoted, words))}]", {"type": "string", "enum": words}, None
    if field.message_type is not None:
        message = field.message_type
        if message.full_name in WELL_KNOWN:
            return (*WELL_KNOWN[message.full_name], None)
        if message.file.package.startswith("anzhi."):
            name = class_name(message)
            python = name if package(message) == home else f"_{package(message)}.{name}"
            return python, {"$ref": f"#/components/schemas/{component(message)}"}, None
    if field.type in SCALARS:
        return SCALARS[field.type]
    raise TypeError(f"{field.full_name}: this kind of field has no shape in JSON")


def quoted(word: str) -> str:
    return f'"{word}"'


def below(fields: Iterable[FieldDescriptor]) -> Iterator[Descriptor]:
    """The messages of ours that these fields lead to, each once."""
    seen: set[str] = set()
    waiting = [field.message_type for field in fields if field.message_type is not None]
    while waiting:
        message = waiting.pop()
        if message.full_name in seen or not message.file.package.startswith("anzhi."):
            continue
        seen.add(message.full_name)
        if not message.GetOptions().map_entry:
            yield message
        waiting.extend(field.message_type for field in message.fields if field.message_type is not None)


@dataclass(frozen=True)
class Messages:
    """The messages that the doors show: what is only ever answered has all its fields."""

    asked: dict[str, Descriptor]
    answered: dict[str, Descriptor]

    @classmethod
    def of(cls, doors: Iterable[Door]) -> "Messages":
        doors = list(doors)
        asked = {message.full_name: message for door in doors for message in below(door.rest)}
        answered = {message.full_name: message for door in doors for message in (door.response, *below(door.response.fields))}
        return cls(asked, answered)

    def all(self) -> list[Descriptor]:
        return [message for _, message in sorted({**self.asked, **self.answered}.items())]

    def complete(self, message: Descriptor) -> bool:
        return message.full_name not in self.asked
