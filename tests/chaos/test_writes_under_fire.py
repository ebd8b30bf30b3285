"""Writers on while everything is killed, piece by piece: what was acknowledged is there, and once."""

import threading
from typing import Any

from embedded.demo.stage import Cast

from tests.chaos.ground import Platform
from tests.chaos.writing import settled, writing


async def test_no_acknowledged_write_is_lost_and_none_is_done_twice(
    platform: Platform, cast: Cast, fire: Any, report: dict[str, Any]
) -> None:
    enough = threading.Event()

    with writing(cast, "A", enough) as written, fire.lit(enough):
        enough.wait()

    assert set(fire.killed) == set(platform.targets)
    emptied = await settled(platform, written)
    report["everything killed once"] = {
        "writes": len(written.answered),
        "longest wait for an answer": round(written.longest_wait, 1),
        "outboxes empty after": round(emptied, 1),
        "up again after": {name: round(seconds, 1) for name, seconds in fire.recovered.items()},
    }
