"""The two versions: the checkout in which we are, and the one named in infra/upgrade/from, in a worktree and environment of its own."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from embedded.services import GATEWAY, Service
from embedded.state import CHECKOUT

FROM = CHECKOUT / "infra" / "upgrade" / "from"
FOLDER = CHECKOUT / ".local" / "upgrade"


class NoSuchVersion(SystemExit):
    """The version to upgrade from cannot be had here; the text says why."""


@dataclass(frozen=True)
class Version:
    """A checkout with the Python that runs it."""

    name: str
    checkout: Path
    python: Path

    @property
    def services(self) -> list[Service]:
        """The gateway last: it needs all others."""
        folders = (app.parents[2] for app in sorted((self.checkout / "services").glob("*/src/*/app.py")))
        return sorted((Service(folder) for folder in folders), key=lambda service: (service.name == GATEWAY, service.name))

    def service(self, name: str) -> Service | None:
        return next((service for service in self.services if service.name == name), None)


def new(commit: str = "") -> Version:
    """This checkout, or that commit. Raises: NoSuchVersion."""
    return of("N+1", commit) if commit else Version("N+1", CHECKOUT, Path(sys.executable))


def old() -> Version:
    """Raises: NoSuchVersion."""
    return of("N", FROM.read_text("utf-8").strip())


def of(name: str, commit: str) -> Version:
    """Made at first asking. Raises: NoSuchVersion."""
    place = FOLDER / commit[:12]
    if _git("cat-file", "-e", f"{commit}^{{commit}}") is None:
        raise NoSuchVersion(f"{name} is commit {commit}, which is not in this checkout: fetch its history")
    if not (place / "pyproject.toml").is_file():
        FOLDER.mkdir(parents=True, exist_ok=True)
        _git("worktree", "prune")
        shutil.rmtree(place, ignore_errors=True)
        if _git("worktree", "add", "--detach", str(place), commit) is None:
            raise NoSuchVersion(f"git worktree add {place} {commit} does not work here")
    python = place / ".venv" / "bin" / "python"
    if not (place / ".venv" / "ready").exists():
        # Where a company has a certificate authority of its own, uv finds it only among those of the system.
        environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
        for name_of_another in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"):
            environment.pop(name_of_another, None)
        uv = Path(sys.executable).parent / "uv"
        subprocess.run([uv, "sync", "--frozen", "--all-packages", "--no-dev"], cwd=place, env=environment, check=True)
        (place / ".venv" / "ready").touch()
    return Version(name, place, python)


def _git(*words: str) -> str | None:
    done = subprocess.run(["git", *words], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None
