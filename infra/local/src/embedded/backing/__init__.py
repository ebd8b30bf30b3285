"""What the platform stands on: PostgreSQL, Kafka, Redis and S3, embedded or real.

    with Backing(Path(".local/backing")) as backing:
        asyncpg.connect(backing.addresses.pg_admin_url)

A part whose address is given (by `given`, as a rule read from the environment) is not started: the same command runs on
real servers.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from embedded.backing.kafka import Kafka
from embedded.backing.object_store import ObjectStore
from embedded.backing.part import Part, PartFailed
from embedded.backing.postgres import Postgres
from embedded.backing.seaweedfs import SeaweedFS
from embedded.backing.valkey import Valkey
from embedded.state import State

__all__ = ["Addresses", "Backing", "PartFailed", "given_in_environment"]

# What is said about a part: its name, what it is at, and whether that is done.
Say = Callable[[str, str, bool], None]


@dataclass(frozen=True)
class Addresses:
    pg_admin_url: str
    kafka_bootstrap: str
    redis_url: str
    s3_endpoint: str
    s3_access_key: str
    s3_secret_key: str

    @property
    def environment(self) -> dict[str, str]:
        return {name.upper(): value for name, value in asdict(self).items()}


def given_in_environment() -> dict[str, str]:
    """Addresses of real servers, by the same names as in `Addresses`, in capitals."""
    names = [name.upper() for name in Addresses.__dataclass_fields__]
    return {name: os.environ[name] for name in names if os.environ.get(name)}


class Backing:
    def __init__(self, folder: Path, *, given: Mapping[str, str] | None = None, durable: bool = True, say: Say | None = None) -> None:
        """`durable=False`, for tests: PostgreSQL does not wait for the disk."""
        self.state = State(folder)
        self.given = dict(given or {})
        self.say: Say = say or (lambda part, doing, done: None)
        self.postgres = Postgres(self.state, durable=durable)
        self.brokers: tuple[Kafka, ...] = (Kafka(self.state),)
        self.valkey = Valkey(self.state)
        self.store: ObjectStore = SeaweedFS(self.state)

    @property
    def ours(self) -> dict[str, tuple[Part, ...]]:
        """Those that are ours to start, by the address that they would be given under."""
        parts: dict[str, tuple[Part, ...]] = {
            "PG_ADMIN_URL": (self.postgres,),
            "KAFKA_BOOTSTRAP": self.brokers,
            "REDIS_URL": (self.valkey,),
            "S3_ENDPOINT": (*self.store.below, self.store),
        }
        return {name: each for name, each in parts.items() if name not in self.given}

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for each in self.ours.values() for part in each)

    @property
    def addresses(self) -> Addresses:
        own: dict[str, Callable[[], str]] = {
            "PG_ADMIN_URL": lambda: self.postgres.url,
            "KAFKA_BOOTSTRAP": lambda: ",".join(broker.url for broker in self.brokers),
            "REDIS_URL": lambda: self.valkey.url,
            "S3_ENDPOINT": lambda: self.store.url,
            "S3_ACCESS_KEY": lambda: self.store.access_key,
            "S3_SECRET_KEY": lambda: self.store.secret_key,
        }
        return Addresses(**{name.lower(): self.given.get(name) or make() for name, make in own.items()})

    def start(self) -> Addresses:
        """Call it from the main thread: the parts live as long as the thread that started them."""
        return asyncio.run(self.astart())

    async def astart(self) -> Addresses:
        """All side by side; if one fails, none is left."""
        try:
            async with asyncio.TaskGroup() as group:
                for part in self.parts:
                    group.create_task(self.start_part(part))
        except BaseException as failure:
            self.stop()
            if isinstance(failure, ExceptionGroup) and isinstance(failure.exceptions[0], PartFailed):
                raise failure.exceptions[0] from None
            raise
        return self.addresses

    async def start_part(self, part: Part) -> None:
        self.say(part.name, "starting", False)
        begin = time.monotonic()
        await part.start(lambda doing: self.say(part.name, doing, False))
        self.say(part.name, f"ready ({time.monotonic() - begin:.1f} s)", True)

    def stop(self) -> None:
        asked_at = time.monotonic()
        for part in self.parts:
            part.ask_to_stop()
        for part in self.parts:
            part.see_stopped(asked_at)

    def forget(self) -> None:
        """All that was stored, for good."""
        for part in self.parts:
            part.forget()
        self.state.forget()

    def __enter__(self) -> Self:
        self.start()
        return self

    async def __aenter__(self) -> Self:
        await self.astart()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
