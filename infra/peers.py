"""`make test-peers`: the integration tests, the stories and the known faults, on the servers that production uses.

Each stage with its time; all are run, whatever the first ones say. The servers are fresh and gone afterwards.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STORIES = (
    "test_transfer_decided_within_three_days.py",
    "test_police_refuse_and_procuratorate_orders_filing.py",
    "test_unlicensed_chemicals.py",
    "test_welders_without_certificates.py",
)
PEERS = (sys.executable, "-m", "embedded", "peers")
# On servers of their own: they are killed.
FAULTS = ("pytest", "tests/chaos/test_known_faults.py", "-k", "peers")


def stages() -> dict[str, tuple[str, ...]]:
    beside = (*PEERS, "run")
    stories = [f"tests/e2e/{name}" for name in STORIES]
    return {
        "integration": (*beside, "make", "--no-print-directory", "test-integration"),
        "stories and verify": (*beside, "pytest", *stories),
    }


def run(words: tuple[str, ...], environment: dict[str, str]) -> bool:
    return subprocess.run(words, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


def main() -> int:
    environment = dict(os.environ) | {"ANZHI_STATE": str(ROOT / ".local" / "test-peers")}
    outcomes = []

    def stage(name: str, words: tuple[str, ...]) -> bool:
        print(f"\n── {name} ──", flush=True)
        begin = time.monotonic()
        good = run(words, environment)
        outcomes.append((name, good, time.monotonic() - begin))
        return good

    run((*PEERS, "reset"), environment)
    try:
        if stage("peers up", (*PEERS, "up")):
            for name, words in stages().items():
                stage(name, words)
    finally:
        run((*PEERS, "reset"), environment)
    stage("known faults", FAULTS)
    print("\n── peers ──")
    for name, good, seconds in outcomes:
        print(f"{'passed' if good else 'FAILED'}  {name:18} {seconds:6.1f} s")
    return 0 if all(good for _, good, _ in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
