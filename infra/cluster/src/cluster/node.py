"""The first process of the node, in namespaces of its own: starts the programs and keeps them running. With its death all end."""

import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from cluster import parts
from cluster.configs import ETCD_PORT, JUDGED, KERNEL_SETTINGS, bound, commands
from cluster.layout import Layout

AGAIN_AFTER = 1.0
FIRST_ANSWER_WITHIN = 90.0
CGROUPS = Path("/sys/fs/cgroup")


class Node:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.commands = commands(layout, parts.Parts(parts.kubernetes_folder(), parts.etcd_folder()))
        self.running: dict[str, int] = {}
        self.not_before: dict[str, float] = {}

    def run(self) -> None:
        self._furnish()
        self._start("etcd")
        self._start("containerd")
        self._wait(lambda: _answers(ETCD_PORT), "etcd")
        self._start("kube-apiserver")
        self._wait(lambda: api_ready(self.layout, "127.0.0.1"), "kube-apiserver")
        while True:
            self._bury()
            for name in self.commands:
                halted = (self.layout.halted / name).exists()
                if halted and name in self.running:
                    os.kill(self.running[name], signal.SIGKILL)
                elif not halted and name not in self.running and time.monotonic() > self.not_before.get(name, 0):
                    self._start(name)
            time.sleep(0.1)

    def _furnish(self) -> None:
        """Mounts that only the node sees."""
        _mount("--make-rprivate", "/")
        for ours, seen in bound(self.layout).items():
            ours.mkdir(parents=True, exist_ok=True)
            Path(seen).mkdir(parents=True, exist_ok=True)
            _mount("--bind", str(ours), seen)
        _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
        settings = self.layout.machine / "settings"
        settings.mkdir()
        for path, value in KERNEL_SETTINGS.items():
            if Path(path).exists():
                own = settings / Path(path).name
                own.write_text(f"{value}\n")
                _mount("--bind", str(own), path)
        _mount("--make-rshared", "/")
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        for rule in JUDGED:
            subprocess.run(["iptables", "-A", "FORWARD", *rule], check=True)

    def _start(self, name: str) -> None:
        self.not_before[name] = time.monotonic() + AGAIN_AFTER
        with (self.layout.logs / f"{name}.log").open("ab") as out:
            child = subprocess.Popen(self.commands[name], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        child.returncode = 0  # Buried by _bury with all others; Popen is not to wait for it.
        self.running[name] = child.pid

    def _bury(self) -> None:
        """Being the first process, we inherit whatever the programs leave behind."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0] != 0:
                for name in [name for name, pid in self.running.items() if pid == ended[0]]:
                    del self.running[name]
                    print(f"{name} ended with {os.waitstatus_to_exitcode(ended[1])}", flush=True)

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + FIRST_ANSWER_WITHIN
        while not condition():
            self._bury()
            if what not in self.running:
                self._start(what)
            if time.monotonic() > deadline:
                sys.exit(f"{what} does not answer; see {self.layout.logs / what}.log")
            time.sleep(0.1)


def api_ready(layout: Layout, address: str) -> bool:
    trust = ssl.create_default_context(cafile=layout.pki / "ca.crt")
    trust.load_cert_chain(layout.pki / "admin.crt", layout.pki / "admin.key")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust))
    try:
        with opener.open(f"https://{address}:6443/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)
