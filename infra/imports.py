"""`make imports`: import each service, and the verifier that others install alone, once in an environment that holds what it
declares and nothing else.

The shared environment of the workspace lets a service import what it never declared; its image would not start.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    failed = []
    alone = {app.parents[2].name: app.parent.name for app in sorted(ROOT.glob("services/*/src/*/app.py"))} | {
        "anzhi-verifier": "anzhi_verifier"
    }
    for name, package in alone.items():
        command = ["uv", "run", "-q", "--isolated", "--no-dev", "--frozen", "--package", name, "python", "-m", package, "--help"]
        # Where a company has a certificate authority of its own, uv finds it only among those of the system.
        done = subprocess.run(command, cwd=ROOT, env={"UV_SYSTEM_CERTS": "1", **os.environ}, capture_output=True, text=True, check=False)
        print(f"{'imports' if done.returncode == 0 else 'FAILS  '}  {package}", flush=True)
        if done.returncode != 0:
            failed.append(package)
            print(done.stdout + done.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
