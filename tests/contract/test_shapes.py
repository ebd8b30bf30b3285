"""Proto, models, OpenAPI and the gateway's codec say the same shapes, for every door."""

import importlib
import json
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from gateway import codec
from gateway.doors import Door, House, doors
from google.protobuf.message_factory import GetMessageClass
from jsonschema_rs import Draft202012Validator
from openapi import OPENAPI
from publish import sample
from shapes import class_name, component, package

DOCUMENT = json.loads(OPENAPI.read_text())
EVERY = pytest.mark.parametrize("door", doors(), ids=lambda door: f"{door.service}.{door.name}")


@cache
def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**DOCUMENT, "$ref": f"#/components/schemas/{schema}"}, validate_formats=True)


def check(schema: str, value: Any) -> None:
    errors = [f"{list(error.instance_path)}: {error.message}" for error in validator(schema).iter_errors(value)]
    assert not errors, errors


@EVERY
def test_a_full_request_comes_back_from_json_as_it_was(door: Door):
    message: Any = sample(door.request)
    values = codec.plain(message)
    path = {name: str(values[door.request.fields_by_name[name].json_name]) for name in door.parameters}
    query = [(field.json_name, text(values[field.json_name])) for field in door.query]
    body = json.dumps({field.json_name: values[field.json_name] for field in door.body}).encode() if door.body else b""

    read: Any = codec.Reader(door, GetMessageClass(door.request)).read(path, urlencode(query, doseq=True).encode(), body)

    for header in ("request_id", "version") if door.write else ():
        if header in door.request.fields_by_name:
            setattr(read, header, getattr(message, header))
    assert read == message


def text(value: Any) -> Any:
    if isinstance(value, list):
        return [text(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@EVERY
def test_a_full_request_is_one_that_the_document_allows(door: Door):
    values = codec.plain(sample(door.request))

    if door.body:
        check(f"{door.service}.{door.name}", {field.json_name: values[field.json_name] for field in door.body})


@EVERY
def test_an_answer_full_or_empty_is_one_that_document_and_models_promise(door: Door):
    model = getattr(importlib.import_module(f"anzhi.rest.{package(door.response)}"), class_name(door.response))

    for message in (sample(door.response), GetMessageClass(door.response)()):
        written = codec.write(message)

        check(component(door.response), json.loads(written))
        model.model_validate_json(written)


@EVERY
def test_every_door_is_found_by_its_own_path(door: Door):
    path = door.path
    for name in door.parameters:
        path = path.replace(f"{{{name}}}", quote("an id/with:signs", safe=""))

    found = next((here, values) for here, values in House(doors()).at(path) if here.method == door.method)

    assert found[0].rpc.full_name == door.rpc.full_name
    assert set(found[1].values()) <= {"an id/with:signs"}


def test_the_document_names_every_door():
    named = {operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()}

    assert named == {f"{door.service}.{door.name}" for door in doors()}
