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
    parser.add_argument("--publish", action="store_true", help="renew protos/baseline.binpb and tests/contract/{published,samples}")
    arguments = parser.parse_args()

    changes = Changes(check=arguments.check)
    unread = ""
    lock = ROOT / ".local" / "gen.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        write_stubs(changes, arguments.services)
        if not arguments.services:
            # Not before the stubs stand: these import them.
            from rest import write_rest

            write_rest(changes)
            unread = reference(changes)
        if arguments.publish and not unread:
            from publish import write_published

            write_published(changes)
    for path in changes.paths:
        print(("stale: " if arguments.check else "wrote: ") + str(path.relative_to(ROOT)))
    if unread:
        print(f"docs/reference stays as it is: {unread}", file=sys.stderr)
    return 1 if unread or (arguments.check and changes.paths) else 0


def reference(changes: Changes) -> str:
    """The pages import every service; answers why that failed."""
    try:
        from pages import write_pages
    except ImportError as error:
        return str(error)
    try:
        write_pages(changes)
    except (ImportError, SyntaxError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
