"""What the platform of these tests stands on, with doors that can be shut, and the platform itself."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from embedded.state import State
from testkit import FaultyProxy

KEPT = ("PATH", "HOME", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


class Supervised:
    """A supervisor on a folder of its own, and what it keeps."""

    def __init__(self, name: str, folder: Path, **given: str) -> None:
        self.name, self.folder = name, folder
        self.environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {"ANZHI_STATE": str(folder)} | given

    def run(self, *words: str) -> str:
        command = [sys.executable, "-m", "embedded", *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def note(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads((self.folder / "platform.json").read_text("utf-8"))
        return said

    @property
    def children(self) -> dict[str, int]:
        return {child["name"]: child["pid"] for child in self.note["children"]}

    @property
    def targets(self) -> list[str]:
        """Each child, and who supervises them."""
        return [*self.children, f"supervisor of {self.name}"]

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        supervisor = name == f"supervisor of {self.name}"
        os.kill(int(State(self.folder).lock.read_text()) if supervisor else self.children[name], number)


class Doors:
    """Before the parts that are to be away for a while, and a collector that hears everything and answers nothing."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="doors", daemon=True)
        self._thread.start()
        self._doors: dict[str, FaultyProxy] = {}
        self._heard: list[asyncio.StreamWriter] = []
        self._deaf = self._do(asyncio.start_server(lambda reader, writer: self._heard.append(writer), "127.0.0.1", 0))

    def before(self, name: str, url: str) -> str:
        """The same URL by way of a door."""
        place = urlsplit(url)
        door = FaultyProxy(str(place.hostname), int(place.port or 0))
        self._doors[name] = self._do(door.__aenter__())
        return place._replace(netloc=f"{place.netloc.rpartition('@')[0]}@{door.address}".removeprefix("@")).geturl()

    @property
    def deaf_collector(self) -> str:
        return f"http://127.0.0.1:{self._deaf.sockets[0].getsockname()[1]}"

    @contextmanager
    def shut(self, name: str) -> Iterator[None]:
        """What is open breaks, whoever comes is refused."""
        door = self._doors[name]
        door.refuse = True
        self._loop.call_soon_threadsafe(door.cut)
        try:
            yield
        finally:
            door.heal()

    @contextmanager
    def half_open(self, name: str) -> Iterator[None]:
        door = self._doors[name]
        door.silent = True
        try:
            yield
        finally:
            door.heal()
            self._loop.call_soon_threadsafe(door.cut)

    def close(self) -> None:
        for door in self._doors.values():
            self._do(door.__aexit__(None, None, None))
        self._do(self._hang_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _hang_up(self) -> None:
        self._deaf.close()
        for writer in self._heard:
            writer.transport.abort()

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


class Platform:
    """All ten services, on parts that another supervisor keeps."""

    PARTS: ClassVar = {"embedded": {"ANZHI_BARE": "1"}, "peers": {"ANZHI_BARE": "1", "ANZHI_PEERS": "1"}}

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder = kind, folder / "platform"
        self.doors = Doors()
        self.parts = Supervised("parts", folder / "parts", **self.PARTS[kind])
        self.services = Supervised("services", self.folder)

    def start(self) -> None:
        for each in (self.services, self.parts):
            each.run("reset")
        self.parts.run("up")
        told = self.parts.note["environment"]
        told |= {name: self.doors.before(name, told[name]) for name in ("REDIS_URL", "S3_ENDPOINT")}
        collector = self.doors.before("collector", self.doors.deaf_collector)
        self.services.environment |= told | {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}
        self.services.run("up", "--demo")

    def end(self) -> None:
        self.services.run("reset")
        self.parts.run("reset")
        self.doors.close()

    def up(self) -> None:
        """Everything that should run, runs again when this returns."""
        self.parts.run("up")
        self.services.run("up")

    @property
    def brokers(self) -> list[str]:
        return [name for name in self.parts.children if name.startswith("kafka")]

    @property
    def database_server(self) -> str:
        return next(name for name in self.parts.children if name.startswith("postgres"))

    @property
    def told(self) -> dict[str, str]:
        environment: dict[str, str] = self.services.note["environment"]
        return environment

    @property
    def databases(self) -> dict[str, str]:
        """service -> URL of its role *jobs*."""
        return {name.removesuffix("_JOBS_URL").lower(): url for name, url in self.told.items() if name.endswith("_JOBS_URL")}

    @property
    def targets(self) -> list[str]:
        return [*self.services.targets, *self.parts.targets]

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        (self.parts if name in self.parts.targets else self.services).kill(name, number)

    def verified(self) -> bool:
        """Whether `make verify` holds over the live data."""
        words = [sys.executable, "-m", "embedded", "run", sys.executable, "-m", "verify"]
        done = subprocess.run(words, env=self.services.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
        return "invariants hold" in done.stdout
