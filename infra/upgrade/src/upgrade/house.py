"""The embedded platform with two places for each service, so that two versions of it can serve side by side."""

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from embedded import databases, keys, topics
from embedded.backing import Backing
from embedded.child import end_group, spawn, tail
from embedded.kept import serves
from embedded.services import DOCUMENTS, GATEWAY, IDENTITY, Service, Surroundings, named
from embedded.settings import from_environment
from embedded.state import State

from upgrade.version import Version

PLACES = ("a", "b")
SERVING_WITHIN = 300.0
ENDED_WITHIN = 60.0
DRAIN_DELAY = 3.0
LOOK_AGAIN_AFTER = 0.1


class HouseFailed(Exception):
    """A process did not come up or ended by itself; the text has the end of its log."""


@dataclass
class Resident:
    """A process of one version of one service in one place."""

    service: Service
    version: Version
    place: str
    address: str
    child: subprocess.Popen[bytes]
    log: Path

    @property
    def lives(self) -> bool:
        return self.child.poll() is None


class House:
    def __init__(self, folder: Path) -> None:
        self.settings = replace(from_environment(), folder=folder, given={}, http_port=None, public_url=None, legal_clock="on", demo=True)
        self.state, self.backing = State(folder), Backing(folder)
        self.residents: list[Resident] = []
        self._ports: dict[tuple[str, str], int] = {}

    @classmethod
    @asynccontextmanager
    async def of(cls, folder: Path, version: Version) -> AsyncIterator[Self]:
        """Everything of `version`, each service in its first place, with the demo organisation."""
        house = cls(folder)
        house.forget()
        try:
            await house.backing.astart()
            await topics.make(house.backing.addresses.kafka_bootstrap)
            with_database = [service for service in version.services if service.head is not None]
            await databases.make(house.backing.addresses.pg_admin_url, house.state, [service.package for service in with_database])
            await house.prepare(version)
            arrived = [house.launch(version, service.name, "a") for service in version.services]
            await asyncio.gather(*(house.until_serving(resident) for resident in arrived))
            yield house
        finally:
            await house.end()

    def forget(self) -> None:
        self.backing.forget()
        self.accounts.unlink(missing_ok=True)
        for folder in ("keys", "partners"):
            shutil.rmtree(self.state.folder / folder, ignore_errors=True)

    async def prepare(self, version: Version) -> None:
        """Migrations, reference data and demo accounts; what is there already stays."""
        for service in version.services:
            if service.head is not None:
                await self.once(version, service, "migrate")
        await self.load_references(version)
        identity = version.service(IDENTITY)
        if identity is not None and not self.accounts.exists():
            await self.once(version, identity, "bootstrap")
            await self.once(version, identity, "load-demo", "--accounts", str(self.accounts))
        documents = version.service(DOCUMENTS)
        if documents is not None:
            bodies = await databases.bodies(self.database(IDENTITY, "jobs"))
            missing = [f"{body}={name}" for body, name in bodies.items() if not any(keys.seals(self.state).glob(f"{body}*"))]
            if missing:
                await self.once(version, documents, "make-seal-keys", str(keys.seals(self.state)), *missing)

    async def load_references(self, version: Version) -> None:
        for service in version.services:
            if service.has_reference:
                await self.once(version, service, "load-reference")

    @property
    def accounts(self) -> Path:
        return self.state.folder / "accounts.json"

    @property
    def gateways(self) -> list[str]:
        return [f"http://{self._address(GATEWAY, place)}" for place in PLACES]

    def database(self, package: str, kind: str) -> str:
        return databases.url(self.backing.addresses.pg_admin_url, self.state, package, kind)

    async def once(self, version: Version, service: Service, role: str, *words: str) -> None:
        log = self.state.path("logs") / f"{service.name}.once.log"
        child = spawn(
            [version.python, "-m", service.package, role, *words], log=log, env=self._environment(service, "a"), cwd=service.folder
        )
        await asyncio.to_thread(child.wait)
        if child.returncode != 0:
            raise HouseFailed(f"{version.name}: {service.package} {role} ended with {child.returncode}; the end of {log}:\n{tail(log)}")

    async def move_in(self, version: Version, name: str, place: str) -> None:
        """Answers when it serves."""
        await self.until_serving(self.launch(version, name, place))

    def launch(self, version: Version, name: str, place: str) -> Resident:
        service = version.service(name)
        if service is None:
            raise HouseFailed(f"{version.name} has no service {name}")
        log = self.state.path("logs") / f"{name}.{place}.log"
        child = spawn([version.python, "-m", service.package, "all"], log=log, env=self._environment(service, place), cwd=service.folder)
        resident = Resident(service, version, place, self._address(name, place), child, log)
        self.residents.append(resident)
        return resident

    async def until_serving(self, resident: Resident) -> None:
        deadline = time.monotonic() + SERVING_WITHIN
        while not await serves(resident.service.name, resident.address):
            if not resident.lives or time.monotonic() > deadline:
                what = f"{resident.version.name}: {resident.service.name}"
                raise HouseFailed(f"{what} does not come to serve; the end of {resident.log}:\n{tail(resident.log)}")
            await asyncio.sleep(LOOK_AGAIN_AFTER)

    async def move_out(self, resident: Resident) -> float:
        """SIGTERM, then its drain. Answers the seconds that it took; whoever has to be killed failed."""
        began = time.monotonic()
        resident.child.terminate()
        while resident.lives:
            if time.monotonic() > began + ENDED_WITHIN:
                raise HouseFailed(f"{resident.version.name}: {resident.service.name} does not end within {ENDED_WITHIN:.0f} s of SIGTERM")
            await asyncio.sleep(LOOK_AGAIN_AFTER)
        self.residents.remove(resident)
        if resident.child.returncode not in {0, -15}:
            said = tail(resident.log)
            raise HouseFailed(f"{resident.version.name}: {resident.service.name} ended with {resident.child.returncode}:\n{said}")
        return time.monotonic() - began

    def of_service(self, name: str) -> list[Resident]:
        return [resident for resident in self.residents if resident.service.name == name]

    def see_that_all_live(self) -> None:
        """Raises: HouseFailed for whoever ended without being told to."""
        for resident in self.residents:
            if not resident.lives:
                raise HouseFailed(f"{resident.version.name}: {resident.service.name} ended by itself:\n{tail(resident.log)}")

    def environment_of_tools(self) -> dict[str, str]:
        """As `embedded run` tells a tool: verify needs the databases and the object store."""
        urls = {
            f"{resident.service.package.upper()}_{kind.upper()}_URL": self.database(resident.service.package, kind)
            for resident in self.residents
            if resident.service.head is not None
            for kind in ("serve", "jobs")
        }
        return dict(os.environ) | self.backing.addresses.environment | urls

    async def end(self) -> None:
        for resident in self.residents:
            resident.child.terminate()
        deadline = time.monotonic() + ENDED_WITHIN
        for resident in self.residents:
            await asyncio.to_thread(_wait, resident.child, deadline - time.monotonic())
            end_group(resident.child)
            resident.child.wait()
        self.residents.clear()
        self.backing.stop()

    def _address(self, name: str, place: str) -> str:
        if (name, place) not in self._ports:
            self._ports[name, place] = self.state.port(f"service.{name}.{place}")
        return f"127.0.0.1:{self._ports[name, place]}"

    def _both(self, name: str) -> str:
        return f"ipv4:///{','.join(self._address(name, place) for place in PLACES)}"

    def _environment(self, service: Service, place: str) -> dict[str, str]:
        """As the supervisor tells it, but every name stands for two addresses."""
        ports = {name: self._port(name) for name in named()}
        around = Surroundings(self.state, self.settings, self.backing.addresses, ports, "on")
        told = around.environment(service)
        both = {name: self._both(name) for name in named() if name != GATEWAY}
        told |= {name.replace("-", "_").upper(): targets for name, targets in both.items()}
        told |= {"LISTEN": self._address(service.name, place), "DRAIN_DELAY_SECONDS": str(DRAIN_DELAY)}
        told |= {"PUBLIC_URL": self.gateways[0]}
        if service.name == GATEWAY:
            told["TARGETS"] = json.dumps({name.replace("-", "_"): targets for name, targets in both.items()})
        if service.name == IDENTITY:
            told["OWNERS"] = json.dumps([targets for name, targets in both.items() if name != IDENTITY])
        return told | self.state.mark

    def _port(self, name: str) -> int:
        self._address(name, "a")
        return self._ports[name, "a"]


def _wait(child: subprocess.Popen[bytes], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(max(0.0, seconds))
