"""SeaweedFS in a container: S3 for everybody who has the key, the rest on loopback."""

import json
import os
import sys
from pathlib import Path

from settings import DATA, SCRATCH, answers, needed, private

WEED = Path("/app/bin/weed")


def main() -> None:
    if sys.argv[1:] == ["probe"]:
        sys.exit(0 if answers(8333, b"HEAD / HTTP/1.0\r\n\r\n", b"HTTP/1.") else 1)
    credentials = [{"accessKey": needed("S3_ACCESS_KEY"), "secretKey": needed("S3_SECRET_KEY")}]
    actions = ["Admin", "Read", "List", "Tagging", "Write"]
    keys = private(SCRATCH / "s3.json", json.dumps({"identities": [{"name": "anzhi", "credentials": credentials, "actions": actions}]}))
    os.chdir(DATA)
    os.execv(
        WEED,
        [
            "weed",
            "-logtostderr=true",
            "server",
            f"-dir={DATA}",
            *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3.ip.bind=0.0.0.0", "-filer", "-s3"),
            *("-s3.port=8333", f"-s3.config={keys}", "-s3.port.iceberg=0", "-s3.port.lance=0"),
            *(f"-{role}.localSocket={SCRATCH / role}.sock" for role in ("s3", "filer")),
            "-filer.disableHttp",  # the filer knows no locks: what it would delete by HTTP is evidence
            *("-master.electionTimeout=1s", "-master.volumeSizeLimitMB=256", "-master.telemetry=false"),
            *("-volume.preStopSeconds=0", "-volume.max=0"),
            *sys.argv[1:],
        ],
    )


if __name__ == "__main__":
    main()
