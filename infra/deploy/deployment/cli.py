"""`python infra/deploy secrets|smoke`: the Secrets of an installation, as files for `kubectl apply --server-side`; no cluster is asked.

python infra/deploy secrets --out FOLDER --bare             servers from charts/backing; everything is made
python infra/deploy secrets --out FOLDER --postgres URL     own servers; REDIS_URL, S3_ACCESS_KEY, S3_SECRET_KEY (and
                                                            KAFKA_USERNAME, KAFKA_PASSWORD) are read from the environment
python infra/deploy secrets … --rotate anzhi-penalties:DATABASE_URL
python infra/deploy smoke --out FOLDER --accounts FILE      the officers that `helm test` walks as

Run again it keeps what is there. FOLDER/databases.sql is for a DBA (psql); it holds no password that can be read.
Law and practice: docs/how-to/install.md.
"""

import argparse
import json
import os
from pathlib import Path

from deployment.installation import BARE_POSTGRES, SMOKE, Asked, Installation, development_seals
from deployment.manifests import Folder

GIVEN = ("REDIS_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY", "KAFKA_USERNAME", "KAFKA_PASSWORD")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python infra/deploy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("secrets", help="all Secrets, and databases.sql")
    server = make.add_mutually_exclusive_group()
    server.add_argument("--bare", action="store_true", help="the four servers are those of charts/backing")
    server.add_argument("--postgres", default="", metavar="URL", help="postgresql://host:port?sslmode=…, without role and database")
    make.add_argument("--rotate", action="append", default=[], metavar="NAME[:KEY]", help="make this anew; several times: several")
    make.add_argument(
        "--development-seals", action="store_true", help="and keys for the seals of all bodies: for tests, never for production"
    )
    smoke = commands.add_parser("smoke", help="the Secret of the officers that walk the smoke test")
    smoke.add_argument("--accounts", type=Path, required=True, help="JSON, as identity's load-demo writes it")
    for each in (make, smoke):
        each.add_argument("--out", type=Path, required=True, metavar="FOLDER")
        each.add_argument("--namespace", default="anzhi")
    given = parser.parse_args()

    folder = Folder(given.out, given.namespace)
    if given.command == "smoke":
        accounts = given.accounts.read_text("utf-8")
        json.loads(accounts)
        folder.write(SMOKE, {"accounts.json": accounts})
        lines = [f"{SMOKE:26} written"]
    else:
        told = {name: os.environ[name] for name in GIVEN if os.environ.get(name)}
        asked = Asked(given.bare, BARE_POSTGRES if given.bare else given.postgres, given.rotate, told)
        lines = Installation(folder, asked).write()
        if given.development_seals:
            lines.append(development_seals(folder))
    print("\n".join(lines))
    print(f"kubectl apply --server-side -f {given.out}   # databases.sql: docs/how-to/install.md")
    return 0
