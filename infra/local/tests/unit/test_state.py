"""What is remembered between two starts."""

import stat
from pathlib import Path

from embedded.state import State


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    made = State(tmp_path).secret("postgres")

    assert State(tmp_path).secret("postgres") == made
    assert State(tmp_path).secret("valkey") != made


def test_secrets_are_for_nobody_elses_eyes(tmp_path: Path) -> None:
    State(tmp_path).secret("postgres")

    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_forgetting_leaves_what_was_fetched(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.secret("postgres")
    fetched = state.path("parts") / "jar"
    fetched.touch()

    state.forget()

    assert fetched.exists()
    assert not (tmp_path / "secrets.json").exists()
