"""In production: the address that was looked at is called, by the name that its certificate has, and none inside."""

import asyncio
import ipaddress
import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from criminal_transfer.adapters import sender as s
from criminal_transfer.adapters.signing import Secrets
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.police.example.cn"


def a_sender() -> s.Sender:
    sessions: Any = None
    return s.Sender(sessions, Secrets("a key for tests and nothing else, long enough"), pauses=(1,), timeout_seconds=2, development=False)


def a_certificate(folder, name: str) -> tuple[str, str]:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    (folder / "certificate.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(text)
    return str(folder / "certificate.pem"), str(folder / "key.pem")


@pytest.fixture
def named(monkeypatch):
    """What a name stands for, and which addresses count as public."""

    def give(*addresses: str, public: tuple[str, ...] = ()) -> None:
        async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
            assert host == HOST
            return [(2, 1, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo, raising=False)
        if public:
            monkeypatch.setattr(s, "is_public", lambda address: str(address) in public)

    return give


async def test_a_name_that_stands_for_an_address_inside_is_not_called(named):
    for addresses in (("10.1.2.3",), ("93.184.216.34", "127.0.0.1"), ("::ffff:192.168.0.1",), ()):
        named(*addresses)
        with pytest.raises(s.HostRefused):
            await a_sender()._reached(f"https://{HOST}/hooks")


async def test_the_address_that_was_looked_at_is_the_one_that_is_called(named):
    named("93.184.216.34", "93.184.216.35")

    url, headers, extensions = await a_sender()._reached(f"https://{HOST}:8443/hooks?from=anzhi")

    assert url == "https://93.184.216.34:8443/hooks?from=anzhi"
    assert headers == {"host": f"{HOST}:8443"}
    assert extensions == {"sni_hostname": HOST}
    assert ipaddress.ip_address("93.184.216.34").is_global


@asynccontextmanager
async def listening(certificate: tuple[str, str], came: list[bytes]):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 Told\r\nconnection: close\r\n\r\n")
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.mark.parametrize(("name", "taken"), [(HOST, True), ("elsewhere.example.cn", False)])
async def test_the_certificate_is_of_the_name_not_of_the_address(named, monkeypatch, tmp_path, name, taken):
    certificate, came = a_certificate(tmp_path, name), []
    loop_connect = ssl.create_default_context(cafile=certificate[0])
    async with listening(certificate, came) as port, httpx.AsyncClient(verify=loop_connect, trust_env=False) as client:
        named("127.0.0.1", public=("127.0.0.1",))
        one = s.Taken(uuid4(), "{}", 0, f"https://{HOST}:{port}/hooks")
        if not taken:
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await a_sender()._post(client, uuid4(), one, 1700000000)
            return
        status = await a_sender()._post(client, uuid4(), one, 1700000000)

    assert status == 204
    assert f"host: {HOST}:{port}".encode() in came[0].lower()
    assert b"webhook-signature: v1," in came[0].lower()
