"""An image as saved (docker-archive): what is in it, read without root and without a builder."""

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self

WHITEOUT, OPAQUE = ".wh.", ".wh..wh..opq"


@dataclass(frozen=True)
class Entry:
    kind: bytes
    size: int
    mode: int
    uid: int
    link: str
    layer: int


@dataclass
class Image:
    """`files`: every path, without the leading slash, as a container would see it."""

    path: Path
    config: dict[str, Any] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    files: dict[str, Entry] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        image = cls(path)
        with tarfile.open(path) as outer:
            manifest = json.loads(_content(outer, "manifest.json"))[0]
            image.config = json.loads(_content(outer, manifest["Config"]))["config"]
            image.layers = tuple(manifest["Layers"])
            for number, layer in enumerate(image.layers):
                with _layer(outer, layer) as inner:
                    image._lay(inner, number)
        return image

    @property
    def size(self) -> int:
        """Bytes that its layers hold, what a later layer hides among them: a node has to store that too."""
        return self._stored

    def texts(self, wanted: set[str]) -> dict[str, str]:
        """The contents of some files."""
        found = {}
        with tarfile.open(self.path) as outer:
            for number, layer in enumerate(self.layers):
                mine = {name for name in wanted if name in self.files and self.files[name].layer == number}
                if not mine:
                    continue
                with _layer(outer, layer) as inner:
                    for member in inner:
                        name = _name(member)
                        if name in mine and (content := inner.extractfile(member)) is not None:
                            found[name] = content.read().decode(errors="replace")
        return found

    _stored: int = 0

    def _lay(self, layer: tarfile.TarFile, number: int) -> None:
        for member in layer:
            name = _name(member)
            folder, _, last = name.rpartition("/")
            if last == OPAQUE:
                self._hide(folder, number, itself=False)
            elif last.startswith(WHITEOUT):
                self._hide(f"{folder}/{last.removeprefix(WHITEOUT)}".lstrip("/"), number, itself=True)
            elif name:
                self._stored += member.size if member.isreg() else 0
                self.files[name] = Entry(member.type, member.size, member.mode, member.uid, member.linkname, number)

    def _hide(self, path: str, number: int, *, itself: bool) -> None:
        for name in [name for name, entry in self.files.items() if entry.layer < number]:
            if name.startswith(f"{path}/") or (itself and name == path):
                del self.files[name]


def _name(member: tarfile.TarInfo) -> str:
    return member.name.removeprefix("./").strip("/")


def _content(outer: tarfile.TarFile, name: str) -> bytes:
    content = outer.extractfile(name)
    if content is None:
        raise tarfile.ReadError(f"{name} is no file")
    return content.read()


@contextmanager
def _layer(outer: tarfile.TarFile, name: str) -> Iterator[tarfile.TarFile]:
    content: IO[bytes] | None = outer.extractfile(name)
    if content is None:
        raise tarfile.ReadError(f"{name} is no file")
    with tarfile.open(fileobj=content) as inner:
        yield inner
