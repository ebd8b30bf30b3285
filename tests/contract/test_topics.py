"""infra/kafka/topics.yaml against what owners write and readers hear, and the samples against every reader."""

import importlib
from contextlib import AsyncExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asyncapi import carried, package, topics
from code_facts import services
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet
from publish import SAMPLES
from servicekit.app import Service
from servicekit.law import CLOCK, PARAMETERS
from servicekit.settings import ServiceSettings

OWNERS = [service for service in services() if service != "gateway"]


def anything(name: str, field: Any) -> Any:
    """A value for a setting that wiring needs but does not use: nothing is connected here."""
    kind = str(field.annotation)
    if name.endswith("_url") and "database" in name:
        return "postgresql://nobody:nothing@127.0.0.1:1/nothing"
    if "Path" in kind:
        return Path("/nonexistent")
    if name == "redis_url":
        return "redis://127.0.0.1:1/0"
    return "http://127.0.0.1:1" if name.endswith(("_endpoint", "_url")) else "127.0.0.1:1-and-forty-characters-for-a-vault-key"


async def wired(service: str) -> Service:
    app = importlib.import_module(f"{service}.app")
    fields = app.Settings.model_fields.items()
    needed = {
        name: anything(name, field) for name, field in fields if field.is_required() or (name.startswith("database_") and "url" in name)
    }
    async with AsyncExitStack() as stack:
        built: Service = await app.build(app.Settings(**needed, service_name=service, kafka_bootstrap="127.0.0.1:1"), stack)
    return built


@pytest.fixture(scope="module")
async def built() -> dict[str, Service]:
    return {service: await wired(service) for service in OWNERS}


def heard(service: Service) -> dict[str, list[type[Message]]]:
    found: dict[str, list[type[Message]]] = {}
    for handlers in (service.consumes, service.projects):
        for topic, kinds in handlers.items():
            found.setdefault(topic, []).extend(kinds)
    return found


@cache
def samples(full_name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((SAMPLES / full_name).glob("*.binpb"))]


def test_owners_write_what_the_file_says(built: dict[str, Service]):
    written = {
        topic.name: (service.name, topic.key, sorted(topic.events or ())) for service in built.values() for topic in service.store.topics
    }

    assert written == {name: (topic["owner"], topic["key"], sorted(topic.get("events", ()))) for name, topic in topics().items()}


def test_readers_are_those_that_the_file_names(built: dict[str, Service]):
    reading: dict[str, set[str]] = {name: set() for name in topics()}
    for service in built.values():
        for topic in {*heard(service), *(topic for own in service.readers for topic in own.hears)}:
            reading[topic].add(service.name)
    names = {service.name for service in built.values()}
    reading[CLOCK] |= names - {"identity"}
    reading[PARAMETERS] |= names - {"lawbook"}

    assert reading == {name: set(topic["readers"]) for name, topic in topics().items()}


@pytest.mark.parametrize("reader", OWNERS)
def test_a_reader_hears_only_what_the_topic_carries(built: dict[str, Service], reader: str):
    for topic, kinds in heard(built[reader]).items():
        carries = {f"anzhi.{package(topics()[topic])}.v1.{event}" for event in carried(topic, topics()[topic])}

        assert {kind.DESCRIPTOR.full_name for kind in kinds} <= carries


@pytest.mark.parametrize("reader", OWNERS)
def test_every_sample_decodes_in_every_reader(built: dict[str, Service], reader: str):
    for kinds in heard(built[reader]).values():
        for kind in kinds:
            assert samples(kind.DESCRIPTOR.full_name), kind.DESCRIPTOR.full_name
            for content in samples(kind.DESCRIPTOR.full_name):
                message = kind.FromString(content)

                assert message.ListFields()
                assert len(UnknownFieldSet(message)) == 0


def test_no_event_outlives_the_memory_of_having_read_it():
    most = ServiceSettings.model_fields["inbox_days"].default
    assert all(topic["retention_days"] < most for topic in topics().values() if not topic.get("compact"))
