"""The topics of infra/kafka/topics.yaml, as the contracts carry them, each with its `.dead` beside it: made, and looked at.

`python -m servicekit.topics` makes what is missing. Nothing is moved or deleted, and keys stay on their partitions: a topic that
stands with fewer partitions or replicas than it needs is named and left as it is.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.errors import KafkaError, for_code

from servicekit import broker
from servicekit.settings import BrokerSettings, read

DAY_MS = 24 * 60 * 60 * 1000
SETTLED_SECONDS = 60.0


@dataclass(frozen=True)
class Topic:
    name: str
    owner: str
    readers: tuple[str, ...]
    partitions: int
    retention_days: int
    compact: bool

    @property
    def configuration(self) -> dict[str, str]:
        if self.compact:
            return {"cleanup.policy": "compact"}
        return {"cleanup.policy": "delete", "retention.ms": str(self.retention_days * DAY_MS)}


def declared() -> list[Topic]:
    content: dict[str, Any] = json.loads((resources.files("anzhi") / "topics.json").read_text("utf-8"))
    default, topics = content["defaults"], []
    for name, topic in content["topics"].items():
        merged = default | topic
        readers = tuple(merged["readers"])
        topics.append(Topic(name, merged["owner"], readers, merged["partitions"], merged["retention_days"], merged.get("compact", False)))
        topics.append(Topic(f"{name}.dead", merged["owner"], readers, 1, default["dead_retention_days"], False))
    return topics


def of(service: str) -> list[Topic]:
    """Those that a service writes or reads."""
    return [topic for topic in declared() if service == topic.owner or service in topic.readers]


async def faults(admin: AIOKafkaAdminClient, topics: Iterable[Topic], prefix: str, replicas: int) -> list[str]:
    """What is wrong with the broker and with those of the topics that stand, a sentence each."""
    brokers = len((await admin.describe_cluster())["brokers"])
    found = []
    if brokers < replicas:
        found.append(f"KAFKA_BOOTSTRAP: the cluster has {brokers} broker(s), and TOPIC_REPLICAS asks for {replicas} copies of each topic.")
    wanted = {f"{prefix}{topic.name}": topic for topic in topics}
    for name, partitions in (await _standing(admin, wanted)).items():
        if len(partitions) < wanted[name].partitions:
            found.append(
                f"Topic {name} has {len(partitions)} partition(s) and needs {wanted[name].partitions}: "
                "add them while nothing is written (python -m servicekit.topics --extend), or give TOPIC_PREFIX a value of its own."
            )
        copies = min(len(partition["replicas"]) for partition in partitions)
        if copies < replicas:
            found.append(
                f"Topic {name} has {copies} replica(s) and TOPIC_REPLICAS asks for {replicas}: reassign it, or lower TOPIC_REPLICAS."
            )
    return found


async def make(admin: AIOKafkaAdminClient, *, prefix: str = "", replicas: int = 3, extend: bool = False) -> list[str]:
    """Make the missing ones; answers their names. With three replicas and more, two have to be in step for a write."""
    topics = {f"{prefix}{topic.name}": topic for topic in declared()}
    standing = await _standing(admin, topics)
    in_step = {"min.insync.replicas": str(max(1, replicas - 1))}
    missing = [
        NewTopic(name, topic.partitions, replicas, topic_configs=topic.configuration | in_step)
        for name, topic in topics.items()
        if name not in standing
    ]
    if missing:
        answer = await admin.create_topics(missing)
        _raise([(name, code) for name, code, *_ in answer.topic_errors])
    short = [name for name, partitions in standing.items() if len(partitions) < topics[name].partitions]
    if extend and short:
        answer = await admin.create_partitions({name: NewPartitions(topics[name].partitions) for name in short})
        _raise([(name, code) for name, code, *_ in answer.topic_errors])
    made = [topic.name for topic in missing] + (short if extend else [])
    await _settled(admin, {name: topics[name] for name in made}, prefix, replicas)
    return made


async def _settled(admin: AIOKafkaAdminClient, made: dict[str, Topic], prefix: str, replicas: int) -> None:
    """Until every broker that is asked knows what was made."""
    until = time.monotonic() + SETTLED_SECONDS
    while len(await _standing(admin, made)) < len(made) or await faults(admin, made.values(), prefix, replicas):
        if time.monotonic() > until:
            raise KafkaError(f"the topics are not there {SETTLED_SECONDS:.0f} s after they were made")
        await asyncio.sleep(0.1)


def _raise(codes: Sequence[tuple[str, int]]) -> None:
    for name, code in codes:
        error = for_code(code)
        # Another run made it a moment ago.
        if code and error.__name__ != "TopicAlreadyExistsError":
            raise error(f"topic {name}")


async def _standing(admin: AIOKafkaAdminClient, names: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """name -> partitions of those that stand."""
    known = sorted(set(names) & set(await admin.list_topics()))
    described = await admin.describe_topics(known) if known else []
    return {topic["topic"]: topic["partitions"] for topic in described}


async def _faults(given: BrokerSettings) -> list[str]:
    try:
        async with broker.administration(given) as admin:
            return await faults(admin, declared(), given.topic_prefix, given.topic_replicas)
    except (KafkaError, OSError) as error:
        return [await broker.fault(given, error)]


async def _run(given: BrokerSettings, *, extend: bool) -> int:
    wrong = await broker.patiently(given.check_seconds, partial(_faults, given))
    if extend:
        wrong = [sentence for sentence in wrong if "--extend" not in sentence]
    if not wrong:
        try:
            async with broker.administration(given) as admin:
                made = await make(admin, prefix=given.topic_prefix, replicas=given.topic_replicas, extend=extend)
            sys.stdout.write(f"topics: {len(made)} made, {len(declared()) - len(made)} were there\n")
        except (KafkaError, OSError) as error:
            wrong = [await broker.fault(given, error)]
    sys.stderr.writelines(f"topics: {sentence}\n" for sentence in wrong)
    return 1 if wrong else 0


def main() -> None:
    """`python -m servicekit.topics [--extend]`, told by KAFKA_BOOTSTRAP, TOPIC_PREFIX, TOPIC_REPLICAS and KAFKA_…"""
    parser = argparse.ArgumentParser(prog="python -m servicekit.topics", description=__doc__)
    parser.add_argument(
        "--extend", action="store_true", help="add partitions to topics that have too few: events of one key may change places"
    )
    extend = parser.parse_args().extend
    given = read(BrokerSettings, "topics")
    # What aiokafka logs of a failure is told below as a sentence.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    if given.kafka_bootstrap is None:
        sys.exit("topics: KAFKA_BOOTSTRAP is not set.")
    sys.exit(asyncio.run(_run(given, extend=extend)))


if __name__ == "__main__":
    main()
