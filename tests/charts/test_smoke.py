"""The walk of `helm test`: what it says where it cannot begin or fails. That it walks is seen in tests/cluster."""

import json
import os
import subprocess
import sys

from tests.charts.rendered import CHARTS, of, pods, rendered

SCRIPT = CHARTS / "platform" / "files" / "smoke.py"
PEOPLE = [
    {"username": name, "password": "x", "totp_secret": "", "roles": roles, "org_path": "/44/4419/"}
    for name, roles in {"a": ["OFF", "LEAD"], "b": ["OFF"], "c": ["UNIT"], "d": ["DEP"]}.items()
]


def walked(tmp_path, people) -> subprocess.CompletedProcess[str]:
    accounts = tmp_path / "accounts.json"
    accounts.write_text(json.dumps(people))
    environment = {**os.environ, "BASE_URL": "http://127.0.0.1:1", "ACCOUNTS": str(accounts), "PATIENCE": "0"}
    # As in the image: nothing but the standard library.
    return subprocess.run([sys.executable, "-I", SCRIPT], env=environment, capture_output=True, text=True, check=False, timeout=30)


def test_it_says_which_step_failed(tmp_path):
    done = walked(tmp_path, PEOPLE)

    assert done.returncode == 1
    assert "FAILED  ready" in done.stdout


def test_it_says_whom_it_needs(tmp_path):
    done = walked(tmp_path, PEOPLE[:2])

    assert done.returncode == 2
    assert "LEAD, OFF and UNIT" in done.stdout


def test_the_pod_is_given_the_script_and_the_accounts():
    objects = rendered("test")
    pod = pods(objects)["Pod/smoke"]

    assert pod["metadata"]["annotations"]["helm.sh/hook"] == "test"
    assert of(objects, "ConfigMap")["smoke"]["data"]["smoke.py"].strip() == SCRIPT.read_text("utf-8").strip()
    assert {volume["name"]: volume.get("secret", {}).get("secretName") for volume in pod["spec"]["volumes"]}["accounts"] == "anzhi-smoke"
    assert "Pod" not in {made["kind"] for made in rendered("test", "smoke.enabled=false")}
