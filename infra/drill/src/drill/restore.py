"""A backup becomes a state folder in which `make up` finds the platform as it stood at one instant; Kafka and Redis begin empty."""

import asyncio
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import asyncpg
from embedded.backing.part import PartFailed
from embedded.backing.postgres import Postgres
from embedded.child import tail
from embedded.state import State

from drill.backup import SECRETS, Backup

RECOVERED_WITHIN = 600.0
LOOK_AGAIN_AFTER = 0.1
T = TypeVar("T")


class RestoreFailed(Exception):
    """The log does not reach the instant, or a piece of the backup is damaged; the text has the end of the server's log."""


class Restored(Postgres):
    """A server whose cluster is made from a backup instead of by initdb, and follows the log up to an instant."""

    def __init__(self, state: State, backup: Backup, instant: datetime) -> None:
        super().__init__(state, durable=True)
        self.backup, self.instant = backup, instant

    async def _make_cluster(self) -> None:
        await asyncio.to_thread(self._copy)

    def _copy(self) -> None:
        draft, wal = self.home / "data.draft", self.home / "wal"
        for folder in (draft, wal):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.backup.base, draft)
        # The last piece may still be unfinished: the server asks for it by its full name only.
        shutil.copytree(self.backup.wal, wal, ignore=shutil.ignore_patterns("*.partial"))
        (draft / "recovery.signal").touch()
        with (draft / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
            settings.write(
                f"restore_command = 'cp {wal}/%f %p'\n"
                f"recovery_target_time = '{self.instant.astimezone(UTC).isoformat(sep=' ')}'\n"
                "recovery_target_action = 'promote'\n"
            )
        draft.chmod(0o700)
        if self.user is not None:
            for path in (draft, *draft.rglob("*"), wal, *wal.rglob("*")):
                os.chown(path, self.user.uid, self.user.gid, follow_symlinks=False)
        draft.rename(self.data)

    async def recovered(self) -> None:
        """Until the server has reached the instant and takes writes. Raises: RestoreFailed."""
        deadline = time.monotonic() + RECOVERED_WITHIN
        while await self._follows():
            if time.monotonic() > deadline:
                raise RestoreFailed(f"not recovered within {RECOVERED_WITHIN:.0f} s; the end of {self.log}:\n{tail(self.log)}")
            await asyncio.sleep(LOOK_AGAIN_AFTER)

    async def _follows(self) -> bool:
        if self.child is None or self.child.poll() is not None:
            raise RestoreFailed(f"the server ended before the instant was reached; the end of {self.log}:\n{tail(self.log)}")
        try:
            connection = await asyncpg.connect(self.url, timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return True
        try:
            return bool(await connection.fetchval("SELECT pg_is_in_recovery()"))
        finally:
            await connection.close()

    def forget_the_way(self) -> None:
        """The next start is an ordinary one; the pieces of the log have done their work."""
        settings = self.data / "postgresql.auto.conf"
        lines = [line for line in settings.read_text("utf-8").splitlines() if not line.startswith(("restore_command", "recovery_target"))]
        settings.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        shutil.rmtree(self.home / "wal")


async def restore(backup: Backup, instant: datetime, folder: Path, look: Callable[[str], Awaitable[T]]) -> T:
    """Into `folder`, which must be new. `look` is called with the URL of the restored server before anything else writes there.

    Raises: RestoreFailed, BackupFailed.
    """
    state = await asyncio.to_thread(_unpacked, backup, folder)
    server = Restored(state, backup, instant)
    try:
        await server.start()
        await server.recovered()
        found = await look(server.url)
    except PartFailed as failure:
        raise RestoreFailed(str(failure)) from failure
    finally:
        server.ask_to_stop()
        server.see_stopped(time.monotonic())
    server.forget_the_way()
    return found


def _unpacked(backup: Backup, folder: Path) -> State:
    if folder.exists() and any(folder.iterdir()):
        raise RestoreFailed(f"{folder} is not empty: a restore goes into a new folder")
    backup.verify()
    state = State(folder)
    for name in SECRETS:
        kept = backup.secrets / name
        if kept.is_dir():
            shutil.copytree(kept, folder / name)
        elif kept.exists():
            shutil.copy2(kept, folder / name)
    if backup.store.exists():
        shutil.copytree(backup.store, folder / "seaweedfs")
    return state
