"""`python infra/gen --publish`: what has been published, in protos/baseline.binpb and tests/contract. Contracts only grow.

Run it in a commit of its own when new contracts are released. What stands there is never taken out again.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from asyncapi import events
from code_facts import errors
from files import PROTOS, ROOT, Changes
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from openapi import OPENAPI
from stubs import BIN, run

CONTRACT = ROOT / "tests" / "contract"
SAMPLES = CONTRACT / "samples"
REASONS = CONTRACT / "published" / "reasons.txt"
OPERATIONS = CONTRACT / "published" / "operations.json"
BASELINE = PROTOS / "baseline.binpb"
F = FieldDescriptor


def write_published(changes: Changes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".binpb") as image:
        run(BIN / "buf", "build", "protos", "--exclude-source-info", "-o", image.name)
        changes.write_bytes(BASELINE, Path(image.name).read_bytes())
    changes.write(REASONS, "\n".join(sorted({*published_reasons(), *(error.reason for error in errors())})) + "\n")
    changes.write(OPERATIONS, json.dumps(operations(json.loads(OPENAPI.read_text())), indent=1, sort_keys=True) + "\n")
    for messages in events().values():
        for message in messages.values():
            write_sample(changes, message)


def published_reasons() -> list[str]:
    return REASONS.read_text().split() if REASONS.exists() else []


def operations(document: dict[str, Any]) -> dict[str, Any]:
    """The document without its prose: what a client may rely on."""
    found: dict[str, Any] = {"operations": {}, "schemas": {}}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parameters = [resolved(document, each) for each in operation["parameters"]]
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            found["operations"][operation["operationId"]] = {
                "at": f"{method.upper()} {path}",
                "parameters": sorted(f"{each['in']} {each['name']}" for each in parameters),
                "required": sorted(f"{each['in']} {each['name']}" for each in parameters if each["required"]),
                "body": body.get("$ref", ""),
                "answer": operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"],
                "statuses": sorted(operation["responses"]),
            }
    for name, schema in document["components"]["schemas"].items():
        found["schemas"][name] = {key: type_of(each) for key, each in schema["properties"].items()}
    return found


def resolved(document: dict[str, Any], each: dict[str, Any]) -> dict[str, Any]:
    found: Any = document
    if "$ref" not in each:
        return each
    for step in each["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def type_of(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"])
    if schema.get("type") == "array":
        return f"[{type_of(schema['items'])}]"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{{{type_of(schema['additionalProperties'])}}}"
    return " ".join(str(schema[key]) for key in ("type", "format") if key in schema) or "any"


def write_sample(changes: Changes, message: Descriptor) -> None:
    """A new sample if the newest one does not fill every field that the message has now."""
    folder = SAMPLES / message.full_name
    kept = sorted(folder.glob("*.binpb"), key=lambda path: int(path.stem))
    made = sample(message).SerializeToString(deterministic=True)
    if not kept or kept[-1].read_bytes() != made:
        changes.write_bytes(folder / f"{int(kept[-1].stem) + 1 if kept else 1}.binpb", made)


def sample(descriptor: Descriptor) -> Message:
    """Every field filled with something that follows from its number alone."""
    message = GetMessageClass(descriptor)()
    for field in descriptor.fields:
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            value = field.message_type.fields_by_name["value"]
            if value.message_type is None:
                getattr(message, field.name)["key"] = scalar(value)
            else:
                getattr(message, field.name)["key"].CopyFrom(inner(value.message_type))
        elif field.message_type is not None:
            made = inner(field.message_type)
            if field.is_repeated:
                getattr(message, field.name).add().CopyFrom(made)
            else:
                getattr(message, field.name).CopyFrom(made)
        elif field.is_repeated:
            getattr(message, field.name).append(scalar(field))
        else:
            setattr(message, field.name, scalar(field))
    return message


def inner(descriptor: Descriptor) -> Any:
    made: Any = GetMessageClass(descriptor)()
    match descriptor.full_name:
        case "google.protobuf.Timestamp":
            made.FromJsonString("2025-05-09T16:00:00Z")
        case "google.protobuf.Struct":
            made.update({"key": "value"})
        case "google.protobuf.Value":
            made.string_value = "value"
        case _:
            return sample(descriptor)
    return made


def scalar(field: FieldDescriptor) -> Any:
    if field.enum_type is not None:
        return field.enum_type.values[-1].number
    if field.type == F.TYPE_STRING:
        return f"text-{field.number}"
    if field.type == F.TYPE_BYTES:
        return bytes([field.number])
    if field.type == F.TYPE_BOOL:
        return True
    return float(field.number) if field.type in {F.TYPE_DOUBLE, F.TYPE_FLOAT} else field.number
