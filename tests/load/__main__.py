"""`make bench`: the budgets, each beside the bare library in the same run. `python tests/load login memory` runs some of them.

`--keep` leaves the platform running for the next time; `--again` uses the one that was left; `--record` puts what was measured into
docs/capacity/benchmarks.json, which docs/capacity.md shows (`python infra/capacity`).
"""

import argparse
import asyncio
import importlib
import json
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from load import stage as stages
from load.measure import Line, table

NAMES = ("cost", "memory", "login", "read", "moves", "events", "documents", "ledger", "worklist", "ticks", "webhooks")


async def measure(names: list[str], stage: stages.Stage) -> tuple[list[Line], bool]:
    lines, failed = [], False
    for name in names:
        print(f"{time.strftime('%H:%M:%S')} {name} …", flush=True)
        try:
            lines += await importlib.import_module(f"load.bench_{name}").run(stage)
        except Exception:  # noqa: BLE001 - the others are measured all the same
            traceback.print_exc()
            failed = True
    return lines, failed


def record(lines: list[Line]) -> None:
    """What was measured before and not now stays, with its day."""
    path = Path(__file__).parents[2] / "docs" / "capacity" / "benchmarks.json"
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    for line in lines:
        if line.path.startswith("cost: "):
            continue
        kept[line.path] = {
            "figure": round(line.figure, 2),
            "unit": line.unit,
            "bare": None if line.bare is None else round(line.bare, 2),
            "share": "" if line.share is None else f"{line.share:.2f}",
            "budget": line.budget,
            "kept": line.kept,
            "on": datetime.now(UTC).date().isoformat(),
        }
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python tests/load", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}; default: all")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--record", action="store_true")
    given = parser.parse_args()
    unknown = set(given.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark is named {', '.join(sorted(unknown))}")
    stage = stages.found() if given.again else stages.set_up()
    try:
        lines, failed = asyncio.run(measure(given.names or list(NAMES), stage))
    finally:
        if not given.keep:
            stages.tear_down()
    if given.record:
        record(lines)
    print(table(lines))
    return int(failed or any(line.kept is False for line in lines))


if __name__ == "__main__":
    sys.exit(main())
