"""What network policies let through, worked out as Kubernetes does it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Labels = Mapping[str, str]


def lets(policies: Iterable[Mapping[str, Any]], source: Labels, target: Labels, port: int) -> bool:
    """Whether a pod may open a connection to another one: leaving and entering are both allowed."""
    found = list(policies)
    return _passes(found, source, target, port, "Egress") and _passes(found, target, source, port, "Ingress")


def leaves(policies: Iterable[Mapping[str, Any]], source: Labels, port: int) -> bool:
    """Whether a pod may connect to that port of anything outside the chart."""
    return _passes(list(policies), source, None, port, "Egress")


def _passes(policies: Sequence[Mapping[str, Any]], pod: Labels, peer: Labels | None, port: int, way: str) -> bool:
    mine = [policy["spec"] for policy in policies if way in policy["spec"]["policyTypes"] and _selects(policy["spec"]["podSelector"], pod)]
    return not mine or any(_allows(rule, peer, port, way) for spec in mine for rule in spec.get(way.lower()) or ())


def _allows(rule: Mapping[str, Any], peer: Labels | None, port: int, way: str) -> bool:
    ports = rule.get("ports")
    if ports and port not in {given["port"] for given in ports}:
        return False
    peers = rule.get("to" if way == "Egress" else "from")
    return not peers or any(_is(given, peer) for given in peers)


def _is(given: Mapping[str, Any], peer: Labels | None) -> bool:
    """Addresses outside are no pods of the chart."""
    if peer is None:
        return True
    return "podSelector" in given and "namespaceSelector" not in given and _selects(given["podSelector"], peer)


def _selects(selector: Mapping[str, Any], pod: Labels) -> bool:
    assert not set(selector) - {"matchLabels"}, "only matchLabels are worked out here"
    return all(pod.get(name) == value for name, value in selector.get("matchLabels", {}).items())
