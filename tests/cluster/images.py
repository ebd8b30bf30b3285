"""Images of two versions on the node: the one that is installed first, and the one that it is upgraded to."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from cluster import lifecycle
from cluster.layout import Layout
from embedded.state import CHECKOUT
from upgrade import version

ARCHIVES = CHECKOUT / ".local" / "images"
BACKING = ("backing-postgres", "backing-kafka", "backing-valkey", "backing-seaweedfs", "collector")
NEW = "dev"


@dataclass(frozen=True)
class Tags:
    old: str
    new: str


def bring(node: Layout, given: str | None = None) -> tuple[Tags, dict[str, float]]:
    """Built as far as something has changed, and imported, with the seconds of both; `given`: a tag to upgrade from, built before."""
    begin = time.monotonic()
    _build("all", "backing", tag=NEW)
    old = given or _old()
    built = time.monotonic()
    archives = [ARCHIVES / f"{name}-{tag}.tar" for tag in dict.fromkeys((old, NEW)) for name in _services()]
    archives += [ARCHIVES / f"{name}-{NEW}.tar" for name in BACKING]
    lifecycle.load(node, archives)
    return Tags(old, NEW), {"build": built - begin, "import": time.monotonic() - built}


def _old() -> str:
    """The tag of the version that is upgraded from."""
    commit = version.FROM.read_text("utf-8").strip()
    tag = f"n-{commit[:12]}"
    _build("all", tag=tag, source=version.old().checkout)
    return tag


def _build(*names: str, tag: str, source: Path = CHECKOUT) -> None:
    command = [sys.executable, "infra/docker", "build", *names, "--tag", tag, "--source", str(source)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _services() -> list[str]:
    return sorted(path.parent.name for path in (CHECKOUT / "services").glob("*/pyproject.toml"))


def megabytes() -> dict[str, int]:
    """Of the new version, by name."""
    return {name: round(json.loads((ARCHIVES / f"{name}-{NEW}.json").read_text())["bytes"] / 1e6) for name in (*_services(), *BACKING)}
