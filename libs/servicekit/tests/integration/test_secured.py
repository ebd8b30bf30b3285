"""Servers that ask who comes, and connections that nobody can listen to: the same settings for every client."""

import asyncio
import datetime
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import pytest_asyncio
from anzhi.type.v1 import types_pb2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from embedded.backing import kafka as kafka_part
from embedded.backing.kafka import Kafka
from embedded.state import State
from servicekit import check, topics
from servicekit.broker import administration
from servicekit.settings import ObjectSettings, ServiceSettings
from testkit import a_user, poll
from toy.app import build
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceStub

WORD = "word-of-the-broker"
JAAS = "org.apache.kafka.common.security.plain.PlainLoginModule required"


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> tuple[Path, Path, Path]:
    """Certificate of an authority; certificate and key of 127.0.0.1."""
    place = tmp_path_factory.mktemp("tls")
    now = datetime.datetime.now(datetime.UTC)

    def issue(name: str, key, issuer: str, signer, *, ca: bool) -> x509.Certificate:
        import ipaddress

        made = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        )
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=ca,
            crl_sign=ca,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        return made.add_extension(usage, critical=True).sign(signer, hashes.SHA256())

    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    files = place / "ca.pem", place / "own.pem", place / "own.key"
    files[0].write_bytes(issue("authority", root, "authority", root, ca=True).public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(issue("127.0.0.1", own, "authority", root, ca=False).public_bytes(serialization.Encoding.PEM))
    files[2].write_bytes(own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files


@pytest_asyncio.fixture(loop_scope="session")
async def guarded(tmp_path, monkeypatch) -> AsyncIterator[str]:
    """A Kafka that asks for user and password on the listener of clients."""
    secured = kafka_part.SETTINGS.replace("CLIENTS:PLAINTEXT", "CLIENTS:SASL_PLAINTEXT")
    secured += (
        "sasl.enabled.mechanisms=PLAIN\nsasl.mechanism.inter.broker.protocol=PLAIN\n"
        f'listener.name.clients.plain.sasl.jaas.config={JAAS} username="broker" password="{WORD}" '
        f'user_broker="{WORD}" user_anzhi="{WORD}";\n'
    )
    monkeypatch.setattr(kafka_part, "SETTINGS", secured)

    class Guarded(Kafka):
        async def answers(self) -> bool:
            settings = ServiceSettings(**told(f"127.0.0.1:{self.port}"))
            try:
                async with administration(settings) as admin:
                    return bool(await admin.list_topics() or True)
            except Exception:  # noqa: BLE001 - not yet
                return False

    part = Guarded(State(tmp_path / "parts"))
    await part.start()
    yield f"127.0.0.1:{part.port}"
    part.kill()


def told(bootstrap: str, word: str = WORD) -> dict[str, str]:
    return {
        "kafka_bootstrap": bootstrap,
        "kafka_security_protocol": "SASL_PLAINTEXT",
        "kafka_sasl_mechanism": "PLAIN",
        "kafka_username": "anzhi",
        "kafka_password": word,
    }


async def test_a_broker_that_asks_for_a_password_is_used_by_relay_consumer_topics_and_check(world, guarded):
    settings = ServiceSettings(**told(guarded), topic_replicas=1)
    async with administration(settings) as admin:
        assert await topics.faults(admin, [], "", 1) == []
    async with world.apart("guarded") as here:
        prefix = f"{here.prefix}."
        async with administration(settings) as admin:
            from aiokafka.admin import NewTopic

            names = ["toy.parcel.v1", "toy.work.v1", "post.receipt.v1", "identity.clock.v1", "lawbook.parameters.v1"]
            await admin.create_topics([NewTopic(prefix + name + tail, 1, 1) for name in names for tail in ("", ".dead")])
        async with here.running("toy", ServiceSettings, build, **told(guarded)) as run:
            stub = await run.stub(ToyServiceStub, a_user(org_path=here.a_root(), permissions=("toy.read", "toy.write")))
            placed = await stub.PlaceParcel(pb.PlaceParcelRequest(request_id=str(uuid4()), title="x", worth=types_pb2.Money(fen=1)))
            await stub.SendParcel(pb.SendParcelRequest(request_id=str(uuid4()), id=placed.id, version=1))

            async def noted() -> bool:
                return bool(await run.sql("SELECT 1 FROM history WHERE move = 'note'"))

            await poll(noted, deadline=30)
            assert not await run.sql("SELECT 1 FROM outbox WHERE published_at IS NULL")


async def test_a_wrong_password_of_the_broker_is_a_sentence(guarded):
    sentence = await check._broker("toy", ServiceSettings(**told(guarded, "wrong-word"), topic_replicas=1))

    assert len(sentence) == 1
    assert sentence[0].startswith(f"KAFKA_BOOTSTRAP: {guarded} listens but does not let us in by KAFKA_SECURITY_PROTOCOL SASL_PLAINTEXT")
    assert "wrong-word" not in sentence[0]


class Wrapped:
    """TLS in front of a server that has none; PostgreSQL first asks for it in clear."""

    def __init__(self, target: str, authority: tuple[Path, Path, Path], *, postgresql: bool = False) -> None:
        self.host, _, self.port = target.rpartition(":")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(authority[1], authority[2])
        self.postgresql = postgresql

    async def __aenter__(self) -> int:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=None if self.postgresql else self.context)
        return int(self.server.sockets[0].getsockname()[1])

    async def __aexit__(self, *_: object) -> None:
        self.server.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.postgresql:
            if (await reader.read(8))[4:] != b"\x04\xd2\x16\x2f":
                writer.close()  # who asks for no TLS gets nothing
                return
            writer.write(b"S")
            await writer.drain()
            await writer.start_tls(self.context)
        there, back = await asyncio.open_connection(self.host, int(self.port))
        await asyncio.gather(self.pass_on(reader, back), self.pass_on(there, writer), return_exceptions=True)

    async def pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while content := await source.read(65_536):
                sink.write(content)
                await sink.drain()
        finally:
            sink.close()


async def test_postgresql_by_tls_is_verified_by_the_authority_that_the_address_names(world, authority):
    async with world.apart("tls") as here:
        database = await here.database("toy")
        place = urlsplit(database.serve)
        async with Wrapped(f"{place.hostname}:{place.port}", authority, postgresql=True) as port:

            def secured(url: str, ca: Path) -> str:
                return url.replace(f":{place.port}/", f":{port}/") + f"?sslmode=verify-full&sslrootcert={ca}"

            given = {"database_url": secured(database.serve, authority[0]), "database_jobs_url": secured(database.jobs, authority[0])}
            async with here.running("toy", ServiceSettings, build, roles=("serve",), **given) as run:
                stub = await run.stub(ToyServiceStub, a_user(org_path=here.a_root(), permissions=("toy.write",)))
                request = pb.PlaceParcelRequest(request_id=str(uuid4()), title="x", worth=types_pb2.Money(fen=1))
                assert (await stub.PlaceParcel(request)).version == 1
            assert await check.role_faults("toy", "serve", secured(database.serve, authority[0]), {}) == []
            sentences = await check.role_faults("toy", "serve", secured(database.serve, authority[1]), {})

    assert len(sentences) == 1
    assert sentences[0].startswith("DATABASE_URL: no TLS with the server at 127.0.0.1:")


async def test_redis_and_the_object_store_by_tls(world, authority):
    redis, store = urlsplit(world.addresses.redis_url), urlsplit(world.addresses.s3_endpoint)
    async with (
        Wrapped(f"{redis.hostname}:{redis.port}", authority) as redis_port,
        Wrapped(f"{store.hostname}:{store.port}", authority) as store_port,
    ):
        url = f"rediss://:{redis.password}@127.0.0.1:{redis_port}/0?ssl_ca_certs="
        assert await check._redis(f"{url}{authority[0]}") == []
        assert len(await check._redis(f"{url}{authority[1]}")) == 1

        def settings(ca: Path) -> ObjectSettings:
            return ObjectSettings(
                s3_endpoint=f"https://127.0.0.1:{store_port}",
                s3_access_key=world.addresses.s3_access_key,
                s3_secret_key=world.addresses.s3_secret_key,
                s3_ca_file=ca,
            )

        assert await asyncio.to_thread(check.bucket_faults, settings(authority[0]), "none-such") == []
        sentences = await asyncio.to_thread(check.bucket_faults, settings(authority[1]), "none-such")

    assert len(sentences) == 1
    assert "S3_CA_FILE" in sentences[0]


def test_the_settings_of_a_secured_broker_are_asked_for_together():
    code = "from servicekit.settings import ServiceSettings, read; read(ServiceSettings, 'toy')"

    run = subprocess.run(
        [sys.executable, "-c", code], env={"KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, capture_output=True, text=True, check=False
    )

    assert run.returncode == 1
    assert run.stderr == "toy: KAFKA_SECURITY_PROTOCOL SASL_SSL needs KAFKA_USERNAME and KAFKA_PASSWORD.\n"
