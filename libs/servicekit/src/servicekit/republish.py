"""Events once more: what a broker lost is still in the outboxes, and whoever read it before knows it by its inbox."""

import argparse
import asyncio
import sys
from datetime import datetime

from sqlalchemy import select, text, update

from servicekit.db import Sessions, Uow, database, transaction
from servicekit.settings import ServiceSettings
from servicekit.tables import outbox

AT_ONCE = 5_000


async def republish(sessions: Sessions, since: datetime | None) -> int:
    """Let the relay send again, in the old order, what was published at or after `since`; None: all that is kept.

    The relay stands still until all is marked: what it sent meanwhile would overtake older events of the same key.
    """
    async with transaction(sessions, Uow, jobs=True) as uow:
        await uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('anzhi.relay'))"))
        marked, last = 0, 0
        sent = (outbox.c.published_at.is_not(None),) if since is None else (outbox.c.published_at >= since,)
        while True:
            ids = list(
                (
                    await uow.session.execute(select(outbox.c.id).where(outbox.c.id > last, *sent).order_by(outbox.c.id).limit(AT_ONCE))
                ).scalars()
            )
            if not ids:
                return marked
            await uow.session.execute(update(outbox).where(outbox.c.id.between(ids[0], ids[-1]), *sent).values(published_at=None))
            marked, last = marked + len(ids), ids[-1]


async def _run(given: ServiceSettings, since: datetime | None) -> int:
    async with database(given) as sessions:
        return await republish(sessions, since)


def main() -> None:
    """`python -m servicekit.republish [--since 2026-11-24T00:00Z]`, where DATABASE_JOBS_URL names the outbox and a relay runs beside."""
    parser = argparse.ArgumentParser(prog="python -m servicekit.republish", description=main.__doc__)
    parser.add_argument("--since", type=_instant, help="published at or after this instant, with its zone; default: all that is kept")
    given, settings = parser.parse_args(), ServiceSettings()
    if settings.database_jobs_url is None:
        sys.exit("DATABASE_JOBS_URL is not set")
    sys.stdout.write(f"{asyncio.run(_run(settings, given.since))} events go out again\n")


def _instant(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{value} has no zone: end it with Z or +08:00")
    return found


if __name__ == "__main__":
    main()
