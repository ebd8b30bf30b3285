"""Memory of each role of a service on its own, as it stands in a cluster: `all` of the embedded platform is four of them in one."""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

from load.bench_read import free_port
from load.processes import MIB, family, resident
from load.stage import Stage

ROLES = ("serve", "consume", "relay", "ticks")
MOST_SECONDS, STEADY_SECONDS = 60.0, 3.0


async def roles(stage: Stage) -> dict[str, dict[str, int]]:
    """MiB of a role at rest, started beside the platform and ended again."""
    children = json.loads((stage.folder / "platform.json").read_text("utf-8"))["children"]
    found: dict[str, dict[str, int]] = {}
    for child in children:
        if child["kind"] == "service":
            of_its_own = ROLES if child["name"] != "gateway" else ("serve",)
            found[child["name"]] = {role: await _of(child["name"].replace("-", "_"), role, int(child["pid"])) for role in of_its_own}
    return found


async def _of(package: str, role: str, running: int) -> int:
    environment = _environment(running) | {"LISTEN": f"127.0.0.1:{free_port()}"}
    child = subprocess.Popen([sys.executable, "-m", package, role], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return await _steady(child)
    finally:
        child.terminate()
        child.wait(30)


async def _steady(child: subprocess.Popen[bytes]) -> int:
    """When it no longer grows."""
    ends, most, since = time.monotonic() + MOST_SECONDS, 0, time.monotonic()
    while time.monotonic() < ends and time.monotonic() - since < STEADY_SECONDS:
        if child.poll() is not None:
            raise RuntimeError(f"{child.args!r} ended with {child.returncode}")
        size = sum(resident(process.pid) for process in family(child.pid))
        if size > most * 1.01:
            most, since = size, time.monotonic()
        await asyncio.sleep(0.2)
    return round(most / MIB)


def _environment(pid: int) -> dict[str, str]:
    text = Path(f"/proc/{pid}/environ").read_text("utf-8")
    return dict(line.split("=", 1) for line in text.split("\0") if "=" in line)
