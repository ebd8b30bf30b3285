"""Faults that will come: a broker dies, PostgreSQL restarts, Redis, the object store or the collector is away.

No event is lost, nothing happens twice, the outboxes empty, and what was acknowledged is there.
"""

import io
import json
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import pytest
from embedded.demo import api
from embedded.demo.api import Account, Actor, Refused
from embedded.demo.chemicals_case import Case
from embedded.demo.chemicals_inspection import Inspection
from embedded.demo.narration import Narration
from embedded.demo.stage import Cast, Stage
from testkit import poll

from tests.chaos.ground import Platform
from tests.chaos.writing import Patient, Written, settled, writing

BEGINS = "2022-06-13"
STORE_AWAY_SECONDS = 60.0
RESTARTS = 3
STEADY = 15


async def more(written: Written, answers: int = STEADY, within: float = 120.0) -> None:
    """Until the writers were answered so many times more."""
    before = len(written.answered)
    await poll(lambda: len(written.answered) >= before + answers, within)


async def test_any_broker_dies_under_load(platform: Platform, cast: Cast, report: dict[str, Any]) -> None:
    recovered = {}
    with writing(cast, "B") as written:
        for broker in platform.brokers:
            await more(written)
            platform.kill(broker)
            killed_at = time.monotonic()
            await more(written)
            # What was written after the kill is in the topic: the relay found the brokers that are left, or the one again.
            now = await _newest(platform)
            await poll(lambda now=now: _published(platform, now), 120.0)  # type: ignore[misc]
            recovered[broker] = round(time.monotonic() - killed_at, 1)
            platform.up()

    emptied = await settled(platform, written)
    report["a broker killed"] = {
        "writes": len(written.answered),
        "events flow again after": recovered,
        "longest wait for an answer": round(written.longest_wait, 1),
        "outboxes empty after": round(emptied, 1),
    }


async def test_postgresql_restarts_in_the_middle_of_a_commit(
    platform: Platform, cast: Cast, patient: Patient, report: dict[str, Any]
) -> None:
    admin = platform.told["PG_ADMIN_URL"]
    repeated, recovered = patient.repeated, []
    await _set(admin, "ALTER SYSTEM SET commit_delay = 100000", "ALTER SYSTEM SET commit_siblings = 0", "SELECT pg_reload_conf()")
    try:
        with writing(cast, "C") as written:
            for _ in range(RESTARTS):
                await more(written)
                await _commit_is_under_way(admin)
                platform.kill(platform.database_server, signal.SIGQUIT)  # «immediate»: no session ends what it is at
                quit_at = time.monotonic()
                await more(written, 1)
                recovered.append(round(time.monotonic() - quit_at, 1))
                platform.up()
    finally:
        await _set(admin, "ALTER SYSTEM RESET commit_delay", "ALTER SYSTEM RESET commit_siblings", "SELECT pg_reload_conf()")

    assert patient.repeated > repeated
    emptied = await settled(platform, written)
    report["PostgreSQL restarted in a commit"] = {
        "writes": len(written.answered),
        "writes again after": recovered,
        "requests repeated": patient.repeated - repeated,
        "outboxes empty after": round(emptied, 1),
    }


async def test_without_redis_work_goes_on_and_who_is_not_logged_in_waits(
    platform: Platform, cast: Cast, http: httpx.Client, report: dict[str, Any]
) -> None:
    rows = json.loads((platform.folder / "accounts.json").read_text("utf-8"))
    row = next(row for row in rows if row["username"] == "wu")
    stranger = Account("wu", row["password"], row["totp_secret"])
    plain = httpx.Client(base_url=http.base_url, timeout=30)
    with plain, writing(cast, "D") as written:
        await more(written)
        away_at = time.monotonic()
        with platform.doors.shut("REDIS_URL"):
            await more(written)
            with pytest.raises(Refused) as refused:
                Actor(plain, stranger).login()
            await more(written)
        back_at = time.monotonic()
        await poll(lambda: _logs_in(plain, stranger), 60.0)
        login = time.monotonic() - back_at
        await more(written)

    assert refused.value.status == 503
    await settled(platform, written)
    report["Redis gone"] = {
        "writes while it was gone": sum(away_at <= at < back_at for at, _ in written.answered),
        "median of a write, before and while": [round(written.median(until=away_at), 3), round(written.median(away_at, back_at), 3)],
        "login": f"{refused.value.status} {refused.value.reason}",
        "login again after": round(login, 1),
    }


@pytest.mark.usefixtures("patience")
async def test_the_object_store_is_away_for_a_minute(platform: Platform, cast: Cast, http: httpx.Client, report: dict[str, Any]) -> None:
    stage = Stage(http, cast, cast("shen"), "/44/", Narration(io.StringIO()))
    away, back_at = threading.Event(), []

    def be_away() -> None:
        with platform.doors.shut("S3_ENDPOINT"):
            away.set()
            threading.Event().wait(STORE_AWAY_SECONDS)
        back_at.append(time.monotonic())

    thread = threading.Thread(target=be_away)
    inspection = Inspection(stage)
    with writing(cast, "E") as written:
        thread.start()
        away.wait()
        begin = time.monotonic()
        inspection.play()
        played = time.monotonic()
        thread.join()
        case_id = Case(inspection).play()

    case = cast("liang").get(f"/v1/cases/{case_id}")
    assert (case["state"], case["fine"]["fen"]) == ("ARCHIVED", "15000000")
    await settled(platform, written)
    report["object store away for 60 s"] = {
        "writes while it was away": sum(begin <= at < back_at[0] for at, _ in written.answered),
        "median of a write while": round(written.median(begin, back_at[0]), 3),
        "story goes on after": round(max(0.0, played - back_at[0]), 1),
    }


async def test_a_collector_that_is_away_changes_nothing(platform: Platform, cast: Cast, patient: Patient, report: dict[str, Any]) -> None:
    """It is deaf in all these tests; here it refuses, then takes everything and says nothing."""
    kinds: dict[str, Callable[[str], Any]] = {"refuses": platform.doors.shut, "says nothing": platform.doors.half_open}
    faults, medians = patient.repeated - patient.limited, {}
    with writing(cast, "F") as written:
        for kind, fault in kinds.items():
            begin = time.monotonic()
            with fault("collector"):
                await more(written, 60)
            medians[kind] = round(written.median(since=begin), 3)

    assert patient.repeated - patient.limited == faults
    await settled(platform, written)
    report["collector away"] = {"writes": len(written.answered), "median of a write": medians, "requests that failed": 0}


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch, http: httpx.Client) -> None:
    """The story waits longer for what services do by events, and puts its files until the store takes them."""
    monkeypatch.setattr(api, "PATIENCE", 120.0)
    monkeypatch.setattr(httpx, "put", lambda url, **given: http.put(url, **{**given, "timeout": 30}))


async def _newest(platform: Platform) -> Any:
    return await _ask(platform.told["ENTERPRISES_JOBS_URL"], "SELECT max(recorded_at) FROM outbox")


async def _published(platform: Platform, until: Any) -> bool:
    query = "SELECT count(*) = 0 FROM outbox WHERE published_at IS NULL AND recorded_at <= $1"
    return bool(await _ask(platform.told["ENTERPRISES_JOBS_URL"], query, until))


async def _commit_is_under_way(admin: str) -> None:
    query = "SELECT count(*) > 0 FROM pg_stat_activity WHERE state = 'active' AND query ILIKE 'COMMIT%' AND datname = 'enterprises'"
    await poll(lambda: _ask(admin, query), 60.0)


async def _ask(url: str, query: str, *values: Any) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query, *values)
    finally:
        await connection.close()


async def _set(admin: str, *statements: str) -> None:
    for statement in statements:
        await _ask(admin, statement)


def _logs_in(http: httpx.Client, account: Account) -> bool:
    try:
        Actor(http, account).login()
    except Refused as refused:
        assert refused.status in (429, 503), str(refused)
        return False
    return True
