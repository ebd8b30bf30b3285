"""One part of what the platform stands on: how it starts, when it is ready, how it stops."""

import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from embedded.child import plain_environment, tail
from embedded.state import State

TRIES = 5
READY_WITHIN = 60.0
LOOK_AGAIN_AFTER = 0.05
PAUSE = 0.5


class PartFailed(Exception):
    """A part did not start; the text ends with the last lines of its log."""


class Part:
    name: str
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    # Seconds between the stop signal and SIGKILL. Each part keeps what it acknowledged through a SIGKILL.
    patience: float = 10.0
    ready_within: float = READY_WITHIN

    def __init__(self, state: State) -> None:
        self.state = state
        self.child: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        # From then on its address is known, though nobody answers there yet.
        self.launched = asyncio.Event()

    @property
    def log(self) -> Path:
        return self.state.path("logs") / f"{self.name}.log"

    async def prepare(self, say: Callable[[str], None]) -> None:
        """What comes before a start: files, folders, settings. Done again at each start."""

    def launch(self) -> subprocess.Popen[bytes]:
        raise NotImplementedError

    @property
    def url(self) -> str:
        raise NotImplementedError

    async def answers(self) -> bool:
        """Whether a client is served now."""
        raise NotImplementedError

    async def start(self, say: Callable[[str], None] = lambda doing: None) -> None:
        await self.prepare(say)
        for _ in range(TRIES):
            self.child = self.launch()
            self.launched.set()
            if await self._ready(self.child):
                return
            await asyncio.sleep(PAUSE)  # sessions of a server that was killed may need a moment to notice
        raise PartFailed(f"{self.name} does not start; the end of {self.log}:\n{tail(self.log)}")

    async def _ready(self, child: subprocess.Popen[bytes]) -> bool:
        """False if it ended early: a port may have been taken in between, the next try looks for another."""
        deadline = time.monotonic() + self.ready_within
        while child.poll() is None:
            if await self.answers():
                return True
            if time.monotonic() > deadline:
                raise PartFailed(f"{self.name} is not ready after {self.ready_within:.0f} s; the end of {self.log}:\n{tail(self.log)}")
            await asyncio.sleep(LOOK_AGAIN_AFTER)
        return False

    def forget(self) -> None:
        """Remove what it stored."""
        shutil.rmtree(self.state.folder / self.name, ignore_errors=True)

    def ask_to_stop(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(self.stop_signal)

    def see_stopped(self, asked_at: float) -> None:
        if self.child is None:
            return
        try:
            self.child.wait(max(0.0, asked_at + self.patience - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.child = None

    def kill(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            self.child = None

    async def run_once(self, child: subprocess.Popen[bytes]) -> None:
        """Wait for a child that does one thing and ends."""
        await asyncio.to_thread(child.wait)
        if child.returncode != 0:
            raise PartFailed(f"{self.name}: {child.args!r} ended with {child.returncode}; the end of {self.log}:\n{tail(self.log)}")

    @property
    def environment(self) -> dict[str, str]:
        return plain_environment() | self.state.mark


async def is_open(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def wheel(package: str) -> Path:
    """Where the files of a package lie, without importing it: some of them act, or warn, when imported."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise PartFailed(f"the package {package} is not installed")
    return Path(spec.origin).parent
