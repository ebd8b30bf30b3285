"""An auditor follows the ledger over HTTP and proves by himself what he is told."""

import base64
import hashlib
import time
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from embedded.demo.api import Refused
from embedded.demo.stage import Cast

BEGINS = "9000"


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    fn, sn, value = index, size - 1, leaf
    for sibling in path:
        if fn & 1 or fn == sn:
            value = node(sibling, value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node(value, sibling)
        fn, sn = fn >> 1, sn >> 1
    return value


def newest(cast: Cast) -> dict[str, Any]:
    """The first checkpoint comes within a minute of the first event."""
    ends = time.monotonic() + 90
    while True:
        try:
            return dict(cast("lu").get("/v1/ledger/checkpoint"))
        except Refused as refused:
            if refused.reason != "LEDGER_EMPTY" or time.monotonic() > ends:
                raise
        time.sleep(0.2)


def test_an_auditor_proves_that_an_event_is_in_the_ledger(cast: Cast):
    checkpoint = newest(cast)
    size, root = int(checkpoint["size"]), bytes.fromhex(checkpoint["root"])
    text, _, signed = checkpoint["note"].partition("\n\n")
    load_pem_public_key(checkpoint["publicKey"].encode()).verify(base64.b64decode(signed.split(" ")[2])[4:], f"{text}\n".encode())
    assert text == f"{checkpoint['origin']}\n{size}\n{base64.b64encode(root).decode()}"

    entry = cast("lu").get("/v1/ledger/entries", fromIndex=str(size // 2), pageSize=1)["entries"][0]
    proof = cast("lu").get("/v1/ledger/inclusion", eventId=entry["ceId"], treeSize=str(size))

    assert root_of(size // 2, size, bytes.fromhex(entry["leafHash"]), [bytes.fromhex(value) for value in proof["hashes"]]) == root
    assert hashlib.sha256(base64.b64decode(entry["value"])).hexdigest() == entry["valueSha256"]
    consistency = cast("lu").get("/v1/ledger/consistency", fromSize="1", toSize=str(size))
    assert (consistency["toRoot"], consistency["fromSize"]) == (checkpoint["root"], "1")


def test_an_officer_does_not_read_the_ledger(cast: Cast):
    try:
        cast("zhou").get("/v1/ledger/checkpoint")
    except Refused as refused:
        assert refused.reason == "PERMISSION_MISSING"
    else:
        raise AssertionError("not refused")
