"""The gateway as a process that is told to leave."""

import asyncio
import json
import signal
import sys

import httpx
from gateway.doors import doors
from testkit import poll


async def test_on_sigterm_it_is_not_ready_at_once_answers_on_for_a_while_and_ends_well(house, unused_tcp_port):
    targets = {**{door.service: "127.0.0.1:1" for door in doors()}, **house.targets}
    env = {
        "LISTEN": f"127.0.0.1:{unused_tcp_port}",
        "TARGETS": json.dumps(targets),
        "REDIS_URL": house.world.addresses.redis_url,
        "DRAIN_DELAY_SECONDS": "1.5",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused_tcp_port}", timeout=5) as http:

            async def ready() -> bool:
                try:
                    return (await http.get("/readyz")).status_code == 200
                except httpx.TransportError:
                    return False

            await poll(ready, deadline=30)
            before = await http.get("/healthz")
            process.send_signal(signal.SIGTERM)

            async def leaves() -> bool:
                return (await http.get("/readyz")).status_code == 503

            await poll(leaves, deadline=5)
            after = await http.get("/healthz")
            out, err = await asyncio.wait_for(process.communicate(), 15)
    finally:
        if process.returncode is None:
            process.kill()

    assert "connection" not in before.headers
    assert (after.status_code, after.headers["connection"]) == (200, "close")
    assert process.returncode == 0, err.decode() + out.decode()
