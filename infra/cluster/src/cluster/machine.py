"""What the machine must bring, and what the node borrows of it: one cable, one set of control groups. Given back by `give_back`."""

import contextlib
import errno
import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from ipaddress import IPv4Network
from pathlib import Path

from cluster import parts
from cluster.configs import CNI_PROGRAMS
from cluster.faults import ClusterFault
from cluster.layout import CABLE, CGROUP, HOST_ADDRESS, NETNS, NETWORK, NODE_ADDRESS, PODS, SERVICES

# A program and the package of Debian that brings it.
PACKAGES = {
    "containerd": "containerd",
    "ctr": "containerd",
    "runc": "runc",
    "nft": "nftables",
    "iptables": "iptables",
    "conntrack": "conntrack",
    "ip": "iproute2",
    "mount": "mount",
    "unshare": "util-linux",
}
CGROUPS = Path("/sys/fs/cgroup")
CONTROLLERS = ("cpu", "cpuacct", "cpuset", "memory", "pids", "devices", "freezer", "blkio", "hugetlb", "systemd")
EMPTY_WITHIN = 10.0
# A group counts as one process beside those outside of it, and here it is dozens: without this a machine that does something
# else as well starves them.
SHARES = 16 * 1024


def lacking() -> str | None:
    """Why no cluster can be had here, in one sentence; None: it can."""
    if os.geteuid() != 0:
        return "a cluster needs root: it makes namespaces, mounts and network interfaces of its own"
    missing = sorted({package for program, package in PACKAGES.items() if shutil.which(program) is None})
    if not Path(CNI_PROGRAMS, "ptp").exists():
        missing.append("containernetworking-plugins")
    if missing:
        return f"a cluster needs Debian's {', '.join(missing)}: apt-get install {' '.join(missing)}"
    if not parts.built():
        try:
            parts.check_go()
        except ClusterFault as fault:
            return str(fault)
    return None


def lay_cable() -> None:
    """A network namespace by name, with the one cable to it; the name goes once the node lives in it."""
    for route in json.loads(_said("ip", "-json", "route")):
        with contextlib.suppress(ValueError):
            if IPv4Network(route["dst"]).overlaps(NETWORK):
                raise ClusterFault(f"the cluster's network {NETWORK} is taken on this machine: {route['dst']} by {route.get('dev')}")
    for words in (
        ("netns", "add", NETNS),
        ("link", "add", CABLE, "type", "veth", "peer", "name", "eth0", "netns", NETNS),
        ("address", "add", f"{HOST_ADDRESS}/24", "dev", CABLE),
        ("link", "set", CABLE, "up"),
        ("-n", NETNS, "address", "add", f"{NODE_ADDRESS}/24", "dev", "eth0"),
        ("-n", NETNS, "link", "set", "eth0", "up"),
        ("-n", NETNS, "route", "add", "default", "via", str(HOST_ADDRESS)),
        ("route", "add", str(SERVICES), "via", str(NODE_ADDRESS)),
        ("route", "add", str(PODS), "via", str(NODE_ADDRESS)),
    ):
        _said("ip", *words)


def entered(number: int) -> bool:
    """Whether the process is in the network that was laid."""
    try:
        return Path(f"/proc/{number}/ns/net").stat().st_ino == Path("/run/netns", NETNS).stat().st_ino
    except FileNotFoundError:
        return False


def drop_name() -> None:
    _said("ip", "netns", "delete", NETNS)


def make_cgroups() -> None:
    for controller in (CGROUPS / name for name in CONTROLLERS):
        if not controller.is_dir() or controller.is_symlink():
            continue
        own = controller / CGROUP
        own.mkdir(exist_ok=True)
        if controller.name == "cpuset":
            for file in ("cpuset.cpus", "cpuset.mems"):
                (own / file).write_text((controller / file).read_text())
        if controller.name == "cpu":
            (own / "cpu.shares").write_text(str(SHARES))


def give_back() -> None:
    """Whatever a node that was killed has left; what it ran has ended with it."""
    for words in (("netns", "delete", NETNS), ("link", "delete", CABLE)):
        subprocess.run(["ip", *words], capture_output=True, check=False)
    for own in CGROUPS.glob(f"*/{CGROUP}"):
        _remove_group(own)


def _remove_group(group: Path) -> None:
    inside = sorted((path for path in group.rglob("*") if path.is_dir()), key=lambda path: -len(path.parts))
    for inner in (*inside, group):
        deadline = time.monotonic() + EMPTY_WITHIN
        while True:
            try:
                inner.rmdir()
                break
            except OSError as error:
                if error.errno == errno.ENOENT:
                    break
                if error.errno != errno.EBUSY or time.monotonic() > deadline:
                    raise ClusterFault(f"{inner} cannot be removed: {error.strerror}") from error
                time.sleep(0.1)


def _said(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ClusterFault(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def enter(words: Sequence[str]) -> list[str]:
    """The command that begins a node with namespaces of its own and in the network laid for it."""
    own = ["unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--ipc", "--uts"]
    return ["nsenter", f"--net=/run/netns/{NETNS}", *own, "--", *words]
