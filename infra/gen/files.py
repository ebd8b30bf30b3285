"""Where things are, and writing only what changed."""

from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROTOS = ROOT / "protos"
CONTRACTS = ROOT / "libs" / "contracts" / "src"
REFERENCE = ROOT / "docs" / "reference"


class Changes:
    """Collects the files that differ; writes them unless it only checks."""

    def __init__(self, *, check: bool) -> None:
        self.check = check
        self.paths: list[Path] = []

    def write(self, path: Path, text: str) -> None:
        self.write_bytes(path, text.encode())

    def write_bytes(self, path: Path, content: bytes) -> None:
        if path.exists() and path.read_bytes() == content:
            return
        self.paths.append(path)
        if self.check:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # A running import of a neighbour must find the old file or the new one, never half of one.
        fresh = path.with_name(path.name + ".new")
        fresh.write_bytes(content)
        fresh.replace(path)

    def remove(self, paths: Iterable[Path]) -> None:
        for path in sorted(paths):
            self.paths.append(path)
            if not self.check:
                path.unlink()
