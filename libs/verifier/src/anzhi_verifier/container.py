"""The ZIP file of a pack, which has exactly one form: every byte of it is either content or follows from the content."""

import hashlib
import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes

from anzhi_verifier.verdict import Wrong

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
VERSION, DATE = 10, 0x21
LAST = ("manifest.json", "manifest.jws")
LONGEST_NAME = 200
LARGEST_TEXT = 64 * 1024**2
CHUNK = 1 << 20
_NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


@dataclass(frozen=True)
class Found:
    """One file of the container."""

    path: str
    start: int
    size: int
    crc: int
    sha256: str
    sm3: str
    offset: int


class Container:
    """A pack that has been read once from its first to its last byte."""

    def __init__(self, place: Path, files: dict[str, Found]) -> None:
        self.place, self.files = place, files

    def read(self, path: str) -> bytes:
        """A file that is small enough to be held. Raises: Wrong."""
        found = self.files[path]
        if found.size > LARGEST_TEXT:
            raise Wrong("FILE_TOO_LARGE", path, f"{found.size} bytes where at most {LARGEST_TEXT} are read at once")
        with self.place.open("rb") as pack:
            pack.seek(found.start)
            return pack.read(found.size)


def open_container(place: Path) -> Container:
    """Reads and hashes the whole file. Raises: Wrong, OSError."""
    files: dict[str, Found] = {}
    size = place.stat().st_size
    with place.open("rb") as pack:
        while (mark := pack.read(4)) == LOCAL:
            found = _next(pack, size)
            _in_order(files, found)
            files[found.path] = found
        start = pack.tell() - len(mark)
        tail = directory(list(files.values()), start)
        pack.seek(start)
        rest = pack.read(len(tail) + 1)
    if rest != tail:
        raise Wrong("ZIP_STRUCTURE", place.name, f"the directory from byte {start} on is not the one that follows from the files")
    return Container(place, files)


def _next(pack: BinaryIO, size: int) -> Found:
    offset = pack.tell() - 4
    raw = LOCAL + pack.read(_LOCAL.size - 4)
    if len(raw) < _LOCAL.size:
        raise Wrong("ZIP_STRUCTURE", f"byte {offset}", "the file ends within a header")
    _, version, flags, method, time, date, crc, packed, length, name_length, extra = _LOCAL.unpack(raw)
    name = pack.read(name_length)
    shown = name.decode("ascii", errors="backslashreplace")
    if (version, flags, method, time, date, extra) != (VERSION, 0, 0, 0, DATE, 0) or packed != length:
        raise Wrong("ZIP_STRUCTURE", shown, f"the header at byte {offset} is not of the one allowed form")
    if len(name) != name_length or len(name) > LONGEST_NAME or _NAME.fullmatch(name) is None:
        raise Wrong("ZIP_NAME", shown, "this name is not allowed")
    start = pack.tell()
    if start + length > size:
        raise Wrong("ZIP_STRUCTURE", shown, "the pack ends within this file")
    found = _hashed(pack, shown, start, length, offset)
    if found.crc != crc:
        raise Wrong("ZIP_CRC", shown, "the content is not the one that was packed (CRC-32)")
    return found


def _hashed(pack: BinaryIO, name: str, start: int, length: int, offset: int) -> Found:
    crc, sha256, sm3, left = 0, hashlib.sha256(), hashes.Hash(hashes.SM3()), length
    while left:
        chunk = pack.read(min(CHUNK, left))
        if not chunk:
            raise Wrong("ZIP_STRUCTURE", name, "the pack ends within this file")
        crc = zlib.crc32(chunk, crc)
        sha256.update(chunk)
        sm3.update(chunk)
        left -= len(chunk)
    return Found(name, start, length, crc, sha256.hexdigest(), sm3.finalize().hex(), offset)


def _in_order(files: dict[str, Found], found: Found) -> None:
    before = next(reversed(files), None)
    if before is None:
        return
    if found.path in files:
        raise Wrong("ZIP_NAME", found.path, "this name stands twice")
    ranks = [(LAST.index(path) + 1 if path in LAST else 0, path) for path in (before, found.path)]
    if ranks[0] > ranks[1]:
        raise Wrong("ZIP_NAME", found.path, "the files are not in order")


def directory(files: list[Found], start: int) -> bytes:
    """What has to follow the files: central directory and its end."""
    lines = b"".join(
        _CENTRAL.pack(
            CENTRAL, VERSION, VERSION, 0, 0, 0, DATE, found.crc, found.size, found.size, len(found.path), 0, 0, 0, 0, 0, found.offset
        )
        + found.path.encode("ascii")
        for found in files
    )
    return lines + _END.pack(END, 0, 0, len(files) & 0xFFFF, len(files) & 0xFFFF, len(lines), start, 0)
