"""Starts everything, keeps it running, ends everything. Outlives make and the terminal.

Whoever called holds the other end of a socket until he has printed the addresses: if it closes before, we end what we
began. All children get a signal from the kernel when this program is gone, whatever ended it.
"""

import asyncio
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from embedded import databases, keys, topics
from embedded.backing import PartFailed
from embedded.backing.part import Part
from embedded.child import end_group, spawn, tail
from embedded.kept import LOOK_AGAIN_AFTER, PATIENCE, PAUSES, Kept
from embedded.services import DOCUMENTS, GATEWAY, IDENTITY, Service, Surroundings, found, named
from embedded.settings import Settings
from embedded.stand import backing_of
from embedded.state import State

SERVING_WITHIN = 240.0
QUICK_ENDS_AT_START = 3


class StartFailed(Exception):
    """Something did not come up; the text says what, with the end of its log."""


class Supervisor:
    def __init__(self, settings: Settings, caller: socket.socket) -> None:
        self.settings, self.caller = settings, caller
        self.state = State(settings.folder)
        self.backing = backing_of(settings, self._say)
        self.kept: list[Kept] = []
        self.once: set[subprocess.Popen[bytes]] = set()
        self.stop = asyncio.Event()
        self.released = False
        self.surroundings: Surroundings | None = None
        self._part_again: dict[str, tuple[int, float]] = {}

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop.set)
        self.caller.setblocking(False)
        loop.add_reader(self.caller, self._hear_caller)
        try:
            return await self._run_until_stopped()
        finally:
            await self._end_everything()

    async def _run_until_stopped(self) -> int:
        coming_up, stopped = asyncio.create_task(self._come_up()), asyncio.create_task(self.stop.wait())
        await asyncio.wait({coming_up, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not coming_up.done():
            coming_up.cancel()
            await asyncio.wait({coming_up})
            return 1
        failure = _first(coming_up.exception())
        if failure is not None:
            self._tell(failed=str(failure) or repr(failure))
            print(f"start failed: {failure!r}", flush=True)
            if isinstance(failure, StartFailed | PartFailed | OSError):
                return 1
            raise failure
        self._note()
        self._tell(ready=True)
        while not self.stop.is_set():
            await self._look_after()
            try:
                await asyncio.wait_for(self.stop.wait(), LOOK_AGAIN_AFTER)
            except TimeoutError:
                continue
        return 0

    async def _come_up(self) -> None:
        """Services come up while Kafka and the object store still do: most of a start is Python reading its modules."""
        services = [] if self.settings.bare else found()
        async with asyncio.TaskGroup() as group:
            ready = {part.name: group.create_task(self.backing.start_part(part)) for part in self.backing.parts}
            for part in self.backing.parts:
                await part.launched.wait()
            addresses = self.backing.addresses
            ports = {name: self._port(name) for name in named()}
            self.surroundings = Surroundings(self.state, self.settings, addresses, ports, self._legal_clock())
            if self.settings.bare:
                return
            ours = {name: [ready[part.name] for part in parts] for name, parts in self.backing.ours.items()}
            topics_made = group.create_task(self._make_topics(ours.get("KAFKA_BOOTSTRAP", [])))
            await asyncio.gather(*ours.get("PG_ADMIN_URL", []))
            with_database = [service for service in services if service.head is not None]
            await databases.make(addresses.pg_admin_url, self.state, [service.package for service in with_database])
            await self._prepare_all(with_database)
            await self._make_seals(with_database)
            await topics_made
            for service in services:
                self._launch(service)
            for kept in self.kept:
                group.create_task(self._until_serving(kept))
        if self.backing.addresses != addresses:
            raise StartFailed("a port was taken by somebody else in between; try again")

    async def _make_topics(self, brokers: list[asyncio.Task[None]]) -> None:
        await asyncio.gather(*brokers)
        await topics.make(self.backing.addresses.kafka_bootstrap)

    def _launch(self, service: Service) -> None:
        log = self.state.path("logs") / f"{service.name}.log"
        _keep_short(log)
        kept = Kept(service, self._environment(service), log)
        kept.launch()
        self.kept.append(kept)
        self._say(service.name, "starting", False)

    async def _prepare_all(self, services: list[Service]) -> None:
        """Migrations and reference data, as many at once as there are cores."""
        cores = asyncio.Semaphore(os.cpu_count() or 2)

        async def prepare(service: Service) -> None:
            assert self.surroundings is not None
            owner = databases.url(self.surroundings.addresses.pg_admin_url, self.state, service.package, "owner")
            migrated = False
            async with cores:
                if await databases.revision(owner) != service.head:
                    await self._once(service, "migrate")
                    migrated = True
                if service.has_reference and (migrated or self.state.recall(f"reference.{service.name}") != service.fingerprint):
                    await self._once(service, "load-reference")
                    if service.name == IDENTITY:
                        await self._once(service, "bootstrap")
                    self.state.remember(f"reference.{service.name}", service.fingerprint)
                if service.name == IDENTITY and self.settings.demo and self.state.recall("demo") != service.fingerprint:
                    await self._once(service, "load-demo", "--accounts", str(self.accounts))
                    self.state.remember("demo", service.fingerprint)

        async with asyncio.TaskGroup() as group:
            for service in services:
                group.create_task(prepare(service))

    async def _make_seals(self, services: list[Service]) -> None:
        """A development key for the seal of each body that identity knows; what is there stays."""
        assert self.surroundings is not None
        packages = {service.name: service for service in services}
        if DOCUMENTS not in packages or IDENTITY not in packages:
            return
        bodies = await databases.bodies(databases.url(self.surroundings.addresses.pg_admin_url, self.state, IDENTITY, "jobs"))
        missing = {body: name for body, name in bodies.items() if not any(keys.seals(self.state).glob(f"{body}*"))}
        if missing:
            words = [f"{body}={name}" for body, name in missing.items()]
            await self._once(packages[DOCUMENTS], "make-seal-keys", str(keys.seals(self.state)), *words)

    @property
    def accounts(self) -> Path:
        """Names and passwords of the demo accounts."""
        return self.state.folder / "accounts.json"

    async def _once(self, service: Service, role: str, *words: str) -> None:
        name = f"{service.name} {role}"
        self._say(name, "working", False)
        begin, log = time.monotonic(), self.state.path("logs") / f"{service.name}.log"
        child = spawn([sys.executable, "-m", service.package, role, *words], log=log, env=self._environment(service), cwd=service.folder)
        self.once.add(child)
        await asyncio.to_thread(child.wait)
        self.once.discard(child)
        if child.returncode != 0:
            raise StartFailed(f"python -m {service.package} {role} ended with {child.returncode}; the end of {log}:\n{tail(log)}")
        self._say(name, f"done ({time.monotonic() - begin:.1f} s)", True)

    async def _until_serving(self, kept: Kept) -> None:
        begin = time.monotonic()
        while not await kept.serves():
            kept.look_after()
            if kept.quick_ends >= QUICK_ENDS_AT_START or time.monotonic() - begin > SERVING_WITHIN:
                raise StartFailed(f"{kept.name} does not come to serve; the end of {kept.log}:\n{tail(kept.log)}")
            await asyncio.sleep(0.1)
        self._say(kept.name, f"serves ({time.monotonic() - begin:.1f} s)", True)

    async def _look_after(self) -> None:
        happened = [said for kept in self.kept if (said := kept.look_after())]
        for part in self.backing.parts:
            if part.child is not None and part.child.poll() is None:
                continue
            happened += await self._revive(part)
        for said in happened:
            print(said, flush=True)
        if happened:
            self._note()

    async def _revive(self, part: Part) -> list[str]:
        tries, again_at = self._part_again.get(part.name, (0, 0.0))
        if time.monotonic() < again_at:
            return []
        self._part_again[part.name] = (tries + 1, time.monotonic() + PAUSES[min(tries, len(PAUSES) - 1)])
        before = self.backing.addresses
        try:
            await part.start()
        except PartFailed as failure:
            return [str(failure)]
        self._part_again.pop(part.name)
        part.restarts += 1
        if self.backing.addresses != before:
            print(f"{part.name} lost its port; everything ends", flush=True)
            self.stop.set()
        return [f"{part.name} started again"]

    async def _end_everything(self) -> None:
        for kept in self.kept:
            kept.ask_to_stop()
        for child in self.once:
            end_group(child)
        deadline = time.monotonic() + PATIENCE
        for kept in self.kept:
            await kept.see_stopped(deadline)
        self.backing.stop()
        (self.state.folder / "platform.json").unlink(missing_ok=True)

    def _environment(self, service: Service) -> dict[str, str]:
        assert self.surroundings is not None
        return self.surroundings.environment(service) | self.state.mark

    def _port(self, service: str) -> int:
        if service == GATEWAY and self.settings.http_port is not None:
            return self.settings.http_port
        return self.state.port(f"service.{service}")

    def _legal_clock(self) -> str:
        """As set, else as it was: a story that was begun on the legal clock goes on there after a restart."""
        clock = self.settings.legal_clock or self.state.recall("legal_clock") or "off"
        self.state.remember("legal_clock", clock)
        return clock

    def _note(self) -> None:
        """Who runs where, for status."""
        assert self.surroundings is not None
        rows = [
            *(("service", kept.name, kept.child, self.surroundings.address(kept.name), kept.restarts) for kept in self.kept),
            *(("part", part.name, part.child, _without_secret(part.url), part.restarts) for part in self.backing.parts),
        ]
        names = ("kind", "name", "pid", "address", "restarts")
        children = [dict(zip(names, (kind, name, child and child.pid, *rest), strict=True)) for kind, name, child, *rest in rows]
        note = {
            "pid": os.getpid(),
            "public_url": None if self.settings.bare else self.surroundings.public_url,
            "legal_clock": self.surroundings.legal_clock,
            "demo": self.settings.demo,
            "environment": self._environment_of_tools(),
            "given": {name: _without_secret(value) for name, value in self.settings.given.items() if "KEY" not in name},
            "children": children,
        }
        draft = self.state.folder / ".platform.json.draft"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(note, indent=1))
        draft.replace(self.state.folder / "platform.json")

    def _environment_of_tools(self) -> dict[str, str]:
        """For verify, tests and bench: every part, every service, and every database in its role jobs."""
        assert self.surroundings is not None
        around = self.surroundings
        if self.settings.bare:
            return around.addresses.environment
        services = {kept.name.replace("-", "_").upper(): around.address(kept.name) for kept in self.kept}
        urls = {
            f"{package.upper()}_{kind.upper()}_URL": databases.url(around.addresses.pg_admin_url, self.state, package, kind)
            for package in (kept.service.package for kept in self.kept if kept.service.head is not None)
            for kind in ("serve", "jobs")
        }
        return around.addresses.environment | services | urls | {"PUBLIC_URL": around.public_url, "DEMO_ACCOUNTS": str(self.accounts)}

    def _say(self, name: str, doing: str, done: bool) -> None:
        self._tell(name=name, doing=doing, done=done)

    def _tell(self, **said: Any) -> None:
        if self.released:
            return
        try:
            self.caller.sendall(json.dumps(said).encode() + b"\n")
        except OSError:
            self.stop.set()

    def _hear_caller(self) -> None:
        """A byte: he has printed the addresses. The end: he is gone; before that byte everything ends with him."""
        try:
            heard = self.caller.recv(1)
        except OSError:
            heard = b""
        if heard:
            self.released = True
        elif not self.released:
            self.stop.set()
        asyncio.get_running_loop().remove_reader(self.caller)


def supervise(settings: Settings, descriptor: int) -> int:
    os.umask(0o077)
    state = State(settings.folder)
    with state.lock.open("a+") as lock, socket.socket(fileno=descriptor) as caller:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            caller.sendall(json.dumps({"failed": "another supervisor works on this folder"}).encode() + b"\n")
            return 1
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        state.sweep()
        return asyncio.run(Supervisor(replace(settings), caller).run())


def _first(failure: BaseException | None) -> BaseException | None:
    """Several things are begun at once; one that failed is enough to say."""
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure


def _keep_short(log: Path, limit: int = 20_000_000) -> None:
    if log.exists() and log.stat().st_size > limit:
        log.replace(log.with_suffix(".log.1"))


def _without_secret(url: str) -> str:
    scheme, separator, rest = url.rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
