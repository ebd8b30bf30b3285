"""The next migration of a service, from the difference between its tables in code and its migrations so far."""

import asyncio
import subprocess
import sys

from embedded import databases
from embedded.backing.postgres import Postgres
from embedded.settings import Settings
from embedded.state import State


def write_next(settings: Settings, service: str, message: str) -> int:
    """On a PostgreSQL of its own, which is gone afterwards."""
    state = State(settings.folder / "migration")
    postgres = Postgres(state, durable=False)
    package = service.replace("-", "_")

    async def ready() -> str:
        await postgres.start()
        await databases.make(postgres.url, state, [package])
        return databases.url(postgres.url, state, package, "owner")

    try:
        url = asyncio.run(ready())
        command = [sys.executable, "-m", "servicekit.migrations", service, message, "--url", url]
        return subprocess.run(command, check=False).returncode
    finally:
        postgres.kill()
        postgres.forget()
        state.forget()
