"""A container of a saved image, by runc alone: read-only root, user 10001, no capability, no new privileges, a network of its own."""

import json
import os
import shutil
import subprocess
import tarfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER = 10001
WHITEOUT = ".wh."
TRUSTED = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}


def unpacked(archive: Path, folder: Path) -> dict[str, object]:
    """The image's root file system in `folder`; returns its configuration."""
    with tarfile.open(archive) as outer:
        manifest = json.load(outer.extractfile("manifest.json"))[0]
        for layer in manifest["Layers"]:
            with tarfile.open(fileobj=outer.extractfile(layer)) as inner:
                for member in inner:
                    parent, _, name = member.name.rpartition("/")
                    if name.startswith(WHITEOUT):
                        hidden = folder / parent / name.removeprefix(WHITEOUT)
                        shutil.rmtree(hidden) if hidden.is_dir() and not hidden.is_symlink() else hidden.unlink(missing_ok=True)
                    else:
                        inner.extract(member, folder, **TRUSTED)
        return json.load(outer.extractfile(manifest["Config"]))["config"]


@dataclass
class Container:
    name: str
    process: subprocess.Popen[str]
    log: Path

    def told(self) -> str:
        return self.log.read_text(errors="replace")

    def run(self, *command: str, env: Mapping[str, str] | None = None) -> int:
        words = [word for name, value in (env or {}).items() for word in ("--env", f"{name}={value}")]
        return subprocess.run(["runc", "exec", *words, self.name, *command], capture_output=True, check=False, timeout=60).returncode

    def wait(self, seconds: float = 60) -> int:
        return self.process.wait(seconds)

    def answers(self, *command: str, within: float = 60) -> bool:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.run(*command) == 0:
                return True
            time.sleep(0.2)
        return False

    def signal(self, name: str) -> None:
        subprocess.run(["runc", "kill", self.name, name], capture_output=True, check=False)


@contextmanager
def container(
    root: Path, config: Mapping[str, object], scratch: Path, *arguments: str, env: Mapping[str, str] | None = None, data: Path | None = None
) -> Iterator[Container]:
    name = f"anzhi-{uuid.uuid4().hex[:12]}"
    bundle = scratch / name
    bundle.mkdir()
    mounts = [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755", "size=64k"]},
        {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "nodev", "mode=1777", "size=64m"]},
        {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev", "mode=1777"]},
    ]
    if data is not None:
        os.chown(data, USER, USER)
        mounts.append({"destination": "/data", "type": "bind", "source": str(data), "options": ["rbind", "rw"]})
    environment = [*config.get("Env", []), *(f"{key}={value}" for key, value in (env or {}).items())]
    settings = {
        "ociVersion": "1.0.2",
        "root": {"path": str(root), "readonly": True},
        "process": {
            "args": [*config["Entrypoint"], *(arguments or config.get("Cmd") or ())],
            "cwd": config.get("WorkingDir") or "/",
            "env": environment,
            "user": {"uid": USER, "gid": USER},
            "capabilities": {},
            "noNewPrivileges": True,
        },
        "mounts": mounts,
        "linux": {"namespaces": [{"type": kind} for kind in ("pid", "mount", "ipc", "uts", "network")]},
    }
    (bundle / "config.json").write_text(json.dumps(settings))
    log = bundle / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            ["runc", "run", "-b", str(bundle), name], stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True
        )
        made = Container(name, process, log)
        try:
            yield made
        finally:
            subprocess.run(["runc", "delete", "--force", name], capture_output=True, check=False)
            process.wait(30)
