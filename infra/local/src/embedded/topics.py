"""The topics of infra/kafka/topics.yaml, each with its `.dead` beside it."""

from dataclasses import dataclass
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from embedded.state import CHECKOUT

FILE = CHECKOUT / "infra" / "kafka" / "topics.yaml"
DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Topic:
    name: str
    partitions: int
    retention_days: int
    compact: bool

    @property
    def settings(self) -> dict[str, str]:
        if self.compact:
            return {"cleanup.policy": "compact"}
        return {"cleanup.policy": "delete", "retention.ms": str(self.retention_days * DAY_MS)}


def declared() -> list[Topic]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    default = content["defaults"]
    topics = []
    for name, topic in content["topics"].items():
        merged = default | topic
        topics.append(Topic(name, merged["partitions"], merged["retention_days"], merged.get("compact", False)))
        topics.append(Topic(f"{name}.dead", 1, default["dead_retention_days"], False))
    return topics


async def make(bootstrap: str, prefix: str = "") -> None:
    """Those that are missing. Three replicas where there are three brokers, else as many as there are."""
    wanted = yaml.safe_load(FILE.read_text("utf-8"))["defaults"]["replicas"]
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        known = set(await admin.list_topics())
        brokers = len((await admin.describe_cluster())["brokers"])
        missing = [
            NewTopic(f"{prefix}{topic.name}", topic.partitions, min(wanted, brokers), topic_configs=topic.settings)
            for topic in declared()
            if f"{prefix}{topic.name}" not in known
        ]
        if missing:
            await admin.create_topics(missing)
    finally:
        await admin.close()
