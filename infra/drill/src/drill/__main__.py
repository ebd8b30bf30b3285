"""`python -m drill` (make drill): back up a platform at work, lose it, restore it to an instant, and prove what came back."""

import argparse
import asyncio
import json
import os
import sys
from datetime import datetime
from pathlib import Path

from embedded.settings import from_environment

from drill import commands
from drill.platform import Platform
from drill.rehearsal import FOLDER, Rehearsal


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m drill", description=__doc__)
    words = parser.add_subparsers(dest="command")
    rehearsed = words.add_parser("rehearse", help="the whole drill; the default")
    rehearsed.add_argument("--report", type=Path, default=FOLDER / "report.json")
    kept = words.add_parser("archive", help="a base backup, then the log until this is ended by SIGTERM or SIGINT")
    kept.add_argument("folder", type=Path)
    kept.add_argument("--url", default="", help="of a server elsewhere, as its superuser; default: the platform of this machine")
    back = words.add_parser("restore", help="a new state folder as the platform stood at an instant")
    back.add_argument("folder", type=Path, help="what archive wrote")
    back.add_argument("--at", type=_instant, required=True, help="with its zone: 2026-11-24T14:00:00+08:00")
    back.add_argument("--state", type=Path, required=True, help="a new folder")
    words.add_parser("refill", help="all that the outboxes of <SERVICE>_JOBS_URL keep goes out again")
    seen = words.add_parser("witness", help="checkpoints that were kept outside, against the ledger of EVIDENCE_JOBS_URL")
    seen.add_argument("file", type=Path, help="a line each: what GET /v1/ledger/checkpoint answered")
    given = parser.parse_args()
    match given.command:
        case "archive":
            asyncio.run(commands.archive(given.folder, given.url, None if given.url else Platform(from_environment().folder)))
        case "restore":
            asyncio.run(commands.bring_back(given.folder, given.at, given.state))
        case "refill":
            asyncio.run(commands.fill(os.environ))
        case "witness":
            return commands.tell(given.file, os.environ["EVIDENCE_JOBS_URL"])
        case _:
            rehearse(getattr(given, "report", FOLDER / "report.json"))
    return 0


def rehearse(report: Path) -> None:
    found = asyncio.run(Rehearsal().run())
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    print(json.dumps(found["seconds"], ensure_ascii=False))
    print(f"proved: {found['rows']} rows in {found['tables']} tables of {found['databases']} databases; report: {report}")


def _instant(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{value} has no zone")
    return found


sys.exit(main())
