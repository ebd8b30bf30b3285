"""kubectl, as the administrator of the cluster."""

import subprocess

from testkit import kube

from cluster.faults import ClusterFault
from cluster.layout import Layout


class Kubectl:
    def __init__(self, layout: Layout) -> None:
        self.command = [str(kube.kubectl()), "--kubeconfig", str(layout.kubeconfig)]

    def __call__(self, *words: str, given: str | None = None, seconds: float = 120) -> str:
        """What it says; a fault is its own sentence."""
        done = subprocess.run([*self.command, *words], input=given, capture_output=True, text=True, timeout=seconds, check=False)
        if done.returncode != 0:
            raise ClusterFault(f"kubectl {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def first(self, *words: str) -> str | None:
        """What it says, or None where there is nothing to say yet."""
        done = subprocess.run([*self.command, *words], capture_output=True, text=True, timeout=30, check=False)
        return done.stdout.strip() if done.returncode == 0 else None
