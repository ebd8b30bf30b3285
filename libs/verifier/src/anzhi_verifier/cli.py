"""`anzhi-verify PACK [--trust KEY.pem …] [--json]`.

Exit codes: 0 the pack is in order; 1 something in it is wrong; 2 the command line is wrong; 3 a file cannot be read.
"""

import argparse
import json
import sys
from pathlib import Path

from anzhi_verifier.keys import Trust, TrustUnreadable
from anzhi_verifier.pack import verify
from anzhi_verifier.verdict import Report, Wrong

IN_ORDER, WRONG, UNREADABLE = 0, 1, 3


def main(words: list[str] | None = None) -> None:
    sys.exit(run(words))


def run(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="anzhi-verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack", type=Path, metavar="PACK", help="the file that was handed over")
    parser.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar="KEY.pem",
        help="public keys that may sign (manifest and ledger), certificates of authorities that issue seals; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    given = parser.parse_args(words)
    trust = Trust()
    try:
        for file in given.trust:
            trust.add(file)
        report = verify(given.pack, trust)
    except Wrong as wrong:
        _tell(given.json, {"ok": False, "error": wrong.name, "file": wrong.file, "reason": wrong.reason}, f"WRONG  {wrong}")
        return WRONG
    except (OSError, TrustUnreadable) as error:
        _tell(given.json, {"ok": False, "error": "UNREADABLE", "file": str(given.pack), "reason": str(error)}, f"UNREADABLE  {error}")
        return UNREADABLE
    _tell(given.json, report.as_json(), _text(report))
    return IN_ORDER


def _tell(as_json: bool, data: dict[str, object], text: str) -> None:
    sys.stdout.write((json.dumps(data, ensure_ascii=False, indent=1) if as_json else text) + "\n")


def _text(report: Report) -> str:
    counts = report.counts
    lines = [
        f"IN ORDER  pack {report.pack_id}, built {report.built_at}, handed to {report.handed_to}",
        f"  files      {counts['files']}, each hashed with SHA-256 and SM3",
        f"  documents  {counts['documents']}, each seal verified; {counts['documents_in_ledger']} in the ledger",
        f"  evidence   {counts['evidence']}, {counts['custody_links']} links of custody; {counts['custody_links_in_ledger']} in the ledger",
        f"  ledger     {counts['ledger_entries']} events proved under the signed checkpoint",
        f"             tree of {report.ledger['size']} leaves, root {report.ledger['root']}",
        f"             continues that of {report.ledger['earlier_size']}, root {report.ledger['earlier_root']}",
        *(f"  key        {path} {fingerprint}" for path, fingerprint in report.keys.items()),
        *(f"  withheld   {line['what']}: {line['why']}" for line in report.withheld),
        *(f"  note       {note}" for note in report.notes),
    ]
    return "\n".join(lines)
