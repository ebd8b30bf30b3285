"""Every object against the schemas of Kubernetes, strictly."""

import json
from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs
import pytest

from tests.charts.code import SERVICES
from tests.charts.rendered import CASES, CHARTS, Object, case

# Kinds of other makers, asserted in test_switches.py.
FOREIGN = ("gateway.networking.k8s.io/", "cert-manager.io/", "monitoring.coreos.com/")
SCHEMAS = resources.files("kubernetes_validate") / "kubernetes-json-schema" / "v1.35.0-local-strict"


@cache
def _definitions() -> jsonschema_rs.Registry:
    content = json.loads((SCHEMAS / "_definitions.json").read_text("utf-8"))
    return jsonschema_rs.Registry([(content["$id"], content)])


@cache
def _schema(kind: str, version: str) -> Any:
    group, _, number = version.rpartition("/")
    name = "-".join(part for part in (kind.lower(), group.partition(".")[0], number) if part)
    return jsonschema_rs.validator_for(json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")), registry=_definitions())


def faults(made: Object) -> list[str]:
    found = _schema(made["kind"], made["apiVersion"]).iter_errors(made)
    return [f"{made['kind']}/{made['metadata']['name']} {'.'.join(map(str, error.instance_path))}: {error.message}" for error in found]


@pytest.mark.parametrize("name", CASES)
def test_objects_are_what_kubernetes_knows(name: str):
    assert not [fault for made in case(name) if not made["apiVersion"].startswith(FOREIGN) for fault in faults(made)]


def test_a_fault_would_be_found():
    made = next(made for made in case("test") if made["kind"] == "Deployment")
    spec = made["spec"] | {"replica": 1}

    assert faults(made | {"spec": spec})


@pytest.mark.parametrize("name", CASES)
def test_each_object_is_made_once_in_its_namespace(name: str):
    names = [(made["apiVersion"], made["kind"], made["metadata"]["name"]) for made in case(name)]

    assert len(names) == len(set(names))
    for made in case(name):
        assert made["metadata"]["namespace"] == "anzhi", made["metadata"]["name"]
        assert made["metadata"]["labels"]["app.kubernetes.io/instance"] == "anzhi"


def test_the_chart_of_a_service_knows_no_service():
    for path in (CHARTS / "service" / "templates").iterdir():
        text = path.read_text("utf-8")
        named = [service for service in SERVICES if f'"{service}"' in text or f" {service}:" in text]

        assert "eq .Chart.Name" not in text and "eq $.Chart.Name" not in text, path.name
        assert not named, (path.name, named)
