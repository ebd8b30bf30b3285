"""What the charts take from Secrets against what `python infra/deploy secrets` makes, and what each of its keys is for."""

import subprocess
import sys

import pytest
import yaml

from tests.charts.rendered import ROOT, Object, case, pods

# Made by hand: the officers who walk, the certificate of the ingress.
BY_HAND = {"anzhi-smoke": {"accounts.json"}}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, set[str]]:
    folder = tmp_path_factory.mktemp("secrets")
    command = [sys.executable, "infra/deploy", "secrets", "--bare", "--development-seals", "--out", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    secrets = [yaml.safe_load(path.read_text("utf-8")) for path in folder.glob("*.yaml")]
    return {secret["metadata"]["name"]: set(secret["stringData"]) for secret in secrets} | BY_HAND


def taken(pod: Object) -> dict[str, set[str]]:
    """Secret -> keys; no key: as a folder."""
    found: dict[str, set[str]] = {}
    for container in pod["spec"]["containers"]:
        for given in container.get("env", ()):
            if "valueFrom" in given:
                reference = given["valueFrom"]["secretKeyRef"]
                found.setdefault(reference["name"], set()).add(reference["key"])
    for volume in pod["spec"]["volumes"]:
        if "secret" in volume:
            keys = found.setdefault(volume["secret"]["secretName"], set())
            keys |= {item["key"] for item in volume["secret"].get("items", ())}
    return found


@pytest.mark.parametrize("named", ["test", "staging", "production", "backing test"])
def test_every_key_is_made(named: str, made: dict[str, set[str]]):
    for name, pod in pods(case(named)).items():
        for secret, keys in taken(pod).items():
            assert secret in made, name
            assert keys <= made[secret], name


def test_every_key_is_taken(made: dict[str, set[str]]):
    used: dict[str, set[str]] = {}
    for named in ("production", "backing"):
        for pod in pods(case(named)).values():
            for secret, keys in taken(pod).items():
                used.setdefault(secret, set()).update(keys)
    folders = {"anzhi-service-keys", "anzhi-seals", "anzhi-databases", "anzhi-smoke"}

    assert set(made) == set(used)
    assert {secret: keys for secret, keys in used.items() if secret not in folders} == {
        secret: keys for secret, keys in made.items() if secret not in folders
    }
