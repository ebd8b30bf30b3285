"""Roles that run before a service does: check, migrate, buckets. A fault is a sentence, exit 1, and nothing done."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from functools import partial

from kernel.errors import DomainError
from sqlalchemy.exc import DBAPIError

from servicekit import check, migrations
from servicekit.broker import patiently
from servicekit.faults import Unavailable
from servicekit.settings import ObjectSettings, ServiceSettings


def fail(name: str, sentences: Sequence[str]) -> None:
    """Ends the process if there is one."""
    if sentences:
        sys.exit("\n".join(f"{name}: {sentence}" for sentence in sentences))


def run_check(name: str, settings: ServiceSettings, *, database: bool, buckets: Sequence[str] = ()) -> None:
    # What aiokafka logs of a failure is told below as a sentence.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    ask = partial(check.faults, name, settings, database=database, buckets=buckets)
    fail(name, asyncio.run(patiently(settings.check_seconds, ask)))
    sys.stdout.write(f"{name}: everything that it needs is there.\n")


def run_migrate(name: str, settings: ServiceSettings) -> None:
    """Under a lock of the database; each migration is kept whole or not at all."""
    if settings.database_owner_url is None:
        fail(name, ["DATABASE_OWNER_URL is not set."])
        return
    url = settings.database_owner_url.get_secret_value()
    fail(name, asyncio.run(patiently(settings.check_seconds, partial(check.role_faults, name, "owner", url, {}))))
    try:
        migrations.migrate(migrations.folder(name), url)
    except migrations.Refused as refused:
        fail(name, [str(refused)])
    except (DBAPIError, OSError) as error:
        why = str(getattr(error, "orig", error)).splitlines()[0]
        fail(name, [f"DATABASE_OWNER_URL: the migration stopped, and of the one at hand nothing was kept; run it again ({why})."])


def run_buckets(name: str, settings: ServiceSettings, buckets: Sequence[str]) -> None:
    """Make what is missing, and prove of each that a locked version stays."""
    from servicekit.objects import LockNotEnforced, Objects

    if not isinstance(settings, ObjectSettings) or not buckets:
        fail(name, ["it keeps no files."])
        return
    for bucket in buckets:
        fail(name, asyncio.run(patiently(settings.check_seconds, partial(asyncio.to_thread, check.bucket_faults, settings, bucket))))
        try:
            asyncio.run(Objects(settings, bucket).ready())
        except LockNotEnforced as error:
            fail(name, [f"S3_ENDPOINT: {error}; another store is needed."])
        except (Unavailable, DomainError) as error:
            fail(name, [f"S3_ENDPOINT: {error}."])
        sys.stdout.write(f"{name}: the bucket {settings.s3_bucket_prefix}{bucket} is there and keeps what is locked.\n")
