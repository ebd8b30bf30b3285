"""helm, as an operator calls it."""

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from cluster.layout import Layout
from testkit import kube

TIMEOUT = "8m"


class HelmFailed(Exception):
    """What helm said."""


class Helm:
    def __init__(self, layout: Layout, namespace: str) -> None:
        self.namespace = namespace
        self._command = [str(kube.helm()), "--kubeconfig", str(layout.kubeconfig), "--namespace", namespace]

    def __call__(self, *words: str) -> tuple[str, float]:
        """What it says, and the seconds that it took. Raises: HelmFailed."""
        begin = time.monotonic()
        done = subprocess.run([*self._command, *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise HelmFailed(f"helm {' '.join(words[:2])}: {done.stderr.strip()}\n{done.stdout.strip()}".strip())
        return done.stdout, time.monotonic() - begin

    def install(self, name: str, chart: Path, values: Path | None, settings: Mapping[str, str], *, timeout: str = TIMEOUT) -> float:
        return self("install", name, str(chart), "--wait", "--timeout", timeout, *_given(values, settings))[1]

    def upgrade(self, name: str, chart: Path, values: Path | None, settings: Mapping[str, str]) -> float:
        return self("upgrade", name, str(chart), "--wait", "--timeout", TIMEOUT, *_given(values, settings))[1]

    def uninstall(self, name: str) -> float:
        return self("uninstall", name, "--wait", "--timeout", TIMEOUT)[1]


def _given(values: Path | None, settings: Mapping[str, str]) -> list[str]:
    words = ["--values", str(values)] if values is not None else []
    for name, value in settings.items():
        words += ["--set-json" if value[:1] in "[{" else "--set", f"{name}={value}"]
    return words
