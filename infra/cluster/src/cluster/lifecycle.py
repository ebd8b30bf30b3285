"""Raise the node and end it: the part of the machine."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil

from cluster import certificates, configs, machine, objects, parts, scratch_image
from cluster.faults import ClusterFault
from cluster.kubectl import Kubectl
from cluster.layout import NODE, NODE_ADDRESS, VOLUMES, Layout
from cluster.node import api_ready

ENTERED_WITHIN = 30.0
API_WITHIN = 120.0
NODE_WITHIN = 120.0
ENDED_WITHIN = 30.0


def up(layout: Layout) -> float:
    """Seconds that it took; a node that stands is left as it is."""
    begin = time.monotonic()
    lack = machine.lacking()
    if lack is not None:
        raise ClusterFault(lack)
    made = parts.get()
    with _alone(layout):
        _raise(layout, made)
    return time.monotonic() - begin


def _raise(layout: Layout, made: parts.Parts) -> None:
    if alive(layout) is not None:
        if api_ready(layout, str(NODE_ADDRESS)) and serves(layout):
            return
        print("a node that does not answer is ended", file=sys.stderr, flush=True)
    _end(layout)
    _prepare(layout)
    machine.lay_cable()
    machine.make_cgroups()
    number = _begin(layout)
    wait(lambda: machine.entered(number), ENTERED_WITHIN, "the node does not enter its network", layout)
    machine.drop_name()
    wait(lambda: api_ready(layout, str(NODE_ADDRESS)), API_WITHIN, "kube-apiserver does not answer", layout)
    wait(layout.socket.exists, API_WITHIN, "containerd does not answer", layout)
    for reference, program in ((configs.PAUSE, "pause"), (objects.COREDNS, "coredns")):
        archive = layout.machine / f"{program}.tar"
        scratch_image.write(archive, reference, made.program(program))
        _ctr(layout, "import", str(archive))
    kubectl = Kubectl(layout)
    kubectl("apply", "--filename", "-", given=objects.all_of_them(layout))
    wait(lambda: serves(layout), NODE_WITHIN, "the node or its DNS does not come to be ready", layout)


def down(layout: Layout) -> None:
    """All that was started ends, all that was borrowed is given back; images and logs are kept."""
    with _alone(layout):
        _end(layout)


@contextlib.contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """Two commands at once would lay one cable."""
    layout.folder.mkdir(parents=True, exist_ok=True)
    with (layout.folder / "command.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ClusterFault("another command is raising or ending this cluster now") from error
        yield


def _end(layout: Layout) -> None:
    number = alive(layout)
    if number is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
        wait(lambda: alive(layout) is None, ENDED_WITHIN, "the node does not end", layout, lives=False)
    machine.give_back()
    for path in layout.forgotten:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def alive(layout: Layout) -> int | None:
    """The process with which all others end."""
    if not layout.lock.exists():
        return None
    with layout.lock.open("r") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read() or _without_number(layout))
    return None


def _without_number(layout: Layout) -> int:
    """Of a node whose `up` was killed before it noted the number."""
    for process in psutil.process_iter(["name", "cwd"]):
        if process.info["name"] == "unshare" and process.info["cwd"] == str(layout.folder):
            return int(process.pid)
    raise ClusterFault(f"somebody holds {layout.lock}, and it is no node")


def serves(layout: Layout) -> bool:
    """The node is ready and answers for names."""
    kubectl = Kubectl(layout)
    ready = kubectl.first("get", "node", NODE, "--output", "jsonpath={.status.conditions[?(@.type=='Ready')].status}")
    names = kubectl.first("get", "deployment", "coredns", "--namespace", "kube-system", "--output", "jsonpath={.status.readyReplicas}")
    return (ready, names) == ("True", "1")


def halt(layout: Layout, program: str) -> None:
    """Keep one program of the node stopped until `resume`."""
    _known(program)
    layout.halted.mkdir(exist_ok=True)
    (layout.halted / program).touch()


def resume(layout: Layout, program: str) -> None:
    _known(program)
    (layout.halted / program).unlink(missing_ok=True)


def _known(program: str) -> None:
    if program not in configs.NAMES:
        raise ClusterFault(f"{program} is no program of the node: {', '.join(configs.NAMES)}")


def load(layout: Layout, archives: Iterable[Path]) -> list[str]:
    """Bring images to the node; those whose archive is the one that was imported last are left out."""
    known, there = layout.containerd / "imported.json", set(_ctr(layout, "list", "--quiet").split())
    imported: dict[str, list[Any]] = json.loads(known.read_text()) if known.exists() else {}
    brought: list[str] = []
    for archive in archives:
        if not archive.exists():
            raise ClusterFault(f"there is no {archive}")
        about = archive.stat()
        mark = [about.st_size, about.st_mtime_ns]
        if archive.name in imported and imported[archive.name][:2] == mark and set(imported[archive.name][2:]) <= there:
            continue
        names = [line.split()[1] for line in _ctr(layout, "import", str(archive)).splitlines() if line.startswith("unpacking")]
        imported[archive.name] = [*mark, *names]
        known.write_text(json.dumps(imported, indent=1))
        brought += names
    return brought


def _ctr(layout: Layout, *words: str) -> str:
    command = ["ctr", "--address", str(layout.socket), "--namespace", "k8s.io", "images", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ClusterFault(f"ctr images {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def programs(layout: Layout) -> dict[str, float]:
    """Megabytes in memory of each program of the node that runs."""
    number = alive(layout)
    if number is None:
        return {}
    found: dict[str, float] = {}
    for process in psutil.Process(number).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if process.name()[:15] in {name[:15] for name in configs.NAMES}:
                found[process.name()] = found.get(process.name(), 0.0) + process.memory_info().rss / 1e6
    return found


def wait(condition: Callable[[], bool], seconds: float, otherwise: str, layout: Layout, *, lives: bool = True) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if lives and alive(layout) is None:
            raise ClusterFault(f"the node has ended; see {layout.logs / 'node.log'}")
        if time.monotonic() > deadline:
            raise ClusterFault(f"{otherwise} within {seconds:.0f} s; see {layout.logs}")
        time.sleep(0.2)


def _prepare(layout: Layout) -> None:
    layout.folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(layout.logs, ignore_errors=True)
    for folder in (layout.logs, layout.etc, layout.machine, layout.halted, *(layout.volumes / f"{n:02}" for n in range(VOLUMES))):
        folder.mkdir(parents=True)
        if folder.parent == layout.volumes:
            # As a provider of storage does: for whoever of the pods claims it.
            folder.chmod(0o777)
    certificates.make_all(layout)
    configs.write_all(layout)


def _begin(layout: Layout) -> int:
    with layout.lock.open("w") as lock, (layout.logs / "node.log").open("ab") as out:
        fcntl.flock(lock, fcntl.LOCK_EX)
        child = subprocess.Popen(
            machine.enter([sys.executable, "-m", "cluster", "node", str(lock.fileno())]),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            pass_fds=(lock.fileno(),),
            cwd=layout.folder,
        )
        lock.write(str(child.pid))
        lock.flush()
    child.returncode = 0  # It outlives us: nobody is to wait for it.
    return child.pid
