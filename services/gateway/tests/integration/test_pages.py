import json
from uuid import uuid4

from anzhi.documents.v1 import documents_pb2

DIGEST = "0123456789abcdef" + "0" * 48


def a_sealed_document(house, **given) -> str:
    id = str(uuid4())
    values = {
        "number": "莞应急罚〔2025〕1 号",
        "form_name": "行政处罚决定书",
        "state": "SERVED",
        "issuer_name": "东莞市应急管理局",
        "dated_on": "2025-09-23",
        "body_digest": DIGEST,
        **given,
    }
    house.archive.documents[id] = documents_pb2.VerifyDocumentResponse(**values)
    return id


async def test_the_page_shows_number_issuer_date_and_code(house):
    answer = await house.http.get(f"/v/{a_sealed_document(house)}")

    assert answer.status_code == 200
    for shown in ("莞应急罚〔2025〕1 号", "行政处罚决定书", "东莞市应急管理局", "2025-09-23", "0123 4567 89ab cdef"):
        assert shown in answer.text
    assert DIGEST not in answer.text


async def test_the_page_runs_its_own_script_only(house):
    answer = await house.http.get(f"/v/{a_sealed_document(house)}")

    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert '<script src="/static/verify.js" defer></script>' in answer.text
    assert (await house.http.get("/static/verify.js")).status_code == 200


async def test_what_a_document_says_cannot_become_markup(house):
    answer = await house.http.get(f"/v/{a_sealed_document(house, issuer_name='<script>alert(1)</script>')}")

    assert "<script>alert" not in answer.text


async def test_a_voided_document_is_shown_as_such(house):
    answer = await house.http.get(f"/v/{a_sealed_document(house, state='VOID')}")

    assert "已作废" in answer.text


async def test_an_unknown_document_is_a_404_that_says_so(house):
    for id in (str(uuid4()), "not-an-id"):
        answer = await house.http.get(f"/v/{id}")

        assert answer.status_code == 404
        assert "本平台没有此编号的文书" in answer.text


async def test_the_page_speaks_english_to_those_who_prefer_it(house):
    answer = await house.http.get(f"/v/{a_sealed_document(house)}", headers={"accept-language": "en"})

    assert "Verification of an enforcement document" in answer.text


async def test_a_page_whose_service_is_away_asks_to_come_later(a_house):
    async with a_house(targets={"documents": "127.0.0.1:1"}) as house:
        answer = await house.http.get(f"/v/{uuid4()}")

    assert answer.status_code == 503
    assert "请稍后再试" in answer.text


async def test_the_keys_of_identity_are_public(house):
    answer = await house.http.get("/.well-known/jwks.json")

    assert answer.headers["content-type"] == "application/jwk-set+json"
    assert {key["crv"] for key in json.loads(answer.text)["keys"]} == {"P-256"}


async def test_the_openapi_document_names_this_installation(a_house):
    async with a_house(public_url="https://anzhi.example") as house:
        answer = await house.http.get("/openapi.json")
        again = await house.http.get("/openapi.json", headers={"if-none-match": answer.headers["etag"]})

    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json()["servers"] == [{"url": "https://anzhi.example"}]
    assert again.status_code == 304
    assert answer.headers["strict-transport-security"]


async def test_the_docs_page_lists_every_operation_without_foreign_code(house):
    page = (await house.http.get("/docs")).text
    document = (await house.http.get("/openapi.json")).json()

    assert all(path in page for path in document["paths"])
    assert "https://" not in page
    assert "<script" not in page


async def test_the_gateway_is_not_ready_without_keys(a_house):
    async with a_house(targets={"identity": "127.0.0.1:1"}) as house:
        ready = await house.http.get("/readyz")
        alive = await house.http.get("/healthz")
        refused = await house.http.get("/v1/enterprises/e1", headers=house.badge())

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert (refused.status_code, refused.json()["reason"]) == (503, "UNAVAILABLE")


async def test_other_hosts_may_call_only_if_they_are_named(a_house):
    async with a_house(cors_origins=["https://console.example"]) as house:
        asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,idempotency-key,if-match"}
        named = await house.http.options("/v1/enterprises", headers={"origin": "https://console.example", **asked})
        other = await house.http.options("/v1/enterprises", headers={"origin": "https://evil.example", **asked})
        answer = await house.http.get("/v1/none", headers={"origin": "https://console.example"})

    assert named.headers["access-control-allow-origin"] == "https://console.example"
    assert "access-control-allow-origin" not in other.headers
    assert "etag" in answer.headers["access-control-expose-headers"].lower()


async def test_a_page_is_not_written_to(house):
    answer = await house.http.post("/docs")

    assert (answer.status_code, answer.json()["reason"], answer.headers["allow"]) == (405, "METHOD_NOT_ALLOWED", "GET")


async def test_what_is_no_page_is_a_problem_too(house):
    for path in ("/", "/docs/", "/static/../app.py", "/static/%2e%2e", "/v/", "/v/a/b"):
        answer = await house.http.get(path)

        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith(("application/problem+json", "text/html"))
