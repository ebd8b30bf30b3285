"""A platform to be killed piece by piece, and clients that repeat what was not answered."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from embedded.demo.stage import Cast
from embedded.state import CHECKOUT, State

# What a caller may send again with the same Idempotency-Key: nobody answered, or somebody said that he could not.
AGAIN = frozenset({429, 502, 503, 504})
PATIENCE = 120.0
BETWEEN_KILLS = 3.0


class Patient(httpx.BaseTransport):
    """Sends a request until it is answered, as a device in the field does."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()
        self.repeated = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._inner.handle_request(request)
                if answer.status_code not in AGAIN:
                    return answer
                answer.read()
                said = f"{answer.status_code} {answer.text}"
            except httpx.TransportError as error:
                said = repr(error)
            if time.monotonic() > deadline:
                raise AssertionError(f"{request.method} {request.url.path} is not answered for {PATIENCE:.0f} s: {said}")
            self.repeated += 1
            time.sleep(0.2)

    def close(self) -> None:
        self._inner.close()


class Platform:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = ("PATH", "HOME", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
        self._environment = {name: os.environ[name] for name in kept if name in os.environ} | {"ANZHI_STATE": str(folder)}

    def run(self, *words: str) -> str:
        command = [sys.executable, "-m", "embedded", *words]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def note(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads((self.folder / "platform.json").read_text("utf-8"))
        return said

    @property
    def targets(self) -> list[str]:
        """Each service, each part, and who supervises them."""
        return [*(child["name"] for child in self.note["children"]), "supervisor"]

    def kill(self, name: str) -> None:
        if name == "supervisor":
            number = int(State(self.folder).lock.read_text())
        else:
            number = next(child["pid"] for child in self.note["children"] if child["name"] == name)
        os.kill(number, signal.SIGKILL)

    @contextmanager
    def under_fire(self, rng: random.Random, enough: threading.Event) -> Iterator[list[str]]:
        """Kills one after the other, each followed by `up`, until the work inside is done and each was killed once.

        `enough` tells those who make the traffic that each had its turn.
        """
        killed: list[str] = []
        failures: list[BaseException] = []
        over = threading.Event()

        def fire() -> None:
            targets = self.targets
            rng.shuffle(targets)
            try:
                for turn in itertools.count():
                    if turn == len(targets):
                        enough.set()
                    if over.wait(BETWEEN_KILLS) and turn >= len(targets):
                        return
                    self.kill(targets[turn % len(targets)])
                    killed.append(targets[turn % len(targets)])
                    self.run("up")
            except BaseException as failure:  # noqa: BLE001 - raised again below, in the thread of the test
                failures.append(failure)
                enough.set()

        thread = threading.Thread(target=fire, name="fire")
        thread.start()
        try:
            yield killed
        finally:
            over.set()
            thread.join()
        if failures:
            raise failures[0]


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    platform = Platform(CHECKOUT / ".local" / "chaos")
    platform.run("reset")
    platform.run("up", "--demo")
    yield platform
    platform.run("reset")


@pytest.fixture(scope="session")
def patient() -> Patient:
    return Patient()


@pytest.fixture(scope="session")
def http(platform: Platform, patient: Patient) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=platform.note["public_url"], timeout=30, transport=patient) as client:
        yield client


@pytest.fixture(scope="session")
def cast(platform: Platform, http: httpx.Client) -> Cast:
    return Cast.from_file(http, platform.folder / "accounts.json")


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """The order of the kills: printed by pytest-randomly as its seed, so that a failure can be repeated."""
    return random.Random(request.config.getoption("randomly_seed", 0))
