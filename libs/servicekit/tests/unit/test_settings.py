"""A wrong value of each kind ends the process with one sentence that names the variable and tells no secret."""

import pytest
from pydantic import Field, SecretStr
from servicekit.settings import ObjectSettings, Place, RedisUrl, ServiceSettings, Target, WebAddress, read

GOOD = {
    "DATABASE_URL": "postgresql://toy_serve:secret-word@db:5432/toy?sslmode=verify-full",
    "KAFKA_BOOTSTRAP": "one:9092, two:9092",
    "REDIS_URL": "rediss://:secret-word@redis:6379/0",
    "S3_ENDPOINT": "https://store.example",
    "S3_ACCESS_KEY": "access",
    "S3_SECRET_KEY": "secret-word",
    "LAWBOOK": "lawbook:50051",
    "VAULT_KEY": "secret-word-of-thirty-two-characters",
    "TARGETS": '{"lawbook": "ipv4:10.0.0.1:50051,10.0.0.2:50051"}',
}


class Settings(ObjectSettings):
    redis_url: RedisUrl
    lawbook: Target
    vault_key: SecretStr = Field(min_length=32)
    targets: dict[str, Target]
    origins: list[str] = Field([])
    public_url: WebAddress = "http://localhost"
    listen: Place = "0.0.0.0:8080"


@pytest.fixture
def told(monkeypatch):
    def told(**changed: str) -> Settings:
        for name, value in {**GOOD, **changed}.items():
            monkeypatch.setenv(name, value)
        return read(Settings, "toy")

    return told


def test_right_values_are_taken(told):
    settings = told()

    assert settings.lawbook == "dns:///lawbook:50051"
    assert settings.kafka_bootstrap == "one:9092,two:9092"
    assert settings.targets == {"lawbook": "ipv4:10.0.0.1:50051,10.0.0.2:50051"}
    assert (settings.service_name, settings.drain_delay_seconds, settings.topic_replicas) == ("toy", 0, 3)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LEGAL_CLOCK", "perhaps", "is wrong: Input should be a valid boolean"),
        ("DATABASE_POOL", "ten", "is wrong: Input should be a valid integer"),
        ("DATABASE_POOL", "0", "is wrong: Input should be greater than or equal to 1"),
        ("DRAIN_SECONDS", "a while", "is wrong: Input should be a valid number"),
        ("DRAIN_DELAY_SECONDS", "-1", "is wrong: Input should be greater than or equal to 0"),
        ("RELAY_POLL_SECONDS", "0", "is wrong: Input should be greater than 0"),
        ("LOG_LEVEL", "LOUD", "is wrong: Input should be 'DEBUG', 'INFO'"),
        ("KAFKA_SECURITY_PROTOCOL", "TLS", "is wrong: Input should be 'PLAINTEXT', 'SSL'"),
        ("TOPIC_REPLICAS", "0", "is wrong: Input should be greater than or equal to 1"),
        ("LISTEN", "8080", "is wrong: it is host:port"),
        ("LISTEN", "host:99999", "is wrong: it is host:port"),
        ("KAFKA_BOOTSTRAP", "kafka:9092,other", "is wrong: it is host:port"),
        ("DATABASE_URL", "mysql://toy_serve:secret-word@db/toy", "is wrong: it is postgresql://role:password@host:port/database"),
        ("DATABASE_URL", "postgresql://db:5432/toy", "is wrong: it is postgresql://role:password@host:port/database"),
        ("REDIS_URL", "http://redis:secret-word@redis", "is wrong: it is redis://… or rediss://…"),
        ("S3_ENDPOINT", "store.example", "is wrong: it is an address http://… or https://…"),
        ("PUBLIC_URL", "https://", "is wrong: it is an address http://… or https://…"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "is wrong: it is an address http://… or https://…"),
        ("VAULT_KEY", "secret-word", "is wrong: Value should have at least 32 items"),
        ("TARGETS", "lawbook=secret-word", "is wrong: it is JSON"),
        ("ORIGINS", '{"a": 1}', "is wrong: Input should be a valid list"),
        ("S3_SECRET_KEY", "", "is not set"),
        ("LAWBOOK", "", "is not set"),
        ("REDIS_URL", "", "is not set"),
    ],
)
def test_a_wrong_value_is_named_and_not_told(told, name, value, said):
    with pytest.raises(SystemExit) as ended:
        told(**{name: value})

    sentence = str(ended.value.code)
    assert sentence.startswith(f"toy: {name} ")
    assert said in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "secret-word" not in sentence


def test_several_faults_are_several_sentences(told):
    with pytest.raises(SystemExit) as ended:
        told(LEGAL_CLOCK="perhaps", LISTEN="nowhere")

    assert len(str(ended.value.code).splitlines()) == 2


@pytest.mark.parametrize("given", [{}, {"KAFKA_USERNAME": "anzhi"}, {"KAFKA_PASSWORD": "secret-word"}])
def test_a_broker_that_asks_who_comes_needs_name_and_password(monkeypatch, given):
    for name, value in {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", **given}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit) as ended:
        read(ServiceSettings, "toy")

    assert ended.value.code == "toy: KAFKA_SECURITY_PROTOCOL SASL_SSL needs KAFKA_USERNAME and KAFKA_PASSWORD."
