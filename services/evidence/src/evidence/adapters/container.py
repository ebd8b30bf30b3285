"""The file of a pack while it is written: a ZIP whose every byte follows from its contents (docs/formats/transfer-pack.md)."""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes

from evidence.domain.pack import PackTooLarge

VERSION, DATE = 10, 0x21
LARGEST, MOST_FILES = 0xFFFF_FFFF, 0xFFFF
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


@dataclass(frozen=True)
class Written:
    path: str
    size: int
    sha256: str
    sm3: str
    crc: int
    offset: int


class PackFile:
    """Files are written in the order of their paths, contents piece by piece; blocks."""

    def __init__(self, place: Path) -> None:
        self.files: list[Written] = []
        self._out = place.open("wb+")

    def __enter__(self) -> "PackFile":
        return self

    def __exit__(self, *_: Any) -> None:
        self._out.close()

    def add(self, path: str, chunks: Iterable[bytes]) -> Written:
        """Raises: PackTooLarge."""
        name, offset = path.encode("ascii"), self._out.tell()
        self._out.write(bytes(_LOCAL.size) + name)
        crc, size, sha256, sm3 = 0, 0, hashlib.sha256(), hashes.Hash(hashes.SM3())
        for chunk in chunks:
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            sha256.update(chunk)
            sm3.update(chunk)
            self._out.write(chunk)
            self._fits(self._out.tell())
        self._out.seek(offset)
        self._out.write(_LOCAL.pack(b"PK\x03\x04", VERSION, 0, 0, 0, DATE, crc, size, size, len(name), 0))
        self._out.seek(0, 2)
        self.files.append(Written(path, size, sha256.hexdigest(), sm3.finalize().hex(), crc, offset))
        return self.files[-1]

    def close(self) -> None:
        """Write the directory. Raises: PackTooLarge."""
        start = self._out.tell()
        for file in self.files:
            line = (VERSION, VERSION, 0, 0, 0, DATE, file.crc, file.size, file.size, len(file.path), 0, 0, 0, 0, 0, file.offset)
            self._out.write(_CENTRAL.pack(b"PK\x01\x02", *line) + file.path.encode("ascii"))
        self._fits(self._out.tell())
        if len(self.files) > MOST_FILES:
            raise PackTooLarge("a pack holds at most 65,535 files", files=len(self.files))
        length = self._out.tell() - start
        self._out.write(_END.pack(b"PK\x05\x06", 0, 0, len(self.files), len(self.files), length, start, 0))
        self._out.flush()

    def _fits(self, size: int) -> None:
        if size > LARGEST:
            raise PackTooLarge("a pack holds less than 4 GiB", size=size)
