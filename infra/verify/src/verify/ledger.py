"""The ledger and the packs: every event is a leaf, every checkpoint follows from the leaves, every pack is what was locked.

Hashes and trees are written a second time here, so that they prove something.
"""

import base64
import json
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from verify.evidence import BUCKET
from verify.invariants import Outcome, invariant
from verify.sources import Sources

STATED = ("ce_id", "ce_root", "ce_source", "ce_time", "ce_type", "key", "topic")
SETTINGS = ("identity.clock.v1", "lawbook.parameters.v1")
AT_ONCE = 10_000
KEPT_WITHIN = "1 minute"


class Tree:
    """The right edge of a growing tree: (level, hash) of its perfect subtrees, left to right."""

    def __init__(self) -> None:
        self.edge: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        level, value = 0, leaf
        while self.edge and self.edge[-1][0] == level:
            level, value = level + 1, sha256(b"\x01" + self.edge.pop()[1] + value).digest()
        self.edge.append((level, value))

    @property
    def root(self) -> bytes:
        values = [value for _, value in self.edge]
        while len(values) > 1:
            right = values.pop()
            values[-1] = sha256(b"\x01" + values[-1] + right).digest()
        return values[0] if values else sha256().digest()


@invariant("LEDGER", "each leaf hashes to its event, each checkpoint is the signed root of the leaves before it", needs=("evidence",))
async def checkpoints_follow(sources: Sources) -> Outcome:
    outcome, tree, size = Outcome(), Tree(), 0
    signed: dict[int, list[object]] = {}
    for checkpoint in await sources.rows("evidence", "SELECT size, root, note, origin, public_key FROM checkpoints ORDER BY id"):
        signed.setdefault(checkpoint["size"], []).append(checkpoint)
    while leaves := await sources.rows("evidence", "SELECT * FROM leaves WHERE index >= $1 ORDER BY index LIMIT $2", size, AT_ONCE):
        for leaf in leaves:
            stated = {name: leaf[name] for name in STATED} | {"value_sha256": sha256(leaf["value"]).hexdigest()}
            text = json.dumps(stated, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            whole = leaf["index"] == size and leaf["leaf_hash"] == sha256(b"\x00" + text.encode()).digest()
            outcome.look(whole, f"leaf {leaf['index']}: {leaf['ce_type']} {leaf['ce_id']}")
            tree.add(leaf["leaf_hash"])
            size += 1
            for checkpoint in signed.pop(size, []):
                outcome.look(_signed(checkpoint, tree.root), f"checkpoint of size {size}")
    outcome.violations += [f"checkpoint of size {size}: the ledger has no such leaves" for size in signed]
    return outcome


def _signed(checkpoint: object, root: bytes) -> bool:
    said = dict(checkpoint)  # type: ignore[call-overload]
    head = f"{said['origin']}\n{said['size']}\n{base64.b64encode(root).decode()}\n"
    text, _, line = said["note"].partition("\n\n")
    key = load_pem_public_key(said["public_key"].encode())
    if said["root"] != root or f"{text}\n" != head or not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(base64.b64decode(line.split(" ")[2])[4:], head.encode())
    except InvalidSignature:
        return False
    return True


@invariant("LEAVES", f"each event of a service is a leaf of the ledger, with the same bytes, within {KEPT_WITHIN}", needs=("evidence",))
async def every_event_is_a_leaf(sources: Sources) -> Outcome:
    outcome = Outcome()
    published = f"""
        SELECT event_id::text AS id, topic, key, payload FROM outbox
        WHERE published_at < now() - interval '{KEPT_WITHIN}' AND topic NOT LIKE '%.work.v1' AND topic <> ALL($1)
    """  # noqa: S608 - a constant
    for service in sources.services:
        events = await sources.rows(service, published, list(SETTINGS))
        for start in range(0, len(events), AT_ONCE):
            some = events[start : start + AT_ONCE]
            leaves = await sources.rows(
                "evidence", "SELECT ce_id, topic, key, value FROM leaves WHERE ce_id = ANY($1)", [e["id"] for e in some]
            )
            found = {leaf["ce_id"]: (leaf["topic"], leaf["key"], leaf["value"]) for leaf in leaves}
            for event in some:
                kept = found.get(event["id"]) == (event["topic"], event["key"], event["payload"])
                outcome.look(kept, f"{service}: {event['topic']} {event['id']}")
    return outcome


@invariant("PACKS", "each pack in the store is the file that was locked", needs=("evidence",))
async def packs_are_whole(sources: Sources) -> Outcome:
    outcome = Outcome()
    for pack in await sources.rows("evidence", "SELECT id, object_key, object_version, size, sha256, sm3 FROM packs ORDER BY id"):
        found = sources.digests(BUCKET, pack["object_key"], pack["object_version"])
        told = (pack["sha256"], pack["sm3"], pack["size"])
        outcome.look(found is not None and (found.sha256, found.sm3, found.size) == told, f"pack {pack['id']}: the store has {found}")
    return outcome
