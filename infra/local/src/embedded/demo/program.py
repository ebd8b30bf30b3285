"""The sample program of a police organ (docs/examples/partner-police), one call a step, as its own process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from embedded.state import CHECKOUT

SOURCE = CHECKOUT / "docs" / "examples" / "partner-police" / "src"


class PoliceProgram:
    """Answers like `Partner.move`, but everything goes through the program's command line."""

    def __init__(self, gateway: str, client_id: str, name: str, key: Path) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "partner_police", "--base-url", gateway, "--client-id", client_id, "--key", str(key)]

    def move(self, transfer_id: str, verb: str, **body: Any) -> dict[str, Any]:
        """Raises: RuntimeError with what the program said."""
        return self._run("act", transfer_id, verb, json.dumps(body, ensure_ascii=False))

    def fetched(self, transfer_id: str, to: Path) -> dict[str, Any]:
        """The pack, downloaded by the program and compared with the digest that it was told."""
        return self._run("download", transfer_id, "--to", str(to))

    def _run(self, *words: str) -> dict[str, Any]:
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        done = subprocess.run([*self._command, *words], env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


def verified(pack: Path) -> str:
    """What `anzhi-verify` says of the pack; it knows nothing of the platform. Raises: RuntimeError if something is wrong with it."""
    done = subprocess.run([sys.executable, "-m", "anzhi_verifier", str(pack)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout.strip().splitlines()[0]
