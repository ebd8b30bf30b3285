"""Checkpoints of the ledger that were seen outside, against the ledger that stands here: was it cut back, does it say something else?

A restore to an instant takes back leaves whose checkpoints somebody may have. The ledger then grows again, differently: two
histories under one name. Whoever kept a checkpoint can tell, and so must we, before the platform is opened again.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from verify.ledger import Tree

AT_ONCE = 10_000


@dataclass(frozen=True)
class Seen:
    """What a checkpoint says: the root of the first `size` leaves."""

    size: int
    root: bytes

    @classmethod
    def of(cls, note: str) -> "Seen":
        """The signed text, as `GET /v1/ledger/checkpoint` answers it and each pack carries it."""
        _, size, root, *_ = note.splitlines()
        return cls(int(size), base64.b64decode(root))


def kept(file: Path) -> list[Seen]:
    """A line each: a JSON object with `note`."""
    return [Seen.of(json.loads(line)["note"]) for line in file.read_text("utf-8").splitlines() if line.strip()]


async def compared(url: str, seen: list[Seen]) -> list[str]:
    """Answers what a holder of these checkpoints could reproach the ledger of the database at `url` with."""
    wanted = {one.size: one.root for one in seen}
    connection, tree, size, lines = await asyncpg.connect(url), Tree(), 0, []
    try:
        while leaves := await connection.fetch("SELECT leaf_hash FROM leaves WHERE index >= $1 ORDER BY index LIMIT $2", size, AT_ONCE):
            for leaf in leaves:
                tree.add(leaf["leaf_hash"])
                size += 1
                root = wanted.pop(size, None)
                if root is not None and root != tree.root:
                    lines.append(f"the ledger was seen with another root at size {size}: it has forked")
    finally:
        await connection.close()
    lines += [f"the ledger was seen at size {missing} and has {size} leaves: it was cut back" for missing in sorted(wanted)]
    return lines
