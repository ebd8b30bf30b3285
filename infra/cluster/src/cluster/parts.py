"""The programs of the cluster, built once from locked Go modules and kept in a cache folder by what they are made of."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cluster.faults import ClusterFault

SOURCES = Path(__file__).resolve().parents[2] / "go"
KUBERNETES = "v1.35.4"
ETCD = "v3.6.16"
GO_AT_LEAST = (1, 26)
# Where Go's own installer puts it, should it not be on the path.
GO_HOME = Path("/usr/local/go/bin/go")
PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy")
# Folders of ours: a main of a few lines around somebody's library.
OWN = ("coredns", "kube-network-policies", "pause")


@dataclass(frozen=True)
class Parts:
    """Folders with the programs in them."""

    kubernetes: Path
    etcd: Path

    def program(self, name: str) -> Path:
        return (self.etcd if name == "etcd" else self.kubernetes) / name


def cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "anzhi" / "cluster"


def go() -> Path | None:
    found = shutil.which("go")
    if found is not None:
        return Path(found)
    return GO_HOME if GO_HOME.exists() else None


def fingerprint(folder: Path) -> str:
    """Changes with the module's locks, its code and how it is built (this file)."""
    digest = hashlib.sha256(Path(__file__).read_bytes() if folder.parent == SOURCES else b"")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def kubernetes_folder() -> Path:
    return cache() / f"kubernetes-{KUBERNETES}-{fingerprint(SOURCES / 'kubernetes')}"


def etcd_folder() -> Path:
    return cache() / f"etcd-{ETCD}-{fingerprint(SOURCES / 'etcd')}"


def built() -> bool:
    return kubernetes_folder().exists() and etcd_folder().exists()


def get() -> Parts:
    """From the cache, or built now: some eight minutes on two cores."""
    return Parts(kept(kubernetes_folder(), build_kubernetes), kept(etcd_folder(), build_etcd))


def kept(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder as `make` fills it, whole or not at all, by one process at a time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.parent / "lock"):
        if folder.exists():
            return folder
        begin = time.monotonic()
        print(f"making {folder.name}, once …", file=sys.stderr, flush=True)
        draft = folder.parent / f".{folder.name}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        make(draft)
        draft.rename(folder)
        print(f"made {folder.name} in {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
    return folder


def build_kubernetes(out: Path) -> None:
    module, (major, minor, _) = SOURCES / "kubernetes", KUBERNETES.removeprefix("v").split(".")
    about = "k8s.io/component-base/version"
    flags = f"-s -w -X {about}.gitVersion={KUBERNETES} -X {about}.gitMajor={major} -X {about}.gitMinor={minor}"
    packages = [f"k8s.io/kubernetes/cmd/{name}" for name in PROGRAMS]
    _build(module, "-ldflags", flags, "-o", f"{out}/", *packages, *(f"./{name}" for name in OWN))


def build_etcd(out: Path) -> None:
    _build(SOURCES / "etcd", "-ldflags", "-s -w", "-o", str(out / "etcd"), ".")


def check_go() -> None:
    program = go()
    wanted = ".".join(map(str, GO_AT_LEAST))
    if program is None:
        raise ClusterFault(f"there is no go on the path: Kubernetes is built with Go {wanted} or newer (Debian 12's golang is too old)")
    version = subprocess.run([program, "env", "GOVERSION"], cwd=SOURCES / "etcd", capture_output=True, text=True, check=False)
    numbers = version.stdout.strip().removeprefix("go").split(".")
    if version.returncode != 0 or tuple(int(number) for number in numbers[:2] if number.isdigit()) < GO_AT_LEAST:
        raise ClusterFault(
            f"{program} is too old: Kubernetes {KUBERNETES} is built with Go {wanted} or newer (Debian 12's golang is too old)"
        )


def _build(module: Path, *words: str) -> None:
    check_go()
    # What is locked is built, on any machine alike; the proxy and the checksum database are the machine's own.
    environment = os.environ | {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -buildvcs=false", "GOWORK": "off"}
    done = subprocess.run([str(go()), "build", "-trimpath", *words], cwd=module, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise ClusterFault(f"go build in {module.relative_to(SOURCES.parent)} failed; what it said stands above")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
