"""What every service is told by its environment. A secret has no default."""

import sys
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

S = TypeVar("S", bound="BrokerSettings")


def _target(value: str) -> str:
    """A gRPC name: `dns:///host:port` spreads calls over all addresses; a bare `host:port` is completed."""
    return value if ":///" in value or value.startswith(("ipv4:", "ipv6:", "unix:")) else f"dns:///{value}"


def _place(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not (host and port.isdigit() and int(port) < 65_536):
        raise ValueError("it is host:port")
    return value


def _places(value: str) -> str:
    return ",".join(_place(place.strip()) for place in value.split(","))


def _web(value: str) -> str:
    if not value.startswith(("http://", "https://")) or not value.split("://", 1)[1].strip("/"):
        raise ValueError("it is an address http://… or https://…")
    return value


def _postgresql(value: SecretStr) -> SecretStr:
    scheme, _, rest = value.get_secret_value().partition("://")
    if scheme not in {"postgresql", "postgres"} or not rest.rpartition("@")[0]:
        raise ValueError("it is postgresql://role:password@host:port/database")
    return value


def _redis(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(("redis://", "rediss://")):
        raise ValueError("it is redis://… or rediss://…")
    return value


Target = Annotated[str, AfterValidator(_target)]
Place = Annotated[str, AfterValidator(_place)]
WebAddress = Annotated[str, AfterValidator(_web)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_postgresql)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis)]


class BrokerSettings(BaseSettings):
    """How the broker is reached: all that is told to what needs nothing else."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    service_name: str = Field(default="", description="given by cli, not by the environment")
    kafka_bootstrap: Annotated[str, AfterValidator(_places)] | None = Field(
        default=None, description="host:port of brokers, with commas between"
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    kafka_username: str | None = Field(default=None, description="for the protocols with SASL")
    kafka_password: SecretStr | None = Field(default=None, description="for the protocols with SASL")
    kafka_ca_file: Path | None = Field(
        default=None, description="who signed the brokers' certificates, PEM; unset: whom this system trusts"
    )
    topic_prefix: str = Field(default="", description="before every topic name; only where installations share a broker")
    topic_replicas: int = Field(default=3, ge=1, description="of every topic; as many brokers are needed")
    check_seconds: float = Field(
        default=30.0, ge=0, description="of check, migrate, buckets and topics: how long who does not answer is asked again"
    )

    @model_validator(mode="after")
    def _who_asks(self) -> Self:
        if self.kafka_security_protocol.startswith("SASL") and not (self.kafka_username and self.kafka_password):
            raise ValueError(f"KAFKA_SECURITY_PROTOCOL {self.kafka_security_protocol} needs KAFKA_USERNAME and KAFKA_PASSWORD")
        return self


class ServiceSettings(BrokerSettings):
    """Names in upper case are the variables: `LISTEN`, `DATABASE_URL`, …

    Addresses of PostgreSQL may end in `?sslmode=verify-full&sslrootcert=/path`, those of Redis begin with `rediss://`.
    """

    listen: Place = "0.0.0.0:50051"
    database_url: DatabaseUrl | None = Field(default=None, description="role <service>_serve")
    database_jobs_url: DatabaseUrl | None = Field(default=None, description="role <service>_jobs: relay, consume, ticks, load-reference")
    database_owner_url: DatabaseUrl | None = Field(default=None, description="role <service>_owner: migrate")
    database_pool: int = Field(default=10, ge=1, description="connections of this process in each role")
    service_key_file: Path | None = Field(default=None, description="own ES256 private key, PEM")
    identity: Target | None = Field(default=None, description="keys of tokens, legal clock")
    legal_clock: bool = Field(default=False, description="on: legal now follows SetLegalNow; off: legal now is real now")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    otel_exporter_otlp_endpoint: WebAddress | None = Field(
        default=None, description="collector for traces, metrics and logs; unset: none leave"
    )
    otel_metric_export_interval: int = Field(default=15_000, gt=0, description="milliseconds between two exports of the metrics")
    measure_seconds: float = Field(default=15.0, gt=0, description="between two looks at pools, outbox, partitions and timers")
    relay_poll_seconds: float = Field(default=0.25, gt=0)
    tick_seconds: float = Field(default=1.0, gt=0)
    retention_days: int = Field(default=7, ge=1, description="of published outbox rows and of stored answers")
    inbox_days: int = Field(default=35, ge=1, description="longer than the retention of any topic that is read")
    drain_delay_seconds: float = Field(
        default=0.0, ge=0, description="between not ready and drain on SIGTERM: until no load balancer sends calls here any more"
    )
    drain_seconds: float = Field(default=10.0, ge=0, description="how long calls in progress may take until the process ends")
    connection_seconds: float = Field(
        default=30.0, ge=0, description="a client connects anew after about this time and finds replicas that came since; 0: never"
    )


class ObjectSettings(ServiceSettings):
    """Of a service that keeps files. `s3_public_endpoint` is the name under which clients reach the store."""

    s3_endpoint: WebAddress
    s3_access_key: str
    s3_secret_key: SecretStr
    s3_public_endpoint: WebAddress | None = None
    s3_bucket_prefix: str = ""
    s3_ca_file: Path | None = Field(default=None, description="who signed the store's certificate, PEM; unset: whom this system trusts")


def read(kind: type[S], service: str) -> S:
    """The settings from the environment. Ends the process with a sentence for each that is missing or wrong; no value is told."""
    try:
        return kind(service_name=service)
    except SettingsError as error:
        # A list or an object that is no JSON.
        name = str(error).split('"')[1] if '"' in str(error) else str(error)
        sys.exit(f"{service}: {name.upper()} is wrong: it is JSON.")
    except ValidationError as error:
        sys.exit("\n".join(f"{service}: {sentence}" for sentence in sentences(error)))


def sentences(error: ValidationError) -> list[str]:
    said = []
    for line in error.errors(include_input=False, include_context=False, include_url=False):
        name, why = ".".join(map(str, line["loc"])).upper(), line["msg"].removeprefix("Value error, ").rstrip(".")
        said.append(f"{name} is not set." if line["type"] == "missing" else f"{name} is wrong: {why}." if name else f"{why}.")
    return said
