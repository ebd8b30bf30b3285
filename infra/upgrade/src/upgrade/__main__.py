"""`python -m upgrade load`: people at work through the gateway, and the account of what became of it."""

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
    given = parser.parse_args()
    return load(given.url, given.accounts, given.report, seconds=given.seconds, pause=given.pause)


sys.exit(main())
