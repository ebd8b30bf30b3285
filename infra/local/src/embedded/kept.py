"""A service that is kept running: started again, after a pause that grows, whenever it ends by itself."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import grpc.aio
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

from embedded.child import end_group, spawn, tail
from embedded.services import GATEWAY, Service

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_AFTER = 60.0
PATIENCE = 15.0
LOOK_AGAIN_AFTER = 0.2


class Kept:
    def __init__(self, service: Service, environment: Mapping[str, str], log: Path) -> None:
        self.service, self.environment, self.log = service, environment, log
        self.child: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self._started_at = 0.0
        self._quick_ends = 0
        self._again_at = 0.0

    @property
    def name(self) -> str:
        return self.service.name

    def launch(self) -> None:
        self._started_at = time.monotonic()
        self.child = spawn([sys.executable, "-m", self.service.package, "all"], log=self.log, env=self.environment, cwd=self.service.folder)

    def look_after(self) -> str | None:
        """To be called again and again; answers what happened, if anything did."""
        if self.child is None:
            if time.monotonic() < self._again_at:
                return None
            self.restarts += 1
            self.launch()
            return f"{self.name} starts again"
        if self.child.poll() is None:
            return None
        end_group(self.child)
        steady = time.monotonic() - self._started_at > STEADY_AFTER
        self._quick_ends = 1 if steady else self._quick_ends + 1
        pause = PAUSES[min(self._quick_ends - 1, len(PAUSES) - 1)]
        said = f"{self.name} ended with {self.child.returncode}; again in {pause} s. The end of its log:\n{tail(self.log, 5)}"
        self.child, self._again_at = None, time.monotonic() + pause
        return said

    @property
    def quick_ends(self) -> int:
        """How often it ended, one soon after the other."""
        return self._quick_ends

    async def serves(self) -> bool:
        if self.child is None or self.child.poll() is not None:
            return False
        return await serves(self.name, self.environment["LISTEN"])

    def ask_to_stop(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()

    async def see_stopped(self, deadline: float) -> None:
        while self.child is not None and self.child.poll() is None:
            if time.monotonic() > deadline:
                self.child.kill()
                self.child.wait()
            await asyncio.sleep(0.02)
        if self.child is not None:
            end_group(self.child)


async def serves(service: str, address: str) -> bool:
    return await (_http_ready(address) if service == GATEWAY else _grpc_serving(address))


async def _http_ready(address: str) -> bool:
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(f"http://{address}/readyz", timeout=2)).status_code == 200
    except httpx.HTTPError:
        return False


async def _grpc_serving(address: str) -> bool:
    async with grpc.aio.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)]) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        try:
            answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=2)
        except grpc.aio.AioRpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
