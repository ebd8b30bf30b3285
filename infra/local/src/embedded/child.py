"""Children that die with their parent, whatever it dies of."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class User:
    uid: int
    gid: int


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path | None = None,
    user: User | None = None,
    last_words: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a child that gets `last_words` from the kernel when we are gone.

    Linux counts the death of the thread that forked, so this must be called by the main thread.
    """
    parent = os.getpid()

    def become() -> None:
        os.setpgid(0, 0)  # Ctrl-C in the terminal is ours to answer, not the child's.
        if user is not None:
            os.setgroups([])
            os.setgid(user.gid)
            os.setuid(user.uid)
        # After setuid: a change of user clears it.
        if sys.platform == "linux" and _libc.prctl(_PR_SET_PDEATHSIG, int(last_words)) != 0:
            os._exit(112)
        if os.getppid() != parent:
            os._exit(113)

    with log.open("ab") as out:
        return subprocess.Popen(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=cwd or log.parent,
            env=dict(env),
            preexec_fn=become,  # noqa: PLW1509 - there is no other way to say it to the kernel
        )


def end_group(child: subprocess.Popen[bytes]) -> None:
    """Whoever the child started itself and left behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def plain_environment() -> dict[str, str]:
    """What a child may know of our environment: nothing that steers Java, Python or a database."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}


def tail(log: Path, lines: int = 20) -> str:
    if not log.exists():
        return "(no log)"
    with log.open("rb") as text:
        text.seek(0, os.SEEK_END)
        text.seek(max(0, text.tell() - 20_000))
        return "\n".join(text.read().decode(errors="replace").splitlines()[-lines:])
