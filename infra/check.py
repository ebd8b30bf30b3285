"""`make check`: every stage, with its time; all are run, whatever the first ones say."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAGES = (
    "fmt-check",
    "lint",
    "types",
    "imports",
    "licences",
    "secrets-scan",
    "test",
    "test-contract",
    "test-charts",
    "test-integration",
    "test-e2e",
)


def main() -> int:
    outcomes = []
    for stage in STAGES:
        print(f"\n── {stage} ──", flush=True)
        begin = time.monotonic()
        good = subprocess.run(["make", "--no-print-directory", stage], cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode == 0
        outcomes.append((stage, good, time.monotonic() - begin))
    print("\n── check ──")
    for stage, good, seconds in outcomes:
        print(f"{'passed' if good else 'FAILED'}  {stage:18} {seconds:6.1f} s")
    failed = [stage for stage, good, _ in outcomes if not good]
    print(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed in {sum(seconds for *_, seconds in outcomes):.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
