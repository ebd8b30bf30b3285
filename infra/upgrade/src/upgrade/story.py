"""A story told while versions change: each of its days begins after one more service was replaced, so that no service is spared."""

import io
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from embedded.demo.narration import Narration
from embedded.demo.stage import Cast, Stage

from upgrade.client import Gateways
from upgrade.tally import Tally

ROOT = "/44/"
KIND = "story"


class Turns:
    """Given out one by one; after `over` nobody waits."""

    def __init__(self) -> None:
        self._given = threading.Semaphore(0)
        self._over = threading.Event()

    def give(self) -> None:
        self._given.release()

    def over(self) -> None:
        self._over.set()
        self._given.release()

    def take(self) -> None:
        if not self._over.is_set():
            self._given.acquire()


class ToTheReady(httpx.BaseTransport):
    """Sends each request once, to a gateway that is ready."""

    def __init__(self, gateways: Gateways, tally: Tally) -> None:
        self._gateways, self._tally = gateways, tally
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        to = httpx.URL(self._gateways.next_ready())
        request.url = request.url.copy_with(host=to.host, port=to.port)
        self._tally.sent[KIND] += 1
        try:
            answer = self._inner.handle_request(request)
        except httpx.HTTPError as error:
            self._tally.fail(KIND, request.method, request.url.path, f"{to}: {error!r}", unknown=True)
            raise
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            self._tally.fail(KIND, request.method, request.url.path, f"{to}: {answer.status_code}", unknown=False)
        else:
            self._tally.answered[KIND] += 1
        return answer

    def close(self) -> None:
        self._inner.close()


class PacedStage(Stage):
    def __init__(self, *given: Any, turns: Turns) -> None:
        super().__init__(*given)
        self._turns = turns

    def day(self, day: str, clock: str, title: str) -> None:
        self._turns.take()
        super().day(day, clock, title)


def tell(
    story: Callable[[Stage], str], gateways: Gateways, tally: Tally, accounts: Sequence[Mapping[str, Any]], turns: Turns
) -> tuple[str, str]:
    """Answers the id of what the story is about, and what it said. Blocks."""
    said = io.StringIO()
    with httpx.Client(base_url=gateways.next_ready(), timeout=30, transport=ToTheReady(gateways, tally)) as http:
        cast = Cast(http, accounts)
        return story(PacedStage(http, cast, cast("shen"), ROOT, Narration(said), turns=turns)), said.getvalue()
