"""Legal now: real now plus an offset per root of the organisation tree."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from servicekit.faults import Unavailable

# An answer of identity is kept this long while the own table knows nothing of the root.
KEEP_SECONDS = 2.0


class LegalClock:
    """`ask` fetches the offset of a root from identity; `app` sets it. With the clock off legal now is real now."""

    def __init__(self, *, on: bool, ask: Callable[[str], Awaitable[int]] | None = None) -> None:
        self.on = on
        self.ask = ask
        self._asked: dict[str, tuple[float, int]] = {}

    async def now(self, root: str, stored: int | None) -> datetime:
        """`stored` is the offset in the own table, if any. What belongs to no root (`""`, `/`) follows real time.

        Where the clock is on and the offset cannot be had: UNAVAILABLE, never real time.
        """
        real = datetime.now(UTC)
        if not self.on or root in {"", "/"}:
            return real
        return real + timedelta(seconds=stored if stored is not None else await self.offset(root))

    async def offset(self, root: str) -> int:
        kept = self._asked.get(root)
        if kept is not None and time.monotonic() - kept[0] < KEEP_SECONDS:
            return kept[1]
        if self.ask is None:
            raise Unavailable("the legal time of this root is not known", dependency="identity", root=root)
        offset = await self.ask(root)
        self._asked[root] = (time.monotonic(), offset)
        return offset


def root_of(org_path: str) -> str:
    """`/44/4419/dalingshan/` -> `/44/`."""
    first = org_path.strip("/").split("/", 1)[0]
    return f"/{first}/" if first else "/"
