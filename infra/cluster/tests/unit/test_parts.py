import re
import shutil
from pathlib import Path

import pytest
from cluster import parts
from cluster.faults import ClusterFault


def test_each_module_locks_the_version_that_is_named():
    kubernetes, etcd = ((parts.SOURCES / name / "go.mod").read_text() for name in ("kubernetes", "etcd"))

    assert f"k8s.io/kubernetes {parts.KUBERNETES}" in kubernetes
    assert f"go.etcd.io/etcd/server/v3 {parts.ETCD}" in etcd
    for name in ("kubernetes", "etcd"):
        assert (parts.SOURCES / name / "go.sum").stat().st_size > 0


def test_all_parts_of_kubernetes_are_of_one_release():
    module = (parts.SOURCES / "kubernetes" / "go.mod").read_text()
    staging = parts.KUBERNETES.replace("v1.", "v0.", 1)

    replaced = re.findall(r"^\t(k8s\.io/\S+) => (\S+) (\S+)$", module, re.MULTILINE)
    assert len(replaced) == 31
    assert all((old, version) == (new, staging) for old, new, version in replaced)


def test_each_program_of_ours_has_a_folder():
    assert all((parts.SOURCES / "kubernetes" / name / "main.go").exists() for name in parts.OWN)


def test_the_fingerprint_changes_with_a_lock(tmp_path: Path):
    shutil.copytree(parts.SOURCES / "etcd", tmp_path / "etcd")
    before = parts.fingerprint(tmp_path / "etcd")
    assert before == parts.fingerprint(tmp_path / "etcd")

    (tmp_path / "etcd" / "go.sum").write_text("")

    assert parts.fingerprint(tmp_path / "etcd") != before


def test_what_is_made_is_kept(tmp_path: Path):
    def make(folder: Path) -> None:
        (folder / "etcd").write_text("made")

    assert (parts.kept(tmp_path / "etcd-v1", make) / "etcd").read_text() == "made"
    assert parts.kept(tmp_path / "etcd-v1", pytest.fail) == tmp_path / "etcd-v1"


def test_what_failed_in_the_middle_is_not_kept(tmp_path: Path):
    def break_off(folder: Path) -> None:
        (folder / "half").touch()
        raise ClusterFault("no")

    with pytest.raises(ClusterFault):
        parts.kept(tmp_path / "etcd-v1", break_off)
    assert not (tmp_path / "etcd-v1").exists()

    parts.kept(tmp_path / "etcd-v1", lambda folder: (folder / "whole").touch())
    assert [path.name for path in (tmp_path / "etcd-v1").iterdir()] == ["whole"]


def test_without_go_it_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "go", lambda: None)

    with pytest.raises(ClusterFault, match="no go on the path"):
        parts.check_go()


def test_an_old_go_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    old = tmp_path / "go"
    old.write_text("#!/bin/sh\necho go1.19.8\n")
    old.chmod(0o755)
    monkeypatch.setattr(parts, "go", lambda: old)

    with pytest.raises(ClusterFault, match="too old"):
        parts.check_go()
