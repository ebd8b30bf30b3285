"""Keys of tokens: fetched once, kept while identity is away, gone when withdrawn. Logs."""

import asyncio
import json
import logging

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind
from servicekit import auth, telemetry
from servicekit.auth import Keys, ServiceToken, Unauthenticated
from servicekit.faults import Unavailable
from testkit.users import Signer, a_user


class Identity:
    def __init__(self, signer):
        self.signer, self.asked, self.away = signer, 0, False

    async def jwks(self):
        self.asked += 1
        await asyncio.sleep(0)
        if self.away:
            raise ConnectionResetError
        return await self.signer.jwks()


@pytest.fixture
def signer():
    return Signer()


async def test_calls_that_come_together_fetch_the_keys_once(signer):
    identity = Identity(signer)
    keys, token = Keys(identity.jwks), signer.token(a_user("zhou"))

    found = await asyncio.gather(*(keys.verify(token) for _ in range(10)))

    assert {claims["sub"] for claims in found} == {"zhou"}
    assert identity.asked == 1


async def test_without_any_key_nobody_is_let_in(signer):
    identity = Identity(signer)
    identity.away = True

    with pytest.raises(Unavailable):
        await Keys(identity.jwks).verify(signer.token(a_user()))


async def test_with_keys_at_hand_identity_may_be_away(signer, monkeypatch):
    identity = Identity(signer)
    keys = Keys(identity.jwks)
    await keys.load()
    monkeypatch.setattr(auth, "KEEP_SECONDS", -1.0)
    identity.away = True

    assert (await keys.verify(signer.token(a_user("zhou"))))["sub"] == "zhou"
    assert identity.asked == 2


async def test_a_withdrawn_key_ends_though_its_token_was_seen(signer, monkeypatch):
    identity = Identity(signer)
    keys, token = Keys(identity.jwks), signer.token(a_user())
    await keys.verify(token)
    del signer._keys["testkit"]
    monkeypatch.setattr(auth, "KEEP_SECONDS", -1.0)

    with pytest.raises(Unauthenticated) as error:
        await keys.verify(token)

    assert error.value.reason == "TOKEN_INVALID"


async def test_a_token_seen_before_expires_all_the_same(signer, monkeypatch):
    keys, token = Keys(Identity(signer).jwks), signer.token(a_user())
    claims = await keys.verify(token)
    monkeypatch.setitem(claims, "exp", 1)
    monkeypatch.setattr(auth.jwt, "decode", lambda *_, **__: (_ for _ in ()).throw(auth.jwt.ExpiredSignatureError()))

    with pytest.raises(Unauthenticated) as error:
        await keys.verify(token)

    assert error.value.reason == "TOKEN_EXPIRED"


async def test_the_own_token_of_a_service_is_made_once_and_counts(signer, tmp_path):
    path = tmp_path / "toy.pem"
    path.write_bytes(signer.pem("toy"))
    own = ServiceToken("toy", path)

    assert own() == own()
    assert (await Keys(signer.jwks).verify(own()))["sub"] == "svc:toy"


def test_a_key_file_that_holds_another_key_is_refused(tmp_path):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    path = tmp_path / "toy.pem"
    path.write_bytes(
        ed25519.Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )

    with pytest.raises(TypeError):
        ServiceToken("toy", path)


def test_a_line_of_the_log_is_json_with_its_facts():
    record = logging.LogRecord("x", logging.INFO, "f", 1, "hello %s", ("zhou",), None)
    record.facts = {"reason": "BECAUSE"}

    line = json.loads(telemetry._JsonLines("toy").format(record))

    assert (line["text"], line["service"], line["reason"], line["level"]) == ("hello zhou", "toy", "BECAUSE", "INFO")


def test_a_trace_goes_on_from_what_was_carried(monkeypatch):
    monkeypatch.setattr(telemetry, "_tracer", TracerProvider().get_tracer("x"))
    trace = "0af7651916cd43dd8448eb211c80319c"

    with telemetry.span("x", SpanKind.SERVER, {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}):
        assert telemetry.trace_id() == trace
        assert telemetry.traceparent().startswith(f"00-{trace}-")
