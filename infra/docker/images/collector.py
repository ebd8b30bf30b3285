"""The collector: Go sources that the collector's builder wrote from collector/builder.yaml, pinned by go.mod and go.sum."""

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

from images import foundation
from images.places import HERE, OUT, cache

SOURCES = HERE / "collector"


class NoGo(Exception):
    """The collector cannot be built on this machine."""


def key() -> str:
    total = hashlib.sha256()
    for path in sorted(SOURCES.iterdir()):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:16]


def can() -> bool:
    """Whether it can be built here, or is already."""
    return shutil.which("go") is not None or (cache() / f"collector-{key()}").exists()


def program() -> Path:
    """Built once for its sources, and laid to .local/images/collector for whoever wants to run it outside of an image."""
    kept = cache() / f"collector-{key()}"
    if not kept.exists():
        if shutil.which("go") is None:
            raise NoGo("the collector is built from Go modules, and there is no go here")
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(".draft")
        command = ["go", "build", "-mod=readonly", "-trimpath", "-ldflags=-s -w", "-o", str(draft), "."]
        done = subprocess.run(command, cwd=SOURCES, env=os.environ | {"CGO_ENABLED": "0"}, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NoGo(f"the collector could not be built\n{done.stderr}")
        draft.replace(kept)
    OUT.mkdir(parents=True, exist_ok=True)
    shutil.copy2(kept, OUT / "collector")
    return kept


def authorities() -> bytes:
    """Debian's bundle, as in every other image."""
    with tarfile.open(foundation.make().archive) as packed:
        content = packed.extractfile(foundation.BUNDLE)
        if content is None:
            raise foundation.NoBase(f"the base has no {foundation.BUNDLE}")
        return content.read()
