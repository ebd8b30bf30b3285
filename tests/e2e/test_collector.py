"""The real collector with the real configuration: it shows what a service sends under the names that alerts and dashboards ask for."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml
from embedded.state import CHECKOUT

TELEMETRY = CHECKOUT / "infra" / "telemetry"
COLLECTOR = CHECKOUT / ".local" / "images" / "collector"
sys.path.insert(0, str(TELEMETRY))

from signals import metrics  # noqa: E402

BEGINS = "0000"
pytestmark = pytest.mark.skipif(not COLLECTOR.is_file(), reason=f"{COLLECTOR.relative_to(CHECKOUT)} is not built (make image s=collector)")

# Every kind of instrument of the registry once, with its attributes, through the SDK as servicekit sets it up.
SENDER = """
import sys
from opentelemetry import metrics as otel
from opentelemetry.metrics import Observation
from servicekit import telemetry
from servicekit.settings import ServiceSettings
sys.path.insert(0, sys.argv[2])
from signals import metrics
with telemetry.process("toy", ServiceSettings(otel_exporter_otlp_endpoint=sys.argv[1], otel_metric_export_interval=200), "all"):
    meter = otel.get_meter("toy")
    for each in metrics():
        given = dict.fromkeys(each.attributes, "x")
        make = getattr(meter, f"create_{each.kind}")
        if each.name in {"anzhi.process.cpu", "anzhi.process.memory"}:
            continue
        if each.kind.startswith("observable"):
            make(each.name, [lambda _, given=given: [Observation(1, given)]], each.unit)
        else:
            bounds = {"explicit_bucket_boundaries_advisory": telemetry.FAST} if each.kind == "histogram" else {}
            made = make(each.name, each.unit, **bounds)
            getattr(made, {"counter": "add", "histogram": "record", "gauge": "set"}[each.kind])(1, given)
    with telemetry.span("a look", telemetry.SpanKind.INTERNAL):
        telemetry.logging.getLogger("toy").warning("seen by the collector")
"""


@dataclass(frozen=True)
class Collector:
    otlp: str
    scraped: str
    health: str
    file: Path


def free() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """With ports of its own; everything else is the configuration that is shipped."""
    folder = tmp_path_factory.mktemp("collector")
    given = yaml.safe_load((TELEMETRY / "collector.yaml").read_text("utf-8"))
    otlp, shown, health = free(), free(), free()
    given["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"] = f"127.0.0.1:{otlp}"
    given["exporters"]["prometheus"]["endpoint"] = f"127.0.0.1:{shown}"
    given["extensions"]["health_check"]["endpoint"] = f"127.0.0.1:{health}"
    (folder / "collector.yaml").write_text(yaml.safe_dump(given), "utf-8")
    made = Collector(
        f"http://127.0.0.1:{otlp}", f"http://127.0.0.1:{shown}/metrics", f"http://127.0.0.1:{health}/", folder / "signals.jsonl"
    )
    with (folder / "log").open("wb") as log:
        command = [str(COLLECTOR), f"--config={folder / 'collector.yaml'}"]
        process = subprocess.Popen(command, env={"FILE": str(made.file)}, stdout=log, stderr=log)
    try:
        wait(lambda: httpx.get(made.health, trust_env=False).status_code == 200, (folder / "log"))
        yield made
    finally:
        process.terminate()
        process.wait(10)


def wait(holds, told: Path, seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while True:
        try:
            if holds():
                return
        except (httpx.HTTPError, AssertionError):
            pass
        assert time.monotonic() < ends, told.read_text("utf-8") if told.exists() else told
        time.sleep(0.1)


@pytest.fixture(scope="module")
def sent(collector: Collector) -> Collector:
    command = [sys.executable, "-c", SENDER, collector.otlp, str(TELEMETRY)]
    subprocess.run(command, check=True, env={"PATH": os.environ["PATH"]}, timeout=60)
    return collector


@pytest.mark.parametrize("keep", ["file", "otlp"])
def test_the_configuration_is_valid(keep: str):
    command = [str(COLLECTOR), "validate", f"--config={TELEMETRY / 'collector.yaml'}"]
    done = subprocess.run(command, env={"KEEP": keep, "FORWARD_ENDPOINT": "next:4317"}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_each_metric_of_the_registry_is_shown_under_the_name_that_alerts_and_dashboards_use(sent: Collector):
    wanted = {series for each in metrics() for series in each.series}

    def shown() -> bool:
        text = httpx.get(sent.scraped, trust_env=False).text
        assert not wanted - {line.split("{")[0] for line in text.splitlines() if not line.startswith("#")}
        return True

    wait(shown, sent.file)
    line = next(line for line in httpx.get(sent.scraped, trust_env=False).text.splitlines() if line.startswith("anzhi_rpc_seconds_count"))
    for label in ('service_name="toy"', 'anzhi_role="all"', 'service_namespace="anzhi"', 'rpc="x"'):
        assert label in line
    assert "telemetry_sdk" not in line
    bounds = httpx.get(sent.scraped, trust_env=False).text
    assert 'le="1"' in bounds or 'le="1.0"' in bounds, "GatewayLatencyBurn asks for the bucket of one second"


def test_traces_and_logs_go_to_the_file(sent: Collector):
    def kept() -> bool:
        text = sent.file.read_text("utf-8")
        return "a look" in text and "seen by the collector" in text

    wait(kept, sent.file)
