"""Makes the environment: finds or fetches uv, lets it build `.venv` from uv.lock, fetches what no wheel brings, sets the hooks.

Needs Python 3.11 and nothing else. What is fetched is checked against uv.lock.
"""

import configparser
import hashlib
import io
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import sysconfig
import urllib.parse
import urllib.request
import venv
import zipfile
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an old Python may meet
    sys.exit("Python 3.11 or newer is needed; name it: make PYTHON=python3.12 …")
import tomllib

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".local" / "parts" / "uv"
STAMP = ROOT / ".venv" / "ready"


def main() -> None:
    # A company's own authority is in the system's store: tell those who look elsewhere. What is set already stays.
    store = ssl.get_default_verify_paths()
    bundle = next(
        (path for path in (store.cafile, "/etc/ssl/certs/ca-certificates.crt", store.openssl_cafile) if path and Path(path).exists()), None
    )
    environment = dict(os.environ)
    environment.setdefault("UV_SYSTEM_CERTS", "1")
    # Not the Python of .venv itself, which make puts first on the path.
    environment.setdefault("UV_PYTHON", getattr(sys, "_base_executable", sys.executable))
    environment.setdefault("UV_PYTHON_DOWNLOADS", "never")
    environment.setdefault("UV_LINK_MODE", "hardlink" if same_disk(environment) else "copy")
    if bundle:
        environment.setdefault("REQUESTS_CA_BUNDLE", bundle)
        environment.setdefault("SSL_CERT_FILE", bundle)
    environment.pop("VIRTUAL_ENV", None)
    run([uv(), "sync", "--locked", "--all-packages"], environment)
    executable = ROOT / ".venv" / "bin" / "python"
    run([executable, "-m", "embedded", "setup"], environment)
    if (ROOT / ".git").exists() and not environment.get("CI"):
        run([executable, "-m", "pre_commit", "install"], environment)
    STAMP.touch()


def same_disk(environment: dict[str, str]) -> bool:
    cache = Path(environment.get("UV_CACHE_DIR") or Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "uv")
    while not cache.exists():
        cache = cache.parent
    return cache.stat().st_dev == ROOT.stat().st_dev


def run(command: list[str | Path], environment: dict[str, str]) -> None:
    if subprocess.run([str(word) for word in command], cwd=ROOT, env=environment, check=False).returncode != 0:
        raise SystemExit(f"failed: {' '.join(str(word) for word in command)}")


def uv() -> Path:
    """On the path; or fetched before; or by pip; or by pip in an environment of its own; or from the index by hand."""
    on_path = shutil.which("uv")
    if on_path and works(Path(on_path)):
        return Path(on_path)
    own = HOME / "bin" / "uv"
    if works(own):
        return own
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    version, wheel, sha256 = pinned()
    requirements = HOME / "requirements.txt"
    requirements.write_text(f"uv=={version} --hash=sha256:{sha256}\n")
    print(f"fetching uv {version}", flush=True)
    for way in (by_pip, by_pip_of_its_own, by_hand):
        if way(requirements, wheel, sha256) and works(own):
            return own
    raise SystemExit(f"uv {version} could not be fetched; install it (see its documentation) and try again")


def works(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def by_pip(requirements: Path, wheel: str, sha256: str) -> bool:
    return pip([sys.executable, "-m", "pip"], requirements)


def by_pip_of_its_own(requirements: Path, wheel: str, sha256: str) -> bool:
    try:
        venv.create(HOME / "venv", with_pip=True)
    except (subprocess.CalledProcessError, OSError):
        return False
    return pip([str(HOME / "venv" / "bin" / "python"), "-m", "pip"], requirements)


def pip(command: list[str], requirements: Path) -> bool:
    options = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    try:
        return subprocess.run([*command, *options, "--target", HOME, "-r", requirements], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def by_hand(requirements: Path, wheel: str, sha256: str) -> bool:
    context = ssl.create_default_context()
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT"):
        if os.environ.get(name):
            context.load_verify_locations(os.environ[name])
    name = wheel.rpartition("/")[2]
    for address in (*on_the_index(name, context), wheel):
        try:
            with urllib.request.urlopen(address, timeout=120, context=context) as answer:  # noqa: S310 - checked by hash
                content = answer.read()
        except OSError:
            continue
        if hashlib.sha256(content).hexdigest() != sha256:
            raise SystemExit(f"{address} is not the file that uv.lock names")
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            program = next(entry for entry in packed.namelist() if entry.endswith("/scripts/uv"))
            (HOME / "bin").mkdir(exist_ok=True)
            (HOME / "bin" / "uv").write_bytes(packed.read(program))
        (HOME / "bin" / "uv").chmod(0o755)
        return True
    return False


def on_the_index(name: str, context: ssl.SSLContext) -> list[str]:
    """Where the index that this machine is set up for, if it is for one, has that file."""
    index = configured_index()
    if index is None:
        return []
    page = f"{index.rstrip('/')}/uv/"
    try:
        with urllib.request.urlopen(page, timeout=60, context=context) as answer:  # noqa: S310 - an operator's setting
            links = re.findall(r'href="([^"#]+)', answer.read().decode())
    except OSError:
        return []
    return [urllib.parse.urljoin(page, link) for link in links if link.endswith(name)]


def configured_index() -> str | None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name]
    places = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf", os.environ.get("PIP_CONFIG_FILE", ""))
    settings = configparser.ConfigParser(interpolation=None)
    settings.read([Path(place).expanduser() for place in places if place])
    return settings.get("global", "index-url", fallback=None)


def pinned() -> tuple[str, str, str]:
    """Version, address and hash of uv for this machine, as locked."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    package = next(package for package in packages if package["name"] == "uv")
    libc = "musllinux" if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "") else "manylinux"
    for wheel in package["wheels"]:
        name = wheel["url"].rpartition("/")[2]
        if libc in name and name.endswith(f"_{platform.machine()}.whl"):
            return package["version"], wheel["url"], wheel["hash"].removeprefix("sha256:")
    raise SystemExit(f"uv.lock names no uv for {platform.machine()}")


if __name__ == "__main__":
    main()
