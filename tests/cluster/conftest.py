"""One cluster, one story in order: raised bare, filled, broken, mended, emptied."""

import io
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cluster import lifecycle, machine
from cluster.kubectl import Kubectl
from cluster.layout import HOST_ADDRESS, Layout, layout
from embedded.demo.chemicals_case import chemicals_case
from embedded.demo.narration import Narration
from embedded.demo.stage import Cast, Stage
from embedded.demo.welders_case import welders_case
from embedded.state import CHECKOUT

from tests.cluster import images
from tests.cluster.helm import Helm
from tests.cluster.platform import Platform, Secrets
from tests.cluster.report import Report

NAMESPACE = "anzhi"
ROOT = "/44/"
BACKING, PLATFORM = (CHECKOUT / "charts" / name for name in ("backing", "platform"))
PODS = "--selector=app.kubernetes.io/instance=anzhi"
REPORT = pytest.StashKey[Report]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--old-tag", help="images to upgrade from, of a tag that was built before; default: of the commit in infra/upgrade/from"
    )
    parser.addoption("--keep-cluster", action="store_true", help="leave the node up at the end, for a look")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORT] = Report(layout().folder / "report.json")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files and what is in them in their order: each step stands on the ones before."""
    here = Path(__file__).parent
    items.sort(key=lambda item: (str(item.path), item.reportinfo()[1]) if item.path.is_relative_to(here) else ("", 0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    report = config.stash[REPORT]
    lack = machine.lacking()
    if lack is not None:
        terminalreporter.write_line(f"LEFT OUT: {lack}")
    elif report.steps:
        terminalreporter.section("cluster")
        for line in report.table():
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"written to {report.file}")


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Report:
    return request.config.stash[REPORT]


@pytest.fixture(scope="session")
def node(request: pytest.FixtureRequest, figures: Report) -> Iterator[Layout]:
    lack = machine.lacking()
    if lack is not None:
        pytest.skip(lack)
    where = layout()
    lifecycle.down(where)
    figures.note("node raised", seconds=lifecycle.up(where))
    yield where
    megabytes = lifecycle.programs(where)
    figures.note("memory of the node's programs", MB=sum(megabytes.values()))
    if not request.config.getoption("--keep-cluster"):
        lifecycle.down(where)


@pytest.fixture(scope="session")
def kubectl(node: Layout) -> Kubectl:
    made = Kubectl(node)
    made("create", "namespace", NAMESPACE)
    made("config", "set-context", "--current", f"--namespace={NAMESPACE}")
    return made


@pytest.fixture(scope="session")
def helm(node: Layout, kubectl: Kubectl) -> Helm:
    return Helm(node, NAMESPACE)


@pytest.fixture(scope="session")
def tags(request: pytest.FixtureRequest, node: Layout, figures: Report) -> images.Tags:
    made, seconds = images.bring(node, request.config.getoption("--old-tag"))
    figures.note("images", **seconds, megabytes=images.megabytes())
    return made


@pytest.fixture(scope="session")
def secrets(node: Layout, kubectl: Kubectl) -> Secrets:
    folder = node.folder / "secrets"
    shutil.rmtree(folder, ignore_errors=True)
    made = Secrets(folder, kubectl, NAMESPACE)
    made.make("--development-seals")
    return made


@pytest.fixture(scope="session")
def backing(tags: images.Tags, secrets: Secrets, helm: Helm, figures: Report) -> dict[str, str]:
    """What the servers are told; this machine may reach them, as a browser reaches the store by a signed link."""
    settings = {"image.tag": tags.new, "network.from": json.dumps([{"ipBlock": {"cidr": f"{HOST_ADDRESS}/32"}}])}
    figures.note("helm install backing, to all ready", seconds=helm.install("backing", BACKING, BACKING / "values-test.yaml", settings))
    return settings


@pytest.fixture(scope="session")
def settings(backing: dict[str, str], kubectl: Kubectl) -> dict[str, str]:
    """What the platform is told beside values-test.yaml, but for the tag."""
    return {"global.s3.publicEndpoint": f"http://{address(kubectl, 's3')}:8333"}


@pytest.fixture(scope="session")
def platform(settings: dict[str, str], tags: images.Tags, node: Layout, helm: Helm, secrets: Secrets, figures: Report) -> Platform:
    seconds = helm.install("anzhi", PLATFORM, PLATFORM / "values-test.yaml", settings | {"global.image.tag": tags.old})
    figures.note("helm install platform, to all ready", seconds=seconds, pods=len(of(secrets.kubectl, "pods", PODS)))
    made = Platform(node, secrets.kubectl, helm, settings, tags)
    figures.note("demo organisation", seconds=made.load_demo())
    secrets.smoke(made.accounts)
    return made


@pytest.fixture(scope="session")
def told(platform: Platform, figures: Report) -> dict[str, str]:
    with httpx.Client(base_url=platform.url, timeout=60) as http:
        cast = Cast.from_file(http, platform.accounts)
        stage = Stage(http, cast, cast("shen"), ROOT, Narration(io.StringIO()))
        begin = time.monotonic()
        chemicals = chemicals_case(stage)
        between = time.monotonic()
        welders = welders_case(stage)
        figures.note("stories", chemicals_seconds=between - begin, welders_seconds=time.monotonic() - between)
    return {"liang": chemicals, "zhou": welders}


def address(kubectl: Kubectl, service: str) -> str:
    """The cluster's own address of a Service; it can be reached from this machine."""
    return kubectl("get", "service", service, "--output", "jsonpath={.spec.clusterIP}")


def of(kubectl: Kubectl, *words: str) -> list[dict]:
    """The objects that `kubectl get` names."""
    return list(json.loads(kubectl("get", *words, "--output", "json"))["items"])
