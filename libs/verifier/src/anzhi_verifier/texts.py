"""JSON and hexadecimal as the format writes them."""

import json
from typing import Any

from anzhi_verifier.verdict import Wrong


def canonical(value: Any) -> bytes:
    """Names sorted by code point, no spaces, UTF-8, only what JSON demands escaped."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def parsed(content: bytes, file: str) -> Any:
    """Raises: Wrong."""
    try:
        value = json.loads(content.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_once)
        written = canonical(value)
    except (ValueError, RecursionError) as error:
        raise Wrong("JSON_INVALID", file, str(error)) from error
    if written != content:
        raise Wrong("JSON_NOT_CANONICAL", file, "the text is not in canonical form")
    return value


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is no integer")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return value


class Fields:
    """The fields of a JSON object; one that is missing or of another kind is a fault of the file."""

    def __init__(self, value: Any, file: str, where: str = "") -> None:
        self.value, self.file, self.where = value, file, where
        if not isinstance(value, dict):
            raise Wrong("FIELD_INVALID", file, f"{where or 'the content'} is no object")

    def _of(self, name: str, kind: type, said: str) -> Any:
        found = self.value.get(name)
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise Wrong("FIELD_INVALID", self.file, f"{self.where}{name} is no {said}")
        return found

    def text(self, name: str) -> str:
        found: str = self._of(name, str, "text")
        return found

    def number(self, name: str) -> int:
        found: int = self._of(name, int, "whole number")
        if found < 0:
            raise Wrong("FIELD_INVALID", self.file, f"{self.where}{name} is negative")
        return found

    def texts(self, name: str) -> list[str]:
        found = self._of(name, list, "list")
        if not all(isinstance(item, str) for item in found):
            raise Wrong("FIELD_INVALID", self.file, f"{self.where}{name} is no list of texts")
        return list(found)

    def object(self, name: str) -> "Fields":
        return Fields(self.value.get(name), self.file, f"{self.where}{name}.")

    def objects(self, name: str) -> "list[Fields]":
        return [Fields(item, self.file, f"{self.where}{name}[{number}].") for number, item in enumerate(self._of(name, list, "list"))]

    def hash(self, name: str) -> bytes:
        return self.bytes_of(self.text(name), name)

    def hashes(self, name: str) -> list[bytes]:
        return [self.bytes_of(item, name) for item in self.texts(name)]

    def bytes_of(self, text: str, name: str) -> bytes:
        """64 lower-case hex digits."""
        try:
            found = bytes.fromhex(text)
        except ValueError:
            found = b""
        if len(found) != 32 or found.hex() != text:
            raise Wrong("FIELD_INVALID", self.file, f"{self.where}{name} is no hash")
        return found
