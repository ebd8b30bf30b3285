"""Small images as a builder would save them."""

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

Content = bytes | None
PASSED = {"User": "10001:10001", "Entrypoint": ["/app/bin/python", "-m", "service"]}


def saved(path: Path, *layers: Mapping[str, tuple[int, Content]], config: Mapping[str, object] = PASSED) -> Path:
    """Each layer: path → (mode, content); None is a folder."""
    with tarfile.open(path, "w") as out:
        names = [f"{number}.tar" for number, _ in enumerate(layers)]
        for name, files in zip(names, layers, strict=True):
            inner = io.BytesIO()
            with tarfile.open(fileobj=inner, mode="w") as layer:
                for file, (mode, content) in files.items():
                    _add(layer, file, mode, content)
            _add(out, name, 0o644, inner.getvalue())
        _add(out, "config.json", 0o644, json.dumps({"config": config}).encode())
        _add(out, "manifest.json", 0o644, json.dumps([{"Config": "config.json", "Layers": names, "RepoTags": ["x:y"]}]).encode())
    return path


def _add(out: tarfile.TarFile, name: str, mode: int, content: Content) -> None:
    member = tarfile.TarInfo(name)
    member.mode = mode
    if content is None:
        member.type = tarfile.DIRTYPE
    else:
        member.size = len(content)
    out.addfile(member, io.BytesIO(content or b""))
