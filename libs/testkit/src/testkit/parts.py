"""PostgreSQL, Kafka, Redis and S3: those that the environment names, else started once per run.

With xdist the first worker that needs them starts them; it stays until the last one is done.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from embedded.backing import Addresses, Backing, given_in_environment

NAMES = ("PG_ADMIN_URL", "KAFKA_BOOTSTRAP", "REDIS_URL", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY")
WORKERS = 8


def with_redis(addresses: Addresses, number: int) -> Addresses:
    """The same parts with one database of Redis: people of the demonstration have the same ids in every worker."""
    return replace(addresses, redis_url=urlsplit(addresses.redis_url)._replace(path=f"/{number}").geturl())


@contextmanager
def shared_parts(folder: Path) -> Iterator[Addresses]:
    """`folder` is common to all workers of one run."""
    given = given_in_environment()
    if all(name in given for name in NAMES):
        yield Addresses(**{name.lower(): given[name] for name in NAMES})
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users.lock").open("w") as users, (folder / "start.lock").open("w") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        note, backing = folder / "addresses.json", None
        if not note.exists():
            backing = Backing(folder / "parts", given=given, durable=False)
            note.write_text(json.dumps(backing.start().environment))
        addresses = Addresses(**{name.lower(): value for name, value in json.loads(note.read_text()).items()})
        fcntl.flock(start, fcntl.LOCK_UN)
        try:
            yield addresses
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if backing is not None:
                fcntl.flock(users, fcntl.LOCK_EX)
                backing.stop()
                backing.forget()
