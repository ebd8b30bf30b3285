"""Three Kafka brokers, each a controller too, as in production: a record is acknowledged when two of them have it."""

import uuid
from base64 import urlsafe_b64encode

from embedded.backing.kafka import Kafka
from embedded.state import State

NODES = (1, 2, 3)


class Quorum:
    """Who votes: decided once, and the same for all, whoever of them is up."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._controllers: dict[int, int] = {}

    @property
    def controllers(self) -> dict[int, int]:
        """Their ports, looked for before the first of them starts."""
        if not self._controllers:
            self._controllers = {node: self.state.port(f"kafka-{node}.controller") for node in NODES}
        return self._controllers

    @property
    def cluster(self) -> str:
        known = self.state.recall("kafka.cluster")
        if known is None:
            known = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
            self.state.remember("kafka.cluster", known)
        return known


class Broker(Kafka):
    replicas, min_isr = len(NODES), len(NODES) - 1
    # With 2 s a busy machine fences brokers that are well, and their partitions wander.
    session_ms = 6000

    def __init__(self, state: State, node: int, quorum: Quorum) -> None:
        super().__init__(state)
        self.node, self.quorum = node, quorum
        self.name = f"kafka-{node}"
        self.was_complete = False

    async def answers(self) -> bool:
        """At first all must be there: a topic of three copies cannot be made by two."""
        known = await self.brokers()
        self.was_complete = self.was_complete or known == set(NODES)
        return self.was_complete and self.node in known

    def _identity(self) -> tuple[str, ...]:
        return (self.quorum.cluster,)

    def _quorum(self) -> tuple[int, str]:
        voters = ",".join(f"{node}@127.0.0.1:{port}" for node, port in self.quorum.controllers.items())
        return self.quorum.controllers[self.node], f"controller.quorum.voters={voters}"
