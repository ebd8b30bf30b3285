"""What the schemas and templates refuse, and the sentence that they say."""

import json

import pytest

from tests.charts.code import SERVICES
from tests.charts.rendered import CHARTS, refusal, run, values

TEST = ("--values", str(CHARTS / "platform" / "values-test.yaml"))
PRODUCTION = ("--values", str(CHARTS / "platform" / "values-production.yaml"), "--set-string", "global.image.tag=9")

REFUSED = {
    "a typo in a service's block": (("--set", "penalties.replicas=3"), "penalties:", "'replicas'"),
    "a typo in a role": (("--set", "penalties.roles.serve.replica=3"), "penalties:", "'replica'"),
    "a role that is none": (("--set", "penalties.roles.server.replicas=3"), "penalties:", "'server'"),
    "a service that is none": (("--set", "penaltys.roles.serve.replicas=3"), "platform:", "'penaltys'"),
    "a typo in global": (("--set", "global.legalClok=false"), "/global", "'legalClok'"),
    "a typo below global": (("--set", "global.kafka.bootstraps=a:1"), "/global/kafka", "'bootstraps'"),
    "no tag": (("--set", "global.image.tag="), "/global/image/tag", ""),
    "no address for people": (("--set", "global.publicUrl="), "/global/publicUrl", ""),
    "an address that is none": (("--set", "global.s3.endpoint=store"), "/global/s3/endpoint", ""),
    "brokers without a port": (("--set", "global.kafka.bootstrap=kafka"), "/global/kafka/bootstrap", ""),
    "an environment that is none": (("--set", "global.environment=live"), "/global/environment", ""),
    "a call to nobody": (("--set", "global.calls.penalties[0]=nobody"), "/global/calls/penalties/0", ""),
    "no replicas": (("--set", "penalties.roles.serve.replicas=0"), "penalties:", "/roles/serve/replicas"),
    "a quantity that is none": (("--set", "penalties.resources.limits.memory=much"), "penalties:", "/resources/limits/memory"),
    "a part that is none": (("--set", "penalties.uses[0]=oracle"), "penalties:", "/uses/0"),
    "a missing role": (("--set", "penalties.roles.relay=null"), "penalties: no Deployment runs the role relay", "penalties.roles"),
    "a key that is gone": (("--set", "penalties.allowFrom[0]=gateway"), "penalties.allowFrom is gone", "global.calls"),
    "a Gateway API without gateway": (("--set", "gatewayApi.enabled=true"), "/gatewayApi", ""),
    "a certificate without issuer": (("--set", "certificate.enabled=true"), "/certificate", ""),
}


@pytest.mark.parametrize("options", REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_value_is_refused_with_its_place(options):
    given, place, more = options
    said = refusal("platform", *TEST, *given)

    assert place in said and more in said


def test_the_legal_clock_is_refused_in_production():
    assert "/global/legalClock" in refusal("platform", *PRODUCTION, "--set", "global.legalClock=true")
    assert run("platform", *TEST, "--set", "global.legalClock=true").returncode == 0


@pytest.mark.parametrize("given", ["parts.postgres.sizes=1Gi", "collector.keep=disk", "image.tag=a b", "part.kafka.enabled=false"])
def test_backing_refuses_too(given: str):
    assert "backing:" in refusal("backing", "--set-string", "image.tag=9", "--set-string", given)


def test_a_missing_secret_does_not_stop_a_render_without_a_cluster():
    assert run("platform", *TEST, "--set", "global.checkSecrets=true").returncode == 0


@pytest.mark.parametrize("chart", ["service", "platform", "backing"])
def test_every_object_of_a_schema_is_closed(chart: str):
    schema = json.loads((CHARTS / chart / "values.schema.json").read_text("utf-8"))
    free = {
        # Checked by the schema of the service's own chart.
        *(("properties", service) for service in SERVICES if chart == "platform"),
        # Checked by the platform's schema, before the service's chart sees it.
        ("properties", "global"),
    }
    assert [path for path in _open(schema, ()) if path not in free and not _is_kubernetes(path)] == []


def _is_kubernetes(path: tuple) -> bool:
    """Parts of Kubernetes objects, which the cluster checks."""
    return bool({"peers", "egress", "tolerations", "parents"} & set(path))


def _open(schema, path: tuple):
    if isinstance(schema, dict):
        kinds = schema.get("type", ())
        if kinds == "object" or (isinstance(kinds, list) and "object" in kinds):
            extra = schema.get("additionalProperties", True)
            if extra is True:
                yield path
        for name, inner in schema.items():
            if name not in ("if", "then", "else", "allOf"):
                yield from _open(inner, (*path, name))
    elif isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from _open(inner, (*path, number))


def test_every_value_of_the_platform_is_known_to_the_schema():
    """The other direction: what is in values.yaml but not in the schema would be refused at the first render."""
    schema = json.loads((CHARTS / "platform" / "values.schema.json").read_text("utf-8"))

    assert set(values("platform")) == set(schema["properties"])
    assert set(values("platform")["global"]) == set(schema["properties"]["global"]["properties"])
