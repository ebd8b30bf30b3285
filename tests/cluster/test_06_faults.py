"""What happens to a node: a process dies, somebody drains it, its kubelet stops; and what an operator does: a password is changed."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cluster import lifecycle
from cluster.faults import ClusterFault
from cluster.kubectl import Kubectl
from cluster.layout import NODE

from tests.cluster.conftest import BACKING, PODS, of
from tests.cluster.load import at_work
from tests.cluster.platform import Platform, Secrets, until
from tests.cluster.report import Report

DRAIN_SECONDS = 60


def test_a_killed_pod_comes_back_and_no_effect_is_lost(platform: Platform, figures: Report):
    with at_work(platform.url, platform.accounts, platform.node.folder / "killed.json") as work:
        victim = platform.pods("penalties-serve")[0]
        platform.kill(victim)
        until(lambda: not platform.all_ready(), "the death is seen")
        seconds = until(platform.all_ready, "everything is ready again")

    figures.note("pod killed", recovery_seconds=seconds, **work.figures)
    assert work.report["effects"]["violations"] == []


@contextmanager
def watched(platform: Platform) -> Iterator[dict[str, int]]:
    """The fewest ready pods that each Deployment with a budget had meanwhile."""
    fewest: dict[str, int] = {}
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for one in platform.deployments():
                name, ready = one["metadata"]["name"], one["status"].get("readyReplicas", 0)
                fewest[name] = min(fewest.get(name, ready), ready)
            over.wait(0.5)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield fewest
    finally:
        over.set()
        watcher.join()


def test_a_drain_stops_at_the_budget(platform: Platform, kubectl: Kubectl, figures: Report):
    budgets = {one["metadata"]["name"] for one in of(kubectl, "poddisruptionbudgets", PODS)}
    before = {one["metadata"]["name"]: one["spec"]["replicas"] for one in platform.deployments()}

    with at_work(platform.url, platform.accounts, platform.node.folder / "drain.json") as work, watched(platform) as fewest:
        begin = time.monotonic()
        with pytest.raises(ClusterFault, match="disruption budget"):
            kubectl("drain", NODE, "--delete-emptydir-data", "--ignore-daemonsets", f"--timeout={DRAIN_SECONDS}s", seconds=300)
        drained = time.monotonic() - begin
        kubectl("uncordon", NODE)
        recovered = until(platform.all_ready, "everything is ready again")

    figures.note(
        "drain stopped by its limit",
        limit_seconds=DRAIN_SECONDS,
        seconds=drained,
        recovery_seconds=recovered,
        fewest_ready={name: f"{fewest[name]} of {before[name]}" for name in sorted(budgets & before.keys())},
        **work.figures,
    )
    assert budgets & before.keys()
    assert {name for name in budgets & before.keys() if fewest[name] < before[name] - 1} == set()
    assert work.report["effects"]["violations"] == []


def test_the_platform_serves_on_while_the_kubelet_is_away(platform: Platform, kubectl: Kubectl, figures: Report):
    node = platform.node
    with at_work(platform.url, platform.accounts, node.folder / "kubelet.json") as work:
        lifecycle.halt(node, "kubelet")
        until(lambda: "kubelet" not in lifecycle.programs(node), "the kubelet has ended")
        begin = time.monotonic()
        # Shorter than the 50 s after which the cluster gives a node up: what a restart or an upgrade of it takes.
        until(lambda: time.monotonic() - begin > 20, "it was away for a while")
        lifecycle.resume(node, "kubelet")
        seconds = until(lambda: lifecycle.serves(node) and platform.all_ready(), "the node is ready again")

    figures.note("kubelet stopped for 20 s and started", recovery_seconds=seconds, **work.figures)
    assert work.report["failed"] == work.report["unknown"] == 0, work.report["failures"][:10]
    assert work.report["effects"]["violations"] == []


def test_a_password_is_changed(platform: Platform, kubectl: Kubectl, secrets: Secrets, backing: dict[str, str], figures: Report):
    before = {pod["metadata"]["name"] for pod in platform.pods("worklist-all")}
    others = {pod["metadata"]["name"] for pod in platform.pods("lawbook-all")}
    old = secrets.read("anzhi-worklist")["DATABASE_URL"]

    secrets.make("--rotate", "anzhi-worklist:DATABASE_URL")
    assert secrets.read("anzhi-worklist")["DATABASE_URL"] != old
    begin = time.monotonic()
    platform.helm.upgrade("backing", BACKING, BACKING / "values-test.yaml", backing)
    platform.upgrade(platform.tags.old)
    until(platform.all_ready, "everything is ready")

    figures.note("secret rotated", seconds=time.monotonic() - begin)
    assert not before & {pod["metadata"]["name"] for pod in platform.pods("worklist-all")}, "the pods did not take the new password"
    assert others == {pod["metadata"]["name"] for pod in platform.pods("lawbook-all")}, "who has nothing to do with it was restarted"
