"""What the code of each service says of itself: its settings, the channels that it opens, the topics that it reads."""

import importlib
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, get_args
from unittest.mock import patch

import grpc.aio
from pydantic_settings import BaseSettings
from servicekit import grpc as rpc
from servicekit.app import Service
from servicekit.identity import Identity
from servicekit.law import followed

from tests.charts.rendered import ROOT

SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/pyproject.toml"))
GATEWAY = "gateway"
PLANTED = {
    "database_url": "postgresql://nobody:nothing@127.0.0.1:1/nothing",
    "database_jobs_url": "postgresql://nobody:nothing@127.0.0.1:1/nothing",
    "database_owner_url": "postgresql://nobody:nothing@127.0.0.1:1/nothing",
    "redis_url": "redis://127.0.0.1:1/0",
    "kafka_bootstrap": "127.0.0.1:1",
    "kafka_username": "nobody",
    "kafka_password": "nothing",
    "s3_access_key": "nobody",
    "s3_secret_key": "nothing",
    "vault_key": "forty characters that are no key of anyone",
    "webhook_key": "forty characters that are no key of anyone",
    "bootstrap_password": "nothing",
}


@dataclass
class Said:
    """`opened`: services to which it opens a channel. `reads`: topics. `answers`: gRPC services that it serves."""

    opened: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)


@cache
def settings_of(service: str) -> type[BaseSettings]:
    kind: type[BaseSettings] = importlib.import_module(f"{service.replace('-', '_')}.app").Settings
    return kind


def variables(service: str) -> dict[str, bool]:
    """Variable -> whether it is needed."""
    return {name.upper(): known.is_required() for name, known in settings_of(service).model_fields.items() if name != "service_name"}


def _is_target(annotation: Any) -> bool:
    return "_target" in str(annotation) or any("_target" in str(inner) for inner in get_args(annotation))


def _planted(service: str) -> dict[str, Any]:
    """A value for each setting that wiring wants; the address of a service bears its name."""
    given: dict[str, Any] = {"service_name": service}
    for name, known in settings_of(service).model_fields.items():
        if name in PLANTED:
            given[name] = PLANTED[name]
        elif name.replace("_", "-") in SERVICES:
            given[name] = f"dns:///{name}:1"
        elif known.is_required():
            given[name] = Path("/nonexistent") if known.annotation is Path else "http://127.0.0.1:1"
    addresses = {other.replace("-", "_"): f"dns:///{other}:1" for other in SERVICES if other not in (service, GATEWAY)}
    if "targets" in settings_of(service).model_fields:
        given["targets"] = addresses
    if "owners" in settings_of(service).model_fields:
        given["owners"] = list(addresses.values())
    return given


async def said(service: str, *, legal_clock: bool) -> Said:
    """Wires the service with a recorder in place of the network."""
    app, found = importlib.import_module(f"{service.replace('-', '_')}.app"), Said()
    real = grpc.aio.insecure_channel

    def record(target: str, *arguments: Any, **options: Any) -> Any:
        found.opened.add(target.removeprefix("dns:///").partition(":")[0].replace("_", "-"))
        return real("127.0.0.1:1", *arguments, **options)

    settings = app.Settings(**(_planted(service) | {"legal_clock": legal_clock}))
    with patch("grpc.aio.insecure_channel", record):
        async with AsyncExitStack() as stack:
            built = await app.build(settings, stack)
            if isinstance(built, Service):
                if built.keys is None:
                    await stack.enter_async_context(Identity.at(settings, built.name))
                _told(built, found)
    return found


def _told(built: Service, found: Said) -> None:
    for handlers in (built.consumes, built.projects, followed(built.name) if built.follows else {}):
        found.reads |= set(handlers)
    found.reads |= {topic for reader in built.readers for topic in reader.hears}
    found.writes |= {topic.name for topic in built.store.topics}
    found.answers = list(rpc.services_of(built.grpc))
