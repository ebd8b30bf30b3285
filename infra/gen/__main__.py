"""`make gen`: from protos/, the move tables and the settings to libs/contracts and docs/reference.

python infra/gen                    everything
python infra/gen penalties          the stubs and the models of one service, whatever state the others' protos are in
python infra/gen --check            write nothing; name each file that `make gen` would change
"""

import argparse
import fcntl
import sys

from files import ROOT, Changes
from stubs import write_stubs


def main() -> int:
    parser = argparse.ArgumentParser(prog="python infra/gen", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("services", nargs="*", help="folders of protos/anzhi; default: all")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if something would change")
    arguments = parser.parse_args()

    changes = Changes(check=arguments.check)
    lock = ROOT / ".local" / "gen.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        write_stubs(changes, arguments.services)
        if not arguments.services:
            # Not before the stubs stand: these import them.
            from rest import write_rest

            write_rest(changes)
    for path in changes.paths:
        print(("stale: " if arguments.check else "wrote: ") + str(path.relative_to(ROOT)))
    return 1 if arguments.check and changes.paths else 0


if __name__ == "__main__":
    sys.exit(main())
