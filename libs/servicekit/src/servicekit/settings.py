"""What every service is told by its environment. A secret has no default."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _target(value: str) -> str:
    """A gRPC name: `dns:///host:port` spreads calls over all addresses; a bare `host:port` is completed."""
    return value if ":///" in value else f"dns:///{value}"


Target = Annotated[str, AfterValidator(_target)]


class ServiceSettings(BaseSettings):
    """Names in upper case are the variables: `LISTEN`, `DATABASE_URL`, …"""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    service_name: str = Field(default="", description="given by cli, not by the environment")
    listen: str = "0.0.0.0:50051"
    database_url: SecretStr | None = Field(default=None, description="role <service>_serve")
    database_jobs_url: SecretStr | None = Field(default=None, description="role <service>_jobs: relay, consume, ticks, load-reference")
    database_owner_url: SecretStr | None = Field(default=None, description="role <service>_owner: migrate")
    database_pool: int = 10
    kafka_bootstrap: str | None = None
    topic_prefix: str = Field(default="", description="before every topic name; only where installations share a broker")
    service_key_file: Path | None = Field(default=None, description="own ES256 private key, PEM")
    identity: Target | None = Field(default=None, description="keys of tokens, legal clock")
    legal_clock: bool = Field(default=False, description="on: legal now follows SetLegalNow; off: legal now is real now")
    log_level: str = "INFO"
    otel_exporter_otlp_endpoint: str | None = None
    relay_poll_seconds: float = 0.25
    tick_seconds: float = 1.0
    retention_days: int = Field(default=7, description="of published outbox rows and of stored answers")
    inbox_days: int = Field(default=35, description="longer than the retention of any topic that is read")
    drain_seconds: float = 10.0


class ObjectSettings(ServiceSettings):
    """Of a service that keeps files. `s3_public_endpoint` is the name under which clients reach the store."""

    s3_endpoint: str
    s3_access_key: str
    s3_secret_key: SecretStr
    s3_public_endpoint: str | None = None
    s3_bucket_prefix: str = ""
