"""Redis of Debian."""

from pathlib import Path

from embedded.backing.part import PartFailed
from embedded.backing.valkey import Valkey
from embedded.peers.debian import program


class DebianRedis(Valkey):
    name = "redis"

    def server(self) -> Path:
        found = program("redis-server")
        if found is None:
            raise PartFailed("Debian's redis-server is not installed")
        return found
