"""Sessions, challenges and counters of tries in Redis. Where Redis is away nobody logs in: UNAVAILABLE.

Each step is one script, so that of two callers one is first. Names of people stand in no key: a key holds a digest.
"""

import hashlib
import secrets
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError
from servicekit.faults import Unavailable

from identity.application.ports import Challenged, Rotated

# KEYS tries, paused. ARGV free, first, longest, memory. The pause of a try begins before it is compared.
_ATTEMPT = """
local left = redis.call('PTTL', KEYS[2])
if left > 0 then return left end
local tries = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[4])
local free, first, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if tries >= free then
  local pause = math.min(longest, first * 2 ^ math.min(tries - free, 20))
  redis.call('SET', KEYS[2], '1', 'PX', math.floor(pause * 1000))
end
return 0
"""
# KEYS challenge. ARGV 1 if this is a try, most.
_CHALLENGED = """
local user = redis.call('HGET', KEYS[1], 'user')
if not user then return false end
if ARGV[1] == '1' and redis.call('HINCRBY', KEYS[1], 'tries', 1) > tonumber(ARGV[2]) then
  redis.call('DEL', KEYS[1])
  return false
end
return {user, redis.call('HGET', KEYS[1], 'enrol')}
"""
# KEYS session, sessions of the user. ARGV turn, attempt, idle seconds.
_ROTATE = """
local held = redis.call('HMGET', KEYS[1], 'turn', 'attempt', 'amr', 'ends')
if not held[1] then return {'GONE'} end
local turn, given = tonumber(held[1]), tonumber(ARGV[1])
if given == turn then
  local left = tonumber(held[4]) - tonumber(redis.call('TIME')[1])
  if left <= 0 then return {'GONE'} end
  redis.call('HSET', KEYS[1], 'turn', turn + 1, 'attempt', ARGV[2])
  redis.call('EXPIRE', KEYS[1], math.min(left, tonumber(ARGV[3])))
  return {'OK', tostring(turn + 1), held[3]}
end
if given == turn - 1 and ARGV[2] ~= '' and ARGV[2] == held[2] then
  return {'OK', tostring(turn), held[3]}
end
redis.call('DEL', KEYS[1])
return {'REUSED'}
"""


@dataclass(frozen=True)
class Limits:
    free_tries: int
    first_pause_seconds: int
    longest_pause_seconds: int
    memory_seconds: int = 24 * 3600
    challenge_seconds: int = 300
    challenge_tries: int = 5
    idle_seconds: int = 72 * 3600
    session_seconds: int = 7 * 24 * 3600


class RedisSessions:
    def __init__(self, redis: Redis, limits: Limits) -> None:
        self._redis, self.limits = redis, limits
        self._attempt = redis.register_script(_ATTEMPT)
        self._challenged = redis.register_script(_CHALLENGED)
        self._rotate = redis.register_script(_ROTATE)

    async def attempt(self, username: str) -> int:
        limits = self.limits
        keys = [_key("tries", username), _key("paused", username)]
        args = [limits.free_tries, limits.first_pause_seconds, limits.longest_pause_seconds, limits.memory_seconds]
        left = int(await _answer(self._attempt(keys=keys, args=args)))
        return -(-left // 1000)

    async def challenge(self, username: str, user_id: UUID, *, enrol: bool) -> tuple[str, datetime]:
        id = secrets.token_urlsafe(24)
        key = _key("challenge", id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(key, mapping={"user": str(user_id), "enrol": int(enrol), "tries": 0})
            pipe.expire(key, self.limits.challenge_seconds)
            await _answer(pipe.execute())
        return id, datetime.now(UTC) + timedelta(seconds=self.limits.challenge_seconds)

    async def challenged(self, challenge: str, *, count: bool) -> Challenged | None:
        args = [int(count), self.limits.challenge_tries]
        found = await _answer(self._challenged(keys=[_key("challenge", challenge)], args=args))
        return Challenged(UUID(found[0].decode()), found[1] == b"1") if found else None

    async def use_code(self, user_id: UUID, step: int) -> bool:
        # Longer than the steps that are taken for right.
        return bool(await _answer(self._redis.set(f"identity:code:{user_id}:{step}", 1, nx=True, ex=180)))

    async def open(self, username: str, user_id: UUID, amr: Sequence[str], *, challenge: str = "") -> str:
        session, limits, now = secrets.token_hex(16), self.limits, datetime.now(UTC)
        ends = int(now.timestamp()) + limits.session_seconds
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(_key("tries", username), _key("paused", username), _key("challenge", challenge))
            pipe.hset(_session(session), mapping={"user": str(user_id), "turn": 1, "attempt": "", "amr": ",".join(amr), "ends": ends})
            pipe.expire(_session(session), limits.idle_seconds)
            pipe.sadd(_sessions(user_id), session)
            pipe.expire(_sessions(user_id), limits.session_seconds)
            await _answer(pipe.execute())
        return session

    async def owner(self, session: str) -> UUID | None:
        found = await _answer(self._redis.hget(_session(session), "user"))
        return UUID(found.decode()) if found else None

    async def rotate(self, session: str, turn: int, attempt: str) -> Rotated:
        found = await _answer(self._rotate(keys=[_session(session)], args=[turn, attempt[:200], self.limits.idle_seconds]))
        if found[0] != b"OK":
            return Rotated(found[0].decode())
        return Rotated("OK", int(found[1]), tuple(found[2].decode().split(",")))

    async def end(self, session: str) -> None:
        await _answer(self._redis.delete(_session(session)))

    async def end_all(self, user_id: UUID, *, but: str = "") -> None:
        known = [one.decode() for one in await _answer(self._redis.smembers(_sessions(user_id)))]
        ended = [one for one in known if one != but]
        if ended:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.delete(*(_session(one) for one in ended))
                pipe.srem(_sessions(user_id), *ended)
                await _answer(pipe.execute())


async def _answer(asked: Awaitable[Any] | Any) -> Any:
    try:
        return await cast(Awaitable[Any], asked)
    except (RedisError, OSError) as error:
        raise Unavailable("sessions cannot be reached", dependency="redis") from error


def _key(kind: str, name: str) -> str:
    return f"identity:{kind}:{hashlib.sha256(name.encode()).hexdigest()[:40]}"


def _session(session: str) -> str:
    return f"identity:session:{session}"


def _sessions(user_id: UUID) -> str:
    return f"identity:sessions:{user_id}"
