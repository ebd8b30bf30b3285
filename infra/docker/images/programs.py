"""uv: that of the environment, or the one that the set-up finds or fetches."""

import runpy
from pathlib import Path

from images.places import ROOT


def uv() -> Path:
    """The program itself, not a script that calls it: it is mounted into the build."""
    own = ROOT / ".venv" / "bin" / "uv"
    if own.is_file():
        return own
    found: Path = runpy.run_path(str(ROOT / "infra" / "setup.py"))["uv"]()
    if not found.read_bytes().startswith(b"\x7fELF"):
        raise SystemExit(f"{found} is a script; run make setup first, so that uv itself is here")
    return found
