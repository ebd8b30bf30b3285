"""The topics as servicekit makes them: three replicas where there are three brokers, else as many as there are."""

from servicekit import broker, topics
from servicekit.settings import BrokerSettings
from servicekit.topics import Topic, declared

__all__ = ["Topic", "declared", "make"]


async def make(bootstrap: str, prefix: str = "") -> None:
    """Those that are missing."""
    given = BrokerSettings(kafka_bootstrap=bootstrap, topic_prefix=prefix)
    async with broker.administration(given) as admin:
        brokers = len((await admin.describe_cluster())["brokers"])
        await topics.make(admin, prefix=prefix, replicas=min(given.topic_replicas, brokers))
