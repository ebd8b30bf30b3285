"""How every client of Kafka connects, and what is wrong if it cannot."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from servicekit.settings import BrokerSettings

ANSWER_MS = 5_000


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


@asynccontextmanager
async def administration(settings: BrokerSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**options(settings), request_timeout_ms=ANSWER_MS)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def fault(settings: BrokerSettings, error: KafkaError | OSError) -> str:
    """The sentence for a broker that could not be asked."""
    at = settings.kafka_bootstrap or ""
    open_ = [place for place in at.split(",") if await _listens(place.strip())]
    if not open_:
        return f"KAFKA_BOOTSTRAP: no broker answers at {at}."
    how = f"KAFKA_SECURITY_PROTOCOL {settings.kafka_security_protocol}"
    if settings.kafka_security_protocol.startswith("SASL"):
        how += f", KAFKA_SASL_MECHANISM {settings.kafka_sasl_mechanism}, KAFKA_USERNAME {settings.kafka_username} and its KAFKA_PASSWORD"
    return f"KAFKA_BOOTSTRAP: {open_[0]} listens but does not let us in by {how} ({type(error).__name__})."


async def _listens(place: str) -> bool:
    host, _, port = place.rpartition(":")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host.strip("[]"), int(port)), 3)
    except (OSError, TimeoutError, ValueError):
        return False
    writer.close()
    return True
