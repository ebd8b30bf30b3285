"""One platform for all stories: every service as a process, on the legal clock, with the demo accounts."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from embedded.demo.narration import Narration
from embedded.demo.partner import Partner
from embedded.demo.stage import Cast, Stage
from embedded.demo.turnover import Days, Story, a_unit
from embedded.state import CHECKOUT
from testkit.receiver import Received, receiving

# A URL of a server goes over the embedded one.
GIVEN = ("PG_ADMIN_URL", "KAFKA_BOOTSTRAP", "REDIS_URL", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY")
KEPT = ("PATH", "HOME", "JAVA_HOME", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", *GIVEN)


@dataclass(frozen=True)
class Platform:
    url: str
    folder: Path
    environment: dict[str, str]

    @property
    def accounts(self) -> Path:
        return self.folder / "accounts.json"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A tool beside the platform, told where everything is."""
        command = [sys.executable, "-m", "embedded", *words]
        return subprocess.run(command, env=self.environment, cwd=CHECKOUT, capture_output=True, text=True, check=False)

    def databases(self) -> dict[str, str]:
        """service -> URL of its role *jobs*, which sees all rows."""
        told = json.loads((self.folder / "platform.json").read_text("utf-8"))["environment"]
        return {name.removesuffix("_JOBS_URL").lower(): url for name, url in told.items() if name.endswith("_JOBS_URL")}


def _embedded(environment: dict[str, str], *words: str) -> str:
    command: Sequence[str] = [sys.executable, "-m", "embedded", *words]
    done = subprocess.run(command, env=environment, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def received() -> Iterator[Received]:
    """What the services of the platform send to their collector, which is the test itself."""
    with receiving() as kept:
        yield kept


@pytest.fixture(scope="session")
def platform(received: Received) -> Iterator[Platform]:
    folder = CHECKOUT / ".local" / "e2e"
    environment = {name: value for name, value in os.environ.items() if name in KEPT}
    environment |= {"ANZHI_STATE": str(folder), "OTEL_EXPORTER_OTLP_ENDPOINT": received.endpoint}
    _embedded(environment, "reset")
    shown = _embedded(environment, "up", "--demo")
    found = re.search(r"HTTP API +(\S+)", shown)
    assert found is not None, shown
    yield Platform(found.group(1), folder, environment)
    _embedded(environment, "reset")


@pytest.fixture(scope="session")
def http(platform: Platform) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=platform.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def cast(platform: Platform, http: httpx.Client) -> Cast:
    return Cast.from_file(http, platform.accounts)


@pytest.fixture(scope="session")
def partner(platform: Platform, http: httpx.Client) -> Callable[[str], Partner]:
    """A client of a partner organ by its id, with the key of the demonstration."""

    def log_in(client_id: str) -> Partner:
        key = platform.folder / "partners" / f"{client_id}.pem"
        return Partner(http, f"{platform.url}/oauth/token", client_id, client_id, key)

    return log_in


@pytest.fixture(scope="session")
def turnover(http: httpx.Client, cast: Cast) -> Callable[[str, str, int], Story]:
    """One telling of the turnover, with a unit of its own, `weeks` after the first."""

    def tell(code: str, name: str, weeks: int) -> Story:
        return Story(Stage(http, cast, cast("shen"), "/44/", Narration(io.StringIO())), a_unit(code, name), Days(weeks))

    return tell


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Legal time of a root only goes forward: stories by the day they begin on, then what any request leaves behind."""
    items.sort(key=lambda item: getattr(getattr(item, "module", None), "BEGINS", "9999"))
