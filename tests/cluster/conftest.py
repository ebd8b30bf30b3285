"""One cluster, one story in order: raised bare, filled, broken, mended, emptied."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster import lifecycle, machine
from cluster.kubectl import Kubectl
from cluster.layout import Layout, layout

from tests.cluster.helm import Helm
from tests.cluster.report import Report

NAMESPACE = "anzhi"
REPORT = pytest.StashKey[Report]()


def pytest_addoption(parser: pytest.Parser) -> None:
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


def address(kubectl: Kubectl, service: str) -> str:
    """The cluster's own address of a Service; it can be reached from this machine."""
    return kubectl("get", "service", service, "--output", "jsonpath={.spec.clusterIP}")


def of(kubectl: Kubectl, *words: str) -> list[dict]:
    """The objects that `kubectl get` names."""
    return list(json.loads(kubectl("get", *words, "--output", "json"))["items"])
