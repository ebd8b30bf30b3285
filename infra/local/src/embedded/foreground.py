"""What a person calls: up, down, reset, status, logs. The work is the supervisor's."""

import asyncio
import contextlib
import fcntl
import json
import os
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from embedded.backing.part import is_open
from embedded.child import tail
from embedded.kept import serves
from embedded.progress import Progress
from embedded.settings import Settings
from embedded.stand import backing_of
from embedded.state import State

STOPPED_WITHIN = 45.0
UP_WITHIN = 180.0


class Interrupted(Exception):
    """Ctrl-C, SIGTERM or SIGHUP before the addresses were printed."""


def up(settings: Settings) -> int:
    state = State(settings.folder)
    if _held(state):
        return _already_up(settings, state)
    log = state.path("logs") / "supervisor.log"
    progress = Progress()
    ours, theirs = socket.socketpair()
    with log.open("ab") as out:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "embedded", "supervise", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
            env=_environment(settings),
        )
    theirs.close()
    with ours, _interruptions():
        try:
            failure = _follow(ours, progress)
            if failure is None:
                print_table(state)
                ours.sendall(b"!")
                return 0
        except Interrupted:
            failure = "interrupted"
        progress.end()
        print("ending what was begun …", flush=True)
        ours.close()
        supervisor.wait()
    print(f"not started: {failure}" if failure else f"not started; the end of {log}:\n{tail(log)}", flush=True)
    return 1


def _follow(supervisor: socket.socket, progress: Progress) -> str | None:
    """Show what it says until it is ready (None) or has failed."""
    text = b""
    while True:
        readable, _, _ = select.select([supervisor], [], [], 0.2)
        progress.tick()
        if not readable:
            continue
        heard = supervisor.recv(65536)
        if not heard:
            return ""
        *lines, text = (text + heard).split(b"\n")
        for line in lines:
            said: dict[str, Any] = json.loads(line)
            if said.get("ready"):
                progress.end()
                return None
            if "failed" in said:
                return str(said["failed"])
            progress.say(said["name"], said["doing"], said["done"])


def _already_up(settings: Settings, state: State) -> int:
    """Done again it waits for what is being started again, and shows the addresses."""
    deadline, progress = time.monotonic() + UP_WITHIN, Progress()
    while _held(state) and ((waiting := _not_serving(state)) or not (state.folder / "platform.json").exists()):
        progress.wait_for(waiting or ["the platform"])
        if time.monotonic() > deadline:
            progress.end()
            print(f"not up: {', '.join(waiting)}; see `make logs`")
            return 1
        time.sleep(0.2)
    progress.end()
    note = platform(state)
    if note is None:
        return up(settings)
    if settings.legal_clock not in (None, note["legal_clock"]) or (settings.demo and not note["demo"]):
        print(f"restarting with LEGAL_CLOCK={settings.legal_clock}{' and the demo accounts' if settings.demo else ''}", flush=True)
        down(settings)
        return up(settings)
    print_table(state)
    return 0


def _not_serving(state: State) -> list[str]:
    async def ask(child: dict[str, Any]) -> bool:
        if child["kind"] == "service":
            return await serves(child["name"], child["address"])
        return await is_open(int(child["address"].rpartition(":")[2].partition("/")[0]))

    async def ask_all(children: list[dict[str, Any]]) -> list[str]:
        answers = await asyncio.gather(*(ask(child) for child in children))
        return [child["name"] for child, answer in zip(children, answers, strict=True) if not answer]

    note = platform(state)
    return asyncio.run(ask_all(note["children"])) if note else []


def down(settings: Settings) -> int:
    state = State(settings.folder)
    if _held(state):
        number = int(state.lock.read_text())
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
        deadline = time.monotonic() + STOPPED_WITHIN
        while _held(state):
            if time.monotonic() > deadline:
                os.kill(number, signal.SIGKILL)
            time.sleep(0.05)
    state.sweep()
    (state.folder / "platform.json").unlink(missing_ok=True)
    print("down")
    return 0


def reset(settings: Settings) -> int:
    down(settings)
    backing_of(settings).forget()
    state = State(settings.folder)
    for folder in ("keys", "partners"):
        shutil.rmtree(state.folder / folder, ignore_errors=True)
    (state.folder / "accounts.json").unlink(missing_ok=True)
    for name in settings.given:
        if name.endswith(("URL", "BOOTSTRAP", "ENDPOINT")):
            print(f"what lies on the server of {name} stays there")
    print("forgotten")
    return 0


def status(settings: Settings) -> int:
    state = State(settings.folder)
    if platform(state) is None:
        print("down")
        return 1
    print_table(state)
    return 0


def run(settings: Settings, command: list[str]) -> int:
    """A tool beside the running platform: its environment names every part, every service and every database."""
    note = platform(State(settings.folder))
    if note is None:
        print("the platform is down; `make up` first")
        return 1
    return subprocess.run(command, env=dict(os.environ) | note["environment"], check=False).returncode


def show_environment(settings: Settings) -> int:
    """As lines for a shell: `eval "$(…)"`."""
    note = platform(State(settings.folder))
    if note is None:
        print("nothing is up", file=sys.stderr)
        return 1
    print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in note["environment"].items()))
    return 0


def demo(settings: Settings) -> int:
    """The platform on the legal clock, then the story, told by HTTP as its real actors."""
    return up(replace(settings, legal_clock="on", demo=True)) or run(settings, [sys.executable, "-m", "embedded.demo"])


def logs(settings: Settings, service: str | None, *, follow: bool) -> int:
    folder = State(settings.folder).path("logs")
    files = [folder / f"{service}.log"] if service else sorted(folder.glob("*.log"))
    missing = [file.stem for file in files if not file.exists()]
    if missing:
        print(f"no log of {', '.join(missing)}; there are: {', '.join(sorted(file.stem for file in folder.glob('*.log')))}")
        return 1
    width = max((len(file.stem) for file in files), default=0)
    places = {file: max(0, file.stat().st_size - 2_000) for file in files}
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            for file in files:
                places[file] = _print_from(file, places[file], width)
            if not follow:
                break
            time.sleep(0.3)
    return 0


def _print_from(file: Path, place: int, width: int) -> int:
    with file.open("rb") as log:
        if file.stat().st_size < place:
            place = 0
        log.seek(place)
        text = log.read()
        end = text.rfind(b"\n") + 1
    for line in text[:end].decode(errors="replace").splitlines():
        print(f"{file.stem:{width}} | {line}")
    return place + end


def platform(state: State) -> dict[str, Any] | None:
    """What the supervisor says of itself, if there is one."""
    note = state.folder / "platform.json"
    if not _held(state) or not note.exists():
        return None
    said: dict[str, Any] = json.loads(note.read_text())
    return said


def print_table(state: State) -> None:
    note = platform(state)
    if note is None:
        print("down")
        return
    url = note["public_url"]
    rows = [("HTTP API", url, ""), ("API pages", f"{url}/docs", f"{url}/openapi.json")] if url else []
    for child in note["children"]:
        what = f"number {child['pid']}" + (f", restarted {child['restarts']} times" if child["restarts"] else "")
        rows.append((child["name"], child["address"], what))
    rows += [(name.lower(), address, "given") for name, address in note["given"].items()]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    print("\n".join(f"  {name:{first}}  {address:{second}}  {what}".rstrip() for name, address, what in rows))
    print(f"  state, logs and secrets: {state.folder}; legal clock {note['legal_clock']}", flush=True)


def _held(state: State) -> bool:
    """Whether a supervisor lives: it holds the lock until its very end."""
    with state.lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


@contextlib.contextmanager
def _interruptions() -> Iterator[None]:
    def interrupt(number: int, frame: object) -> None:
        for known in before:
            signal.signal(known, signal.SIG_IGN)  # once is enough: the ending is not to be interrupted
        raise Interrupted

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _environment(settings: Settings) -> dict[str, str]:
    """The supervisor reads the same variables as we did."""
    env = dict(os.environ) | {"ANZHI_STATE": str(settings.folder)}
    env |= {name: "1" for name, wanted in (("ANZHI_PEERS", settings.peers), ("ANZHI_BARE", settings.bare)) if wanted}
    clock = {"LEGAL_CLOCK": settings.legal_clock} if settings.legal_clock else {}
    return env | clock | ({"ANZHI_DEMO": "1"} if settings.demo else {})
