"""`python -m verify` (make verify): reads all databases and the object store, changes nothing, prints each invariant."""

import argparse
import asyncio
import sys

from verify import documents, evidence, inspections, ledger, penalties, spine, transfers  # noqa: F401 - each brings its invariants
from verify.invariants import ALL, ELSEWHERE, Invariant, Outcome
from verify.sources import Sources

SHOWN = 20


async def judge_all(only: list[str]) -> int:
    broken = 0
    async with Sources() as sources:
        for invariant in ALL:
            if only and invariant.id not in only:
                continue
            missing = sorted(set(invariant.needs) - set(sources.services))
            outcome = Outcome(violations=[f"no database of {name}" for name in missing]) if missing else await invariant.judge(sources)
            _print(invariant, outcome)
            broken += bool(outcome.violations)
    for id, why in ELSEWHERE.items():
        print(f"{id:8} {why}")
    print(f"{broken} of {len(ALL)} invariants are broken" if broken else f"all {len(ALL)} invariants hold")
    return 1 if broken else 0


def _print(invariant: Invariant, outcome: Outcome) -> None:
    verdict = f"{len(outcome.violations)} VIOLATIONS" if outcome.violations else "holds"
    print(f"{invariant.id:8} {outcome.rows:7} rows  {verdict:14}  {invariant.text}")
    for violation in outcome.violations[:SHOWN]:
        print(f"{'':8} {violation}")
    if len(outcome.violations) > SHOWN:
        print(f"{'':8} and {len(outcome.violations) - SHOWN} more")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m verify", description=__doc__)
    parser.add_argument("invariants", nargs="*", help="INV-01 …; default: all")
    return asyncio.run(judge_all(parser.parse_args().invariants))


if __name__ == "__main__":
    sys.exit(main())
