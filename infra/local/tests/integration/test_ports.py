"""Ports are chosen, never assumed free."""

import socket
from pathlib import Path

from embedded.state import State, free


def test_a_port_is_kept_while_it_is_free(tmp_path: Path) -> None:
    port = State(tmp_path).port("gateway")

    assert State(tmp_path).port("gateway") == port
    assert State(tmp_path).port("identity") != port


def test_another_port_is_taken_where_somebody_sits_on_ours(tmp_path: Path) -> None:
    port = State(tmp_path).port("gateway")
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        assert not free(port)
        assert State(tmp_path).port("gateway") != port
