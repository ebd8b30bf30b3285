"""What is said and done about the Debian packages of the servers that production uses."""

from pathlib import Path

import pytest
from embedded.peers import debian
from embedded.peers.kafka import NODES, Broker, Quorum
from embedded.state import State


def test_of_several_versions_of_postgresql_the_newest_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("9", "15", "13"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    monkeypatch.setattr(debian, "POSTGRES_VERSIONS", tmp_path)

    assert debian.program("initdb") == tmp_path / "15" / "bin" / "initdb"


def test_what_is_missing_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "POSTGRES_VERSIONS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    said = debian.left_out()

    assert [line.partition(" (")[0] for line in said] == ["LEFT OUT: PostgreSQL", "LEFT OUT: Redis", "LEFT OUT: Ceph RGW"]
    assert "Debian's redis-server is not here" in said[1]


@pytest.mark.parametrize("own", [None, "#!/bin/sh\nexit 0\n"], ids=["none before", "one before"])
def test_servers_of_packages_do_not_start_while_these_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str | None
) -> None:
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(debian, "POLICY", policy)
    monkeypatch.setattr(debian, "POSTGRES_VERSIONS", tmp_path)
    monkeypatch.setattr(debian, "SYSTEMD", tmp_path / "none")
    monkeypatch.setattr(debian, "missing", lambda: list(debian.PEERS))
    monkeypatch.setattr(debian, "can_install", lambda: True)
    if own is not None:
        policy.write_text(own)
    seen = []
    monkeypatch.setattr(debian, "_run", lambda *words: seen.append((words[1], policy.read_text())))

    debian.install(lambda doing: None)

    assert seen == [(word, own or "#!/bin/sh\nexit 101\n") for word in ("update", "install")]
    assert policy.exists() == (own is not None)


def test_brokers_agree_on_who_votes_whoever_of_them_is_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedded.state.free", lambda port: True)
    state = State(tmp_path)
    quorum = Quorum(state)
    brokers = [Broker(state, node, quorum) for node in NODES]

    voters = {broker._quorum()[1] for broker in brokers}

    assert len(voters) == 1
    assert len({broker._quorum()[0] for broker in brokers}) == len(NODES)
    assert Quorum(State(tmp_path)).controllers == quorum.controllers
    assert Quorum(State(tmp_path)).cluster == quorum.cluster
