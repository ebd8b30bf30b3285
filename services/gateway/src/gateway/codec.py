"""Between JSON and proto. Requests pass the generated shapes (strict, nothing unknown) before a message is filled."""

import base64
import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from anzhi.rest import Shape
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from pydantic import ValidationError
from pydantic_core import from_json, to_json

from gateway.doors import Door
from gateway.problems import BodyNotJson, BodyTooDeep, FieldProblem, InvalidField, UnknownField

# A message may be nested 100 deep before gRPC refuses to parse it; a form's content needs far less.
DEPTH = 32
WHOLE = 2**53
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - written without an offset, because Z follows


def number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"0|-?[1-9][0-9]{0,9}", text) else text


def fraction(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", text) else text


def truth(text: str) -> bool | str:
    return {"true": True, "false": False}.get(text, text)


PARSERS: dict[int, Callable[[str], Any]] = {
    FieldDescriptor.TYPE_INT32: number,
    FieldDescriptor.TYPE_UINT32: number,
    FieldDescriptor.TYPE_DOUBLE: fraction,
    FieldDescriptor.TYPE_FLOAT: fraction,
    FieldDescriptor.TYPE_BOOL: truth,
}


def shape_of(door: Door, suffix: str) -> type[Shape]:
    found: type[Shape] = getattr(importlib.import_module(f"anzhi.rest.{door.service}"), f"{door.name}{suffix}")
    return found


class Reader:
    """Makes the request of one door from path, query and body."""

    def __init__(self, door: Door, request: type[Message]) -> None:
        self.door = door
        self.request = request
        self.text = shape_of(door, "Query") if door.text else None
        self.body = shape_of(door, "") if door.body else None
        self._typed = {field.json_name: field for field in door.text if field.type in PARSERS}
        self._repeated = {field.json_name for field in door.query if field.is_repeated}
        self._path = {name: door.request.fields_by_name[name].json_name for name in door.parameters}

    def read(self, path: Mapping[str, str], query: bytes, body: bytes) -> Message:
        message = self.request()
        texts = self._texts(path, query)
        if self.text is not None:
            with_problems(message, self.text, to_json(texts))
        elif texts:
            raise unknown(FieldProblem(name, "UNKNOWN_FIELD", "there is no such query parameter") for name in texts)
        if self.body is not None:
            check_text(body)
            with_problems(message, self.body, body or b"{}")
        elif body.strip() not in {b"", b"{}"}:
            raise unknown([FieldProblem("", "UNKNOWN_FIELD", "this request has no body")])
        return message

    def _texts(self, path: Mapping[str, str], query: bytes) -> dict[str, Any]:
        texts: dict[str, Any] = {}
        try:
            pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
        except ValueError as error:
            raise InvalidField("the query string is not percent-encoded UTF-8", fields=()) from error
        for name, value in pairs:
            if name in self._path.values():
                raise unknown([FieldProblem(name, "UNKNOWN_FIELD", "it belongs in the path")])
            if name in self._repeated:
                texts.setdefault(name, []).append(value)
            elif name in texts:
                raise invalid([FieldProblem(name, "INVALID_FIELD", "it is given twice")])
            else:
                texts[name] = value
        texts.update({self._path[name]: value for name, value in path.items()})
        wrong = [name for name, value in texts.items() if any("\x00" in each for each in ([value] if isinstance(value, str) else value))]
        if wrong:
            raise invalid(FieldProblem(name, "INVALID_FIELD", "the character U+0000 cannot be stored") for name in wrong)
        return {name: self._parsed(name, value) for name, value in texts.items()}

    def _parsed(self, name: str, value: Any) -> Any:
        """A number or truth value out of its text; what is none stays text, and the shape refuses it."""
        if name not in self._typed:
            return value
        parse = PARSERS[self._typed[name].type]
        return [parse(each) for each in value] if isinstance(value, list) else parse(value)


def with_problems(message: Message, kind: type[Shape], text: bytes) -> None:
    try:
        shape = kind.model_validate_json(text)
    except ValidationError as error:
        raise told(error) from error
    fill(message, shape)


def told(error: ValidationError) -> InvalidField | UnknownField | BodyNotJson:
    problems = []
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        if each["type"] == "json_invalid":
            return BodyNotJson(f"the body is not JSON: {each['msg']}")
        reason = "UNKNOWN_FIELD" if each["type"] == "extra_forbidden" else "INVALID_FIELD"
        problems.append(FieldProblem(dotted(each["loc"]), reason, each["msg"]))
    return unknown(problems) if all(problem.reason == "UNKNOWN_FIELD" for problem in problems) else invalid(problems)


def dotted(path: Iterable[str | int]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def unknown(problems: Iterable[FieldProblem]) -> UnknownField:
    fields = tuple(problems)
    return UnknownField(f"unknown: {', '.join(problem.field or 'body' for problem in fields)}", fields=fields)


def invalid(problems: Iterable[FieldProblem]) -> InvalidField:
    fields = tuple(problems)
    return InvalidField("; ".join(f"{problem.field or 'body'}: {problem.detail}" for problem in fields), fields=fields)


def check_text(body: bytes) -> None:
    """What PostgreSQL cannot store (U+0000) and what gRPC cannot parse (too deep) is refused here, with its reason.

    Both are rare enough that most bodies are not parsed a second time.
    """
    if b"\\u0000" not in body and body.count(b"{") + body.count(b"[") <= DEPTH:
        return
    try:
        tree = from_json(body)
    except ValueError as error:
        raise BodyNotJson(f"the body is not JSON: {error}") from error
    for place, depth, value in walk(tree):
        if depth > DEPTH:
            raise BodyTooDeep(f"the body is nested more than {DEPTH} deep", most=DEPTH)
        if isinstance(value, str) and "\x00" in value:
            raise invalid([FieldProblem(dotted(place), "INVALID_FIELD", "the character U+0000 cannot be stored")])


def walk(tree: Any) -> Iterator[tuple[tuple[str | int, ...], int, Any]]:
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), tree)]
    while waiting:
        place, value = waiting.pop()
        yield place, len(place), value
        if isinstance(value, dict):
            for key, inner in value.items():
                yield (*place, key), len(place), key
                waiting.append(((*place, key), inner))
        elif isinstance(value, list):
            waiting.extend(((*place, index), inner) for index, inner in enumerate(value))


def enum_prefix(enum: EnumDescriptor) -> str:
    return str(enum.values_by_number[0].name).removesuffix("UNSPECIFIED")


@cache
def attributes(shape: type[Shape], message: Descriptor) -> dict[str, FieldDescriptor]:
    by_json = {field.json_name: field for field in message.fields}
    return {name: by_json[str(field.alias)] for name, field in shape.model_fields.items()}


def fill(message: Message, shape: Shape) -> None:
    """Copy what was given onto the message. A number too large for its field is the caller's mistake."""
    fields = attributes(type(shape), message.DESCRIPTOR)
    for attribute in shape.model_fields_set:
        value = getattr(shape, attribute)
        if value is None:
            continue
        field = fields[attribute]
        try:
            put(message, field, value)
        except (ValueError, OverflowError, TypeError) as error:
            raise invalid([FieldProblem(field.json_name, "INVALID_FIELD", str(error))]) from error


def put(message: Message, field: FieldDescriptor, value: Any) -> None:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        target, inner = getattr(message, field.name), field.message_type.fields_by_name["value"]
        for key, each in value.items():
            if inner.message_type is None:
                target[key] = scalar(inner, each)
            else:
                put_message(target[key], inner.message_type, each)
    elif field.is_repeated:
        target = getattr(message, field.name)
        if field.message_type is None:
            target.extend(scalar(field, each) for each in value)
        else:
            for each in value:
                put_message(target.add(), field.message_type, each)
    elif field.message_type is None:
        setattr(message, field.name, scalar(field, value))
    else:
        target = getattr(message, field.name)
        target.SetInParent()
        put_message(target, field.message_type, value)


def scalar(field: FieldDescriptor, value: Any) -> Any:
    if field.enum_type is not None:
        return field.enum_type.values_by_name[enum_prefix(field.enum_type) + value].number
    if field.cpp_type in {FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64}:
        return int(value)
    return value


def put_message(target: Any, descriptor: Descriptor, value: Any) -> None:
    match descriptor.full_name:
        case "google.protobuf.Timestamp":
            target.FromDatetime(value.astimezone(UTC))
        case "google.protobuf.Struct":
            target.update(value)
        case "google.protobuf.ListValue":
            target.extend(value)
        case "google.protobuf.Value":
            holder = Struct()
            holder.update({"value": value})
            target.CopyFrom(holder.fields["value"])
        case _:
            fill(target, value)


def write(message: Message) -> bytes:
    return to_json(plain(message), inf_nan_mode="null")


def plain(message: Message) -> dict[str, Any]:
    """The message as JSON has it: all its values; what is not set and enums that are UNSPECIFIED are left out."""
    out: dict[str, Any] = {}
    for name, alias, presence, convert in plan(message.DESCRIPTOR):
        if presence and not message.HasField(name):
            continue
        value = getattr(message, name)
        if convert is not None:
            value = convert(value)
            if value is None:
                continue
        out[alias] = value
    return out


Convert = Callable[[Any], Any]


@cache
def plan(descriptor: Descriptor) -> tuple[tuple[str, str, bool, Convert | None], ...]:
    return tuple((field.name, field.json_name, field.has_presence, converter(field)) for field in descriptor.fields)


def converter(field: FieldDescriptor) -> Convert | None:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        inner = single(field.message_type.fields_by_name["value"]) or same
        return lambda value: {key: inner(value[key]) for key in sorted(value)}
    one = single(field)
    if field.is_repeated:
        each = one or same
        return lambda value: [each(item) for item in value]
    return one


def same(value: Any) -> Any:
    return value


def single(field: FieldDescriptor) -> Convert | None:
    if field.enum_type is not None:
        enum, prefix = field.enum_type, enum_prefix(field.enum_type)
        words = {
            number: None if value.name == f"{prefix}UNSPECIFIED" and number == 0 else value.name.removeprefix(prefix)
            for number, value in enum.values_by_number.items()
        }
        return words.get
    if field.message_type is not None:
        match field.message_type.full_name:
            case "google.protobuf.Timestamp":
                return instant
            case "google.protobuf.Struct":
                return struct
            case "google.protobuf.Value":
                return loose
            case "google.protobuf.ListValue":
                return lambda value: [loose(each) for each in value.values]
            case _:
                return plain
    if field.cpp_type in {FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64}:
        return str
    if field.type == FieldDescriptor.TYPE_BYTES:
        return lambda value: base64.b64encode(value).decode()
    return None


def instant(value: Any) -> str:
    """As Timestamp.ToJsonString has it, in a fifth of the time: an answer holds dozens."""
    whole = (EPOCH + timedelta(seconds=value.seconds)).isoformat()
    nanos = value.nanos
    if not nanos:
        return f"{whole}Z"
    digits = 3 if nanos % 1_000_000 == 0 else 6 if nanos % 1_000 == 0 else 9
    return f"{whole}.{f'{nanos:09d}'[:digits]}Z"


def struct(value: Any) -> dict[str, Any]:
    return {key: loose(value.fields[key]) for key in sorted(value.fields)}


def loose(value: Any) -> Any:
    match value.WhichOneof("kind"):
        case "struct_value":
            return struct(value.struct_value)
        case "list_value":
            return [loose(each) for each in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() and abs(number) < WHOLE else number
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case _:
            return None
