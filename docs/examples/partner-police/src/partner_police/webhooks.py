"""A receiver of Standard Webhooks (https://www.standardwebhooks.com): verify, remember the id, answer at once, work afterwards."""

import base64
import hashlib
import hmac
import json
import os
import queue
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOLERANCE_SECONDS = 300
BODY_BYTES = 65_536
REMEMBERED = 10_000
# Standard Webhooks: 24 to 64 random bytes.
KEY_BYTES = 24


class Unproven(Exception):
    """The message is not from the platform, or is too old."""


class Malformed(Exception):
    """The message is proven, but says nothing that we understand."""


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> dict[str, Any]:
    """The content of a message whose signature and time are right. Header names in small letters. Raises: Unproven, Malformed."""
    id, timestamp, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not id or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12) or not signatures:
        raise Unproven("webhook-id, webhook-timestamp or webhook-signature is missing")
    if abs((now if now is not None else time.time()) - int(timestamp)) > TOLERANCE_SECONDS:
        raise Unproven("the message is older than five minutes, or from the future")
    expected = signature(secret, id, timestamp, body)
    # There are two while a secret is changed.
    if not sum(hmac.compare_digest(expected.encode(), each.encode()) for each in signatures.split()):
        raise Unproven("no signature is right")
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Malformed("the body is no JSON") from error
    if not isinstance(content, dict) or not isinstance(content.get("type"), str) or not isinstance(content.get("data"), dict):
        raise Malformed("the body has no type or no data")
    return content


def signature(secret: str, id: str, timestamp: str, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over id.timestamp.body; the key is what stands after `whsec_`, decoded."""
    key = key_of(secret)
    return f"v1,{base64.b64encode(hmac.digest(key, f'{id}.{timestamp}.'.encode() + body, hashlib.sha256)).decode()}"


def key_of(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.strip().removeprefix("whsec_"), validate=True)
    except ValueError as error:
        raise Unproven("the secret is not base64") from error
    if len(key) < KEY_BYTES:
        raise Unproven("there is no secret, or it is too short to prove anything")
    return key


class Journal:
    """Every proven message as one line of a file, on the disk before it is answered. After a restart it knows what came before."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+b")
        self._file.seek(0)
        lines = self._file.read().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            # Torn by a fall of this machine: it was never answered, and comes again.
            self._file.truncate(sum(len(line) for line in lines[:-1]))
            del lines[-1]
        self.ids = [str(json.loads(line)["id"]) for line in lines]

    def append(self, id: str, content: dict[str, Any]) -> None:
        received_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"id": id, "received_at": received_at, **content}, ensure_ascii=False)
        self._file.write(line.encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


class Receiver:
    """Listens on a port. `secret` may be set after the port is known: the platform shows it when the endpoint is registered.

    `journal`: where messages are kept before they are answered; without it they are only in the queue.
    """

    def __init__(self, host: str, port: int, journal: Journal | None = None) -> None:
        self.secret = ""
        self.messages: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        self.refused = 0
        self._journal = journal
        self._seen: dict[str, None] = dict.fromkeys(journal.ids if journal is not None else [])
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((host, port), self._handler())
        self._server.daemon_threads = True

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next(self, seconds: float) -> tuple[str, dict[str, Any]] | None:
        """The next message, if one comes in time."""
        try:
            return self.messages.get(timeout=seconds)
        except queue.Empty:
            return None

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """The HTTP status of the answer. A message that came before is answered as the first time and not worked on again."""
        try:
            content = verify(self.secret, headers, body)
        except Unproven:
            return self._refuse(401)
        except Malformed:
            return self._refuse(400)
        id = headers["webhook-id"]
        with self._lock:
            if id not in self._seen:
                if self._journal is not None:
                    try:
                        self._journal.append(id, content)
                    except OSError:
                        # Not kept, so not taken: the platform sends it again.
                        return 503
                self._remember(id)
                self.messages.put((id, content))
        return 204

    def _refuse(self, status: int) -> int:
        with self._lock:
            self.refused += 1
        return status

    def _remember(self, id: str) -> None:
        self._seen[id] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def do_POST(self) -> None:
                size = self.headers.get("content-length", "")
                if not (size.isascii() and size.isdigit()) or int(size) > BODY_BYTES:
                    self.close_connection = True
                    self._answer(413 if size else 411)
                    return
                body = self.rfile.read(int(size))
                self._answer(receiver.take({name.lower(): value for name, value in self.headers.items()}, body))

            def _answer(self, status: int) -> None:
                self.send_response(status)
                if status != 204:
                    self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """The lines of this program are its own."""

        return Handler
