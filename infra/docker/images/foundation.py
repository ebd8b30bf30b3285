"""The base of every image: Debian's python3.11 and what it needs, unpacked; no shell, no package manager, no maintainer script.

apt resolves the closure as for an empty machine, fetches it and checks its signatures; dpkg-deb unpacks it. The root is not needed.
"""

import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from images.places import cache

WANTED = ("python3.11", "libpython3.11-stdlib", "tzdata", "ca-certificates", "libstdc++6", "libc-bin")
# What only an installed system needs: package managers, what their scripts call, and the libraries of these alone.
SYSTEM = (
    "debconf",
    "dpkg",
    "perl-base",
    "tar",
    "openssl",
    "readline-common",
    "libacl1",
    "libselinux1",
    "libpcre2-8-0",
    "libmd0",
    "libzstd1",
)
# Libraries of modules that no service imports (readline, curses, dbm, nis, crypt), and which bring licences that nothing else here has.
UNUSED = (
    *("libreadline8", "libncursesw6", "libtinfo6", "libdb5.3", "libcrypt1", "libnsl2", "libtirpc3", "libtirpc-common"),
    *("libgssapi-krb5-2", "libkrb5-3", "libk5crypto3", "libkrb5support0", "libkeyutils1", "libcom-err2"),
)
LEFT_OUT = frozenset((*SYSTEM, *UNUSED))
# Of these nothing else is taken.
ONLY = {"libc-bin": "usr/lib/locale/C.utf8/"}
# Of a package that is in: what no program of ours reads.
UNREAD = (
    "usr/share/man/",
    "usr/share/lintian/",
    "usr/share/locale/",
    "usr/share/applications/",
    "usr/share/pixmaps/",
    "usr/share/binfmts/",
    "usr/share/bug/",
    "usr/share/gdb/",
    "usr/share/zoneinfo/right/",
    "usr/share/zoneinfo/posix/",
    "usr/sbin/",
    "usr/bin/pydoc",
    "usr/bin/pygettext",
    "usr/bin/pdb",
    "usr/lib/x86_64-linux-gnu/gconv/",
    "usr/lib/aarch64-linux-gnu/gconv/",
    "usr/lib/python3.11/pydoc_data/",
    *(f"usr/lib/python3.11/lib-dynload/{module}." for module in ("readline", "_curses", "_curses_panel", "_dbm", "nis", "_crypt")),
    "usr/lib/python3.11/turtle",
    "usr/lib/python3.11/idlelib/",
    "usr/lib/python3.11/lib2to3/",
    "etc/ca-certificates/",
)
MERGED = ("bin", "lib", "lib64", "sbin")
USER = 10001
FILES = {
    "etc/passwd": f"root:x:0:0:root:/:/nonexistent\nnobody:x:65534:65534:nobody:/nonexistent:/nonexistent\n"
    f"anzhi:x:{USER}:{USER}:anzhi:/tmp:/nonexistent\n",
    "etc/group": f"root:x:0:\nnogroup:x:65534:\nanzhi:x:{USER}:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n",
}
BUNDLE = "etc/ssl/certs/ca-certificates.crt"


class NoBase(Exception):
    """The base cannot be made on this machine."""


@dataclass(frozen=True)
class Base:
    """`key` names its content; `archive` is its root file system."""

    key: str
    archive: Path


def make() -> Base:
    """What apt would choose changes with its lists: as long as they are the same, so is the base."""
    release = _release()
    lists = Path("/var/lib/apt/lists")
    stamp = hashlib.sha256(f"{Path(__file__).read_text()}{lists.stat().st_mtime_ns}".encode()).hexdigest()
    note = cache() / "base.json"
    known = json.loads(note.read_text()) if note.exists() else {}
    kept = cache() / f"base-{known.get('key')}.tar"
    if known.get("stamp") != stamp or not kept.exists():
        made = _make(release)
        note.write_text(json.dumps({"stamp": stamp, "key": made.key}))
        return made
    return Base(known["key"], kept)


def _make(release: str) -> Base:
    packages = _fetch()
    described = json.dumps([[package.name, hashlib.sha256(package.read_bytes()).hexdigest()] for package in packages])
    key = hashlib.sha256((described + Path(__file__).read_text() + release).encode()).hexdigest()[:16]
    archive = cache() / f"base-{key}.tar"
    if not archive.exists():
        with tempfile.TemporaryDirectory(dir=cache()) as folder:
            root = Path(folder) / "root"
            _unpack(packages, root)
            _finish(root, release)
            draft = Path(folder) / "base.tar"
            _pack(root, draft)
            draft.replace(archive)
    return Base(key, archive)


def _release() -> str:
    try:
        told = Path("/etc/os-release").read_text()
    except FileNotFoundError:
        told = ""
    names = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None or names.get("VERSION_CODENAME") != "bookworm":
        raise NoBase("the base is made from Debian 12's packages, and this machine is not Debian 12: name an image with --base")
    return told


def _fetch() -> list[Path]:
    """The packages of the closure, fetched if they are not here yet, in the order of their names."""
    folder = cache() / "debs"
    (folder / "partial").mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile() as empty:
        options = {
            "Dir::State::status": empty.name,
            "Dir::Cache::archives": str(folder),
            "Debug::NoLocking": "1",
            "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
            "APT::Keep-Downloaded-Packages": "1",
        }
        command = ["apt-get", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]
        command += ["--no-install-recommends", "-y", "-qq", "install", *WANTED]
        listed = subprocess.run([*command, "--simulate"], capture_output=True, text=True, check=False)
        if listed.returncode != 0:
            raise NoBase(f"apt does not find the packages of the base; try apt-get update first\n{listed.stderr}")
        lines = [line.split() for line in listed.stdout.splitlines() if line.startswith("Inst ")]
        files = {words[1]: words[2].lstrip("(") for words in lines if words[1] not in LEFT_OUT}
        done = subprocess.run([*command, "--download-only"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NoBase(f"apt could not fetch the packages of the base\n{done.stderr}")
    found = []
    for name, version in sorted(files.items()):
        escaped = version.replace(":", "%3a")
        found += [path for path in folder.glob(f"{name}_*.deb") if path.name.split("_")[1] == escaped]
    if len(found) != len(files):
        raise NoBase(f"apt fetched {len(found)} of the {len(files)} packages of the base")
    return found


def _unpack(packages: list[Path], root: Path) -> None:
    root.mkdir()
    for name in MERGED:
        (root / "usr" / name).mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(f"usr/{name}")
    told = root / "var" / "lib" / "dpkg" / "status.d"
    told.mkdir(parents=True)
    for package in packages:
        content = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], capture_output=True, check=True).stdout
        only = ONLY.get(package.name.split("_")[0], "")
        with tarfile.open(fileobj=io.BytesIO(content)) as packed:
            for member in packed:
                if member.name.removeprefix("./").startswith((only, "usr/share/doc/")):
                    _place(packed, member, root)
        control = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True, check=True).stdout
        name = package.name.split("_")[0]
        (told / name).write_text(f"{control.rstrip()}\nSHA256: {hashlib.sha256(package.read_bytes()).hexdigest()}\n")


def _place(packed: tarfile.TarFile, member: tarfile.TarInfo, root: Path) -> None:
    path = member.name.removeprefix("./").strip("/")
    if not path or path in MERGED or member.name.removeprefix("./").startswith(UNREAD):
        return
    if path.startswith("usr/share/doc/") and not (member.isdir() or member.issym() or path.endswith("/copyright")):
        return
    first, _, rest = path.partition("/")
    target = root / ("usr/" + path if first in MERGED and rest else path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if member.isdir():
        target.mkdir(exist_ok=True)
    elif member.issym():
        target.unlink(missing_ok=True)
        target.symlink_to(member.linkname)
    elif member.islnk():
        other = member.linkname.removeprefix("./")
        shutil.copy2(root / ("usr/" + other if other.partition("/")[0] in MERGED else other), target)
    elif member.isfile():
        content = packed.extractfile(member)
        if content is not None:
            target.write_bytes(content.read())
            target.chmod(member.mode & 0o777)  # nothing is setuid here


def _finish(root: Path, release: str) -> None:
    """What maintainer scripts would have made."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "etc" / "os-release").write_text(release)
    authorities = sorted((root / "usr" / "share" / "ca-certificates" / "mozilla").glob("*.crt"))
    bundle = root / BUNDLE
    bundle.parent.mkdir(parents=True, exist_ok=True)
    bundle.write_text("".join(path.read_text() for path in authorities))
    shutil.rmtree(root / "usr" / "share" / "ca-certificates")
    (root / "usr" / "bin" / "python3").unlink(missing_ok=True)
    (root / "usr" / "bin" / "python3").symlink_to("python3.11")
    (root / "tmp").mkdir(exist_ok=True)
    (root / "app").mkdir(exist_ok=True)
    machine = f"{platform.machine()}-linux-gnu"
    # ldconfig is gone with the scripts: the loader finds both folders without its cache.
    (root / "etc" / "ld.so.conf").write_text(f"/usr/lib/{machine}\n")


def _pack(root: Path, archive: Path) -> None:
    """As root:root and with one time for all, so that the same packages give the same bytes."""

    def as_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = 0
        if member.name == "tmp":
            member.mode = 0o1777
        return member

    with tarfile.open(archive, "w") as out:
        for path in sorted(root.iterdir()):
            out.add(path, arcname=path.name, filter=as_root)
