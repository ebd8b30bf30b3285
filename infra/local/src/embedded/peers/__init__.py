"""The servers that production uses, beside the embedded ones: PostgreSQL, Redis and Ceph RGW of Debian, three Kafka brokers.

What is not installed is left to the embedded server; `debian.left_out` says so.
"""

from collections.abc import Mapping
from pathlib import Path

from embedded.backing import Backing, Say
from embedded.peers.ceph import CephRGW
from embedded.peers.debian import missing
from embedded.peers.kafka import NODES, Broker, Quorum
from embedded.peers.postgres import DebianPostgres
from embedded.peers.redis import DebianRedis

__all__ = ["Peers"]


class Peers(Backing):
    def __init__(self, folder: Path, *, given: Mapping[str, str] | None = None, durable: bool = True, say: Say | None = None) -> None:
        super().__init__(folder, given=given, durable=durable, say=say)
        absent = {peer.given_by for peer in missing()}
        quorum = Quorum(self.state)
        self.brokers = tuple(Broker(self.state, node, quorum) for node in NODES)
        if "PG_ADMIN_URL" not in absent:
            self.postgres = DebianPostgres(self.state, durable=durable)
        if "REDIS_URL" not in absent:
            self.valkey = DebianRedis(self.state)
        if "S3_ENDPOINT" not in absent:
            self.store = CephRGW(self.state)
