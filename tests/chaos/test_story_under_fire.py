"""The whole case while everything is killed, piece by piece: it ends as it ends in peace."""

import io
import threading
from typing import Any

import httpx
import pytest
from embedded.demo import api
from embedded.demo.narration import Narration
from embedded.demo.stage import Cast, Stage
from embedded.demo.welders_case import Case
from embedded.demo.welders_inspection import Inspection
from testkit import poll

from tests.chaos.ground import Platform

ROOT = "/44/"
BEGINS = "2022-08-15"


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch, http: httpx.Client) -> None:
    """The story waits longer for what services do by events, and puts its files until the store takes them."""
    monkeypatch.setattr(api, "PATIENCE", 120.0)
    monkeypatch.setattr(httpx, "put", lambda url, **given: http.put(url, **{**given, "timeout": 30}))


@pytest.mark.usefixtures("patience")
async def test_the_welders_are_fined_once_whatever_dies_meanwhile(platform: Platform, cast: Cast, http: httpx.Client, fire: Any) -> None:
    for username in ("zhou", "wu", "zheng", "sun", "feng", "zhao", "chen", "han", "shen"):
        cast(username)
    stage = Stage(http, cast, cast("shen"), ROOT, Narration(io.StringIO()))

    with fire.lit(threading.Event()):
        inspection = Inspection(stage)
        inspection.play()
        case_id = Case(inspection).play()

    assert set(fire.killed) == set(platform.targets)
    case = cast("zhou").get(f"/v1/cases/{case_id}")
    assert (case["state"], case["fine"]["fen"]) == ("ARCHIVED", "4900000")
    await poll(platform.verified, 90.0)
