"""What leaves the platform beside its answers: one trace from tap to sealed paper and on, every signal, and no one's data."""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pyotp
import pytest
from embedded.demo.api import Actor
from embedded.demo.stage import Cast
from embedded.demo.turnover import HEAD, Story
from embedded.state import CHECKOUT
from testkit.receiver import Received, Signal

sys.path.insert(0, str(CHECKOUT / "infra" / "telemetry"))

from signals import metrics, registry, services

BEGINS = "2023-10-09"
# What the story itself is told: the person who is questioned.
TOLD = {"440402197805055019", HEAD}
PLANTED = {
    "id": "440106199003077891",
    "phone": "13926410857",
    "name": "欧阳青禾",
    "password": "Zq7#planted-Kx",
    "token": "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJwbGFudGVkIjoicWluZ2hlIn0.cGxhbnRlZA",
    "code": "739154",
}
TEXT = "{name} {id} {phone}".format(**PLANTED)
# Events that may not have happened in this run, and what does not come from a database of its own.
RARE = {"anzhi.call.seconds", "anzhi.gateway.alone", "anzhi.gateway.limited", "anzhi.identity.login_failures", "anzhi.outbox.lag"}
RARE |= {"anzhi.outbox.published", "anzhi.timers.swept", "anzhi.webhooks.sent", "anzhi.worklist.breached"}


def wait(holds: Callable[[], Any], seconds: float = 60) -> Any:
    ends = time.monotonic() + seconds
    while True:
        found = holds()
        if found or time.monotonic() > ends:
            return found
        time.sleep(0.2)


@pytest.fixture(scope="module")
def story(turnover: Callable[[str, str, int], Story]) -> Story:
    told = turnover("91440402MA6Y40055R", "珠海市夏湾溶剂有限公司", 18)
    told.case()
    return told


def chain(span: Signal, by_id: dict[bytes, Signal]) -> list[Signal]:
    """The span and what it stands in, up to the root that is known."""
    found = [span]
    while (above := by_id.get(found[-1].it.parent_span_id)) is not None:
        found.append(above)
    return found


def test_one_trace_leads_from_the_tap_to_the_sealed_paper_and_on_over_the_broker(story: Story, received: Received):
    """HTTP → gRPC → transaction → outbox → Kafka → consumer → press → object store; then the ledger and the to-dos, over Kafka again."""

    def whole() -> dict[str, Any] | None:
        by_id = {span.it.span_id: span for span in list(received.spans)}
        for press in [span for span in list(received.spans) if span.it.name == "press" and span.service == "documents"]:
            up = chain(press, by_id)
            names = [(span.service, span.it.name.split(" ")[0]) for span in up]
            if ("documents", "consume") not in names or names[-1][0] != "gateway":
                continue
            trace = received.trace(press.trace_id)
            reached = {(span.service, span.it.name) for span in trace}
            if {("evidence", "consume evidence.ledger"), ("worklist", "consume worklist.projection"), ("documents", "s3 put")} <= reached:
                return {"up": up, "names": names, "trace": trace}
        return None

    found = wait(whole)

    assert found, sorted({(span.service, span.it.name) for span in received.spans if not span.it.name.startswith("/")})
    # Every step of the way down, none of them twice removed.
    assert found["names"][0] == ("documents", "press")
    steps = [name for service, name in found["names"]]
    assert steps[-1] == "HTTP"
    owner = next(service for service, name in found["names"] if name == "transaction" and service != "documents")
    assert found["names"].index(("documents", "consume")) < found["names"].index((owner, "transaction"))
    assert any(name.startswith("/anzhi.") for service, name in found["names"] if service == owner)
    assert any(name.startswith("/anzhi.") for service, name in found["names"] if service == "gateway")
    assert {span.trace_id for span in found["up"]} == {found["up"][0].trace_id}
    assert any(span.service == owner and span.it.name == "relay" for span in found["trace"])
    transaction = next(span for span in found["up"] if span.service == owner and span.it.name == "transaction")
    assert 0 < transaction.attributes["statements"] < 40


def test_every_service_sends_every_signal_that_the_registry_says_it_does(story: Story, received: Received):
    def missing() -> list[tuple[str, str]]:
        seen = {(each.service, each.it.name) for each in list(received.metrics)}
        return [
            (service, each.name) for each in metrics() if each.name not in RARE for service in each.by if (service, each.name) not in seen
        ]

    wait(lambda: not missing())
    named = {each.it.name for each in received.metrics}

    assert missing() == []
    assert named <= {each.name for each in metrics()}
    assert {log.service for log in received.logs} == set(services())
    assert {span.resource["service.namespace"] for span in received.spans} == {"anzhi"}


def test_every_span_that_is_sent_stands_in_the_registry(story: Story, received: Received):
    """Not those of the code alone: a library may bring its own, and tell in them what it was asked."""
    patterns = [re.escape(each["name"]).replace(r"\{\}", ".*") for each in registry()["spans"] if each["name"] != "{}"]
    known = re.compile("|".join([*patterns, r"/anzhi\.[a-z_.0-9]+\.\w+/\w+"]))

    assert sorted({span.it.name for span in received.spans if not known.fullmatch(span.it.name)}) == []


def test_values_of_attributes_stay_within_what_the_registry_allows(story: Story, received: Received):
    seen: dict[tuple[str, str], set[str]] = {}
    for each in list(received.metrics):
        data = getattr(each.it, each.it.WhichOneof("data"))
        for point in data.data_points:
            for attribute in point.attributes:
                seen.setdefault((each.it.name, attribute.key), set()).add(str(attribute.value))
    most = {(each.name, key): limit for each in metrics() for key, limit in each.attributes.items()}

    assert {key: len(values) for key, values in seen.items() if len(values) > most.get(key, 0)} == {}


def body(schema: dict[str, Any], document: dict[str, Any], value: Any, deep: int = 0) -> Any:
    """A body of this shape with `value` in every place that takes a text."""
    if "$ref" in schema:
        return body(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], document, value, deep + 1)
    if deep > 5:
        return None
    if schema.get("type") == "array":
        return [body(schema["items"], document, value, deep + 1)]
    if "properties" in schema:
        return {name: body(each, document, value, deep + 1) for name, each in schema["properties"].items()}
    return value


def requests(document: dict[str, Any]) -> Iterable[tuple[str, str, Any]]:
    """Every door: planted texts in path, query and body, well-formed and not."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            filled = re.sub(r"\{\w+\}", PLANTED["id"], path)
            yield method, f"{filled}?pageToken={PLANTED['name']}&{PLANTED['phone']}={PLANTED['id']}", None
            given = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if given is not None:
                whole = re.sub(r"\{\w+\}", str(uuid4()), path)
                yield method, whole, body(given, document, TEXT)
                yield method, whole, body(given, document, {"nested": TEXT})
                yield method, whole, [TEXT, PLANTED["password"], PLANTED["code"]]


@pytest.fixture(scope="module")
def planted(story: Story, http: httpx.Client, cast: Cast, platform: Any, received: Received) -> set[str]:
    """Puts what nobody may find into every place that takes something. Answers all of it."""
    lead: Actor = cast("zhou")
    document = http.get("/openapi.json").json()
    sent = 0
    for method, path, content in requests(document):
        if any(spared in path for spared in ("logout", "password", "legal-now")):
            continue
        headers = {
            "Authorization": f"Bearer {lead.token()}",
            "Idempotency-Key": str(uuid4()) if sent % 5 else PLANTED["id"],
            "If-Match": '"1"' if sent % 7 else TEXT.encode().hex()[:10] + PLANTED["phone"],
            "X-Request-Id": f"of-{PLANTED['id']}" if sent % 3 else f"call.{PLANTED['phone']}",
            "X-Read-Reason": f"asked by {PLANTED['phone']}",
            "tracestate": f"vendor={PLANTED['phone']}",
            "User-Agent": PLANTED["id"],
            "X-Forwarded-For": "203.0.113.9",
        }
        http.request(method, path, headers=headers, json=content)
        sent += 1
    elsewhere = {"X-Forwarded-For": "203.0.113.10"}
    http.get(f"/v1/{PLANTED['name']}/{PLANTED['id']}", headers=elsewhere)
    http.get(f"/v/{PLANTED['id']}", headers=elsewhere)
    http.request(PLANTED["code"], "/v1/cases", headers=elsewhere)
    http.post("/v1/login", headers=elsewhere, json={"username": PLANTED["name"], "password": PLANTED["password"]})
    http.post("/v1/login", headers=elsewhere, content=json.dumps({"username": TEXT, "password": PLANTED["password"]})[:-4].encode())
    http.post("/v1/login:verify", headers=elsewhere, json={"challenge": PLANTED["token"], "code": PLANTED["code"]})
    http.post("/v1/token:refresh", headers=elsewhere, json={"refreshToken": PLANTED["token"], "attempt": PLANTED["code"]})
    http.post(
        "/oauth/token", headers=elsewhere, data={"grant_type": TEXT, "client_assertion": PLANTED["token"], "client_id": PLANTED["id"]}
    )
    for authorization in (f"Bearer {PLANTED['token']}", f"Basic {PLANTED['password']}", PLANTED["token"]):
        http.get("/v1/cases", headers={**elsewhere, "Authorization": authorization})
    accounts = json.loads(platform.accounts.read_text("utf-8"))
    own = {row["password"] for row in accounts} | {row["totp_secret"] for row in accounts if row["totp_secret"]}
    own |= {lead.token(), pyotp.TOTP(next(row["totp_secret"] for row in accounts if row["totp_secret"])).now()} - {""}
    assert sent > 300
    last = f"last-{uuid4()}"
    http.get("/v1/nowhere", headers={**elsewhere, "X-Request-Id": last})
    # What was said before it has arrived when it has: one sender, one queue.
    assert wait(lambda: any(last in str(log.attributes.get("request_id")) for log in received.logs[-2000:]))
    return set(PLANTED.values()) | TOLD | own


def test_no_one_s_data_is_in_any_span_metric_or_log_that_was_sent(planted: set[str], received: Received):
    assert len(received.spans) > 1000
    assert received.holds({"anzhi.http.seconds"}) == {"anzhi.http.seconds"}, "what was sent can be looked through"

    assert received.holds(planted) == set()


def stands(value: str, text: str) -> bool:
    """A code of six digits only as a word of its own: among the digits of all traces and durations some six are it by chance."""
    return re.search(rf"(?<![\w.]){value}(?!\w)", text) is not None if re.fullmatch(r"\d{6}", value) else value in text


@pytest.mark.parametrize(
    ("text", "found"), [('"code": "739154"', True), ("code 739154.", True), ("4bf739154e", False), ("0.739154", False)]
)
def test_a_code_is_looked_for_as_a_word(text: str, found: bool):
    assert stands("739154", text) is found


def test_no_one_s_data_is_in_any_line_that_a_service_wrote(planted: set[str], platform: Any):
    written = {path.name: path.read_text("utf-8", errors="replace") for path in (platform.folder / "logs").glob("*.log*")}
    of_services = {name: text for name, text in written.items() if name.split(".")[0] in services()}

    assert set(services()) <= {name.split(".")[0] for name in of_services}
    assert {(name, value) for name, text in of_services.items() for value in planted if stands(value, text)} == set()


def test_lines_of_a_service_are_json_and_carry_the_trace(planted: set[str], platform: Any):
    lines = [json.loads(line) for line in (platform.folder / "logs" / "gateway.log").read_text("utf-8").splitlines()[-200:]]
    requests_ = [line for line in lines if "status" in line]

    assert requests_
    assert all(len(line["trace_id"]) == 32 for line in requests_)
    assert any(line["request_id"] == "of-[id]" for line in requests_), "the second line of defence works"


SQL = re.compile(r"get secret anzhi-(\S+) .*? -c \"(.+)\"$")


def statements() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted((CHECKOUT / "docs" / "runbooks").glob("[A-Z]*.md")):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("psql"):
                match = SQL.search(line)
                assert match is not None, f"{path.name}: {line}"
                found.append((path.stem, match[1].replace("<service>", "penalties"), match[2]))
    return found


@pytest.mark.parametrize(("runbook", "service", "statement"), statements(), ids=lambda value: str(value)[:24])
async def test_what_a_runbook_asks_a_database_it_answers(platform: Any, runbook: str, service: str, statement: str):
    connection = await asyncpg.connect(platform.databases()[service.replace("-", "_")])
    try:
        await connection.fetch(statement)
    finally:
        await connection.close()
