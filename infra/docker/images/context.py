"""What is handed to the builder, and the keys that tell whether it changed."""

import hashlib
import shutil
from pathlib import Path

from images.places import HERE
from images.workspace import Workspace

SHARED = "servicekit"


def digest(*parts: bytes | str) -> str:
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()[:16]


def tools() -> bytes:
    return (HERE / "images" / "closure.py").read_bytes()


def locked_key(workspace: Workspace) -> str:
    return digest(workspace.requirements(SHARED), tools())


def sources_key(workspace: Workspace, service: str) -> str:
    parts: list[bytes | str] = [workspace.requirements(service), tools()]
    for member in workspace.closure(service):
        for path in workspace.files(member):
            parts += [str(path), (workspace.checkout / path).read_bytes()]
    return digest(*parts)


def fill(folder: Path, workspace: Workspace, service: str) -> None:
    """`folder` gets uv, the program of the build, and a workspace of which only the service's members have sources."""
    shutil.copy2(workspace.uv, folder / "uv")
    shutil.copy2(HERE / "images" / "closure.py", folder / "closure.py")
    needed = {Path("pyproject.toml"), Path("uv.lock")}
    needed |= {Path(member.folder) / "pyproject.toml" for member in workspace.members}
    needed |= {path for member in workspace.closure(service) for path in workspace.files(member)}
    for path in sorted(needed):
        target = folder / "workspace" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(workspace.checkout / path, target)
