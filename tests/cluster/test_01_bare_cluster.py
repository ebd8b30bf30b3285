"""The cluster itself, with something small on it: a fault here is none of the platform's."""

import secrets
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address
from pathlib import Path

import httpx
import pytest
from cluster import lifecycle
from cluster.faults import ClusterFault
from cluster.kubectl import Kubectl
from cluster.layout import DNS_ADDRESS, HOST_ADDRESS, NODE, Layout

from tests.cluster.conftest import NAMESPACE, address, of
from tests.cluster.helm import Helm
from tests.cluster.report import Report

CHART = Path(__file__).parent / "bare"
PATIENCE = 60.0


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
    begin = time.monotonic()
    while not holds():
        assert time.monotonic() - begin < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)
    return time.monotonic() - begin


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).status_code == 200
    except httpx.TransportError:
        return False


def asked(name: str) -> list[IPv4Address]:
    """What the DNS of the cluster has under this name."""
    number = secrets.token_bytes(2)
    question = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0" + struct.pack(">HH", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.settimeout(5)
        wire.sendto(number + struct.pack(">HHHHH", 0x0100, 1, 0, 0, 0) + question, (str(DNS_ADDRESS), 53))
        told = wire.recv(512)
    assert told[:2] == number
    assert told[3] & 15 in {0, 3}, f"neither an answer nor 'there is none', but {told[3] & 15}"
    (count,) = struct.unpack(">H", told[6:8])
    return [IPv4Address(told[len(told) - 16 * at - 4 : len(told) - 16 * at or None]) for at in range(count)]


@pytest.fixture(scope="module")
def url(helm: Helm, kubectl: Kubectl, figures: Report) -> Iterator[str]:
    figures.note("helm install of something small", seconds=helm.install("bare", CHART, None, {}, timeout="2m"))
    yield f"http://{address(kubectl, 'answers')}/health"
    helm.uninstall("bare")
    kubectl("delete", "persistentvolumeclaim", "--all")


def test_a_service_is_reached_from_this_machine(url: str):
    until(lambda: answers(url), "the service answers", 10)


def test_names_of_services_are_answered(url: str, kubectl: Kubectl):
    assert asked(f"answers.{NAMESPACE}.svc.cluster.local") == [IPv4Address(address(kubectl, "answers"))]
    assert asked(f"nobody.{NAMESPACE}.svc.cluster.local") == []
    assert asked("answers") == []


def test_a_volume_is_bound_and_may_be_written(url: str, kubectl: Kubectl):
    (claim,) = of(kubectl, "persistentvolumeclaims")
    assert claim["status"]["phase"] == "Bound"


def test_logs_are_read_through_the_server(url: str, kubectl: Kubectl):
    assert "CoreDNS" in kubectl("logs", "deployment/answers")


def test_network_policies_are_enforced(url: str, kubectl: Kubectl, figures: Report):
    policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: answers}
        spec: {podSelector: {matchLabels: {app: answers}}, policyTypes: [Ingress]%s}
    """
    kubectl("apply", "--filename", "-", given=policy % "")
    until(lambda: not answers(url), "the policy keeps this machine out")

    kubectl("apply", "--filename", "-", given=policy % f", ingress: [{{from: [{{ipBlock: {{cidr: {HOST_ADDRESS}/32}}}}]}}]")
    until(lambda: answers(url), "the policy lets this machine in")

    kubectl("delete", "networkpolicy", "answers")
    figures.note("network policies", enforced="by kube-network-policies (nfqueue)")


def test_a_drain_stops_where_the_budget_ends(url: str, kubectl: Kubectl):
    with pytest.raises(ClusterFault, match="disruption budget"):
        kubectl("drain", NODE, "--pod-selector=app=answers", "--timeout=5s")
    try:
        assert len([pod for pod in of(kubectl, "pods", "--selector=app=answers") if pod["status"]["phase"] == "Running"]) == 1
        assert answers(url)
    finally:
        kubectl("uncordon", NODE)
    kubectl("rollout", "status", "deployment/answers", "--timeout=60s")


def test_the_node_serves_on_while_its_kubelet_is_stopped(url: str, node: Layout):
    lifecycle.halt(node, "kubelet")
    try:
        until(lambda: "kubelet" not in lifecycle.programs(node), "the kubelet has ended")
        assert answers(url)
    finally:
        lifecycle.resume(node, "kubelet")
    until(lambda: "kubelet" in lifecycle.programs(node), "the kubelet has started again")
    until(lambda: lifecycle.serves(node), "the node is ready")


def test_nothing_of_the_node_lies_in_the_network_of_this_machine(url: str):
    said = subprocess.run(["ip", "-brief", "link"], capture_output=True, text=True, check=True).stdout
    assert [line.split("@")[0] for line in said.splitlines() if "veth" in line or "anzhi" in line] == ["anzhi-cluster"]
    rules = subprocess.run(["nft", "list", "ruleset"], capture_output=True, text=True, check=True).stdout
    assert "kube" not in rules
