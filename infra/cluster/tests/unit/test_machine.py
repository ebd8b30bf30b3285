from pathlib import Path

import pytest
from cluster import machine, parts
from cluster.faults import ClusterFault


@pytest.fixture
def good(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine that has everything; its folder of CNI programs."""
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(machine, "CNI_PROGRAMS", str(tmp_path))
    monkeypatch.setattr(parts, "built", lambda: True)
    (tmp_path / "ptp").touch()
    return tmp_path


def test_nothing_is_lacking_where_everything_is(good: Path):
    assert machine.lacking() is None


def test_without_root_it_says_so(good: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    assert "needs root" in str(machine.lacking())


def test_the_packages_that_are_missing_are_named(good: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine.shutil, "which", lambda name: None if name in {"runc", "nft"} else name)
    (good / "ptp").unlink()

    lack = machine.lacking()

    assert lack == (
        "a cluster needs Debian's nftables, runc, containernetworking-plugins: apt-get install nftables runc containernetworking-plugins"
    )


def test_go_is_asked_for_only_where_something_must_be_built(good: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "go", lambda: None)
    assert machine.lacking() is None

    monkeypatch.setattr(parts, "built", lambda: False)
    assert "no go on the path" in str(machine.lacking())


def test_a_network_that_is_taken_is_refused_before_anything_is_made(monkeypatch: pytest.MonkeyPatch):
    asked = []

    def said(*words: str) -> str:
        asked.append(words)
        return '[{"dst": "default", "dev": "eth0"}, {"dst": "10.213.7.0/24", "dev": "wg0"}]'

    monkeypatch.setattr(machine, "_said", said)

    with pytest.raises(ClusterFault, match=r"10\.213\.7\.0/24 by wg0"):
        machine.lay_cable()
    assert asked == [("ip", "-json", "route")]


def test_groups_are_removed_from_the_inside_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "cpu" / machine.CGROUP / "kubepods" / "pod1").mkdir(parents=True)
    (tmp_path / "cpu" / "others").mkdir()
    monkeypatch.setattr(machine, "CGROUPS", tmp_path)
    monkeypatch.setattr(machine.subprocess, "run", lambda *words, **more: None)

    machine.give_back()

    assert [path.name for path in (tmp_path / "cpu").iterdir()] == ["others"]
