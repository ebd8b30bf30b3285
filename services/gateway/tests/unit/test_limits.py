import pytest
from gateway.limits import AWAY_SECONDS, Allowance, Limits
from gateway.problems import TooManyRequests
from redis.exceptions import ConnectionError as RedisAway


class AwayRedis:
    """A Redis that is away: what the limits do then is the whole test."""

    def __init__(self) -> None:
        self.asked = 0

    def register_script(self, text: str):
        async def run(**_: object) -> int:
            self.asked += 1
            raise RedisAway("refused")

        return run


async def test_without_redis_the_gateway_counts_alone():
    limits = Limits(AwayRedis())
    allowance = Allowance("user", rate=0.001, size=3)

    for _ in range(3):
        await limits.take(allowance, "li")
    with pytest.raises(TooManyRequests):
        await limits.take(allowance, "li")
    await limits.take(allowance, "zhou")


async def test_while_redis_is_away_no_request_waits_for_it():
    redis = AwayRedis()
    limits = Limits(redis)

    for _ in range(20):
        await limits.take(Allowance("user", rate=100, size=100), "li")

    assert AWAY_SECONDS >= 1
    assert redis.asked == 1


async def test_a_rate_of_zero_sets_no_limit():
    limits = Limits(AwayRedis())

    for _ in range(50):
        await limits.take(Allowance("user", rate=0, size=1), "li")
