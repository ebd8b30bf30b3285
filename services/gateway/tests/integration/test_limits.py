import asyncio
from uuid import uuid4

import pytest
from gateway.limits import Allowance, Limits
from gateway.problems import TooManyRequests
from redis.asyncio import Redis
from testkit import a_user, poll


@pytest.fixture
async def redis(world):
    opened = Redis.from_url(world.addresses.redis_url)
    yield opened
    await opened.aclose()


def an_allowance(rate: float = 0.01, size: int = 5) -> Allowance:
    return Allowance(f"test-{uuid4().hex}", rate, size)


async def test_twins_share_one_bucket(redis):
    allowance, gateways = an_allowance(size=10), [Limits(redis) for _ in range(4)]

    outcomes = await asyncio.gather(*(gateways[n % 4].take(allowance, "li") for n in range(40)), return_exceptions=True)

    assert sum(outcome is None for outcome in outcomes) == 10
    assert sum(isinstance(outcome, TooManyRequests) for outcome in outcomes) == 30


async def test_the_bucket_fills_again(redis):
    limits, allowance = Limits(redis), an_allowance(rate=20, size=1)
    await limits.take(allowance, "li")

    async def let_through() -> bool:
        try:
            await limits.take(allowance, "li")
        except TooManyRequests:
            return False
        return True

    assert not await let_through()
    assert await poll(let_through, 5)


async def test_a_bucket_leaves_nothing_behind_for_ever(redis):
    allowance = an_allowance()

    await Limits(redis).take(allowance, "li")

    keys = [key async for key in redis.scan_iter(f"gateway:limit:{allowance.name}:*")]
    assert keys
    assert all([await redis.pttl(key) > 0 for key in keys])


async def test_one_users_hurry_is_not_anothers(a_house):
    async with a_house(user_rate=0.01, user_burst=2) as house:
        hasty, other = (a_user(permissions=("enterprises.read",)) for _ in range(2))
        for _ in range(2):
            assert (await house.http.get("/v1/enterprises/e1", headers=house.badge(hasty))).status_code == 200

        refused = await house.http.get("/v1/enterprises/e1", headers=house.badge(hasty))

        assert (refused.status_code, refused.json()["reason"]) == (429, "TOO_MANY_REQUESTS")
        assert int(refused.headers["retry-after"]) == refused.json()["facts"]["retry_after"] > 0
        assert (await house.http.get("/v1/enterprises/e1", headers=house.badge(other))).status_code == 200


async def test_logins_count_by_address(a_house, redis):
    await redis.delete("gateway:limit:address:127.0.0.1")
    async with a_house(address_rate=0.01, address_burst=2) as house:
        answers = [(await house.http.post("/v1/login", json={})).status_code for _ in range(4)]

    await redis.delete("gateway:limit:address:127.0.0.1")
    assert answers == [200, 200, 429, 429]


async def test_without_redis_every_right_request_is_answered(a_house):
    async with a_house(redis_url="redis://127.0.0.1:1/0", user_rate=100, user_burst=100) as house:
        for _ in range(5):
            assert (await house.http.get("/v1/enterprises/e1", headers=house.badge())).status_code == 200
        ready = await house.http.get("/readyz")

    assert ready.status_code == 200
    assert ready.json()["parts"] == {"identity": True, "redis": False}
