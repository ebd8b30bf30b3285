"""What was published stays: reasons, HTTP operations, and every shape of an event."""

import json

import pytest
from asyncapi import events
from code_facts import errors
from files import ROOT
from gateway.doors import files
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.unknown_fields import UnknownFieldSet
from openapi import OPENAPI
from publish import OPERATIONS, SAMPLES, operations, published_reasons, sample


def test_no_reason_disappears():
    assert set(published_reasons()) <= {error.reason for error in errors()}


def test_the_openapi_document_does_not_shrink():
    before, now = json.loads(OPERATIONS.read_text()), operations(json.loads(OPENAPI.read_text()))
    for name, operation in before["operations"].items():
        assert name in now["operations"], f"{name} is gone"
        here = now["operations"][name]
        assert here["at"] == operation["at"]
        assert set(operation["parameters"]) <= set(here["parameters"]), f"{name} lost a parameter"
        assert set(here["required"]) <= set(operation["required"]), f"{name} asks for more than it did"
        assert (here["body"], here["answer"]) == (operation["body"], operation["answer"])
    for name, properties in before["schemas"].items():
        assert name in now["schemas"], f"{name} is gone"
        assert properties.items() <= now["schemas"][name].items(), f"{name} lost or changed a property"


def samples() -> list[tuple[str, str]]:
    return [(path.parent.name, path.stem) for path in sorted((ROOT / "tests" / "contract" / "samples").rglob("*.binpb"))]


def decoded(full_name: str, number: str):
    kinds = {message.full_name: message for file in files() for message in file.message_types_by_name.values()}
    content = (ROOT / "tests" / "contract" / "samples" / full_name / f"{number}.binpb").read_bytes()
    return GetMessageClass(kinds[full_name]).FromString(content), content


@pytest.mark.parametrize(("full_name", "number"), samples())
def test_every_sample_decodes_with_nothing_left_over(full_name: str, number: str):
    message, content = decoded(full_name, number)

    assert len(UnknownFieldSet(message)) == 0
    assert message.ListFields()
    assert message.SerializeToString(deterministic=True) == content


def test_every_event_has_a_sample_of_its_present_shape():
    missing = []
    for messages in events().values():
        for message in messages.values():
            kept = [path.read_bytes() for path in (SAMPLES / message.full_name).glob("*.binpb")]
            if sample(message).SerializeToString(deterministic=True) not in kept:
                missing.append(message.full_name)
    assert not missing, f"python infra/gen --publish: {', '.join(missing)}"
