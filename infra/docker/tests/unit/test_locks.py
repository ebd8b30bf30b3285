import copy
import re
from pathlib import Path

from images import collector, jars
from images.places import ROOT
from images.workspace import Workspace

WORKSPACE = Workspace(ROOT, Path("uv"))


def test_every_file_of_the_lock_has_a_hash() -> None:
    assert WORKSPACE.without_hash() == []


def test_a_file_without_a_hash_is_found() -> None:
    planted = copy.copy(WORKSPACE)
    package = {"name": "planted", "source": {"registry": "x"}, "wheels": [{"url": "https://example.org/planted-1.whl"}]}
    planted.packages = WORKSPACE.packages | {"planted": package}

    assert planted.without_hash() == ["https://example.org/planted-1.whl"]


def test_every_jar_has_its_hash() -> None:
    assert len(jars.locked()) > 40
    assert [jar.file for jar in jars.locked() if not re.fullmatch(r"[0-9a-f]{64}", jar.sha256)] == []


def test_every_module_of_the_collector_has_its_sum() -> None:
    required = re.findall(r"^\t(\S+) (v\S+)", (collector.SOURCES / "go.mod").read_text(), re.MULTILINE)
    sums = {tuple(line.split()[:2]) for line in (collector.SOURCES / "go.sum").read_text().splitlines()}

    assert len(required) > 100
    assert [module for module in required if module not in sums] == []


def test_a_service_is_made_of_the_members_it_needs_and_of_no_other_service() -> None:
    names = {member.name for member in WORKSPACE.closure("penalties")}

    assert {"penalties", "servicekit", "kernel", "anzhi-contracts"} <= names
    assert not names & (set(WORKSPACE.services) - {"penalties"})
    assert "embedded" not in names


def test_a_member_is_handed_over_with_its_migrations_and_without_its_tests() -> None:
    member = next(member for member in WORKSPACE.members if member.name == "penalties")
    files = {str(path) for path in WORKSPACE.files(member)}

    assert any(path.startswith("services/penalties/migrations/") for path in files)
    assert not [path for path in files if "/tests/" in path]
