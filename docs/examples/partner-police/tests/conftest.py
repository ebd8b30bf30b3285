"""The sample is no member of the workspace: its source stands beside its tests. Here is a platform that keeps what came to it."""

import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))


@dataclass
class Came:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self):
        return {name: value for name, (value,) in parse_qs(self.body.decode()).items()}


@dataclass
class Counterpart:
    """`answers`: by method and path, one after the other, the last for ever: status, headers, body."""

    url: str = ""
    answers: dict = field(default_factory=dict)
    came: list = field(default_factory=list)

    def answer(self, door, *answers):
        self.answers[door] = list(answers)

    def to(self, path):
        return [one for one in self.came if one.path == path]


@pytest.fixture
def counterpart():
    import json

    held = Counterpart()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            held.came.append(Came(self.command, self.path, headers, body))
            queue = held.answers[f"{self.command} {self.path}"]
            status, more, said = queue.pop(0) if len(queue) > 1 else queue[0]
            sent = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for name, value in {**more, "content-length": str(len(sent))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST

        def log_message(self, format, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    held.url = f"http://127.0.0.1:{server.server_address[1]}"
    held.answer("POST /oauth/token", (200, {}, {"access_token": "t1", "token_type": "Bearer", "expires_in": 600, "scope": "webhooks"}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield held
    server.shutdown()
    server.server_close()
