"""The ledger: the signed checkpoint (C2SP signed note, Ed25519) and proofs that events are leaves under it (RFC 9162)."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from anzhi_verifier.keys import PublicKey
from anzhi_verifier.texts import Fields, canonical
from anzhi_verifier.verdict import Wrong

ENTRY = ("ce_id", "ce_root", "ce_source", "ce_time", "ce_type", "key", "topic", "value_sha256")


@dataclass(frozen=True)
class Head:
    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Event:
    """A proved leaf."""

    type: str
    key: str
    value: bytes


def checkpoint(note: bytes, key: PublicKey, file: str) -> Head:
    """Raises: Wrong."""
    try:
        text, separator, line = note.decode("utf-8").partition("\n\n")
        origin, size, root = text.split("\n")
        dash, name, signed = line.removesuffix("\n").split(" ")
        packed = base64.b64decode(signed, validate=True)
        head = Head(origin, int(size), base64.b64decode(root, validate=True))
    except (ValueError, binascii.Error) as error:
        raise Wrong("CHECKPOINT_FORM", file, "this is no signed note of a tree head") from error
    written = f"{origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n\n— {name} {base64.b64encode(packed).decode()}\n"
    if not separator or dash != "—" or name != origin or len(head.root) != 32 or head.size < 1 or written.encode() != note:
        raise Wrong("CHECKPOINT_FORM", file, "this is no signed note of a tree head")
    assert isinstance(key.key, Ed25519PublicKey)
    raw = key.key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    if packed[:4] != hashlib.sha256(name.encode() + b"\n\x01" + raw).digest()[:4]:
        raise Wrong("CHECKPOINT_SIGNATURE", file, "signed by another key than keys/ledger.pem")
    try:
        key.key.verify(packed[4:], f"{text}\n".encode())
    except InvalidSignature as error:
        raise Wrong("CHECKPOINT_SIGNATURE", file, "the signature is not of this tree head by this key") from error
    return head


def proved(entries: list[Fields], head: Head, file: str) -> list[Event]:
    """Every entry is a leaf of the tree. Raises: Wrong."""
    events, before = [], -1
    for line in entries:
        index, stated = line.number("index"), line.object("entry")
        if sorted(stated.value) != sorted(ENTRY):
            raise Wrong("ENTRY_FORM", file, f"entry {index} does not state what a leaf states")
        if index <= before or index >= head.size:
            raise Wrong("ENTRY_FORM", file, f"entry {index} is out of order or outside the tree")
        before = index
        try:
            value = base64.b64decode(line.text("value"), validate=True)
        except (ValueError, binascii.Error) as error:
            raise Wrong("ENTRY_FORM", file, f"the bytes of entry {index} are not base64") from error
        if hashlib.sha256(value).digest() != stated.hash("value_sha256"):
            raise Wrong("ENTRY_VALUE", file, f"the bytes of entry {index} are not those that the leaf states")
        leaf = hashlib.sha256(b"\x00" + canonical({name: stated.text(name) for name in ENTRY})).digest()
        if leaf != line.hash("leaf_hash"):
            raise Wrong("LEAF_HASH", file, f"entry {index} does not hash to its leaf")
        if root_from(index, head.size, leaf, line.hashes("hashes")) != head.root:
            raise Wrong("INCLUSION", file, f"entry {index} is not a leaf of the signed tree")
        events.append(Event(stated.text("ce_type"), stated.text("key"), value))
    return events


def root_from(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    """The root that the proof leads to (RFC 9162 2.1.3.2); None if the proof is too long or too short."""
    fn, sn, value = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            value = _node(sibling, value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = _node(value, sibling)
        fn, sn = fn >> 1, sn >> 1
    return value if sn == 0 else None


def grown(proof: Fields, earlier: Head, head: Head) -> None:
    """The tree of `head` only adds to the tree of `earlier` (RFC 9162 2.1.4.2). Raises: Wrong."""
    path = proof.hashes("hashes")
    if (proof.number("from_size"), proof.number("to_size")) != (earlier.size, head.size) or earlier.origin != head.origin:
        raise Wrong("CONSISTENCY", proof.file, "the proof is of other tree heads")
    if not _leads(earlier, head, path):
        raise Wrong("CONSISTENCY", proof.file, "the ledger did not only grow since the earlier tree head")


def _leads(earlier: Head, head: Head, path: list[bytes]) -> bool:
    if earlier.size >= head.size:
        return not path and earlier == head
    if earlier.size & (earlier.size - 1) == 0:
        path = [earlier.root, *path]
    if not path:
        return False
    fn, sn = earlier.size - 1, head.size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = _node(sibling, first), _node(sibling, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = _node(second, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == earlier.root and second == head.root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
