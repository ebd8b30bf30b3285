"""From docs/capacity/measured.json and load.yaml to docs/capacity.md and the sizes in charts/platform/values-production.yaml.

python infra/capacity             write both
python infra/capacity --check     write nothing; name what is stale
"""

import argparse
import sys

from sizing import values
from sizing.figures import ROOT, Capacity
from sizing.page import PAGE, page


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python infra/capacity", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    capacity = Capacity()
    stale = []
    for path, text in ((PAGE, page(capacity)), values.write(capacity)):
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(path)
            if not check:
                path.write_text(text, "utf-8")
    for path in stale:
        print(("stale: " if check else "wrote: ") + str(path.relative_to(ROOT)))
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
