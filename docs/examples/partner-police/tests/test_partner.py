"""What a partner proves and refuses, without any platform."""

import base64
import hashlib
import hmac
import json
import time
import urllib.request
from urllib.error import HTTPError

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from partner_police.credentials import Credentials
from partner_police.platform import PackDiffers, Platform, Refused
from partner_police.webhooks import Receiver, Unproven, verify

KEY = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
BODY = b'{"type":"transfer.delivered","data":{"transfer_id":"t1"}}'


def signed(id="m1", timestamp=None, body=BODY, key=KEY):
    stamp = str(int(timestamp if timestamp is not None else time.time()))
    digest = hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()], ids=["ES256", "EdDSA"])
def test_an_assertion_is_proven_by_the_public_half_that_is_registered(key):
    credentials = Credentials("police", key)
    (jwk,) = json.loads(credentials.jwks())["keys"]
    assertion = credentials.assertion("https://anzhi.example/oauth/token")

    claims = jwt.decode(
        assertion, jwt.PyJWK(jwk, algorithm=credentials.algorithm), [credentials.algorithm], audience="https://anzhi.example/oauth/token"
    )

    assert jwt.get_unverified_header(assertion)["kid"] == jwk["kid"]
    assert (claims["iss"], claims["sub"]) == ("police", "police")
    assert claims["exp"] - claims["iat"] <= 300
    assert "d" not in jwk
    assert claims["jti"] != jwt.decode(credentials.assertion("x"), options={"verify_signature": False})["jti"]


def test_a_message_is_proven_and_others_are_not():
    assert verify(SECRET, signed(), BODY)["data"] == {"transfer_id": "t1"}
    turned = {**signed(), "webhook-signature": f"v1,AAAA {signed()['webhook-signature']}"}
    assert verify(SECRET, turned, BODY)
    for headers, body in (
        (signed(), BODY + b" "),
        (signed(key=b"x" * 32), BODY),
        (signed(timestamp=time.time() - 400), BODY),
        (signed(timestamp=time.time() + 400), BODY),
        ({**signed(), "webhook-id": "m2"}, BODY),
        ({**signed(), "webhook-signature": "v2,AAAA"}, BODY),
        ({**signed(), "webhook-signature": "v1,末"}, BODY),
        ({**signed(), "webhook-timestamp": "now"}, BODY),
        ({}, BODY),
    ):
        with pytest.raises(Unproven):
            verify(SECRET, headers, body)


def test_the_receiver_works_on_a_message_once_and_refuses_the_unproven():
    receiver = Receiver("127.0.0.1", 0)
    receiver.secret = SECRET
    receiver.start()

    def post(headers, body=BODY):
        request = urllib.request.Request(f"http://127.0.0.1:{receiver.port}/hooks", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status
        except HTTPError as error:
            with error:
                return error.code

    try:
        headers = signed()
        assert [post(headers), post(headers), post(signed(key=b"x" * 32)), post(headers, b"x" * 70_000)] == [204, 204, 401, 413]
        assert receiver.messages.qsize() == 1
        assert receiver.refused == 1
    finally:
        receiver.stop()


def a_platform(answer):
    credentials = Credentials("police", ec.generate_private_key(ec.SECP256R1()))
    return Platform("https://anzhi.example", credentials, httpx.Client(transport=httpx.MockTransport(answer)))


def test_a_pack_that_differs_from_its_digest_is_thrown_away(tmp_path):
    def answer(request):
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 600})
        if request.url.path.endswith("/package"):
            return httpx.Response(200, json={"url": "https://store.example/pack", "sha256": "0" * 64, "size": "4"})
        return httpx.Response(200, content=b"pack")

    with pytest.raises(PackDiffers):
        a_platform(answer).fetch_pack("t1", tmp_path / "pack.zip")
    assert not (tmp_path / "pack.zip").exists()


def test_above_the_quota_it_waits_and_sends_the_same_again():
    came = []

    def answer(request):
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 600})
        came.append(request)
        if len(came) == 1:
            return httpx.Response(429, headers={"retry-after": "0"})
        return httpx.Response(200, json={"transfers": [{"id": "t1"}]})

    assert a_platform(answer).transfers() == [{"id": "t1"}]
    assert len(came) == 2


def test_a_refused_client_is_told_why():
    def answer(request):
        return httpx.Response(401, json={"error": "invalid_client", "error_description": "the assertion has expired"})

    with pytest.raises(Refused, match="401 invalid_client: the assertion has expired"):
        a_platform(answer).token()
