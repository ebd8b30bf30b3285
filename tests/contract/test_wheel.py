"""One wheel built in earnest: installed alone it finds its migrations."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from servicekit import migrations

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = ["uv", "build", "-q", "--wheel", "--package", "criminal-transfer", "--out-dir", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, env={"UV_SYSTEM_CERTS": "1", **os.environ})
    with zipfile.ZipFile(next(out.glob("*.whl"))) as wheel:
        wheel.extractall(out / "site")
    return out / "site"


def test_the_wheel_holds_every_migration_and_nothing_compiled(unpacked: Path):
    source = migrations.folder("criminal-transfer")
    there = unpacked / "criminal_transfer" / "migrations"

    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert {path.relative_to(there) for path in there.rglob("*") if path.is_file()} == wanted
    assert (there / "HEAD").read_text() == (source / "HEAD").read_text()


def test_the_installed_package_migrates_from_its_own_folder(unpacked: Path):
    code = "from servicekit import migrations as m; print(m.folder('criminal-transfer'))"
    told = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(unpacked)}, capture_output=True, text=True, check=True)

    assert Path(told.stdout.strip()) == unpacked / "criminal_transfer" / "migrations"
