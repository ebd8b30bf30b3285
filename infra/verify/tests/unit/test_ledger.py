"""Each invariant of the ledger and of packs sees what breaks it."""

import base64
import json
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from verify import ledger
from verify.sources import Digests

KEY = Ed25519PrivateKey.generate()
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class FakeSources:
    services = ("evidence",)

    def __init__(self, *answers: list[dict[str, Any]], stored: Digests | None = None) -> None:
        self._answers, self._stored = list(answers), stored

    async def rows(self, service: str, query: str, *values: object) -> list[dict[str, Any]]:
        return self._answers.pop(0) if self._answers else []

    def digests(self, bucket: str, key: str, version: str) -> Digests | None:
        return self._stored


def a_leaf(index: int, **changes: Any) -> dict[str, Any]:
    stated = {name: f"{name}-{index}" for name in ledger.STATED}
    value = b"%d" % index
    text = json.dumps({**stated, "value_sha256": sha256(value).hexdigest()}, sort_keys=True, separators=(",", ":"))
    return {"index": index, **stated, "value": value, "leaf_hash": sha256(b"\x00" + text.encode()).digest(), **changes}


def root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


LEAVES = [a_leaf(index) for index in range(7)]


def a_checkpoint(size: int, **changes: Any) -> dict[str, Any]:
    made = root([leaf["leaf_hash"] for leaf in LEAVES[:size]])
    head = f"o\n{size}\n{base64.b64encode(made).decode()}\n"
    note = f"{head}\n— o {base64.b64encode(b'0000' + KEY.sign(head.encode())).decode()}\n"
    return {"size": size, "root": made, "note": note, "origin": "o", "public_key": PEM, **changes}


@pytest.mark.parametrize(
    ("checkpoints", "leaves", "broken"),
    [
        ([a_checkpoint(3), a_checkpoint(7), a_checkpoint(7)], LEAVES, 0),
        ([], LEAVES, 0),
        ([a_checkpoint(3, root=bytes(32))], LEAVES, 1),
        ([a_checkpoint(3, note=a_checkpoint(4)["note"])], LEAVES, 1),
        ([a_checkpoint(3, note=a_checkpoint(3)["note"].replace("o ", "o AAAA", 1))], LEAVES, 1),
        ([a_checkpoint(7)], LEAVES[:6], 1),
        ([], [*LEAVES[:2], a_leaf(2, value=b"changed"), *LEAVES[3:]], 1),
        ([], [*LEAVES[:2], *LEAVES[3:]], 4),
    ],
    ids=["whole", "not signed yet", "root", "another tree", "signature", "leaves cut off", "a changed leaf", "a lost leaf"],
)
async def test_checkpoints_follow_from_leaves(checkpoints: list[dict[str, Any]], leaves: list[dict[str, Any]], broken: int) -> None:
    outcome = await ledger.checkpoints_follow(FakeSources(checkpoints, leaves))  # type: ignore[arg-type]

    assert len(outcome.violations) == broken, outcome.violations


EVENT = {"id": "e", "topic": "t", "key": "k", "payload": b"v"}
LEAF = {"ce_id": "e", "topic": "t", "key": "k", "value": b"v"}


@pytest.mark.parametrize(("leaves", "broken"), [([LEAF], 0), ([], 1), ([{**LEAF, "value": b"w"}], 1)], ids=["kept", "lost", "changed"])
async def test_every_event_is_a_leaf(leaves: list[dict[str, Any]], broken: int) -> None:
    outcome = await ledger.every_event_is_a_leaf(FakeSources([EVENT], leaves))  # type: ignore[arg-type]

    assert (outcome.rows, len(outcome.violations)) == (1, broken)


@pytest.mark.parametrize(
    ("stored", "broken"), [(Digests("a", "b", 3), 0), (Digests("x", "b", 3), 1), (None, 1)], ids=["same", "changed", "gone"]
)
async def test_a_pack_is_compared_with_its_hash(stored: Digests | None, broken: int) -> None:
    pack = {"id": 1, "object_key": "k", "object_version": "v", "sha256": "a", "sm3": "b", "size": 3}

    outcome = await ledger.packs_are_whole(FakeSources([pack], stored=stored))  # type: ignore[arg-type]

    assert len(outcome.violations) == broken
