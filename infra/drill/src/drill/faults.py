"""Faults that the drill plants to see that it would find them."""

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import asyncpg
from embedded.child import plain_environment

from drill import picture
from drill.backup import Backup, BackupFailed
from drill.platform import Platform
from drill.restore import RestoreFailed, restore

FLIPPED = 64
PIECE = 16 * 2**20


class Unnoticed(Exception):
    """A planted fault went by."""


def forget(*folders: Path) -> None:
    for folder in folders:
        if (folder / "postgres").is_symlink():
            shutil.rmtree((folder / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


async def deleted_row(url: str, told: picture.Picture) -> None:
    """One row less in one table: the comparison names the table. Undone."""
    name = next(name for name, table in told.items() if name.startswith("inspections ") and name.endswith(".history") and table.rows)
    database, table = name.split(" ")
    connection = await asyncpg.connect(picture.at(url, database), server_settings={"timezone": "UTC", "extra_float_digits": "3"})
    try:
        async with _undone(connection):
            await connection.execute(f"DELETE FROM {table} WHERE ctid = (SELECT ctid FROM {table} LIMIT 1)")  # noqa: S608 - from the catalogue
            found = picture.differences(told, await picture.seen({database: connection}), only=[name])
    finally:
        await connection.close()
    _noticed(found, f"a row deleted from {name}")


class _undone:
    def __init__(self, connection: asyncpg.Connection) -> None:
        self._transaction = connection.transaction()

    async def __aenter__(self) -> None:
        await self._transaction.start()

    async def __aexit__(self, *_: object) -> None:
        await self._transaction.rollback()


async def planted_in_backup(backup: Backup, instant: datetime, spare: Path) -> None:
    """Bytes that turned in the base backup, then in the log: neither becomes a platform."""
    largest = max((path for path in (backup.base / "base").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    with _turned(largest, largest.stat().st_size // 2):
        try:
            await asyncio.to_thread(backup.verify)
            found = []
        except BackupFailed as failure:
            found = [str(failure)]
    _noticed(found, f"bytes turned in {largest.name} of the base backup")
    name, begins = _begins(backup)
    piece = backup.wal / name
    with _turned(piece, begins + FLIPPED):
        try:
            await restore(backup, instant, spare, _nothing)
            found = []
        except RestoreFailed as failure:
            found = [str(failure)]
        finally:
            forget(spare)
    _noticed(found, f"bytes turned in {piece.name} of the log")


def _begins(backup: Backup) -> tuple[str, int]:
    """The piece of the log in which the base backup begins, and where in it: what lies before is not read."""
    label = (backup.base / "backup_label").read_text("utf-8")
    found = re.search(r"START WAL LOCATION: [0-9A-F]+/([0-9A-F]+) \(file ([0-9A-F]+)\)", label)
    if found is None:
        raise BackupFailed(f"the label of the base backup is damaged: {label[:200]}")
    return found[2], int(found[1], 16) % PIECE


async def _nothing(url: str) -> None:
    """Nobody looks at what must not come up."""


@contextmanager
def _turned(file: Path, place: int) -> Iterator[None]:
    with file.open("r+b") as content:
        content.seek(place)
        kept = content.read(FLIPPED)
        content.seek(place)
        content.write(bytes(byte ^ 0xFF for byte in kept))
        content.flush()
        try:
            yield
        finally:
            content.seek(place)
            content.write(kept)


async def missing_object(platform: Platform) -> None:
    """An object taken away beneath the store, where no lock holds: verify names it."""
    connection = await asyncpg.connect(platform.databases["documents"])
    try:
        row = await connection.fetchrow("SELECT object_key AS key, object_version AS version FROM documents WHERE object_key <> '' LIMIT 1")
    finally:
        await connection.close()
    ports = {name: platform.port(f"seaweedfs.{name}") for name in ("master", "master.grpc", "filer", "filer.grpc")}
    addresses = (
        f"-master=127.0.0.1:{ports['master']}.{ports['master.grpc']}",
        f"-filer=127.0.0.1:{ports['filer']}.{ports['filer.grpc']}",
    )
    await asyncio.to_thread(_shell, addresses, f"fs.rm -r /buckets/documents/{row['key']}.versions\nexit\n")
    done = await asyncio.to_thread(platform.tried, "run", sys.executable, "-m", "verify", "HASH-D")
    _noticed(["verify"] if done.returncode else [], f"the object {row['key']} taken away")


def _shell(addresses: Iterable[str], commands: str) -> None:
    weed = Path(sys.executable).parent / "weed"
    subprocess.run(
        [weed, "shell", *addresses], input=commands, env=plain_environment(), text=True, capture_output=True, check=True, timeout=60
    )


def _noticed(found: list[str], what: str) -> None:
    if not found:
        raise Unnoticed(what)
    print(f"         noticed: {what}", flush=True)
