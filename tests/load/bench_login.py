"""Logins a second beside bare argon2id verifications with the same parameters, on the same cores in the same run."""

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor

import grpc.aio
from anzhi.identity.v1 import identity_pb2 as pb
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from argon2 import PasswordHasher
from load.measure import RUNS, Line, median, rate
from load.stage import Stage

SECONDS = 5.0
BUDGET = 0.85
PEOPLE = ("zhou", "wu", "zheng", "sun", "feng", "chen", "han", "qin")


def bare(seconds: float) -> float:
    """A thread a core that does nothing else."""
    hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
    hashed, ends, cores = hasher.hash("Right-Password-1"), time.perf_counter() + seconds, os.cpu_count() or 1

    def verify(_: int) -> int:
        done = 0
        while time.perf_counter() < ends:
            hasher.verify(hashed, "Right-Password-1")
            done += 1
        return done

    began = time.perf_counter()
    with ThreadPoolExecutor(cores) as threads:
        done = sum(threads.map(verify, range(cores)))
    return done / (time.perf_counter() - began)


async def run(stage: Stage) -> list[Line]:
    alone, logins = [], []
    async with grpc.aio.insecure_channel(stage.target("identity")) as channel:
        stub = IdentityServiceStub(channel)

        async def login(number: int) -> None:
            username = PEOPLE[number % len(PEOPLE)]
            answer = await stub.Login(pb.LoginRequest(username=username, password=stage.password(username)), timeout=10)
            assert answer.tokens.access_token

        await rate(login, at_once=4, seconds=1)
        for _ in range(RUNS):
            alone.append(await asyncio.to_thread(bare, SECONDS))
            logins.append(await rate(login, at_once=4, seconds=SECONDS))
    share = median(logins) / median(alone)
    return [Line("login (argon2id 19 MiB, t=2)", median(logins), "/s", f">= {BUDGET} x bare verify", share >= BUDGET, median(alone))]
