"""Writes libs/contracts/src/anzhi/asyncapi.json: the events of the protos on the topics of infra/kafka/topics.yaml."""

import json
from collections.abc import Mapping
from typing import Any

import yaml
from comments import Comments
from files import CONTRACTS, ROOT, Changes
from gateway.doors import files
from google.protobuf.descriptor import Descriptor
from openapi import describe, message_schema
from shapes import Schema, below, component

ASYNCAPI = CONTRACTS / "anzhi" / "asyncapi.json"
CARRIED = CONTRACTS / "anzhi" / "topics.json"
TOPICS = ROOT / "infra" / "kafka" / "topics.yaml"

HEADERS: Schema = {
    "type": "object",
    "description": "CloudEvents 1.0, binary mode of the Kafka binding.",
    "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "The same for ever; a reader that has seen it does nothing."},
        "ce_type": {"type": "string", "description": "Full name of the message, for example anzhi.penalties.v1.CaseDecided."},
        "ce_source": {"type": "string", "description": "The service that wrote it."},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_root": {"type": "string", "description": "Root of the organisation tree whose legal clock the event follows."},
        "traceparent": {"type": "string"},
    },
}


def topics() -> dict[str, dict[str, Any]]:
    document: Mapping[str, Any] = yaml.safe_load(TOPICS.read_text())
    return {name: {**document["defaults"], **topic} for name, topic in document["topics"].items()}


def events() -> dict[str, dict[str, Descriptor]]:
    """service -> event name -> message."""
    found: dict[str, dict[str, Descriptor]] = {}
    for file in files():
        if file.name.endswith("/events.proto"):
            found[file.package.split(".")[1]] = dict(file.message_types_by_name)
    return found


def package(topic: Mapping[str, Any]) -> str:
    """Whose events.proto the topic carries: its owner's, or that of the package it names."""
    return str(topic.get("package", topic["owner"])).replace("-", "_")


def carried(name: str, topic: Mapping[str, Any]) -> list[str]:
    """The events of a topic: those that it names, or all of its package that no other topic of the owner names."""
    if "events" in topic:
        return list(topic["events"])
    named = {event for other in topics().values() if other["owner"] == topic["owner"] for event in other.get("events", ())}
    return [event for event in events().get(package(topic), {}) if event not in named]


def write_asyncapi(changes: Changes, comments: Comments) -> None:
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    schemas: dict[str, Schema] = {}
    for name, topic in topics().items():
        known = events().get(package(topic), {})
        carries = [known[event] for event in carried(name, topic) if event in known]
        keys = [component(message) for message in carries]
        readers = ", ".join(topic["readers"]) or "nobody yet"
        channels[name] = {
            "address": name,
            "description": f"Written by {topic['owner']}, read by {readers}. The key is `{topic['key']}`.",
            "messages": {key: {"$ref": f"#/components/messages/{key}"} for key in keys},
            "bindings": {
                "kafka": {
                    "partitions": topic["partitions"],
                    "replicas": topic["replicas"],
                    "topicConfiguration": (
                        {"cleanup.policy": ["compact"]} if topic.get("compact") else {"retention.ms": topic["retention_days"] * 86_400_000}
                    ),
                }
            },
        }
        operations[f"{topic['owner']}.send.{name}"] = {"action": "send", "channel": {"$ref": f"#/channels/{name}"}}
        for reader in topic["readers"]:
            operations[f"{reader}.receive.{name}"] = {"action": "receive", "channel": {"$ref": f"#/channels/{name}"}}
        for message, key in zip(carries, keys, strict=True):
            messages[key] = {
                "name": message.full_name,
                "title": message.name,
                "summary": comments.get(message.full_name, ""),
                "contentType": "application/protobuf",
                "headers": {"$ref": "#/components/schemas/CloudEvent"},
                "payload": {"$ref": f"#/components/schemas/{key}"},
            }
            for each in (message, *below(message.fields)):
                schemas[component(each)] = schema(each, comments)
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Anzhi events",
            "version": "v1",
            "description": "The value is the message named by `ce_type`; schemas show it as JSON. Fields are added, never changed.",
        },
        "defaultContentType": "application/protobuf",
        "channels": {name: channels[name] for name in sorted(channels)},
        "operations": {name: operations[name] for name in sorted(operations)},
        "components": {
            "messages": {name: messages[name] for name in sorted(messages)},
            "schemas": {"CloudEvent": HEADERS, **{name: schemas[name] for name in sorted(schemas)}},
        },
    }
    changes.write(ASYNCAPI, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    # An image carries the contracts and no YAML.
    changes.write(CARRIED, json.dumps(yaml.safe_load(TOPICS.read_text()), ensure_ascii=False, indent=1) + "\n")


def schema(message: Descriptor, comments: Comments) -> Schema:
    made = message_schema(message.fields, complete=False)
    # A reader must take fields that a newer writer added.
    del made["additionalProperties"]
    describe(made, comments.get(message.full_name, ""))
    for field in message.fields:
        describe(made["properties"][field.json_name], comments.get(field.full_name, ""))
    return made
