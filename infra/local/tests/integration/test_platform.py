"""`up` and `down` with the real services: nothing is left behind, nothing is lost on the way."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from embedded.state import CHECKOUT, MARK, State
from testkit import poll

STARTS_WITHIN = 180.0


class Platform:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")} | {"ANZHI_STATE": str(folder)}

    def begin(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "embedded", *words], env=self.environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def run(self, *words: str) -> str:
        done = subprocess.run([sys.executable, "-m", "embedded", *words], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def children(self) -> dict[int, str]:
        found = {}
        for child in psutil.process_iter():
            try:
                if child.environ().get(MARK) == str(self.folder):
                    found[child.pid] = " ".join(child.cmdline())
            except psutil.Error:
                continue
        return found

    def number_of(self, words: str) -> int:
        return next(number for number, command in self.children().items() if words in command)

    @property
    def supervisor(self) -> int:
        return int(State(self.folder).lock.read_text())

    @property
    def url(self) -> str:
        found = re.search(r"HTTP API +(\S+)", self.run("status"))
        assert found is not None
        return found.group(1)

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
def parent() -> Path:
    parent = CHECKOUT / ".local" / "test"
    parent.mkdir(parents=True, exist_ok=True)
    return parent


@pytest.fixture
def fresh(parent: Path) -> Iterator[Platform]:
    with tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as name:
        yield Platform(Path(name))


@pytest.fixture(scope="module")
def platform(parent: Path) -> Iterator[Platform]:
    with tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as name:
        platform = Platform(Path(name))
        platform.run("up")
        yield platform
        platform.run("reset")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
async def test_who_is_interrupted_before_the_addresses_leaves_nobody(fresh: Platform, how: signal.Signals) -> None:
    up = fresh.begin("up")
    await poll(fresh.children, STARTS_WITHIN)

    os.killpg(up.pid, how)

    up.communicate()
    await poll(lambda: not fresh.children(), 30.0)
    assert up.returncode != 0


async def test_the_death_of_the_supervisor_ends_everybody_and_up_recovers(platform: Platform) -> None:
    platform.run("up")

    os.kill(platform.supervisor, signal.SIGKILL)

    await poll(lambda: not platform.children(), 30.0)
    platform.run("up")
    assert platform.is_ready()


@pytest.mark.parametrize("name", ["-m lawbook", "-m gateway", "kafka.Kafka", "postgres -D", "valkey-server", "weed"])
async def test_who_is_killed_is_there_again_after_up(platform: Platform, name: str) -> None:
    platform.run("up")
    killed = platform.number_of(name)

    os.kill(killed, signal.SIGKILL)

    platform.run("up")
    await poll(platform.is_ready, 30.0)
    assert platform.number_of(name) != killed


async def test_down_leaves_nobody_and_the_addresses_stay(platform: Platform) -> None:
    platform.run("up")
    before = platform.url

    platform.run("down")

    assert not platform.children()
    platform.run("up")
    assert platform.url == before


async def test_up_done_twice_starts_nothing_twice(platform: Platform) -> None:
    platform.run("up")
    before = platform.supervisor, sorted(platform.children())

    platform.run("up")

    assert (platform.supervisor, sorted(platform.children())) == before
