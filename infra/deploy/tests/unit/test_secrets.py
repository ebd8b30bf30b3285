"""What an operator is handed: complete, private, and the same again."""

import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from deployment import cli, made, needs
from deployment.installation import Refused

GIVEN = {"REDIS_URL": "rediss://:word@redis.example:6380/0", "S3_ACCESS_KEY": "access", "S3_SECRET_KEY": "a-secret-of-the-store"}
OWN = ("--postgres", "postgresql://pg.example:5433/?sslmode=verify-full&sslrootcert=/etc/anzhi/authorities/pg.pem")


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    for name in cli.GIVEN:
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, out: str = "secrets", **environment: str) -> str:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["deploy", "secrets", "--out", str(tmp_path / out), *words])
        assert cli.main() == 0
        return capsys.readouterr().out

    return run


def contents(folder: Path) -> dict[str, dict[str, str]]:
    return {path.stem: yaml.safe_load(path.read_text("utf-8"))["stringData"] for path in sorted(folder.glob("*.yaml"))}


def test_each_service_is_given_what_its_settings_ask_for_and_no_more(run, tmp_path):
    run("--bare")

    found = contents(tmp_path / "secrets")
    for need in needs.of_services():
        assert set(found[f"anzhi-{need.service}"]) == {*need.words, *need.files}
    assert set(found["anzhi-identity"]) >= {"VAULT_KEY", "BOOTSTRAP_PASSWORD", "REDIS_URL", "DATABASE_URL", "service.pem"}
    assert set(found["anzhi-evidence"]) >= {"ledger.pem", "pack.pem", "S3_SECRET_KEY"}
    assert set(found["anzhi-gateway"]) == {"REDIS_URL"}


def test_the_addresses_are_those_of_the_servers_of_a_bare_cluster(run, tmp_path):
    run("--bare")

    found = contents(tmp_path / "secrets")
    own = urlsplit(found["anzhi-criminal-transfer"]["DATABASE_JOBS_URL"])
    redis = urlsplit(found["anzhi-identity"]["REDIS_URL"])
    assert (own.username, own.hostname, own.port, own.path) == ("criminal_transfer_jobs", "postgres", 5432, "/criminal_transfer")
    assert (redis.hostname, redis.password) == ("valkey", found["anzhi-backing"]["REDIS_PASSWORD"])
    assert found["anzhi-documents"]["S3_SECRET_KEY"] == found["anzhi-backing"]["S3_SECRET_KEY"]


def test_the_addresses_are_those_of_own_servers(run, tmp_path):
    run(*OWN, **GIVEN, KAFKA_USERNAME="anzhi", KAFKA_PASSWORD="word-of-the-broker")

    found = contents(tmp_path / "secrets")
    assert found["anzhi-penalties"]["DATABASE_URL"].startswith("postgresql://penalties_serve:")
    assert found["anzhi-penalties"]["DATABASE_URL"].endswith(
        "@pg.example:5433/penalties?sslmode=verify-full&sslrootcert=/etc/anzhi/authorities/pg.pem"
    )
    assert found["anzhi-gateway"] == {"REDIS_URL": GIVEN["REDIS_URL"]}
    assert found["anzhi-worklist"]["KAFKA_PASSWORD"] == "word-of-the-broker"
    assert "anzhi-backing" not in found


def test_public_keys_are_those_of_the_private_ones(run, tmp_path):
    run("--bare")

    found = contents(tmp_path / "secrets")
    assert set(found["anzhi-service-keys"]) == {f"{need.service}.pem" for need in needs.of_services() if need.files}
    for name, pem in found["anzhi-service-keys"].items():
        private = load_pem_private_key(found[f"anzhi-{name.removesuffix('.pem')}"]["service.pem"].encode(), None)
        assert load_pem_public_key(pem.encode()) == private.public_key()


def test_nobody_else_reads_the_files_and_nothing_secret_is_printed(run, tmp_path):
    said = run("--bare")

    folder = tmp_path / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    script = (folder / "databases.sql").read_text()
    for name, content in contents(folder).items():
        for key, value in content.items():
            assert value not in said
            if key.startswith("DATABASE"):
                word = urlsplit(value).password
                assert len(word) == 40
                assert word not in script, name
                assert word not in said


def test_run_again_it_keeps_everything(run, tmp_path):
    run("--bare")
    folder = tmp_path / "secrets"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    said = run("--bare")

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert "new:" not in said


def test_own_servers_are_remembered(run, tmp_path, monkeypatch):
    run(*OWN, **GIVEN)
    before = contents(tmp_path / "secrets")
    for name in GIVEN:
        monkeypatch.delenv(name)

    run()

    assert contents(tmp_path / "secrets") == before


def test_one_key_is_made_anew_and_what_follows_from_it(run, tmp_path):
    run("--bare")
    before = contents(tmp_path / "secrets")

    run(
        "--bare",
        "--rotate",
        "anzhi-penalties:DATABASE_URL",
        "--rotate",
        "anzhi-lawbook:service.pem",
        "--rotate",
        "anzhi-backing:REDIS_PASSWORD",
    )

    after = contents(tmp_path / "secrets")
    changed = {(name, key) for name, content in after.items() for key, value in content.items() if value != before[name].get(key)}
    assert changed == {
        ("anzhi-penalties", "DATABASE_URL"),
        ("anzhi-databases", "databases.sql"),
        ("anzhi-lawbook", "service.pem"),
        ("anzhi-service-keys", "lawbook.pem"),
        ("anzhi-backing", "REDIS_PASSWORD"),
        ("anzhi-identity", "REDIS_URL"),
        ("anzhi-gateway", "REDIS_URL"),
    }
    lines = zip(
        before["anzhi-databases"]["databases.sql"].splitlines(), after["anzhi-databases"]["databases.sql"].splitlines(), strict=True
    )
    assert [old.split("LOGIN")[0] for old, new in lines if old != new] == ["ALTER ROLE penalties_serve "]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("anzhi-nobody", "there is no Secret anzhi-nobody"),
        ("anzhi-penalties:NOTHING", "anzhi-penalties has no key NOTHING"),
        ("anzhi-identity:VAULT_KEY", "VAULT_KEY stays, second factors"),
        ("anzhi-criminal-transfer:WEBHOOK_KEY", "WEBHOOK_KEY stays"),
        ("anzhi-gateway:REDIS_URL", "REDIS_URL is the server's, rotate anzhi-backing"),
    ],
)
def test_what_cannot_be_rotated_says_why_and_nothing_changes(run, tmp_path, asked, said):
    run("--bare")
    before = contents(tmp_path / "secrets")

    with pytest.raises(Refused, match=said):
        run("--bare", "--rotate", asked)

    assert contents(tmp_path / "secrets") == before


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        ((), {}, "REDIS_URL|PostgreSQL is not known"),
        (OWN, {name: value for name, value in GIVEN.items() if name != "S3_SECRET_KEY"}, "S3_SECRET_KEY is not known"),
        ((), GIVEN, "PostgreSQL is not known: give --postgres"),
    ],
)
def test_what_is_missing_is_named(run, tmp_path, words, environment, said):
    with pytest.raises(Refused, match=said):
        run(*words, **environment)

    assert not list((tmp_path / "secrets").glob("*.yaml"))


def test_a_secret_that_nobody_knows_how_to_make_is_refused(run, monkeypatch):
    monkeypatch.delitem(made.MAKERS, "VAULT_KEY")

    with pytest.raises(Refused, match="identity asks for VAULT_KEY"):
        run("--bare")


def test_two_installations_have_nothing_in_common(run, tmp_path):
    run("--bare", out="one")
    run("--bare", out="two")

    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    values = [{value for content in each.values() for value in content.values()} for each in (one, two)]
    assert not values[0] & values[1]


def test_the_officers_of_the_smoke_test_become_a_secret(monkeypatch, tmp_path):
    accounts = tmp_path / "accounts.json"
    accounts.write_text('[{"username": "zhou"}]')
    monkeypatch.setattr("sys.argv", ["deploy", "smoke", "--out", str(tmp_path / "s"), "--accounts", str(accounts), "--namespace", "here"])

    assert cli.main() == 0

    manifest = yaml.safe_load((tmp_path / "s" / "anzhi-smoke.yaml").read_text())
    assert (manifest["metadata"]["namespace"], manifest["stringData"]) == ("here", {"accounts.json": '[{"username": "zhou"}]'})
