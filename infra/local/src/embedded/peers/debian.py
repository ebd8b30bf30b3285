"""Which Debian package brings which server, and installing them where we are root.

The servers of the packages are not to start by themselves: ours have folders and ports of their own.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")
POSTGRES_VERSIONS = Path("/usr/lib/postgresql")
SYSTEMD = Path("/run/systemd/system")


@dataclass(frozen=True)
class Peer:
    given_by: str
    title: str
    packages: tuple[str, ...]
    programs: tuple[str, ...]
    units: tuple[str, ...] = ()

    @property
    def is_here(self) -> bool:
        return all(program(name) is not None for name in self.programs)


PEERS = (
    Peer("PG_ADMIN_URL", "PostgreSQL", ("postgresql",), ("initdb", "postgres"), ("postgresql",)),
    Peer("REDIS_URL", "Redis", ("redis-server",), ("redis-server",), ("redis-server",)),
    Peer(
        "S3_ENDPOINT",
        "Ceph RGW",
        ("radosgw", "ceph-mon", "ceph-mgr", "ceph-osd"),
        ("radosgw", "radosgw-admin", "ceph", "ceph-mon", "ceph-mgr", "ceph-osd", "monmaptool"),
    ),
)


class NotInstalled(Exception):
    """apt-get refused; the text is the end of what it said."""


def program(name: str) -> Path | None:
    """Debian keeps PostgreSQL's programs off the path, a folder for each version: the newest."""
    versions = sorted((folder for folder in POSTGRES_VERSIONS.glob("*") if folder.name.isdigit()), key=lambda folder: -int(folder.name))
    for folder in versions:
        if (folder / "bin" / name).exists():
            return folder / "bin" / name
    found = shutil.which(name)
    return Path(found) if found else None


def missing() -> list[Peer]:
    return [peer for peer in PEERS if not peer.is_here]


def left_out() -> list[str]:
    return [
        f"LEFT OUT: {peer.title} (Debian's {' '.join(peer.packages)} is not here and we are not root); the embedded server stands in"
        for peer in missing()
    ]


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(say: Callable[[str], None]) -> None:
    absent = missing()
    if not absent or not can_install():
        return
    packages = [name for peer in absent for name in peer.packages]
    say(f"installing {' '.join(packages)}")
    with _nothing_starts():
        _run("apt-get", "update", "-q")
        _run("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages)
    if SYSTEMD.exists():
        for unit in (unit for peer in absent for unit in peer.units):
            _run("systemctl", "disable", unit)


def _run(*words: str) -> None:
    environment = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotInstalled(f"{' '.join(words)} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-2000:]}")


@contextmanager
def _nothing_starts() -> Iterator[None]:
    """Packages ask this program before they start their servers; one that is there already is the machine's own choice."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
