"""A platform to be killed piece by piece, on embedded parts and on those of production, and clients that repeat."""

import itertools
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from embedded.demo.stage import Cast
from embedded.peers import debian
from embedded.state import CHECKOUT

from tests.chaos.ground import Platform
from tests.chaos.writing import Patient

FOLDER = CHECKOUT / ".local" / "chaos"
BETWEEN_KILLS = 3.0


class Fire:
    def __init__(self, platform: Platform, rng: random.Random) -> None:
        self.platform, self.rng = platform, rng
        self.killed: list[str] = []
        self.recovered: dict[str, float] = {}

    @contextmanager
    def lit(self, enough: threading.Event) -> Iterator[None]:
        """Kills one after the other, each followed by `up`, until the work inside is done and each was killed once.

        `enough` tells those who make the traffic that each had its turn.
        """
        failures: list[BaseException] = []
        over = threading.Event()

        def burn() -> None:
            targets = self.platform.targets
            self.rng.shuffle(targets)
            try:
                for turn in itertools.count():
                    if turn == len(targets):
                        enough.set()
                    if over.wait(BETWEEN_KILLS) and turn >= len(targets):
                        return
                    self._kill(targets[turn % len(targets)])
            except BaseException as failure:  # noqa: BLE001 - raised again below, in the thread of the test
                failures.append(failure)
                enough.set()

        thread = threading.Thread(target=burn, name="fire")
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
        if failures:
            raise failures[0]

    def _kill(self, name: str) -> None:
        begin = time.monotonic()
        self.platform.kill(name)
        self.killed.append(name)
        self.platform.up()
        self.recovered[name] = max(self.recovered.get(name, 0.0), time.monotonic() - begin)


@pytest.fixture(scope="session", params=["embedded", "peers"])
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    if request.param == "peers" and debian.missing():
        pytest.skip("; ".join(debian.left_out()))
    platform = Platform(request.param, FOLDER / request.param)
    try:
        platform.start()
        yield platform
    finally:
        platform.end()


@pytest.fixture(scope="session")
def report(platform: Platform) -> Iterator[dict[str, Any]]:
    """Figures of this run, kept beside the platform's folder."""
    figures: dict[str, Any] = {}
    yield figures
    text = json.dumps(figures, indent=1, ensure_ascii=False, sort_keys=True)
    (FOLDER / f"report-{platform.kind}.json").write_text(text + "\n", "utf-8")
    print(f"\n{platform.kind}: {text}")


@pytest.fixture(scope="session")
def patient() -> Patient:
    return Patient()


@pytest.fixture(scope="session")
def http(platform: Platform, patient: Patient) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=platform.services.note["public_url"], timeout=30, transport=patient) as client:
        yield client


@pytest.fixture(scope="session")
def cast(platform: Platform, http: httpx.Client) -> Cast:
    return Cast.from_file(http, platform.folder / "accounts.json")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One platform after the other; legal time of a root only goes forward: stories by the day they begin on."""

    def place(item: pytest.Item) -> tuple[str, str]:
        called = getattr(item, "callspec", None)
        return (called.params["platform"] if called else "", getattr(getattr(item, "module", None), "BEGINS", "0000"))

    items.sort(key=place)


@pytest.fixture
def fire(platform: Platform, request: pytest.FixtureRequest) -> Fire:
    """The order of the kills: printed by pytest-randomly as its seed, so that a failure can be repeated."""
    return Fire(platform, random.Random(request.config.getoption("randomly_seed", 0)))
