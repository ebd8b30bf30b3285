"""GET of a case through gateway, service and PostgreSQL, beside a bare FastAPI and asyncpg endpoint with the same query and the
same row of the read log. Each of the two has one process, and the same client.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import asyncpg
import httpx
from load.bench_moves import token
from load.measure import RUNS, Line, median, rate
from load.stage import Stage

SECONDS, BUDGET, AT_ONCE = 5.0, 0.35, 8
HERE = Path(__file__).parent


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


class Child:
    """A server that the benchmark starts and ends."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self.words, self.environment = words, environment

    def __enter__(self) -> "Child":
        self.process = subprocess.Popen(
            self.words, env={**os.environ, **self.environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)


def own_gateway(stage: Stage, port: int) -> Child:
    """The limits of the one that serves people would stop a benchmark."""
    names = (name for name in stage.told if f"{name}_JOBS_URL" in stage.told)
    targets = json.dumps({name.lower(): stage.told[name] for name in names})
    limits = {"USER_RATE": "0", "ADDRESS_RATE": "0", "LOG_LEVEL": "WARNING"}
    environment = {**stage.told, "TARGETS": targets, "LISTEN": f"127.0.0.1:{port}", "ENVIRONMENT": "development", **limits}
    return Child([sys.executable, "-m", "gateway", "serve"], environment)


async def answers(client: httpx.AsyncClient, url: str) -> None:
    for _ in range(300):
        try:
            if (await client.get(url)).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


async def run(stage: Stage) -> list[Line]:
    connection = await asyncpg.connect(stage.told["PENALTIES_JOBS_URL"])
    case = await connection.fetchval("SELECT id FROM cases ORDER BY version DESC, id LIMIT 1")
    await connection.close()
    if case is None:
        raise RuntimeError("there is no case to read: the story has to be walked first")
    bearer = {"authorization": f"Bearer {await token(stage, 'sun')}"}
    ports = free_port(), free_port()
    bare = [sys.executable, "-m", "uvicorn", "--app-dir", str(HERE), "bare_endpoint:app", "--port", str(ports[1]), "--no-access-log"]
    urls = [f"http://127.0.0.1:{ports[0]}/v1/cases/{case}", f"http://127.0.0.1:{ports[1]}/cases/{case}"]
    figures: list[list[float]] = [[], []]
    with (
        own_gateway(stage, ports[0]),
        Child(bare, {"DATABASE": stage.told["PENALTIES_JOBS_URL"]}),
    ):
        async with httpx.AsyncClient(headers=bearer, timeout=10) as client:
            for url in urls:
                await answers(client, url)
            for _ in range(RUNS):
                for number, url in enumerate(urls):

                    async def read(_: int, url: str = url) -> None:
                        (await client.get(url)).raise_for_status()

                    figures[number].append(await rate(read, at_once=AT_ONCE, seconds=SECONDS))
    ours, theirs = median(figures[0]), median(figures[1])
    return [Line("GET of a case through the gateway", ours, "/s", f">= {BUDGET} x bare", ours / theirs >= BUDGET, theirs)]
