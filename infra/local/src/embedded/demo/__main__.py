"""`python -m embedded run python -m embedded.demo`: the case of the three welders over the running platform."""

import json
import os
import sys
from pathlib import Path

import httpx

from embedded.demo.narration import Narration
from embedded.demo.stage import Cast, Stage
from embedded.demo.welders_case import Case
from embedded.demo.welders_inspection import Inspection

ROOT = "/44/"


def main() -> int:
    # The tool is told where everything is by `embedded run`.
    gateway, accounts = os.environ["PUBLIC_URL"], Path(os.environ["DEMO_ACCOUNTS"])
    with httpx.Client(base_url=gateway, timeout=30) as http:
        cast = Cast.from_file(http, accounts)
        stage = Stage(http, cast, cast("shen"), ROOT, Narration())
        if stage.began():
            print("\n  The story has begun before, and legal time does not go back: `make reset demo` tells it anew.\n")
        else:
            inspection = Inspection(stage)
            inspection.play()
            case_id = Case(inspection).play()
            print(f"\n  The file is closed: {gateway}/v1/cases/{case_id}\n")
        _show_accounts(gateway, accounts)
    return 0


def _show_accounts(gateway: str, accounts: Path) -> None:
    print(f"  API: {gateway}   its pages: {gateway}/docs   accounts ({accounts}):")
    for row in json.loads(accounts.read_text("utf-8")):
        second = f"   TOTP secret {row['totp_secret']}" if row["totp_secret"] else ""
        print(f"    {row['username']:8} {row['password']:18} {'+'.join(row['roles']):10} {row['org_path']:24} {row['name']}{second}")


if __name__ == "__main__":
    sys.exit(main())
