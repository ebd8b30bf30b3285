"""What the drill compares: tables as they were and as they are, a ledger and the checkpoints that were seen of it."""

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from drill import witness
from drill.backup import Backup, BackupFailed
from drill.faults import _begins, _turned
from drill.picture import Table, differences
from drill.restore import RestoreFailed, _unpacked
from drill.witness import Seen, kept
from verify.ledger import Tree

TOLD = {"penalties public.cases": Table(3, "17"), "penalties public.history": Table(9, "4")}


def leaf(number: int) -> bytes:
    return sha256(b"\x00%d" % number).digest()


def seen(*leaves: bytes) -> Seen:
    tree = Tree()
    for value in leaves:
        tree.add(value)
    return Seen(len(leaves), tree.root)


class Database:
    """The table `leaves`."""

    def __init__(self, *leaves: bytes) -> None:
        self.leaves = leaves

    async def fetch(self, query: str, at: int, limit: int) -> list[dict[str, Any]]:
        return [{"leaf_hash": value} for value in self.leaves[at : at + limit]]

    async def close(self) -> None:
        """Nothing is open."""


def test_the_same_tables_differ_in_nothing() -> None:
    assert differences(TOLD, dict(TOLD)) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (TOLD | {"penalties public.cases": Table(2, "11")}, "penalties public.cases: 2 rows, 3 were told"),
        (TOLD | {"penalties public.cases": Table(3, "18")}, "penalties public.cases: 3 rows, and some of them differ"),
        ({"penalties public.history": Table(9, "4")}, "penalties public.cases: is not there"),
        (TOLD | {"penalties public.more": Table(0, "0")}, "penalties public.more: was not there"),
    ],
)
def test_each_difference_names_its_table(found: dict[str, Table], said: str) -> None:
    assert differences(TOLD, found) == [said]


async def test_a_ledger_that_only_grew_agrees_with_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = [leaf(number) for number in range(7)]
    _at(monkeypatch, Database(*leaves))

    assert await witness.compared("", [seen(*leaves[:3]), seen(*leaves[:5]), seen(*leaves)]) == []


async def test_a_ledger_that_was_cut_back_or_says_something_else_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = [leaf(number) for number in range(7)]
    _at(monkeypatch, Database(*leaves[:4], leaf(99)))

    found = await witness.compared("", [seen(*leaves[:3]), seen(*leaves[:5]), seen(*leaves)])

    assert found == [
        "the ledger was seen with another root at size 5: it has forked",
        "the ledger was seen at size 7 and has 5 leaves: it was cut back",
    ]


def test_what_was_kept_is_read_from_the_signed_text(tmp_path: Path) -> None:
    root = sha256(b"root").digest()
    note = f"anzhi/ledger\n12\n{base64.b64encode(root).decode()}\n\n— anzhi/ledger c2lnbmVk\n"
    file = tmp_path / "checkpoints.jsonl"
    file.write_text(json.dumps({"note": note, "size": "12"}) + "\n\n", "utf-8")

    assert kept(file) == [Seen(12, root)]


def test_a_restore_goes_into_a_new_folder_only(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "platform.json").touch()

    with pytest.raises(RestoreFailed, match="is not empty"):
        _unpacked(Backup(tmp_path / "backup"), tmp_path / "state")


def test_a_backup_that_is_not_there_is_not_whole(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="damaged"):
        Backup(tmp_path / "backup").verify()


def test_bytes_are_turned_and_turned_back(tmp_path: Path) -> None:
    file = tmp_path / "piece"
    file.write_bytes(bytes(200))

    with _turned(file, 100):
        assert file.read_bytes() == bytes(100) + b"\xff" * 64 + bytes(36)
    assert file.read_bytes() == bytes(200)


def test_the_first_piece_of_the_log_is_read_from_the_label(tmp_path: Path) -> None:
    backup = Backup(tmp_path)
    backup.base.mkdir()
    (backup.base / "backup_label").write_text("START WAL LOCATION: 0/5000028 (file 000000010000000000000005)\nLABEL: x\n", "utf-8")

    assert _begins(backup) == ("000000010000000000000005", 0x28)


def _at(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    async def connect(url: str) -> Database:
        return database

    monkeypatch.setattr(witness.asyncpg, "connect", connect)
