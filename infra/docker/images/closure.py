"""Runs inside the build, alone: installs what one service needs into /app, from the lock and with its hashes, and nothing else.

closure.py shared     what every service stands on
closure.py service    the rest, of $SERVICE
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

APP = Path("/app")
WORKSPACE = Path("/workspace")
SHARED = "servicekit"
SECRETS = Path("/run/secrets")
# Of a distribution: what no running service reads.
UNREAD_SUFFIXES = (".pyi", ".pyx", ".pxd", ".pxi", ".c", ".cc", ".cpp", ".h", ".hpp")
UNREAD_FOLDERS = frozenset(("tests", "test", "testing"))


def main() -> None:
    if sys.argv[1] == "shared":
        sync(SHARED, "--no-install-workspace")
    else:
        name = os.environ["SERVICE"]
        sync(name)
        package = name.replace("-", "_")
        write_entry(package)
        if (packages() / "pylopdf_fonts_zh_cn").exists():
            make_fonts(package)
    strip()


def sync(name: str, *options: str) -> None:
    """The link mode is a copy: the cache is not part of the image."""
    with tempfile.TemporaryDirectory() as scratch:
        # Building a package writes beside its sources, and these are only lent.
        sources = Path(scratch) / "workspace"
        shutil.copytree(WORKSPACE, sources)
        environment = (
            os.environ
            | settings()
            | {
                "UV_PROJECT_ENVIRONMENT": str(APP),
                "UV_CACHE_DIR": "/var/cache/uv",
                "UV_PYTHON_DOWNLOADS": "never",
                "UV_PYTHON": sys.executable,
                "UV_LINK_MODE": "copy",
                "UV_NO_PROGRESS": "1",
                "HOME": scratch,
                "TMPDIR": scratch,
            }
        )
        command = ["/tools/uv", "sync", "--package", name, "--no-dev", "--frozen", "--no-editable", "--compile-bytecode", *options]
        subprocess.run(command, cwd=sources, env=environment, check=True)


def settings() -> dict[str, str]:
    """What the host told about its network: index, proxy, certificate authorities. It stays outside of the image."""
    told: dict[str, str] = {}
    if (SECRETS / "network").exists():
        told |= json.loads((SECRETS / "network").read_text())
    if (SECRETS / "authorities").exists():
        told |= {"SSL_CERT_FILE": str(SECRETS / "authorities"), "UV_SYSTEM_CERTS": "1"}
    return told


def packages() -> Path:
    return next((APP / "lib").glob("python3.*/site-packages"))


def write_entry(package: str) -> None:
    """`python -m service` is `python -m PACKAGE`: a Dockerfile cannot put a name into its ENTRYPOINT."""
    entry = packages() / "service"
    entry.mkdir()
    shutil.copyfile(packages() / package / "__main__.py", entry / "__main__.py")


def make_fonts(package: str) -> None:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([APP / "bin" / "python", "-m", package, "make-fonts", APP / "fonts"], env=environment, check=True)


def strip() -> None:
    shutil.rmtree(APP / "include", ignore_errors=True)
    for path in (APP / ".lock", APP / ".gitignore", APP / "CACHEDIR.TAG"):
        path.unlink(missing_ok=True)
    for path in (APP / "bin").iterdir():
        if not path.name.startswith("python"):
            path.unlink()
    for path in sorted(packages().rglob("*")):
        if path.is_dir() and path.name in UNREAD_FOLDERS:
            shutil.rmtree(path)
        elif path.is_file() and path.suffix in UNREAD_SUFFIXES:
            path.unlink()


if __name__ == "__main__":
    main()
