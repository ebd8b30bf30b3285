"""How every client of Kafka connects, and what is wrong if it cannot."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from servicekit.settings import BrokerSettings

ANSWER_MS = 10_000
AGAIN_SECONDS = 0.5


def options(settings: BrokerSettings) -> dict[str, Any]:
    """Keywords of aiokafka's clients."""
    if settings.kafka_bootstrap is None:
        raise RuntimeError("KAFKA_BOOTSTRAP is not set")
    made: dict[str, Any] = {"bootstrap_servers": settings.kafka_bootstrap, "security_protocol": settings.kafka_security_protocol}
    if settings.kafka_security_protocol.endswith("SSL"):
        made["ssl_context"] = ssl.create_default_context(cafile=settings.kafka_ca_file)
    if settings.kafka_security_protocol.startswith("SASL"):
        assert settings.kafka_username is not None
        assert settings.kafka_password is not None
        made |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_username,
            "sasl_plain_password": settings.kafka_password.get_secret_value(),
        }
    return made


class Away(str):
    """The sentence for who did not answer: a moment later he may. A new pod is let through a network policy only when it is known."""


async def patiently(seconds: float, ask: Callable[[], Awaitable[Sequence[str]]]) -> Sequence[str]:
    """What is wrong, asked again while somebody is away and `seconds` are not over."""
    until = time.monotonic() + seconds
    while True:
        found = await ask()
        if time.monotonic() >= until or not any(isinstance(sentence, Away) for sentence in found):
            return found
        await asyncio.sleep(AGAIN_SECONDS)


@asynccontextmanager
async def administration(settings: BrokerSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**options(settings), request_timeout_ms=ANSWER_MS)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def fault(settings: BrokerSettings, error: KafkaError | OSError) -> Away:
    """The sentence for a broker that could not be asked."""
    at = settings.kafka_bootstrap or ""
    open_ = [place for place in at.split(",") if await _listens(place.strip())]
    if not open_:
        return Away(f"KAFKA_BOOTSTRAP: no broker answers at {at}.")
    how = f"KAFKA_SECURITY_PROTOCOL {settings.kafka_security_protocol}"
    if settings.kafka_security_protocol.startswith("SASL"):
        how += f", KAFKA_SASL_MECHANISM {settings.kafka_sasl_mechanism}, KAFKA_USERNAME {settings.kafka_username} and its KAFKA_PASSWORD"
    # A broker that has just come to listen says the same for a while.
    return Away(f"KAFKA_BOOTSTRAP: {open_[0]} listens but does not let us in by {how} ({type(error).__name__}).")


async def _listens(place: str) -> bool:
    host, _, port = place.rpartition(":")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host.strip("[]"), int(port)), 5)
    except (OSError, TimeoutError, ValueError):
        return False
    writer.close()
    return True
