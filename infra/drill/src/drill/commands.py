"""The steps of the drill one by one, for a backup that is kept and a restore on another machine."""

import asyncio
import signal
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from drill import picture, witness
from drill.backup import Archive, Backup, copy_secrets, copy_store
from drill.platform import Platform
from drill.refill import refill
from drill.restore import restore

JOBS_URL = "_JOBS_URL"


async def archive(folder: Path, url: str, platform: Platform | None) -> None:
    """A base backup, then the log as it is written, until SIGTERM or SIGINT. Of a platform of this machine also store and secrets."""
    backup, stop = Backup(folder), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = url or (platform.told["PG_ADMIN_URL"] if platform is not None else "")
    async with Archive(backup, server) as kept:
        await kept.take_base()
        print(f"the base backup is whole; the log is kept in {backup.wal} until this ends", flush=True)
        await stop.wait()
        await kept.arrived()
    if platform is not None:
        await asyncio.to_thread(copy_store, backup, platform.folder, platform.processes("seaweedfs")[0])
        copy_secrets(backup, platform.folder)
    print(f"{folder} can be restored to any instant until now; the slot on the server waits for the next archive", flush=True)


async def bring_back(folder: Path, instant: datetime, state: Path) -> None:
    """A new state folder as the platform stood at the instant."""

    async def look(url: str) -> int:
        return sum(table.rows for table in (await picture.of(url)).values())

    rows = await restore(Backup(folder), instant, state, look)
    print(f"{rows} rows as of {instant.isoformat()} in {state}; next: ANZHI_STATE={state} python -m embedded up, then `drill refill`")


async def fill(environment: Mapping[str, str]) -> None:
    """All that the outboxes keep goes out again."""
    urls = {name.removesuffix(JOBS_URL).lower(): url for name, url in environment.items() if name.endswith(JOBS_URL)}
    if not urls:
        raise SystemExit("no <SERVICE>_JOBS_URL is set; run it by `python -m embedded run`")
    print(f"{await refill(urls)} events of {len(urls)} services go out again")


def tell(file: Path, url: str) -> int:
    lines = asyncio.run(witness.compared(url, witness.kept(file)))
    print("\n".join(lines) or "the ledger agrees with every checkpoint that was kept")
    return 1 if lines else 0
