"""What this machine remembers between two starts: secrets and ports, in one folder."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import string
from collections.abc import Callable
from pathlib import Path

import psutil

# Below the range from which Linux takes the ports of outgoing connections: nobody takes one between our look and our use.
PORTS = range(18_000, 32_000)

MARK = "ANZHI_CHILD_OF"

CHECKOUT = Path(__file__).resolve().parents[4]


class State:
    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        # PostgreSQL runs as another user where we are root: it must be able to walk through, not to look around.
        self.folder.chmod(0o711)

    @property
    def lock(self) -> Path:
        """Held by the supervisor as long as it lives."""
        return self.folder / "supervisor.lock"

    @property
    def mark(self) -> dict[str, str]:
        """A variable in the environment of each child, by which it is known whose it is."""
        return {MARK: str(self.folder)}

    def sweep(self) -> None:
        """End whatever still carries our mark, should a supervisor have died on a kernel that tells children nothing."""
        left = [child for child in psutil.process_iter() if _marked(child, str(self.folder))]
        for child in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        psutil.wait_procs(left, timeout=10)

    def path(self, *names: str) -> Path:
        """A folder of its own inside, made if missing."""
        path = self.folder.joinpath(*names)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def secret(self, name: str) -> str:
        """The secret of this name, made at first asking."""
        return self._remembered("secrets.json", name, _new_secret)

    def port(self, name: str) -> int:
        """A port that is free now, and where possible the one that this name had before."""
        ports = self._read("ports.json")
        if name in ports and free(int(ports[name])):
            return int(ports[name])
        taken = {int(port) for port in ports.values()}
        ports[name] = str(next(port for port in iter(lambda: secrets.choice(PORTS), 0) if port not in taken and free(port)))
        self._write("ports.json", ports)
        return int(ports[name])

    def recall(self, name: str) -> str | None:
        """What `remember` was told last."""
        return self._read("memory.json").get(name)

    def remember(self, name: str, value: str) -> None:
        self._write("memory.json", self._read("memory.json") | {name: value})

    def forget(self) -> None:
        """Secrets, ports, memory and logs."""
        for file in ("secrets.json", "ports.json", "memory.json"):
            (self.folder / file).unlink(missing_ok=True)
        shutil.rmtree(self.folder / "logs", ignore_errors=True)

    def _remembered(self, file: str, name: str, make: Callable[[], str]) -> str:
        values = self._read(file)
        if name not in values:
            values[name] = make()
            self._write(file, values)
        return values[name]

    def _read(self, file: str) -> dict[str, str]:
        path = self.folder / file
        if not path.exists():
            return {}
        values: dict[str, str] = json.loads(path.read_text())
        return values

    def _write(self, file: str, values: dict[str, str]) -> None:
        """Whole or not at all, and for nobody else's eyes."""
        draft = self.folder / f".{file}.draft"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(values, out, indent=1, sort_keys=True)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self.folder / file)


def _new_secret() -> str:
    """Letters and digits only, so that it needs no quoting in a URL; of each kind one, for those who ask that of a password."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    while True:
        made = "".join(secrets.choice("".join(kinds)) for _ in range(40))
        if all(set(made) & set(kind) for kind in kinds):
            return made


def _marked(child: psutil.Process, folder: str) -> bool:
    try:
        return child.pid != os.getpid() and child.environ().get(MARK) == folder
    except (psutil.Error, OSError):
        return False


def free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
