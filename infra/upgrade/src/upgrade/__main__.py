"""`python -m upgrade roll` (make test-upgrade): N and N+1 side by side under load. `load`: the load alone, for any installation."""

import argparse
import sys
from pathlib import Path

from upgrade.load import load


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m upgrade", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    loading = commands.add_parser("load", help="people at work through the gateway, each request once")
    loading.add_argument("--url", action="append", required=True, help="of a gateway; several: those that are ready take turns")
    loading.add_argument("--accounts", type=Path, required=True, help="what `load-demo` wrote")
    loading.add_argument("--report", type=Path, required=True)
    loading.add_argument("--seconds", type=float, default=0, help="default: until SIGTERM or SIGINT")
    loading.add_argument("--pause", type=float, default=0.15, help="of each worker between two requests, in seconds")
    rolling = commands.add_parser("roll", help="the schemas, then N, N+1 service by service, back to N, and up again")
    rolling.add_argument("--report", type=Path)
    rolling.add_argument("--to", default="", help="the commit that is N+1; default: this checkout")
    kept = commands.add_parser("schema", help="whether the code of N lives on with the schema of N+1")
    kept.add_argument("--to", default="", help="the commit that is N+1; default: this checkout")
    given = parser.parse_args()
    if given.command == "schema":
        from upgrade.schema import tell

        return tell(given.to)
    if given.command == "roll":
        from upgrade.rolling import REPORT, STATE, roll
        from upgrade.schema import tell

        return tell(given.to) or roll(STATE, given.report or REPORT, given.to)
    return load(given.url, given.accounts, given.report, seconds=given.seconds, pause=given.pause)


sys.exit(main())
