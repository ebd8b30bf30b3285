"""What helm makes of the charts, as objects."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from testkit.kube import helm

ROOT = Path(__file__).resolve().parents[2]
CHARTS = ROOT / "charts"
ENVIRONMENTS = ("test", "staging", "production")
NAMESPACE = "anzhi"
Object = dict[str, Any]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def run(chart: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [helm(), "template", "anzhi", CHARTS / chart, "--namespace", NAMESPACE, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@cache
def rendered(environment: str, *sets: str, chart: str = "platform") -> tuple[Object, ...]:
    """Every object of the chart in that environment, with `--set` for each of `sets`."""
    values = CHARTS / chart / f"values-{environment}.yaml"
    tag = ("--set-string", "global.image.tag=9" if chart == "platform" else "image.tag=9")
    done = run(chart, *(("--values", str(values)) if values.exists() else ()), *tag, *(word for given in sets for word in ("--set", given)))
    assert done.returncode == 0, done.stderr
    return tuple(document for document in yaml.load_all(done.stdout, LOADER) if document)


def refusal(chart: str, *options: str) -> str:
    """What helm says; fails where it says nothing."""
    done = run(chart, *options)
    assert done.returncode != 0, "helm rendered it"
    return "\n".join(line for line in done.stderr.splitlines() if not line.startswith("level="))


def values(chart: str, name: str = "values.yaml") -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CHARTS / chart / name).read_text("utf-8"))
    return found


SWITCHES = (
    "global.autoscaling=true",
    "gatewayApi.enabled=true",
    "gatewayApi.parents[0].name=public",
    "certificate.enabled=true",
    "certificate.issuerName=letters",
    "global.kafka.securityProtocol=SASL_SSL",
    "global.kafka.authority=kafka.pem",
    "global.s3.authority=s3.pem",
    "global.authorities=anzhi-authorities",
)
BACKING_SWITCHES = (
    "serviceMonitor.enabled=true",
    "prometheusRule.enabled=true",
    "dashboards.enabled=true",
    "dashboards.enabled=true",
    "collector.keep=otlp",
    "collector.forwardEndpoint=next:4317",
)


# Both charts in all environments, and every switch on.
CASES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    **{environment: ("platform", environment, ()) for environment in ENVIRONMENTS},
    "production, switched": ("platform", "production", SWITCHES),
    "backing": ("backing", "", ()),
    "backing test": ("backing", "test", ()),
    "backing, switched": ("backing", "", BACKING_SWITCHES),
}


def case(name: str) -> tuple[Object, ...]:
    chart, environment, sets = CASES[name]
    return rendered(environment, *sets, chart=chart)


def of(objects: tuple[Object, ...], kind: str) -> dict[str, Object]:
    return {found["metadata"]["name"]: found for found in objects if found["kind"] == kind}


def pods(objects: tuple[Object, ...]) -> dict[str, Object]:
    """Metadata and spec of every pod that some object makes, under the object's kind and name."""
    found = {}
    for made in objects:
        pod = made if made["kind"] == "Pod" else made.get("spec", {}).get("template") if made["kind"] in MAKERS else None
        if pod is not None:
            found[f"{made['kind']}/{made['metadata']['name']}"] = pod
    return found


MAKERS = {"Deployment", "StatefulSet", "DaemonSet", "Job"}


@dataclass(frozen=True)
class Program:
    """A container that runs a service: which, in which role, on whose pod."""

    service: str
    role: str
    labels: Mapping[str, str]
    container: Mapping[str, Any]


def programs(objects: tuple[Object, ...]) -> dict[str, Program]:
    found = {}
    for name, pod in pods(objects).items():
        labels = pod["metadata"]["labels"]
        for container in pod["spec"]["containers"]:
            service = container["name"] if labels.get("app.kubernetes.io/component") == "job" else labels["app.kubernetes.io/name"]
            if (ROOT / "services" / service).is_dir():
                found[f"{name} {container['name']}"] = Program(service, container["args"][0], labels, container)
    return found


def environment_of(container: Mapping[str, Any]) -> dict[str, str | None]:
    """Variable -> value; None: from a Secret."""
    return {given["name"]: given.get("value") for given in container.get("env", ())}
