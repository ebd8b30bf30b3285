"""infra/kafka/topics.yaml against the code of owners and readers, and readers against the samples."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from asyncapi import carried, topics
from code_facts import services
from files import ROOT
from servicekit.law import CLOCK, PARAMETERS
from servicekit.settings import ServiceSettings


def owned() -> Iterator[tuple[str, str, str, list[str]]]:
    """Owner, topic, key and event names, from each service's Store."""

    for service in services():
        if not (ROOT / "services" / service / "src" / service / "adapters" / "store.py").exists():
            continue
        store = importlib.import_module(f"{service}.adapters.store").Store
        for topic in store.topics:
            yield service, topic.name, topic.key, sorted(topic.events or ())


def heard() -> dict[str, dict[str, set[str]]]:
    """reader -> topic -> event class names, as written in `consumes=` and `projects=` of each app.py."""
    found: dict[str, dict[str, set[str]]] = {}
    for app in sorted((ROOT / "services").glob("*/src/*/app.py")):
        tree = ast.parse(app.read_text())
        for keyword in (node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg in {"consumes", "projects"}):
            for topic, handlers in dictionary(keyword.value, app):
                names = {name_of(key) for key in handlers.keys if key is not None}
                found.setdefault(app.parent.name, {}).setdefault(topic, set()).update(names)
    return found


def dictionary(node: ast.expr, app: Path) -> list[tuple[str, ast.Dict]]:
    assert isinstance(node, ast.Dict), f"{app}: consumes and projects are written as dictionaries, so that they can be read"
    pairs = []
    for key, value in zip(node.keys, node.values, strict=True):
        assert isinstance(key, ast.Constant) and isinstance(value, ast.Dict), f"{app}: a topic is a text, its handlers a dictionary"
        pairs.append((str(key.value), value))
    return pairs


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ast.unparse(node)


def test_owners_write_what_the_file_says():
    written = {topic: (owner, key, events) for owner, topic, key, events in owned()}

    assert written == {name: (topic["owner"], topic["key"], sorted(topic.get("events", ()))) for name, topic in topics().items()}


def test_readers_are_those_that_the_file_names():
    reading = {name: set() for name in topics()}
    for reader, heard_topics in heard().items():
        for topic in heard_topics:
            reading.setdefault(topic, set()).add(reader)
    followers = {service for service in services() if service != "gateway"}
    reading[CLOCK] |= followers - {"identity"}
    reading[PARAMETERS] |= followers - {"lawbook"}

    assert reading == {name: set(topic["readers"]) for name, topic in topics().items()}


@pytest.mark.parametrize(("reader", "topic"), [(reader, topic) for reader, topics in heard().items() for topic in topics])
def test_a_reader_hears_only_what_the_topic_carries(reader: str, topic: str):
    assert heard()[reader][topic] <= set(carried(topic, topics()[topic]))


def test_no_event_outlives_the_memory_of_having_read_it():
    most = ServiceSettings.model_fields["inbox_days"].default
    assert all(topic["retention_days"] < most for topic in topics().values() if not topic.get("compact"))
