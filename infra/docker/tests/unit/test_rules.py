from pathlib import Path

import pytest
from images import rules
from images.archive import Image

from infra.docker.tests.unit.archives import PASSED, saved

GOOD = {"usr/bin/python3.11": (0o755, b"elf"), "app/lib/python3.11/site-packages/penalties/app.py": (0o644, b"pass")}


def test_an_image_with_python_and_the_service_alone_passes(tmp_path: Path) -> None:
    image = Image.read(saved(tmp_path / "image.tar", GOOD))

    assert rules.broken("penalties", image) == []


@pytest.mark.parametrize(
    ("path", "mode", "said"),
    [
        ("usr/bin/sh", 0o755, "a shell"),
        ("bin/busybox", 0o755, "a shell"),
        ("usr/bin/dpkg", 0o755, "a package manager"),
        ("app/bin/pip", 0o755, "a package manager"),
        ("app/lib/python3.11/site-packages/pip", 0o755, "a package manager"),
        ("usr/bin/su", 0o4755, "changes the user"),
        ("app/settings", 0o666, "everybody may write"),
    ],
)
def test_what_has_no_place_in_an_image_is_named(tmp_path: Path, path: str, mode: int, said: str) -> None:
    image = Image.read(saved(tmp_path / "image.tar", GOOD, {path: (mode, b"x")}))

    assert [fault for fault in rules.broken("penalties", image) if said in fault and f"/{path}" in fault]


def test_an_image_that_runs_as_root_is_refused(tmp_path: Path) -> None:
    image = Image.read(saved(tmp_path / "image.tar", GOOD, config={**PASSED, "User": ""}))

    assert rules.broken("penalties", image) == ["penalties: runs as root, not as 10001:10001"]


def test_an_image_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "LIMIT_MB", 1)
    image = Image.read(saved(tmp_path / "image.tar", GOOD, {"app/big": (0o644, b"x" * 1_500_000)}))

    assert rules.broken("penalties", image) == ["penalties: 2 MB, more than 1"]


def test_a_file_that_a_later_layer_removes_is_not_there_but_counts(tmp_path: Path) -> None:
    image = Image.read(saved(tmp_path / "image.tar", {"usr/bin/sh": (0o755, b"shell")}, {"usr/bin/.wh.sh": (0o644, b"")}))

    assert "usr/bin/sh" not in image.files
    assert image.size == 5
