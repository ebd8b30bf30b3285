"""Writes libs/contracts/src/anzhi/openapi.json: the HTTP doors as OpenAPI 3.1."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from comments import Comments
from files import CONTRACTS, Changes
from gateway.doors import Door
from google.protobuf.descriptor import FieldDescriptor
from shapes import Messages, Schema, component, shape
from words import Words

OPENAPI = CONTRACTS / "anzhi" / "openapi.json"

REFUSALS = {
    "400": ("Invalid", "The request can never succeed as it stands; `fields` names what is wrong with it."),
    "401": ("Unauthenticated", "No token, or one that is expired or not ours."),
    "403": ("Forbidden", "This officer may not do this."),
    "404": ("NotFound", "It does not exist, or is not yours to see."),
    "409": ("NotNow", "The state, a deadline or a missing step forbids it, or someone else changed it first."),
    "413": ("TooLarge", "The body is larger than the gateway takes; files go to the object store by presigned URL."),
    "415": ("NotJson", "The body is not application/json."),
    "428": ("VersionRequired", "A write on an existing thing names the version that was read, in If-Match."),
    "429": ("TooMany", "Too many requests; come back after Retry-After seconds."),
    "500": ("Fault", "Our fault; logged under the trace id, told to nobody."),
    "503": ("Away", "A part of the platform is away; send the same request again."),
}

PROBLEM: Schema = {
    "type": "object",
    "description": "Why the request was refused (RFC 9457). Look `reason` up, never parse `detail`.",
    "required": ["type", "title", "status", "reason", "service", "detail", "message", "facts", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "The HTTP status in words."},
        "status": {"type": "integer"},
        "reason": {"type": "string", "description": "UPPER_SNAKE code, the same for ever; docs/reference/errors.md lists all."},
        "service": {"type": "string"},
        "detail": {"type": "string", "description": "One English sentence for the log."},
        "message": {"type": "string", "description": "The reason in the language of Accept-Language, Chinese by default."},
        "facts": {"type": "object", "additionalProperties": True},
        "fields": {
            "type": "array",
            "description": "With status 400: each field that is wrong.",
            "items": {
                "type": "object",
                "required": ["field", "reason", "detail"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "trace_id": {"type": "string"},
    },
}

PARAMETERS: dict[str, Schema] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "A UUID chosen by the caller. The request is done once, however often it is sent with this key.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag of the thing as it was read; a write on another version is refused.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,18}"$', "examples": ['"3"']},
    },
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "required": False,
        "description": "Language of `message` in a refusal: zh (default) or en.",
        "schema": {"type": "string", "examples": ["zh", "en"]},
    },
}


def write_openapi(changes: Changes, doors: Sequence[Door], messages: Messages, comments: Comments, words: Words) -> None:
    paths: dict[str, dict[str, Any]] = {}
    for door in doors:
        paths.setdefault(door_path(door), {})[door.method.lower()] = operation(door, comments, words)
    schemas = {f"{door.service}.{door.name}": body(door, comments) for door in doors if door.body}
    schemas |= {component(message): message_schema(message.fields, complete=messages.complete(message)) for message in messages.all()}
    for message in messages.all():
        describe(schemas[component(message)], comments.get(message.full_name, ""))
        for field in message.fields:
            describe(schemas[component(message)]["properties"][field.json_name], comments.get(field.full_name, ""))
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Anzhi",
            "version": "v1",
            "summary": "Inspection, rectification, penalty and transfer of work-safety enforcement in one province.",
            "description": "A write takes an Idempotency-Key, on an existing thing also If-Match; a refusal is problem+json.",
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": tags(doors, comments),
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Access token of `identity.Login`."}
            },
            "parameters": PARAMETERS,
            "headers": {
                "ETag": {"description": "The version of the answer, for If-Match.", "schema": {"type": "string"}},
                "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
            },
            "responses": {name: refusal(status, text) for status, (name, text) in REFUSALS.items()},
            "schemas": {"Problem": PROBLEM, **{name: schemas[name] for name in sorted(schemas)}},
        },
    }
    changes.write(OPENAPI, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def door_path(door: Door) -> str:
    """Path parameters are called by their JSON names, as everywhere in the document."""
    return re.sub(r"\{(\w+)\}", lambda found: f"{{{door.request.fields_by_name[found[1]].json_name}}}", door.path)


def tags(doors: Iterable[Door], comments: Comments) -> list[Schema]:
    found = {door.service: comments.get(door.rpc.containing_service.full_name, "") for door in doors}
    return [{"name": name, "description": text} for name, text in sorted(found.items())]


def describe(schema: Schema, comment: str) -> None:
    # Beside $ref, OpenAPI 3.1 allows a description.
    if comment:
        schema["description"] = comment


def message_schema(fields: Iterable[FieldDescriptor], *, complete: bool) -> Schema:
    shapes = [shape(field, "") for field in fields]
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": {}}
    required = [each.alias for each in shapes if complete and each.default is not None]
    if required:
        schema["required"] = required
    schema["properties"] = {each.alias: dict(each.schema) for each in shapes}
    return schema


def body(door: Door, comments: Comments) -> Schema:
    schema = message_schema(door.body, complete=False)
    describe(schema, comments.get(door.request.full_name, ""))
    for field in door.body:
        describe(schema["properties"][field.json_name], comments.get(field.full_name, ""))
    return schema


def refusal(status: str, text: str) -> Schema:
    answer: Schema = {"description": text, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    if status in {"429", "503"}:
        answer["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    return answer


def refusals(door: Door) -> Iterable[str]:
    for status in REFUSALS:
        if status in {"413", "415"} and door.method == "GET":
            continue
        if status == "428" and not door.versioned:
            continue
        yield status


def operation(door: Door, comments: Comments, words: Words) -> Schema:
    comment = comments.get(door.rpc.full_name, "")
    headers: Schema = {"ETag": {"$ref": "#/components/headers/ETag"}} if door.tagged else {}
    answer: Schema = {
        "description": comments.get(door.response.full_name, "") or "Done.",
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{component(door.response)}"}}},
    }
    if headers:
        answer["headers"] = headers
    made: Schema = {
        "operationId": f"{door.service}.{door.name}",
        "tags": [door.service],
        "summary": comment.split(". ")[0].rstrip(".") or door.name,
        "description": comment,
        "parameters": list(parameters(door, comments)),
    }
    if door.body or door.method not in {"GET", "DELETE"}:
        schema = {"$ref": f"#/components/schemas/{door.service}.{door.name}"} if door.body else {"type": "object", "maxProperties": 0}
        made["requestBody"] = {"required": bool(door.body), "content": {"application/json": {"schema": schema}}}
    made["responses"] = {"200": answer, **{status: {"$ref": f"#/components/responses/{REFUSALS[status][0]}"} for status in refusals(door)}}
    if door.policy.public:
        made["security"] = []
    else:
        made["x-permission"] = door.policy.permission
        title = words.both("permissions", door.policy.permission)
        if title:
            made["x-title"] = title
    if door.policy.log_read:
        made["x-read-log"] = True
    return made


def parameters(door: Door, comments: Comments) -> Iterable[Schema]:
    for field in door.text:
        inside = field.name in door.parameters
        each = shape(field, "")
        made: Schema = {"name": each.alias, "in": "path" if inside else "query", "required": inside, "schema": dict(each.schema)}
        if inside and each.schema.get("type") == "string" and "enum" not in each.schema and "pattern" not in each.schema:
            made["schema"]["minLength"] = 1
        describe(made, comments.get(field.full_name, ""))
        yield made
    if door.write:
        yield {"$ref": "#/components/parameters/IdempotencyKey"}
    if door.versioned:
        yield {"$ref": "#/components/parameters/IfMatch"}
    yield {"$ref": "#/components/parameters/AcceptLanguage"}
