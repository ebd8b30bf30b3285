"""Which messages are believed, and that each is worked on once."""

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from partner_police.webhooks import Journal, Malformed, Receiver, Unproven, signature, verify

SECRET = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"
OTHER = f"whsec_{base64.b64encode(b'x' * 32).decode()}"
BODY = b'{"type":"transfer.delivered","timestamp":"2026-07-01T00:00:00Z","data":{"transfer_id":"t1"}}'


def signed(id="m1", *, at=None, body=BODY, secret=SECRET):
    stamp = str(int(at if at is not None else time.time()))
    return {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signature(secret, id, stamp, body)}


def test_signatures_are_those_of_standard_webhooks():
    """The example in the specification and its reference implementations."""
    secret, id, stamp = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
    told = signature(secret, id, stamp, b'{"test": 2432232314}')
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_signed_now_is_believed():
    assert verify(SECRET, signed(), BODY)["data"] == {"transfer_id": "t1"}
    assert verify(SECRET, signed(at=1000), BODY, now=1300)
    assert verify(SECRET, signed(at=1300), BODY, now=1000)
    several = {**signed(), "webhook-signature": f"v1,AAAA v1a,x {signed()['webhook-signature']}"}
    assert verify(SECRET, several, BODY)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (signed(), BODY + b" "),
        (signed(secret=OTHER), BODY),
        (signed(at=time.time() - 310), BODY),
        (signed(at=time.time() + 100_000), BODY),
        ({**signed(), "webhook-id": "m2"}, BODY),
        ({**signed(), "webhook-timestamp": str(int(time.time()) - 1000)}, BODY),
        ({**signed(), "webhook-timestamp": str(int(time.time()) + 7)}, BODY),
        ({**signed(), "webhook-signature": signed()["webhook-signature"].replace("v1,", "v2,")}, BODY),
        ({**signed(), "webhook-signature": signed()["webhook-signature"].removeprefix("v1,")}, BODY),
        ({**signed(), "webhook-signature": "v1,末"}, BODY),
        ({**signed(), "webhook-signature": ""}, BODY),
        ({**signed(), "webhook-timestamp": "now"}, BODY),
        ({**signed(), "webhook-timestamp": "9" * 5000}, BODY),
        ({}, BODY),
    ],
)
def test_what_is_not_proven_is_refused(headers, body):
    with pytest.raises(Unproven):
        verify(SECRET, headers, body)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_AAAA", "not base64!"])
def test_without_a_secret_nothing_is_believed(secret):
    """Not what is signed with an empty key either."""
    import hashlib
    import hmac

    stamp = str(int(time.time()))
    digest = hmac.digest(b"", f"m1.{stamp}.".encode() + BODY, hashlib.sha256)
    headers = {"webhook-id": "m1", "webhook-timestamp": stamp, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}
    with pytest.raises(Unproven):
        verify(secret, headers, BODY)


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b'{"type":1,"data":{}}', b'{"type":"x"}', b"\xff"])
def test_what_is_proven_but_not_understood_is_said_to_be_so(body):
    with pytest.raises(Malformed):
        verify(SECRET, signed(body=body), body)


@pytest.fixture
def receiver(tmp_path):
    made = Receiver("127.0.0.1", 0, Journal(tmp_path / "events.jsonl"))
    made.secret = SECRET
    made.start()
    yield made
    made.stop()
    made._journal.close()


def test_a_message_is_kept_once_and_the_unproven_never(receiver, tmp_path):
    def post(headers, body=BODY):
        return httpx.post(f"http://127.0.0.1:{receiver.port}/hooks", content=body, headers=headers).status_code

    headers = signed()
    assert [post(headers), post(headers), post(signed("m2")), post({**signed("m1")})] == [204, 204, 204, 204]
    assert [post(signed("m3", secret=OTHER)), post(headers, BODY + b" "), post(headers, b"x" * 70_000)] == [401, 401, 413]
    assert post(signed("m4", body=b"[]"), b"[]") == 400
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [(line["id"], line["type"], line["data"]["transfer_id"]) for line in lines] == [
        ("m1", "transfer.delivered", "t1"),
        ("m2", "transfer.delivered", "t1"),
    ]
    assert (receiver.messages.qsize(), receiver.refused) == (2, 3)


def test_after_a_restart_it_knows_what_came_before(tmp_path):
    path = tmp_path / "events.jsonl"
    for expected in (1, 1):
        journal = Journal(path)
        receiver = Receiver("127.0.0.1", 0, journal)
        receiver.secret = SECRET
        assert receiver.take(signed(), BODY) == 204
        receiver._server.server_close()
        journal.close()
        assert len(path.read_text().splitlines()) == expected


def test_a_line_that_was_torn_by_a_fall_is_taken_again(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"id": "m0"}\n{"id": "m1", "ty')
    journal = Journal(path)
    assert journal.ids == ["m0"]
    journal.append("m1", {"type": "x", "data": {}})
    journal.close()
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["m0", "m1"]


def test_what_cannot_be_kept_is_not_taken(tmp_path):
    class Full:
        ids = ()

        def append(self, id, content):
            raise OSError(28, "no space left")

    receiver = Receiver("127.0.0.1", 0, Full())
    receiver.secret = SECRET
    assert [receiver.take(signed(), BODY), receiver.take(signed(), BODY)] == [503, 503]
    receiver._server.server_close()


def test_listening_from_the_command_line(tmp_path):
    secret, events = tmp_path / "secret", tmp_path / "events.jsonl"
    secret.write_text(f"{SECRET}\n")
    given = [sys.executable, "-m", "partner_police", "listen", "--to", str(events), "--secret-file", str(secret), "--count", "1"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    with subprocess.Popen([*given, "--seconds", "60"], stdout=subprocess.PIPE, text=True, env=environment) as listening:
        assert listening.stdout is not None
        port = json.loads(listening.stdout.readline())["port"]
        assert httpx.post(f"http://127.0.0.1:{port}/", content=BODY, headers=signed()).status_code == 204
        said = [json.loads(line) for line in listening.stdout]
        assert listening.wait(30) == 0
    assert [line["event"] for line in said] == ["webhook", "ended"]
    assert json.loads(events.read_text())["id"] == "m1"
    secret.write_text("nothing")
    assert subprocess.run(given, env=environment, capture_output=True, check=False).returncode == 2
