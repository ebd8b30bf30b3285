"""The images as they were built (`make images`), each unpacked once. Root and runc are needed, otherwise all of it is left out."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from images import collector
from images.builder import Builder, NoBuilder
from images.context import BACKING, COLLECTOR
from images.foundation import NoBase
from images.places import OUT, ROOT

from tests.images.running import unpacked

BUILT = BACKING if collector.can() else tuple(name for name in BACKING if name != COLLECTOR)
NAMES = (*sorted(path.parent.name for path in ROOT.glob("services/*/pyproject.toml")), *BUILT)
Unpacked = tuple[Path, dict[str, object]]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Builds what is not built or has changed: one command, so that the layers are shared."""
    if reason := missing():
        print(f"LEFT OUT: the images, {reason}")
    elif not os.environ.get("PYTEST_XDIST_WORKER"):
        subprocess.run([shutil.which("python") or "python3", ROOT / "infra" / "docker", "build", "all"], cwd=ROOT, check=True)


def missing() -> str:
    if os.geteuid() != 0:
        return "we are not root"
    if shutil.which("runc") is None:
        return "there is no runc (Debian's package runc)"
    try:
        Builder()
    except (NoBase, NoBuilder) as reason:
        return str(reason)
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if reason := missing():
        for item in items:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def root_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Unpacked]]:
    roots: dict[str, Unpacked] = {}

    def root(name: str) -> Unpacked:
        if name not in roots:
            folder = tmp_path_factory.mktemp(name) / "root"
            folder.mkdir()
            roots[name] = folder, unpacked(OUT / f"{name}-dev.tar", folder)
        return roots[name]

    yield root
    for folder, _ in roots.values():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def bills() -> dict[str, dict[str, object]]:
    return {name: json.loads((OUT / f"{name}-dev.cdx.json").read_text()) for name in NAMES}
