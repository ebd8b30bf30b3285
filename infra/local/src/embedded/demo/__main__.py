"""`python -m embedded run python -m embedded.demo`: the case of the three welders over the running platform."""

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
    gateway, accounts = os.environ["PUBLIC_URL"], Path(os.environ["ACCOUNTS_FILE"])
    with httpx.Client(base_url=gateway, timeout=30) as http:
        cast = Cast.from_file(http, accounts)
        stage = Stage(http, cast, cast("shen"), ROOT, Narration())
        case_id = Case(stage, Inspection(stage).play()).play()
        print(f"\n  The file is closed: {gateway}/v1/cases/{case_id}\n  OpenAPI: {gateway}/docs\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
