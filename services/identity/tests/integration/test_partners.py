"""Clients of partners: their assertions are proven once, for us, in time, by a key that stands; else there is no token."""

import base64
import hashlib
import json
import time
from typing import Any
from uuid import uuid4

import jwt
import pytest
from anzhi.identity.v1 import identity_pb2
from anzhi.identity.v1 import partners_pb2 as pb
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from anzhi.identity.v1.partners_pb2_grpc import PartnersServiceStub
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from identity.adapters.assertions import ASSERTION_TYPE
from identity.adapters.demo_partners import public_jwk
from identity.domain.org import shipped_id
from jwt.algorithms import OKPAlgorithm
from servicekit.auth import Keys
from testkit.asking import refusal, request_id

AUDIENCE = "http://localhost:8080/oauth/token"


class Client:
    """A partner with a key of its own."""

    def __init__(self, client_id: str) -> None:
        self.client_id, self.key = client_id, ec.generate_private_key(ec.SECP256R1())
        self.jwk = public_jwk(self.key)

    def assertion(self, *, key: Any = None, kid: str = "", algorithm: str = "ES256", **claims: Any) -> str:
        now = int(time.time())
        given = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 120,
            "jti": uuid4().hex,
            **claims,
        }
        given = {name: value for name, value in given.items() if value is not None}
        return jwt.encode(given, key or self.key, algorithm=algorithm, headers={"kid": kid or self.jwk["kid"]})


def asking(assertion: str, **given: Any) -> pb.IssuePartnerTokenRequest:
    return pb.IssuePartnerTokenRequest(
        **{"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion, **given}
    )


async def admin(identity: Any) -> PartnersServiceStub:
    await identity.by("he")
    return await identity.run.stub(PartnersServiceStub, token=identity._tokens["he"])


async def registered(identity: Any, client: Client, **changes: Any) -> pb.PartnerClient:
    given = {
        "client_id": client.client_id,
        "name": "东莞市公安局大岭山分局",
        "kind": pb.PartnerClient.KIND_POLICE,
        "region_code": "441900118",
        "org_id": str(shipped_id("/44/4419/dalingshan/")),
        "scopes": ["transfers.read", "transfers.write"],
        "quota_per_minute": 90,
        "jwks": json.dumps({"keys": [client.jwk]}),
    }
    request = pb.RegisterPartnerRequest(request_id=request_id(), **{**given, **changes})
    return await (await admin(identity)).RegisterPartner(request)


@pytest.fixture
async def client(identity):
    made = Client(f"test-{uuid4().hex[:8]}")
    made.row = await registered(identity, made)
    return made


@pytest.fixture
async def stub(identity):
    return await identity.run.stub(PartnersServiceStub)


async def test_a_proven_client_gets_a_token_with_its_claims(identity, client, stub):
    token = await stub.IssuePartnerToken(asking(client.assertion(), scope="transfers.read", client_id=client.client_id))

    claims = await Keys(identity.run.service.keys).verify(token.access_token)
    assert (token.token_type, token.expires_in, token.scope) == ("Bearer", 600, "transfers.read")
    assert claims["sub"] == f"partner:{client.client_id}"
    assert claims["client_id"] == client.client_id
    assert claims["permissions"] == ["partner.transfers.read"]
    assert (claims["roles"], claims["kind"], claims["root"], claims["quota"]) == (["POL"], "POLICE", "/44/", 90)
    assert claims["path"] == f"/partner:{client.client_id}/"


async def test_without_scope_it_gets_all_and_the_platform_is_an_audience_too(client, stub):
    token = await stub.IssuePartnerToken(asking(client.assertion(aud=["https://elsewhere.example", "http://localhost:8080"])))

    assert token.scope == "transfers.read transfers.write"


async def test_an_assertion_counts_once(client, stub):
    assertion = client.assertion()
    await stub.IssuePartnerToken(asking(assertion))

    assert await refusal(stub.IssuePartnerToken(asking(assertion))) == "CLIENT_REFUSED"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://elsewhere.example/oauth/token"},
        {"aud": None},
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"exp": int(time.time()) + 3600},
        {"jti": None},
        {"iss": "someone-else"},
        {"sub": "someone-else"},
        {"kid": "unknown"},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"key": "a shared secret that is long enough for HS256", "algorithm": "HS256"},
    ],
    ids="-".join,
)
async def test_what_does_not_prove_the_client_gives_no_token(client, stub, claims):
    assert await refusal(stub.IssuePartnerToken(asking(client.assertion(**claims)))) == "CLIENT_REFUSED"


async def test_requests_that_are_no_client_credentials_are_refused(client, stub):
    assert await refusal(stub.IssuePartnerToken(asking(client.assertion(), grant_type="password"))) == "GRANT_TYPE_UNSUPPORTED"
    assert await refusal(stub.IssuePartnerToken(asking(client.assertion(), grant_type=""))) == "TOKEN_REQUEST_MALFORMED"
    assert await refusal(stub.IssuePartnerToken(asking("x" * 5000))) == "TOKEN_REQUEST_MALFORMED"
    assert await refusal(stub.IssuePartnerToken(asking("no.jwt.here"))) == "CLIENT_REFUSED"
    assert await refusal(stub.IssuePartnerToken(asking(client.assertion(), client_assertion_type="password"))) == "CLIENT_REFUSED"
    assert await refusal(stub.IssuePartnerToken(asking(client.assertion(), client_id="another"))) == "CLIENT_REFUSED"
    assert await refusal(stub.IssuePartnerToken(asking(client.assertion(), scope="webhooks"))) == "SCOPE_NOT_GRANTED"


async def test_a_disabled_client_gets_none_until_it_is_enabled(identity, client, stub):
    keeper = await admin(identity)
    gone = await keeper.DisablePartner(pb.DisablePartnerRequest(request_id=request_id(), id=client.row.id, version=client.row.version))
    refused = await refusal(stub.IssuePartnerToken(asking(client.assertion())))
    await keeper.EnablePartner(pb.EnablePartnerRequest(request_id=request_id(), id=gone.id, version=gone.version))

    assert gone.state == pb.PartnerClient.STATE_DISABLED
    assert refused == "CLIENT_REFUSED"
    assert (await stub.IssuePartnerToken(asking(client.assertion()))).access_token


async def test_after_a_rotation_the_old_key_proves_nothing(identity, client, stub):
    new = ed25519.Ed25519PrivateKey.generate()
    jwk = {**OKPAlgorithm.to_jwk(new.public_key(), as_dict=True), "kid": "second"}
    await (await admin(identity)).RotatePartnerKeys(
        pb.RotatePartnerKeysRequest(
            request_id=request_id(), id=client.row.id, version=client.row.version, jwks=json.dumps({"keys": [jwk]}), reason="yearly"
        )
    )

    assert await refusal(stub.IssuePartnerToken(asking(client.assertion()))) == "CLIENT_REFUSED"
    assert (await stub.IssuePartnerToken(asking(client.assertion(key=new, kid="second", algorithm="EdDSA")))).access_token


async def test_a_partner_opens_no_door_of_officers_and_an_officer_keeps_no_clients(identity, client, stub):
    token = (await stub.IssuePartnerToken(asking(client.assertion()))).access_token
    partner = await identity.run.stub(IdentityServiceStub, token=token)
    clients = await identity.run.stub(PartnersServiceStub, token=token)
    await identity.by("zhou")
    officer = await identity.run.stub(PartnersServiceStub, token=identity._tokens["zhou"])

    assert await refusal(partner.GetMe(identity_pb2.GetMeRequest())) == "PERMISSION_MISSING"
    assert await refusal(partner.ListUsers(identity_pb2.ListUsersRequest())) == "PERMISSION_MISSING"
    assert await refusal(clients.ListPartners(pb.ListPartnersRequest())) == "PERMISSION_MISSING"
    assert (
        await refusal(officer.DisablePartner(pb.DisablePartnerRequest(request_id=request_id(), id=client.row.id, version=1)))
        == "PERMISSION_MISSING"
    )


async def test_registration_is_checked_and_keeps_no_private_key(identity, client):
    private = {**client.jwk, "d": "secret"}
    for changes, reason in (
        ({"jwks": "no json"}, "PARTNER_KEYS_INVALID"),
        ({"jwks": json.dumps({"keys": [private]})}, "PARTNER_KEYS_INVALID"),
        ({"jwks": json.dumps({"keys": [{**client.jwk, "x": "AAAA"}]})}, "PARTNER_KEYS_INVALID"),
        ({"scopes": ["everything"]}, "UNKNOWN_SCOPE"),
        ({"quota_per_minute": 0}, "QUOTA_INVALID"),
        ({}, "PARTNER_TAKEN"),
        ({"org_id": str(shipped_id("/44/4404/xiangzhou/"))}, "ORG_UNIT_NOT_FOUND"),
    ):
        assert await refusal(registered(identity, client, **changes)) == reason


async def test_the_acting_body_names_the_clients_that_work_with_it(identity, client):
    stub = await identity.service("inspections")

    found = await stub.GetActingBody(identity_pb2.GetActingBodyRequest(org_id=str(shipped_id("/44/4419/dalingshan/")), on="2022-08-16"))

    named = {one.client_id: one.kind for one in found.partners}
    assert named[client.client_id] == "POLICE"
    # The issuer's clients too: the branch acts in its name.
    assert named["dongguan-procuratorate"] == "PROCURATORATE"
    assert not any("xiangzhou" in name for name in named)


async def test_the_demonstration_registers_its_partners_by_public_keys_alone(identity):
    stored = await identity.run.sql("SELECT client_id, keys FROM partner_clients WHERE NOT verified")

    assert {row["client_id"] for row in stored} >= {"zhuhai-xiangzhou-police", "zhuhai-xiangzhou-procuratorate", "dongguan-court"}
    assert all("d" not in key for row in stored for key in json.loads(row["keys"]))


def test_the_kid_is_the_thumbprint_of_rfc_7638():
    key = ec.generate_private_key(ec.SECP256R1())
    jwk = public_jwk(key)
    text = f'{{"crv":"P-256","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'

    assert jwk["kid"] == base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
