"""`python -m embedded run python -m embedded.demo`: three cases over the running platform, by the days on which they happen."""

import json
import os
import sys
from pathlib import Path

import httpx

from embedded.demo import turnover
from embedded.demo.chemicals_case import chemicals_case
from embedded.demo.narration import Narration
from embedded.demo.program import PoliceProgram, verified
from embedded.demo.stage import Cast, Stage
from embedded.demo.welders_case import welders_case

ROOT = "/44/"
POLICE = "zhuhai-xiangzhou-police"


def main() -> int:
    # The tool is told where everything is by `embedded run`.
    gateway, accounts = os.environ["PUBLIC_URL"], Path(os.environ["DEMO_ACCOUNTS"])
    with httpx.Client(base_url=gateway, timeout=30) as http:
        cast = Cast.from_file(http, accounts)
        stage = Stage(http, cast, cast("shen"), ROOT, Narration())
        if stage.began():
            print("\n  The story has begun before, and legal time does not go back: `make reset demo` tells it anew.\n")
        else:
            chemicals, welders = chemicals_case(stage), welders_case(stage)
            transfer = _transfer(stage, gateway, accounts.parent)
            print()
            for told, where in (
                ("sixteen chemicals", f"cases/{chemicals}"),
                ("three welders", f"cases/{welders}"),
                ("turnover", f"transfers/{transfer}"),
            ):
                print(f"  {told}: {gateway}/v1/{where}")
            print()
        _show_accounts(gateway, accounts)
    return 0


def _transfer(stage: Stage, gateway: str, folder: Path) -> str:
    """The police are the sample program of docs/examples; the pack is verified by a program without any access."""
    key = folder / "partners" / f"{POLICE}.pem"
    police = PoliceProgram(gateway, POLICE, "公安 (partner-police)", key)
    story = turnover.Story(stage, turnover.a_unit("91440402MA6Y1001XQ", "珠海市粤恒化工有限公司"), turnover.Days())
    id = story.play(police)
    pack = folder / "pack.zip"
    police.fetched(id, pack)
    stage.narration.act("anzhi-verify", verified(pack), str(pack))
    return id


def _show_accounts(gateway: str, accounts: Path) -> None:
    print(f"  API: {gateway}   its pages: {gateway}/docs   accounts ({accounts}):")
    for row in json.loads(accounts.read_text("utf-8")):
        second = f"   TOTP secret {row['totp_secret']}" if row["totp_secret"] else ""
        print(f"    {row['username']:8} {row['password']:18} {'+'.join(row['roles']):10} {row['org_path']:24} {row['name']}{second}")


if __name__ == "__main__":
    sys.exit(main())
