"""Files, their hashes and the chain of custody."""

import json
from itertools import groupby

from cryptography.hazmat.primitives import hashes

from verify.invariants import Outcome, invariant
from verify.sources import Sources

BUCKET = "evidence"
ITEMS = """
    SELECT id, object_key, object_version, size, sha256, sm3,
        EXISTS (SELECT 1 FROM history WHERE object_id = items.id::text AND target = 'ADMITTED') AS admitted
    FROM items WHERE object_key <> '' ORDER BY id
"""


async def _items_match(sources: Sources, *, admitted_only: bool) -> Outcome:
    outcome = Outcome()
    for item in await sources.rows("evidence", ITEMS):
        if item["admitted"] or not admitted_only:
            found = sources.digests(BUCKET, item["object_key"], item["object_version"])
            told = (item["sha256"], item["sm3"], item["size"])
            outcome.look(found is not None and (found.sha256, found.sm3, found.size) == told, f"item {item['id']}: the store has {found}")
    return outcome


@invariant("INV-16", "every electronic item that was ADMITTED verifies against its stored hash on read", needs=("evidence",))
async def admitted_items_verify(sources: Sources) -> Outcome:
    return await _items_match(sources, admitted_only=True)


@invariant("HASH-E", "every stored hash of an item of evidence matches its object version", needs=("evidence",))
async def items_verify(sources: Sources) -> Outcome:
    return await _items_match(sources, admitted_only=False)


@invariant("CHAIN", "no link of a chain of custody is missing, changed or out of order", needs=("evidence",))
async def chains_are_whole(sources: Sources) -> Outcome:
    outcome = Outcome()
    links = await sources.rows("evidence", "SELECT * FROM custody ORDER BY evidence_id, seq")
    for item, chain in groupby(links, key=lambda link: link["evidence_id"]):
        before = ""
        for place, link in enumerate(chain, start=1):
            whole = link["seq"] == place and link["prev_hash"] == before and link["this_hash"] == _link_hash(dict(link))
            outcome.look(whole, f"item {item}: link {link['seq']}")
            before = link["this_hash"]
    return outcome


def _link_hash(link: dict[str, object]) -> str:
    """SM3 over the hash before and the canonical JSON of the link: written a second time, so that it proves something."""
    names = ("type", "place", "actors", "from_holder", "to_holder", "seal_no", "hash_before", "hash_after", "reason", "document_id", "seq")
    content = {name: link[name] for name in names} | {"evidence_id": str(link["evidence_id"]), "at": link["at"].isoformat()}  # type: ignore[attr-defined]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashes.Hash(hashes.SM3())
    digest.update(f"{link['prev_hash']}{canonical}".encode())
    return digest.finalize().hex()
