"""The platform stands: everything is ready, the smoke test walks, and nobody reaches what he did not declare."""

import yaml
from cluster.kubectl import Kubectl

from tests.cluster.conftest import PODS, of
from tests.cluster.platform import Platform, until
from tests.cluster.report import Report

KNOCK = "import socket; socket.create_connection(('postgres', 5432), 5)"


def test_all_pods_are_ready(platform: Platform, kubectl: Kubectl):
    pods = of(kubectl, "pods", PODS, "--field-selector=status.phase=Running")

    assert platform.all_ready()
    assert len(pods) >= 20
    assert {condition["status"] for pod in pods for condition in pod["status"]["conditions"] if condition["type"] == "Ready"} == {"True"}
    assert {pod["spec"]["containers"][0]["image"].rpartition(":")[2] for pod in pods} == {platform.tags.old}


def test_no_pod_was_started_twice(platform: Platform, kubectl: Kubectl):
    pods = of(kubectl, "pods", PODS)
    assert sum(status["restartCount"] for pod in pods for status in pod["status"]["containerStatuses"]) == 0


def test_the_smoke_test_walks(platform: Platform, figures: Report):
    said, seconds = platform.helm("test", "anzhi", "--timeout", "5m")

    assert "Succeeded" in said
    figures.note("helm test", seconds=seconds)


def knocks(kubectl: Kubectl, name: str, tag: str, labels: dict[str, str]) -> bool:
    """Whether a pod with these labels gets a connection to the database server."""
    container = {
        "name": "knock",
        "image": f"localhost/anzhi/gateway:{tag}",
        "imagePullPolicy": "Never",
        "command": ["/app/bin/python", "-c", KNOCK],
        "securityContext": {"runAsUser": 10001, "allowPrivilegeEscalation": False},
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": labels},
        "spec": {"restartPolicy": "Never", "containers": [container]},
    }
    kubectl("apply", "--filename", "-", given=yaml.safe_dump(pod))
    try:
        until(lambda: kubectl("get", "pod", name, "--output", "jsonpath={.status.phase}") in {"Succeeded", "Failed"}, f"{name} has ended")
        return kubectl("get", "pod", name, "--output", "jsonpath={.status.phase}") == "Succeeded"
    finally:
        kubectl("delete", "pod", name)


def test_only_who_declared_it_reaches_the_database(platform: Platform, kubectl: Kubectl, figures: Report):
    labels = platform.pods("worklist-all")[0]["metadata"]["labels"]
    declared = {name: labels[name] for name in ("app.kubernetes.io/name", "app.kubernetes.io/instance", "anzhi.io/reaches-postgres")}

    assert knocks(kubectl, "declared", platform.tags.old, declared)
    assert not knocks(kubectl, "stranger", platform.tags.old, {"app.kubernetes.io/name": "stranger"})
    figures.note("network policies of the charts", enforced="a pod with worklist's labels reaches postgres, a stranger does not")
