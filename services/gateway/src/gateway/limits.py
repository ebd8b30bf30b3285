"""How often one user or one address may call: a token bucket in Redis, shared by all gateways.

Without Redis each gateway counts for itself: the limit is then looser by the number of gateways, and no request is refused
or let through because a counter is away.
"""

import logging
import math
import time
from collections import OrderedDict
from dataclasses import dataclass

from opentelemetry import metrics
from redis.asyncio import Redis
from redis.exceptions import RedisError
from servicekit.privacy import words_of

from gateway.problems import TooManyRequests

log = logging.getLogger(__name__)
_meter = metrics.get_meter("gateway")
limited = _meter.create_counter("anzhi.gateway.limited", "{request}", "Requests refused by a rate limit, by allowance")
alone = _meter.create_counter("anzhi.gateway.alone", "{request}", "Times that Redis did not answer and a gateway counted alone")

# KEYS[1] the bucket; ARGV rate per second, size. Answers 0 if let through, else the milliseconds to wait.
BUCKET = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local rate, size = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = math.min(size, (tonumber(kept[1]) or size) + (now - (tonumber(kept[2]) or now)) * rate)
local wait = 0
if left >= 1 then left = left - 1 else wait = math.ceil((1 - left) / rate * 1000) end
redis.call('HSET', KEYS[1], 'left', string.format('%.6f', left), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(size / rate * 1000) + 1000)
return wait
"""
# While Redis is away, it is asked again after this many seconds, so that no request waits for it in between.
AWAY_SECONDS = 1.0
REMEMBERED = 20_000


@dataclass(frozen=True)
class Allowance:
    """`rate` requests per second in the long run, `size` at once. A rate of 0 sets no limit."""

    name: str
    rate: float
    size: int


class Limits:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._bucket = redis.register_script(BUCKET)
        self._away_until = 0.0
        self._own: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(self, allowance: Allowance, who: str) -> None:
        """Count one request. Raises TooManyRequests."""
        if allowance.rate <= 0:
            return
        key = f"gateway:limit:{allowance.name}:{who}"
        wait = await self._shared(allowance, key)
        if wait > 0:
            seconds = math.ceil(wait)
            limited.add(1, {"allowance": allowance.name})
            raise TooManyRequests(f"too many requests; come back in {seconds} s", retry_after=seconds)

    async def _shared(self, allowance: Allowance, key: str) -> float:
        if time.monotonic() < self._away_until:
            return self._alone(allowance, key)
        try:
            wait = await self._bucket(keys=[key], args=[allowance.rate, allowance.size])
        except (RedisError, OSError, TimeoutError) as error:
            alone.add(1)
            log.warning("Redis is away, counting alone: %s", words_of(error))
            self._away_until = time.monotonic() + AWAY_SECONDS
            return self._alone(allowance, key)
        return int(wait) / 1000

    def _alone(self, allowance: Allowance, key: str) -> float:
        now = time.monotonic()
        left, at = self._own.pop(key, (float(allowance.size), now))
        left = min(allowance.size, left + (now - at) * allowance.rate)
        wait = 0.0 if left >= 1 else (1 - left) / allowance.rate
        self._own[key] = (left - 1 if left >= 1 else left, now)
        if len(self._own) > REMEMBERED:
            self._own.popitem(last=False)
        return wait

    async def ping(self) -> bool:
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError, TimeoutError):
            return False
