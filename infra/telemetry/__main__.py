"""`make dashboards`: dashboards from the registry. `--check`: only say what is not current."""

import argparse
import sys

from dashboards import boards
from signals import DASHBOARDS, ROOT


def wanted() -> dict[str, str]:
    """Path from the root of the tree, and content."""
    files = {DASHBOARDS / name: text for name, text in boards().items()}
    return {path.relative_to(ROOT).as_posix(): text for path, text in files.items()}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python infra/telemetry", description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    files = wanted()
    stands = {path.relative_to(ROOT).as_posix() for path in DASHBOARDS.glob("*.json")}
    stale = [name for name, text in files.items() if not (ROOT / name).is_file() or (ROOT / name).read_text("utf-8") != text]
    stale += sorted(stands - files.keys())
    if check:
        for name in stale:
            print(f"{name} is not current: make dashboards")
        return 1 if stale else 0
    for name in stale:
        path = ROOT / name
        if name in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name], "utf-8")
        else:
            path.unlink()
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
