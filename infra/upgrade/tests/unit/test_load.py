"""The account of the load: what fails, what nobody answers, what is lost or doubled is told."""

import asyncio
import itertools
from typing import Any

import httpx
import pytest
from upgrade.client import Failed, Gateways, Person, Refused, Request, Unanswered
from upgrade.effects import Effects
from upgrade.load import clean
from upgrade.tally import Tally
from upgrade.work import AMENDED, Cast, Work, _digits

ACCOUNT = {"username": "zhou", "password": "secret"}
TOKENS = {"tokens": {"accessToken": "t", "userId": "u", "orgPath": "/44/"}}


class Platform:
    """As much of the API as the count of effects asks for."""

    def __init__(self) -> None:
        self.enterprises: list[dict[str, Any]] = []
        self.history: list[dict[str, Any]] = []
        self.number = ""
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        path = request.url.path
        if path == "/v1/login":
            return httpx.Response(200, json=TOKENS)
        if path.endswith("/history"):
            return httpx.Response(200, json={"entries": self.history})
        if path.startswith("/v1/documents/"):
            return httpx.Response(200, json={"number": self.number})
        if path == "/v1/broken":
            return httpx.Response(503, json={"reason": "UNAVAILABLE"})
        if path == "/v1/cut":
            raise httpx.RemoteProtocolError("Server disconnected")
        if path == "/v1/meanwhile":
            return httpx.Response(409, json={"reason": "CHANGED_MEANWHILE"})
        if path == "/v1/wrong":
            return httpx.Response(400, json={"reason": "WRONG"})
        number = int(request.url.params.get("pageToken", "0"))
        more = {"nextPageToken": str(number + 1)} if number + 1 < len(self.enterprises) else {}
        return httpx.Response(200, json={"enterprises": self.enterprises[number : number + 1], **more})


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def gateways(platform: Platform) -> Gateways:
    made = Gateways(["http://gateway"], Tally())
    made._clients = {"http://gateway": httpx.AsyncClient(base_url="http://gateway", transport=httpx.MockTransport(platform))}
    return made


@pytest.fixture
def work(gateways: Gateways) -> Work:
    return Work(Cast(gateways, {"zhou": ACCOUNT}), asyncio.Event(), pause=0)


@pytest.mark.parametrize(
    ("path", "raised", "column"),
    [
        ("/v1/broken", Unanswered, "failed"),
        ("/v1/cut", Unanswered, "unknown"),
        ("/v1/wrong", Failed, "failed"),
        ("/v1/meanwhile", Refused, "refused"),
    ],
)
async def test_each_request_is_sent_once_and_stands_in_its_column(
    platform: Platform, gateways: Gateways, path: str, raised: type[Exception], column: str
) -> None:
    with pytest.raises(raised):
        await gateways.send(Request("write", "POST", path, json={}))

    assert len(platform.seen) == 1
    assert gateways.tally.sent["write"] == 1
    assert getattr(gateways.tally, column).total() == 1
    assert gateways.tally.clean == (column == "refused")


async def test_what_nobody_answered_is_sent_again_with_the_same_key(platform: Platform, gateways: Gateways) -> None:
    person = Person(gateways, ACCOUNT)
    with pytest.raises(Unanswered) as cut:
        await person.post("/v1/cut")
    with pytest.raises(Unanswered):
        await person.again(cut.value.resend)

    first, second = (request.headers["idempotency-key"] for request in platform.seen if request.url.path == "/v1/cut")
    assert first == second
    assert gateways.tally.again == 1


async def test_effects_that_are_there_once_are_counted(platform: Platform, work: Work) -> None:
    work.written.registered, work.written.versions = {"C1": "e1"}, {"e1": 1 + len(AMENDED)}
    platform.enterprises = [{"id": "e1", "code": "C1", "version": "3"}]

    found = await Effects(work).count()

    assert found["violations"] == []
    assert found["counted"] == {"enterprises": 1, "amendments": 2}


@pytest.mark.parametrize(
    ("stored", "kind", "said"),
    [
        ([], "lost", "is not there"),
        ([{"id": "e1", "code": "C1", "version": "2"}], "lost", "stands at version 2, 3 was acknowledged"),
        ([{"id": "e1", "code": "C1", "version": "4"}], "doubled", "after 2 amendments"),
        ([{"id": id, "code": "C1", "version": "3"} for id in ("e1", "e2")], "doubled", "is there 2 times"),
    ],
)
async def test_an_effect_that_is_lost_or_doubled_is_told(
    platform: Platform, work: Work, stored: list[dict[str, Any]], kind: str, said: str
) -> None:
    work.written.registered, work.written.versions = {"C1": "e1"}, {"e1": 3}
    platform.enterprises = stored

    found = await Effects(work).count()

    assert found[kind] == 1
    assert said in found["violations"][0]


async def test_a_move_that_stands_twice_and_one_that_is_missing_are_told(platform: Platform, work: Work) -> None:
    work.written.tasks = {"t1": "d1"}
    platform.history = [{"objectId": "t1", "row": row} for row in ("I01", "I04", "I04", "I06")]

    found = await Effects(work).count()

    assert found["violations"] == [
        "task t1: I08 was acknowledged and is not in its history",
        "task t1: I04 stands 2 times in its history",
    ]


async def test_one_number_on_two_documents_is_told(platform: Platform, work: Work) -> None:
    work.written.documents, platform.number = {"d1": "draft", "d2": "draft"}, "（粤）应急检〔2026〕1号"

    assert (await Effects(work).count())["doubled"] == 1


def test_a_run_is_clean_only_with_work_done_and_nothing_wrong() -> None:
    report: dict[str, Any] = {"answered": 9, "failed": 0, "unknown": 0, "effects": {"acknowledged_enterprises": 3, "violations": []}}

    assert clean(report)
    for change in ({"failed": 1}, {"unknown": 1}, {"answered": 0}, {"effects": {"acknowledged_enterprises": 3, "violations": ["x"]}}):
        assert not clean({**report, **change})


def test_codes_of_a_run_do_not_repeat() -> None:
    found = [_digits(number) for number in range(2_000)]

    assert len(set(found)) == len(found)
    assert {len(one) for one in found} == {3}
    assert next(iter(itertools.islice(found, 1))) == "000"
