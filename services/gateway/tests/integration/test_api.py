import json
from uuid import uuid4

import pytest
from anzhi.enterprises.v1 import enterprises_pb2 as pb
from testkit import a_user


async def test_a_read_answers_the_thing_with_its_etag(house):
    answer = await house.http.get("/v1/enterprises/e1", headers=house.badge())

    assert answer.status_code == 200
    assert answer.json()["state"] == "ACTIVE"
    assert answer.json()["version"] == "7"
    assert answer.headers["etag"] == '"7"'
    assert answer.headers["cache-control"] == "no-store"


async def test_a_long_answer_is_compressed(house):
    answer = await house.http.get("/v1/enterprises/e1", headers=house.badge())

    assert answer.headers["content-encoding"] == "gzip"


async def test_the_users_token_is_passed_on(house):
    badge = house.badge()

    await house.http.get("/v1/enterprises/e1", headers=badge)

    assert house.register.metadata["authorization"] == badge["authorization"]
    assert house.register.metadata["traceparent"]


async def test_a_given_trace_is_continued(house):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    answer = await house.http.get("/v1/enterprises/none", headers=house.badge(traceparent=f"00-{trace}-00f067aa0ba902b7-01"))

    assert answer.json()["trace_id"] == trace
    assert trace in house.register.metadata["traceparent"]


async def test_the_reason_of_a_read_reaches_the_service(house):
    await house.http.get("/v1/enterprises/e1", headers=house.badge(**{"x-read-reason": "complaint 17"}))

    assert house.register.metadata["anzhi-read-reason"] == "complaint 17"


async def test_page_tokens_pass_through(house):
    answer = await house.http.get("/v1/enterprises", params={"q": "机械", "pageToken": "here", "pageSize": "5"}, headers=house.badge())

    assert answer.json()["nextPageToken"] == "next"
    assert house.register.came[-1] == pb.SearchEnterprisesRequest(q="机械", page_token="here", page_size=5)


async def test_a_write_carries_its_key_and_version(house):
    key = str(uuid4())

    answer = await house.http.post("/v1/enterprises/e1:amend", json={"name": "新名"}, headers=house.writing(7, **{"idempotency-key": key}))

    assert answer.status_code == 200
    assert house.register.came[-1] == pb.AmendEnterpriseRequest(request_id=key, id="e1", version=7, name="新名")
    assert answer.headers["etag"] == '"8"'


@pytest.mark.parametrize(
    ("headers", "status", "reason"),
    [
        ({"idempotency-key": ""}, 400, "REQUEST_ID_MISSING"),
        ({"idempotency-key": "7"}, 400, "REQUEST_ID_MALFORMED"),
        ({"if-match": ""}, 428, "VERSION_MISSING"),
        ({"if-match": "*"}, 400, "VERSION_MALFORMED"),
        ({"if-match": 'W/"7"'}, 400, "VERSION_MALFORMED"),
        ({"content-type": "text/plain"}, 415, "CONTENT_TYPE_NOT_JSON"),
        ({"authorization": ""}, 401, "TOKEN_MISSING"),
        ({"authorization": "Basic bGk6bGk="}, 401, "TOKEN_MISSING"),
        ({"authorization": "Bearer nonsense"}, 401, "TOKEN_INVALID"),
    ],
)
async def test_a_write_without_what_it_needs_reaches_nobody(house, headers, status, reason):
    before = len(house.register.came)

    answer = await house.http.post(
        "/v1/enterprises/e1:amend",
        content=b'{"name": "x"}',
        headers={**house.writing(7, **{"content-type": "application/json"}), **headers},
    )

    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["message"]
    assert len(house.register.came) == before


async def test_an_expired_token_is_refused_with_a_challenge(house):
    token = house.world.signer.token(house.reader, seconds=-60)

    answer = await house.http.get("/v1/enterprises/e1", headers={"authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["reason"]) == (401, "TOKEN_EXPIRED")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_service_may_not_speak_for_a_user(house):
    house.world.signer.key("svc:penalties")
    token = house.world.signer.token(house.reader, kid="svc:penalties")

    answer = await house.http.get("/v1/enterprises/e1", headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == 401


async def test_a_missing_permission_is_the_services_to_refuse(house):
    answer = await house.http.get("/v1/enterprises/e1", headers=house.badge(a_user("wu")))

    assert (answer.status_code, answer.json()["reason"], answer.json()["service"]) == (403, "PERMISSION_MISSING", "enterprises")
    assert answer.json()["facts"] == {"permission": "enterprises.read"}


@pytest.mark.parametrize(
    ("id", "status", "reason"),
    [
        ("none", 404, "ENTERPRISE_NOT_FOUND"),
        ("invalid", 400, "DOMAIN_ERROR"),
        ("conflict", 409, "ROW_CHANGED"),
        ("fault", 500, "INTERNAL"),
    ],
)
async def test_each_kind_of_error_has_its_status(house, id, status, reason):
    answer = await house.http.get(f"/v1/enterprises/{id}", headers=house.badge())

    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert body["trace_id"]
    if id != "invalid":
        assert body["reason"] == reason


async def test_a_fault_tells_nothing_of_the_inside(house):
    answer = await house.http.get("/v1/enterprises/fault", headers=house.badge())

    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text


async def test_a_service_that_is_away_is_a_503_with_retry_after(house):
    answer = await house.http.get("/v1/acts", headers=house.badge())

    assert (answer.status_code, answer.json()["reason"]) == (503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "1"
    assert "127.0.0.1" not in answer.text


async def test_a_service_that_is_too_slow_is_a_503(house):
    answer = await house.http.get("/v1/enterprises/slow", headers=house.badge())

    assert answer.status_code == 503


async def test_unknown_fields_are_refused_with_their_names(house):
    answer = await house.http.post("/v1/enterprises", json={"name": "x", "owner": "y"}, headers=house.writing())

    assert (answer.status_code, answer.json()["reason"]) == (400, "UNKNOWN_FIELD")
    assert answer.json()["fields"] == [{"field": "owner", "reason": "UNKNOWN_FIELD", "detail": "Extra inputs are not permitted"}]


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(house):
    answer = await house.http.post(
        "/v1/enterprises", content=b"{" + b" " * 1_100_000 + b"}", headers=house.writing(**{"content-type": "application/json"})
    )

    assert (answer.status_code, answer.json()["reason"]) == (413, "BODY_TOO_LARGE")


async def test_a_body_of_unknown_length_is_cut_off_at_the_limit(house):
    async def endless():
        for _ in range(40):
            yield b" " * 50_000

    answer = await house.http.post("/v1/enterprises", content=endless(), headers=house.writing(**{"content-type": "application/json"}))

    assert answer.status_code == 413


async def test_an_unknown_path_and_a_wrong_method_are_told_apart(house):
    unknown = await house.http.get("/v1/none", headers=house.badge())
    wrong = await house.http.delete("/v1/enterprises/e1", headers=house.badge())

    assert (unknown.status_code, unknown.json()["reason"]) == (404, "NO_SUCH_PAGE")
    assert (wrong.status_code, wrong.json()["reason"], wrong.headers["allow"]) == (405, "METHOD_NOT_ALLOWED", "GET")


async def test_a_refusal_speaks_chinese_unless_english_is_preferred(house):
    zh = await house.http.get("/v1/none", headers=house.badge())
    en = await house.http.get("/v1/none", headers=house.badge(**{"accept-language": "en"}))

    assert (zh.headers["content-language"], en.headers["content-language"]) == ("zh", "en")
    assert zh.json()["message"] != en.json()["message"]
    assert zh.json()["detail"] == en.json()["detail"]


async def test_a_request_id_is_kept_if_it_is_sane_and_made_otherwise(house):
    kept = await house.http.get("/healthz", headers={"x-request-id": "story-0001"})
    made = await house.http.get("/healthz", headers={"x-request-id": "<script>"})

    assert kept.headers["x-request-id"] == "story-0001"
    assert made.headers["x-request-id"] != "<script>"


async def test_an_open_door_needs_no_token(house):
    answer = await house.http.post("/v1/login", json={"username": "zhou", "password": "x"})

    assert answer.status_code == 200


async def test_every_answer_is_guarded_by_headers(house):
    for path in ("/v1/none", "/healthz", "/docs", "/nothing"):
        headers = (await house.http.get(path)).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


async def test_a_problem_has_no_field_beyond_the_documented(house):
    documented = set((await house.http.get("/openapi.json")).json()["components"]["schemas"]["Problem"]["properties"])

    for path in ("/v1/none", "/v1/enterprises/none", "/v1/enterprises?x=1"):
        assert set(json.loads((await house.http.get(path, headers=house.badge())).text)) <= documented
