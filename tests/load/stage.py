"""The platform that is measured: a private one beside whatever runs, with the demo accounts, on the legal clock."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedded.state import CHECKOUT

KEPT = ("PATH", "HOME", "JAVA_HOME", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PG_ADMIN_URL", "KAFKA_BOOTSTRAP", "REDIS_URL")
FOLDER = CHECKOUT / ".local" / "bench"


@dataclass(frozen=True)
class Stage:
    """Where everything is."""

    folder: Path
    told: dict[str, str]
    accounts: dict[str, dict[str, Any]]

    def target(self, service: str) -> str:
        return f"dns:///{self.told[service.upper()]}"

    def password(self, username: str) -> str:
        return str(self.accounts[username]["password"])

    @property
    def processes(self) -> list[int]:
        """Every process of the platform: the supervisor and all that it started."""
        note = json.loads((self.folder / "platform.json").read_text("utf-8"))
        return [note["pid"], *_below(note["pid"])]


def set_up() -> Stage:
    """With the story walked: its case, evidence and documents are what is copied and read."""
    embedded("reset")
    embedded("demo")
    return found()


def found() -> Stage:
    note = json.loads((FOLDER / "platform.json").read_text("utf-8"))
    accounts = json.loads((FOLDER / "accounts.json").read_text("utf-8"))
    return Stage(FOLDER, note["environment"], {account["username"]: account for account in accounts})


def tear_down() -> None:
    embedded("reset")


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in KEPT} | {"ANZHI_STATE": str(FOLDER)}


def embedded(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "embedded", *words], env=environment(), cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"embedded {' '.join(words)}: {done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def _below(pid: int) -> list[int]:
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found, edge = [], [pid]
    while edge:
        edge = [child for child, parent in parents.items() if parent in edge]
        found += edge
    return found
