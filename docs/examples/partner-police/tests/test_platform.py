"""What goes over the line: the token request, the headers of a step, patience, and what is refused."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from partner_police.credentials import Credentials, thumbprint
from partner_police.platform import ClientRefused, PackDiffers, Platform, Refused, pause_of

KEY = ec.generate_private_key(ec.SECP256R1())
TRANSFER = {"id": "t1", "state": "DELIVERED", "version": "3"}
PACK = b"PK the whole file"
SHOWN = "GET /v1/partner/transfers/t1"


@pytest.fixture
def slept():
    return []


@pytest.fixture
def platform(counterpart, slept):
    with httpx.Client() as http:
        yield Platform(counterpart.url, Credentials("police", KEY), http, sleep=slept.append)


@pytest.mark.parametrize("key", [KEY, ed25519.Ed25519PrivateKey.generate()], ids=["ES256", "EdDSA"])
def test_an_assertion_is_proven_by_the_public_half_that_is_registered(key):
    credentials = Credentials("police", key)
    (jwk,) = json.loads(credentials.jwks())["keys"]
    proof = jwt.PyJWK(jwk, algorithm=credentials.algorithm)

    claims = jwt.decode(credentials.assertion("https://a/oauth/token"), proof, [credentials.algorithm], audience="https://a/oauth/token")

    assert jwt.get_unverified_header(credentials.assertion("x"))["kid"] == jwk["kid"]
    assert (claims["iss"], claims["sub"]) == ("police", "police")
    assert claims["exp"] - claims["iat"] <= 300
    assert "d" not in jwk
    assert claims["jti"] != jwt.decode(credentials.assertion("x"), options={"verify_signature": False})["jti"]


def test_the_name_of_a_key_is_its_thumbprint():
    """RFC 8037, appendix A.3."""
    assert thumbprint({"crv": "Ed25519", "kty": "OKP", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}) == (
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    )


def test_a_token_is_asked_for_as_the_rfcs_have_it(counterpart, platform):
    assert platform.token() == "t1"

    (came,) = counterpart.came
    assert came.headers["content-type"] == "application/x-www-form-urlencoded"
    assert came.form == {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": came.form["client_assertion"],
    }
    jwt.decode(came.form["client_assertion"], KEY.public_key(), ["ES256"], audience=f"{counterpart.url}/oauth/token")


def test_a_token_is_kept_and_renewed_before_its_end(counterpart, platform):
    assert [platform.token(), platform.token()] == ["t1", "t1"]
    assert len(counterpart.came) == 1

    platform._until -= 600
    platform.token()
    assert len(counterpart.came) == 2
    assert counterpart.came[0].form["client_assertion"] != counterpart.came[1].form["client_assertion"]


def test_a_token_that_lives_for_less_than_a_minute_is_never_kept(counterpart, platform):
    counterpart.answer("POST /oauth/token", (200, {}, {"access_token": "t1", "expires_in": 30}))
    platform.token()
    platform.token()
    assert len(counterpart.came) == 2


def test_a_token_that_ended_early_is_replaced_once(counterpart, platform):
    counterpart.answer(SHOWN, (401, {}, {"reason": "TOKEN_INVALID"}), (200, {}, TRANSFER))
    assert platform.transfer("t1") == TRANSFER

    counterpart.answer(SHOWN, (401, {}, {"reason": "TOKEN_INVALID", "detail": "no"}))
    with pytest.raises(Refused, match="401 TOKEN_INVALID: no"):
        platform.transfer("t1")
    assert len(counterpart.to("/v1/partner/transfers/t1")) == 4
    assert len(counterpart.to("/oauth/token")) == 3


def test_a_refused_client_is_told_why(counterpart, platform):
    counterpart.answer("POST /oauth/token", (401, {}, {"error": "invalid_client", "error_description": "the assertion has expired"}))
    with pytest.raises(ClientRefused, match="401 invalid_client: the assertion has expired"):
        platform.transfers()


def test_a_step_names_the_version_and_carries_a_key_of_its_own(counterpart, platform):
    counterpart.answer(SHOWN, (200, {}, TRANSFER))
    counterpart.answer("POST /v1/partner/transfers/t1:receipt", (200, {}, {**TRANSFER, "state": "RECEIPTED"}))

    assert platform.sign_receipt("t1", "回执1号", "王警官")["state"] == "RECEIPTED"
    platform.sign_receipt("t1", "回执1号", "王警官")

    first, second = counterpart.to("/v1/partner/transfers/t1:receipt")
    assert first.headers["authorization"] == "Bearer t1"
    assert first.headers["if-match"] == '"3"'
    assert json.loads(first.body) == {"number": "回执1号", "receivedBy": "王警官"}
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"]


def test_above_the_quota_it_waits_as_told_and_sends_the_same_again(counterpart, platform, slept):
    counterpart.answer(SHOWN, (200, {}, TRANSFER))
    counterpart.answer(
        "POST /v1/partner/transfers/t1:startReview",
        (429, {"retry-after": "7"}, {"reason": "TOO_MANY_REQUESTS"}),
        (503, {"retry-after": "1"}, {"reason": "UNAVAILABLE"}),
        (200, {}, TRANSFER),
    )

    platform.start_review("t1")

    came = counterpart.to("/v1/partner/transfers/t1:startReview")
    assert slept == [7.0, 1.0]
    assert len({one.headers["idempotency-key"] for one in came}) == 1
    assert len(came) == 3


def test_patience_ends(counterpart, platform, slept):
    counterpart.answer(SHOWN, (429, {"retry-after": "3600"}, {"reason": "TOO_MANY_REQUESTS", "message": "slow"}))
    with pytest.raises(Refused) as refused:
        platform.transfer("t1")
    assert (refused.value.status, refused.value.reason, slept) == (429, "TOO_MANY_REQUESTS", [60.0] * 4)


def test_the_token_endpoint_may_be_full_too(counterpart, platform, slept):
    full = (429, {"retry-after": "2"}, {"error": "temporarily_unavailable"})
    counterpart.answer("POST /oauth/token", full, (200, {}, {"access_token": "t1", "expires_in": 600}))
    assert platform.token() == "t1"
    assert slept == [2.0]
    # An assertion counts once.
    assert len({one.form["client_assertion"] for one in counterpart.came}) == 2


def test_a_pause_is_seconds_or_a_date():
    assert [pause_of("5"), pause_of(""), pause_of("soon"), pause_of("-1"), pause_of("Wed, 01 Jan 2020 00:00:00 GMT")] == [5, 1, 1, 1, 0]
    assert pause_of("Wed, 01 Jan 2120 00:00:00 GMT") == 60


def test_all_pages_are_read(counterpart, platform):
    counterpart.answer("GET /v1/partner/transfers?state=DELIVERED", (200, {}, {"transfers": [{"id": "a"}], "nextPageToken": "n"}))
    counterpart.answer("GET /v1/partner/transfers?state=DELIVERED&pageToken=n", (200, {}, {"transfers": [{"id": "b"}]}))
    assert [one["id"] for one in platform.transfers("DELIVERED")] == ["a", "b"]


def test_a_pack_is_kept_if_it_is_what_was_told(counterpart, platform, tmp_path):
    told = {"url": f"{counterpart.url}/store/pack?signature=x", "sha256": hashlib.sha256(PACK).hexdigest(), "size": str(len(PACK))}
    counterpart.answer(f"{SHOWN}/package", (200, {}, told))
    counterpart.answer("GET /store/pack?signature=x", (200, {}, PACK), (200, {}, PACK + b"!"), (403, {}, b"too late"))

    assert platform.fetch_pack("t1", tmp_path / "pack.zip")["sha256"] == told["sha256"]
    assert (tmp_path / "pack.zip").read_bytes() == PACK
    with pytest.raises(PackDiffers):
        platform.fetch_pack("t1", tmp_path / "other.zip")
    with pytest.raises(Refused, match="403 PACK_NOT_THERE"):
        platform.fetch_pack("t1", tmp_path / "other.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"]
    assert all("authorization" not in one.headers for one in counterpart.came if one.path.startswith("/store"))


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "key.pem"
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(KEY.private_bytes(*kinds))
    return path


def run(counterpart, key_file, *arguments):
    source = Path(__file__).parents[1] / "src"
    given = [sys.executable, "-m", "partner_police", "--base-url", counterpart.url, "--client-id", "police", "--key", str(key_file)]
    return subprocess.run([*given, *arguments], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(source)}, timeout=60)


def test_the_command_line_answers_in_json_and_its_exit_code_says_how_it_went(counterpart, key_file, tmp_path):
    counterpart.answer(SHOWN, (200, {}, TRANSFER))
    problem = {"status": 409, "reason": "CHANGED_MEANWHILE", "message": "已被他人改动"}
    counterpart.answer("POST /v1/partner/transfers/t1:refuseFiling", (409, {}, problem))
    counterpart.answer(f"{SHOWN}/package", (200, {}, {"url": f"{counterpart.url}/store", "sha256": "0" * 64, "size": "1"}))
    counterpart.answer("GET /store", (200, {}, PACK))

    good = run(counterpart, key_file, "show", "t1")
    assert (good.returncode, json.loads(good.stdout), good.stderr) == (0, TRANSFER, "")
    bad = run(counterpart, key_file, "refuse", "t1", "--number", "1", "--reason", "未达到立案追诉标准")
    assert (bad.returncode, bad.stdout, json.loads(bad.stderr)["problem"]) == (1, "", problem)
    assert run(counterpart, key_file, "refuse", "t1", "--number", "1").returncode == 2
    assert run(counterpart, tmp_path / "none.pem", "show", "t1").returncode == 2
    assert run(counterpart, key_file, "download", "t1", "--to", str(tmp_path / "pack.zip")).returncode == 5
    counterpart.answer("POST /oauth/token", (401, {}, {"error": "invalid_client"}))
    assert run(counterpart, key_file, "check").returncode == 3


def test_a_secret_is_written_for_its_owner_alone_and_an_old_one_survives_a_refusal(counterpart, key_file, tmp_path):
    registered = {"endpoint": {"id": "e1"}, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
    counterpart.answer("POST /v1/partner/webhooks", (200, {}, registered), (400, {}, {"reason": "ENDPOINT_URL_INVALID"}))
    file = tmp_path / "secret"

    made = run(counterpart, key_file, "register-webhook", "https://police.example/hooks", "--secret-file", str(file))
    assert (made.returncode, json.loads(made.stdout)["endpoint"]) == (0, {"id": "e1"})
    assert run(counterpart, key_file, "register-webhook", "http://x", "--secret-file", str(file)).returncode == 1
    assert (file.read_text().strip(), oct(file.stat().st_mode & 0o777)) == (registered["secret"], "0o600")
    assert "whsec" not in made.stdout
