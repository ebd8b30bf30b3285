"""Who knocks: the bearer token, verified here for a quick 401; what it may do is decided by the service."""

import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from servicekit.auth import Keys, Unauthenticated
from servicekit.faults import Unavailable as KeysUnavailable

from gateway.problems import Problem, TokenMissing, Unavailable

# A verified token is not verified again for this long; its own end is watched at each request.
TRUST_SECONDS = 60.0
REMEMBERED = 20_000
CHALLENGE = (("www-authenticate", 'Bearer realm="anzhi"'),)


class Guard:
    """Verifies tokens by identity's keys and remembers those that it verified."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._known: OrderedDict[str, tuple[float, Mapping[str, Any]]] = OrderedDict()

    async def claims(self, token: str) -> Mapping[str, Any]:
        """Raises Unauthenticated, or Unavailable where no key can be had."""
        kept = self._known.get(token)
        if kept is not None and time.monotonic() - kept[0] < TRUST_SECONDS and kept[1]["exp"] > time.time():
            return kept[1]
        claims = await self._keys.verify(token)
        self._known[token] = (time.monotonic(), claims)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return claims

    async def ready(self) -> bool:
        try:
            await self._keys.key("")
        except Unauthenticated:
            return True
        except KeysUnavailable:
            return False
        return True


def bearer(header: str) -> str:
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenMissing("a bearer token is needed")
    return token.strip()


def problem(error: Unauthenticated | TokenMissing | KeysUnavailable) -> Problem:
    """The 401 with its challenge, or the 503 where identity is away."""
    if isinstance(error, Unauthenticated):
        return Problem(401, error.reason, "gateway", error.text, {}, headers=CHALLENGE)
    if isinstance(error, TokenMissing):
        return Problem.of(error, headers=CHALLENGE)
    return Problem.of(Unavailable("the keys of tokens cannot be had", dependency="identity"))
