"""People at work while something happens to the cluster: requests sent and failed, effects lost and doubled."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STOPPED_WITHIN = 120.0


@dataclass
class Work:
    """What became of it; filled when the work has ended."""

    report: dict[str, Any] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, Any]:
        effects = self.report["effects"]
        return {
            "sent": self.report["sent"],
            "failed": self.report["failed"],
            "unknown": self.report["unknown"],
            "lost": effects["lost"],
            "doubled": effects["doubled"],
        }


@contextmanager
def at_work(url: str, accounts: Path, file: Path) -> Iterator[Work]:
    work = Work()
    file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "upgrade", "load", "--url", url, "--accounts", str(accounts), "--report", str(file)]
    with (file.with_suffix(".log")).open("w") as log:
        people = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield work
        finally:
            people.send_signal(signal.SIGTERM)
            people.wait(STOPPED_WITHIN)
    assert file.exists(), file.with_suffix(".log").read_text()
    work.report = json.loads(file.read_text())
