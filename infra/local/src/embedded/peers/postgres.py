"""PostgreSQL of Debian, on a folder and a port of our own; its own clusters and their configuration are left alone."""

from pathlib import Path

from embedded.backing.part import PartFailed
from embedded.backing.postgres import Postgres
from embedded.peers.debian import program


class DebianPostgres(Postgres):
    name = "postgresql"

    def _programs(self) -> Path:
        found = program("postgres")
        if found is None:
            raise PartFailed("Debian's postgresql is not installed")
        return found.parent
