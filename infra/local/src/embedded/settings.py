"""What may be set from outside for the platform on this machine. Everything has a sensible value without it."""

import os
from dataclasses import dataclass
from pathlib import Path

from embedded.backing import given_in_environment
from embedded.state import CHECKOUT


@dataclass(frozen=True)
class Settings:
    folder: Path  # ANZHI_STATE: where this machine's data lies
    has_folder: bool  # whether that was said
    given: dict[str, str]  # PG_ADMIN_URL, KAFKA_BOOTSTRAP, REDIS_URL, S3_ENDPOINT …: real servers instead of embedded ones
    http_port: int | None  # HTTP_PORT: of the gateway; otherwise chosen once and kept
    public_url: str | None  # PUBLIC_URL: under which people reach the gateway
    legal_clock: str | None  # LEGAL_CLOCK: on or off; otherwise as the last time, at first off
    peers: bool  # ANZHI_PEERS: the servers that production uses, those of them that are installed, instead of embedded ones
    bare: bool  # ANZHI_BARE: only what the platform stands on, no service
    demo: bool  # ANZHI_DEMO: with the demo organisation and its accounts
    passed_on: dict[str, str]


PASSED_ON = ("LOG_LEVEL", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG")


def from_environment() -> Settings:
    env = os.environ
    return Settings(
        folder=Path(env.get("ANZHI_STATE") or CHECKOUT / ".local"),
        has_folder=bool(env.get("ANZHI_STATE")),
        given=given_in_environment(),
        http_port=int(env["HTTP_PORT"]) if env.get("HTTP_PORT") else None,
        public_url=env.get("PUBLIC_URL") or None,
        legal_clock=env.get("LEGAL_CLOCK") or None,
        peers=bool(env.get("ANZHI_PEERS")),
        bare=bool(env.get("ANZHI_BARE")),
        demo=bool(env.get("ANZHI_DEMO")),
        passed_on={name: env[name] for name in PASSED_ON if env.get(name)},
    )
