"""The embedded platform in a folder of its own, started and stopped by its own commands."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embedded.state import CHECKOUT

KEPT = ("PATH", "HOME", "JAVA_HOME", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


class Platform:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {"ANZHI_STATE": str(folder)}

    def embedded(self, *words: str) -> str:
        """Raises: SystemExit with what it said."""
        done = self.tried(*words)
        if done.returncode != 0:
            raise SystemExit(f"embedded {' '.join(words)}: {done.stdout[-4000:]}{done.stderr[-4000:]}")
        return done.stdout

    def tried(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "embedded", *words]
        return subprocess.run(command, env=self._environment, cwd=CHECKOUT, capture_output=True, text=True, check=False)

    def forget(self) -> None:
        if self.folder.exists():
            self.embedded("reset")
            shutil.rmtree(self.folder)

    @property
    def note(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads((self.folder / "platform.json").read_text("utf-8"))
        return said

    @property
    def told(self) -> dict[str, str]:
        """Where everything is, as `embedded run` tells a tool."""
        told: dict[str, str] = self.note["environment"]
        return told

    def port(self, name: str) -> int:
        """Of a part that has several."""
        return int(json.loads((self.folder / "ports.json").read_text("utf-8"))[name])

    @property
    def accounts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.folder / "accounts.json").read_text("utf-8"))
        return found

    @property
    def databases(self) -> dict[str, str]:
        """package -> its database in its role jobs"""
        return {name.removesuffix("_JOBS_URL").lower(): url for name, url in self.told.items() if name.endswith("_JOBS_URL")}

    def processes(self, *names: str) -> list[int]:
        """Of the services and parts named; without names: of every service."""
        return [child["pid"] for child in self.note["children"] if (child["name"] in names if names else child["kind"] == "service")]

    @contextlib.contextmanager
    def standing_still(self, *names: str) -> Iterator[None]:
        """Those stand still, as on a machine that is about to be lost."""
        processes = self.processes(*names)
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)
