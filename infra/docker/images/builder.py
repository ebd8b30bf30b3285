"""buildah or docker, whichever answers: a docker without its daemon does not."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from images.network import authorities, told
from images.places import OUT

# buildah would raise the limits of what it runs; where that is not allowed it has to be told which ones stand.
LIMITS = '[containers]\ndefault_ulimits=["nofile=20000:20000","nproc=4096:4096"]\n[engine]\nruntime="runc"\n'


class NoBuilder(Exception):
    """Nothing here builds images."""


class BuildFailed(Exception):
    """The text ends with what the builder wrote last."""


class Builder:
    def __init__(self, name: str | None = None) -> None:
        self.name = name or _answering()

    def build(self, dockerfile: Path, context: Path, image: str, arguments: Mapping[str, str], log: Path) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            network = Path(scratch) / "network"
            network.touch(mode=0o600)
            network.write_text(told())
            options = ["--secret", f"id=network,src={network}"]
            if (bundle := authorities()) is not None:
                options += ["--secret", f"id=authorities,src={bundle}"]
            for name, value in arguments.items():
                options += ["--build-arg", f"{name}={value}"]
            # buildah's cache of layers does not see what is only mounted: the keys among the arguments tell it.
            how = ["buildah", "build", "--isolation", "chroot", "--layers"] if self.name == "buildah" else ["docker", "build"]
            self._run([*how, *options, "-f", str(dockerfile), "-t", image, str(context)], log)

    def save(self, image: str, archive: Path, log: Path) -> None:
        draft = archive.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        if self.name == "buildah":
            self._run(["buildah", "push", "--quiet", image, f"docker-archive:{draft}:{image}"], log)
        else:
            self._run(["docker", "save", "--output", str(draft), image], log)
        draft.replace(archive)

    def has(self, image: str) -> bool:
        command = ["buildah", "inspect", "--type", "image"] if self.name == "buildah" else ["docker", "image", "inspect"]
        return subprocess.run([*command, image], capture_output=True, env=self.environment, check=False).returncode == 0

    @property
    def environment(self) -> dict[str, str]:
        environment = {"DOCKER_BUILDKIT": "1", **os.environ}
        if self.name == "buildah" and "CONTAINERS_CONF" not in environment:
            OUT.mkdir(parents=True, exist_ok=True)
            (OUT / "containers.conf").write_text(LIMITS)
            environment["CONTAINERS_CONF"] = str(OUT / "containers.conf")
        return environment

    def _run(self, command: list[str], log: Path) -> None:
        with log.open("a") as out:
            done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, env=self.environment, check=False)
        if done.returncode != 0:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
            raise BuildFailed(f"{' '.join(command[:2])} ended with {done.returncode}; all of it is in {log}\n{last}")


def _answering() -> str:
    if shutil.which("docker") and subprocess.run(["docker", "info"], capture_output=True, timeout=30, check=False).returncode == 0:
        return "docker"
    if shutil.which("buildah"):
        return "buildah"
    raise NoBuilder("no image can be built here: neither a docker daemon nor buildah answers (Debian's package is buildah)")
