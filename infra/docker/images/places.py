"""Where things are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HERE = ROOT / "infra" / "docker"
OUT = ROOT / ".local" / "images"
REGISTRY = "localhost/anzhi"


def cache() -> Path:
    """What is kept between checkouts: Debian packages, the base."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "anzhi" / "images"
