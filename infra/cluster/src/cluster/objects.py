"""What a cluster holds before anybody installs something: names, volumes."""

from typing import Any

import yaml

from cluster.layout import DNS_ADDRESS, DOMAIN, NODE, REGISTRY, VOLUMES, Layout

COREDNS = f"{REGISTRY}/coredns:1"
COREFILE = f"""\
.:53 {{
    errors
    health :8080
    ready :8181
    kubernetes {DOMAIN} in-addr.arpa {{
        ttl 5
    }}
    template ANY ANY . {{
        rcode NXDOMAIN
    }}
    cache 5
    loadbalance
}}
"""


def all_of_them(layout: Layout) -> str:
    return yaml.safe_dump_all([*names(), *policies(), *storage(layout)], sort_keys=False)


def names() -> list[dict[str, Any]]:
    about = {"name": "coredns", "namespace": "kube-system"}
    labels = {"k8s-app": "kube-dns"}
    rules = [
        {"apiGroups": [""], "resources": ["endpoints", "services", "pods", "namespaces"], "verbs": ["list", "watch"]},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["list", "watch"]},
    ]
    container = {
        "name": "coredns",
        "image": COREDNS,
        "imagePullPolicy": "Never",
        "args": ["-conf", "/etc/coredns/Corefile"],
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8181}, "periodSeconds": 2},
        "livenessProbe": {"httpGet": {"path": "/health", "port": 8080}, "periodSeconds": 10, "failureThreshold": 5},
        "resources": {"requests": {"cpu": "20m", "memory": "40Mi"}, "limits": {"memory": "120Mi"}},
        "volumeMounts": [{"name": "corefile", "mountPath": "/etc/coredns", "readOnly": True}],
    }
    pod = {
        "serviceAccountName": "coredns",
        "priorityClassName": "system-cluster-critical",
        "dnsPolicy": "Default",
        "securityContext": {"sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "53"}]},
        "containers": [container],
        "volumes": [{"name": "corefile", "configMap": {"name": "coredns"}}],
    }
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": about},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": about, "data": {"Corefile": COREFILE}},
        *_may("system:coredns", rules, {"kind": "ServiceAccount", **about}),
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": about | {"labels": labels},
            "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}},
        },
        {
            # On one node there is nowhere else to go: a drain leaves it.
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": about,
            "spec": {"minAvailable": 1, "selector": {"matchLabels": labels}},
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": about | {"name": "kube-dns", "labels": labels},
            "spec": {
                "clusterIP": str(DNS_ADDRESS),
                "selector": labels,
                "ports": [{"name": f"dns-{way.lower()}", "port": 53, "targetPort": 53, "protocol": way} for way in ("UDP", "TCP")],
            },
        },
    ]


def policies() -> list[dict[str, Any]]:
    """What the program that enforces network policies may read."""
    rules = [
        {"apiGroups": [""], "resources": ["pods", "namespaces", "nodes"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": ["networking.k8s.io"], "resources": ["networkpolicies"], "verbs": ["list", "watch"]},
    ]
    user = {"kind": "User", "name": "kube-network-policies", "apiGroup": "rbac.authorization.k8s.io"}
    return [*_may("anzhi:kube-network-policies", rules, user), *_may("system:node-proxier", None, PROXY)]


PROXY = {"kind": "User", "name": "system:kube-proxy", "apiGroup": "rbac.authorization.k8s.io"}


def storage(layout: Layout) -> list[dict[str, Any]]:
    """Folders of the node, one per volume, for claims of no class; what a claim leaves there stays."""
    only_here = {"key": "kubernetes.io/hostname", "operator": "In", "values": [NODE]}
    return [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": f"local-{number:02}"},
            "spec": {
                "capacity": {"storage": "100Gi"},
                "accessModes": ["ReadWriteOnce"],
                "persistentVolumeReclaimPolicy": "Retain",
                "local": {"path": str(layout.volumes / f"{number:02}")},
                "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [only_here]}]}},
            },
        }
        for number in range(VOLUMES)
    ]


def _may(name: str, rules: list[dict[str, Any]] | None, subject: dict[str, Any]) -> list[dict[str, Any]]:
    """A role with these rules, or an existing one, bound to the subject."""
    api = "rbac.authorization.k8s.io/v1"
    role = {"apiVersion": api, "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules}
    binding = {
        "apiVersion": api,
        "kind": "ClusterRoleBinding",
        "metadata": {"name": name if rules is not None else f"anzhi:{name.rpartition(':')[2]}"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name},
        "subjects": [subject],
    }
    return [binding] if rules is None else [role, binding]
