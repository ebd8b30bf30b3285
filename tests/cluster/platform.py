"""The platform in the cluster, and the Secrets that it stands on."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from cluster.kubectl import Kubectl
from cluster.layout import CGROUP, Layout
from cluster.machine import CGROUPS
from embedded.state import CHECKOUT

from tests.cluster.helm import Helm
from tests.cluster.images import Tags

CHART = CHECKOUT / "charts" / "platform"
VALUES = CHART / "values-test.yaml"
PATIENCE = 300.0
ACCOUNTS = "/tmp/accounts.json"
LOAD_DEMO = f"""
import runpy, sys
sys.argv = ["identity", "load-demo", "--accounts", "{ACCOUNTS}"]
try:
    runpy.run_module("identity", run_name="__main__", alter_sys=True)
except SystemExit as ended:
    if ended.code:
        raise
print("ACCOUNTS " + open("{ACCOUNTS}").read().replace(chr(10), " "))
"""


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
    """The seconds after which it held."""
    begin = time.monotonic()
    while not holds():
        assert time.monotonic() - begin < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.2)
    return time.monotonic() - begin


@dataclass(frozen=True)
class Secrets:
    """As an operator makes them, by infra/deploy."""

    folder: Path
    kubectl: Kubectl
    namespace: str

    def make(self, *words: str) -> None:
        self._deploy("secrets", "--bare", *words)
        self.apply()

    def apply(self) -> None:
        # The seals of all bodies are more than the note of a client-side apply takes.
        self.kubectl("apply", "--server-side", "--force-conflicts", "--filename", str(self.folder))

    def smoke(self, accounts: Path) -> None:
        self._deploy("smoke", "--accounts", str(accounts))
        self.apply()

    def read(self, name: str) -> dict[str, str]:
        return dict(yaml.safe_load((self.folder / f"{name}.yaml").read_text("utf-8"))["stringData"])

    def _deploy(self, *words: str) -> None:
        command = [sys.executable, "infra/deploy", *words, "--out", str(self.folder), "--namespace", self.namespace]
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@dataclass(frozen=True)
class Platform:
    node: Layout
    kubectl: Kubectl
    helm: Helm
    settings: dict[str, str]
    tags: Tags

    @property
    def url(self) -> str:
        """The gateway's Service."""
        return f"http://{self.kubectl('get', 'service', 'gateway', '--output', 'jsonpath={.spec.clusterIP}')}"

    @property
    def accounts(self) -> Path:
        return self.node.folder / "accounts.json"

    def upgrade(self, tag: str) -> float:
        return self.helm.upgrade("anzhi", CHART, VALUES, self.settings | {"global.image.tag": tag})

    def load_demo(self) -> float:
        """The demo organisation by a Job that is made like the one of the bootstrap; its accounts come by its log."""
        hooks, _ = self.helm("get", "hooks", "anzhi")
        job = next(one for one in yaml.safe_load_all(hooks) if one and one["metadata"]["name"] == "bootstrap")
        job["metadata"] = {"name": "load-demo"}
        container = job["spec"]["template"]["spec"]["containers"][0]
        container.pop("args")
        container["command"] = ["/app/bin/python", "-c", LOAD_DEMO]
        self.kubectl("apply", "--filename", "-", given=yaml.safe_dump(job))
        seconds = until(lambda: self._ended("load-demo"), "the demo organisation is loaded")
        log = self.kubectl("logs", "job/load-demo")
        told = [line.removeprefix("ACCOUNTS ") for line in log.splitlines() if line.startswith("ACCOUNTS ")]
        assert len(told) == 1, log
        self.accounts.touch(mode=0o600)
        self.accounts.write_text(json.dumps(json.loads(told[0]), ensure_ascii=False), "utf-8")
        self.kubectl("delete", "job", "load-demo")
        return seconds

    def _ended(self, job: str) -> bool:
        status = json.loads(self.kubectl("get", "job", job, "--output", "json")).get("status", {})
        assert not status.get("failed"), self.kubectl("logs", f"job/{job}")
        return bool(status.get("succeeded"))

    def deployments(self) -> list[dict[str, Any]]:
        return list(json.loads(self.kubectl("get", "deployments", "--output", "json"))["items"])

    def all_ready(self) -> bool:
        return all(
            one["status"].get("readyReplicas", 0) == one["status"].get("updatedReplicas", 0) == one["spec"]["replicas"]
            and one["status"].get("observedGeneration") == one["metadata"]["generation"]
            for one in self.deployments()
        )

    def pods(self, deployment: str) -> list[dict[str, Any]]:
        """Those that are not on their way out."""
        (found,) = [one for one in self.deployments() if one["metadata"]["name"] == deployment]
        selector = ",".join(f"{name}={value}" for name, value in found["spec"]["selector"]["matchLabels"].items())
        all_of_them = json.loads(self.kubectl("get", "pods", f"--selector={selector}", "--output", "json"))["items"]
        return [pod for pod in all_of_them if "deletionTimestamp" not in pod["metadata"]]

    def kill(self, pod: dict[str, Any]) -> None:
        """SIGKILL to its processes, as the kernel does when memory is out; the cluster is not told."""
        container = pod["status"]["containerStatuses"][0]["containerID"].removeprefix("containerd://")
        (group,) = (CGROUPS / "memory" / CGROUP).rglob(container)
        for number in (group / "cgroup.procs").read_text().split():
            os.kill(int(number), signal.SIGKILL)
