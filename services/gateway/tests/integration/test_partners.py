"""The token endpoint as RFC 6749 has it, and the quota of a partner."""

from urllib.parse import urlencode

import pytest
from testkit import a_user

GIVEN = {"grant_type": "client_credentials", "client_assertion_type": "urn:x", "client_assertion": "good", "scope": "transfers.read"}


async def test_a_form_becomes_a_token(house):
    answer = await house.http.post("/oauth/token", data={**GIVEN, "unknown": "ignored"})

    assert answer.status_code == 200
    assert answer.json() == {"access_token": "t", "token_type": "Bearer", "expires_in": 600, "scope": "transfers.read"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"
    assert house.desk.came[-1].scope == "transfers.read"


@pytest.mark.parametrize(
    ("assertion", "status", "error"),
    [
        ("refused", 401, "invalid_client"),
        ("scope", 400, "invalid_scope"),
        ("away", 503, "temporarily_unavailable"),
        ("fault", 500, "server_error"),
    ],
)
async def test_a_refusal_becomes_the_error_of_the_rfc(house, assertion, status, error):
    answer = await house.http.post("/oauth/token", data={**GIVEN, "client_assertion": assertion})

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "secret" not in answer.text
    assert '"used"' not in answer.json()["error_description"]
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_what_is_no_form_is_refused(house):
    form = {"content-type": "application/x-www-form-urlencoded"}
    twice = urlencode([*GIVEN.items(), ("scope", "webhooks")])
    answers = [
        await house.http.post("/oauth/token", json=GIVEN),
        await house.http.post("/oauth/token", content=twice, headers=form),
        await house.http.post("/oauth/token", content=b"\xff\xfe", headers=form),
        await house.http.post("/oauth/token", content=b"a=b&" * 50, headers=form),
    ]

    assert [(answer.status_code, answer.json()["error"]) for answer in answers] == [(400, "invalid_request")] * 4
    assert (await house.http.post("/oauth/token", content=b"x=" + b"y" * 20_000, headers=form)).status_code == 413
    wrong = await house.http.get("/oauth/token")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


async def test_the_endpoint_describes_itself(house):
    described = (await house.http.get("/.well-known/oauth-authorization-server")).json()

    assert described["token_endpoint"].endswith("/oauth/token")
    assert described["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]


async def test_a_partner_above_its_quota_waits_and_no_officer_does(a_house):
    async with a_house(user_rate=100, user_burst=100) as house:
        partner = a_user("partner:quick", permissions=("enterprises.read",))
        badge = {"authorization": f"Bearer {house.world.signer.token(partner, client_id='quick', quota=2)}"}
        answers = [await house.http.get("/v1/enterprises/e1", headers=badge) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert 1 <= int(answers[2].headers["retry-after"]) <= 30
        assert (await house.http.get("/v1/enterprises/e1", headers=house.badge())).status_code == 200
