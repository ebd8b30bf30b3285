"""A receiver of Standard Webhooks (https://www.standardwebhooks.com): verify, remember the id, answer at once, work afterwards."""

import base64
import hashlib
import hmac
import json
import queue
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_SECONDS = 300
BODY_BYTES = 65_536
REMEMBERED = 10_000


class Unproven(Exception):
    """The message is not from the platform, or is too old."""


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> dict[str, Any]:
    """The content of a message whose signature and time are right. Header names in small letters. Raises: Unproven."""
    id, timestamp, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not id or not timestamp.isascii() or not timestamp.isdigit() or not signatures:
        raise Unproven("webhook-id, webhook-timestamp or webhook-signature is missing")
    if abs((now if now is not None else time.time()) - int(timestamp)) > TOLERANCE_SECONDS:
        raise Unproven("the message is older than five minutes, or from the future")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.digest(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    for one in signatures.split():
        version, _, given = one.partition(",")
        if version == "v1" and hmac.compare_digest(base64.b64encode(expected).decode().encode(), given.encode()):
            return dict(json.loads(body))
    raise Unproven("no signature is right")


class Receiver:
    """Listens on a port. `secret` may be set after the port is known: the platform shows it when the endpoint is registered."""

    def __init__(self, host: str, port: int) -> None:
        self.secret = ""
        self.messages: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        self.refused = 0
        self._seen: dict[str, None] = {}
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

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """The HTTP status of the answer. A message that came before is answered as the first time and not worked on again."""
        try:
            content = verify(self.secret, headers, body)
        except (Unproven, ValueError):
            self.refused += 1
            return 401
        with self._lock:
            if headers["webhook-id"] not in self._seen:
                self._seen[headers["webhook-id"]] = None
                if len(self._seen) > REMEMBERED:
                    del self._seen[next(iter(self._seen))]
                self.messages.put((headers["webhook-id"], content))
        return 204

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def do_POST(self) -> None:
                size = self.headers.get("content-length", "")
                if not size.isdigit() or int(size) > BODY_BYTES:
                    self.close_connection = True
                    self._answer(413)
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
