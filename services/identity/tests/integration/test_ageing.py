"""OC05 and OC06 by the sweep of the service, on the clock of the root, and once however many sweep."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from anzhi.identity.v1 import identity_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp
from identity.adapters.ageing import Ageing
from identity.domain.certificate import State
from testkit.asking import request_id


async def issued(identity, stub, number: str, last: str) -> str:
    person = identity.accounts["zhou"]["user_id"]
    given = {"user_id": person, "number": number, "issuer": "广东省人民政府", "categories": ["WORK_SAFETY"], "region_codes": ["4419"]}
    made = await stub.IssueCertificate(
        pb.IssueCertificateRequest(request_id=request_id(), **given, valid_from_on="2021-01-01", valid_to_on=last)
    )
    return made.id


async def states(identity, *ids: str) -> list[str]:
    rows = await identity.run.sql("SELECT id::text, state FROM officer_certificates")
    found = {row["id"]: row["state"] for row in rows}
    return [found[id] for id in ids]


@pytest.mark.row("OC05")
@pytest.mark.row("OC06")
async def test_the_clock_of_the_root_ages_certificates_and_tells_each_change_once(apart_from, tmp_path):
    async with apart_from("ageing", tmp_path) as identity:
        admin = await identity.by("shen")
        sweep = Ageing(identity.run.service.sessions)

        async def at(*day: int) -> list[str]:
            stamp = Timestamp()
            stamp.FromDatetime(datetime(*day, 4, tzinfo=UTC))
            await admin.SetLegalNow(pb.SetLegalNowRequest(request_id=request_id(), root="/44/", at=stamp))
            return await states(identity, *ids)

        ids: list[str] = []
        assert await sweep(None) == 0, "a root whose clock was never set waits"
        await at(2022, 8, 15)
        number = f"44{uuid4().int % 10**10:010d}"
        ids = [await issued(identity, admin, number, "2022-10-31"), await issued(identity, admin, f"{number}1", "2030-12-31")]

        # The 31st of October is 61 days away, then 60.
        walked = [await at(*day) for day in ((2022, 8, 31), (2022, 9, 1), (2022, 10, 31), (2022, 11, 1))]
        told = await identity.run.sql("SELECT move, row FROM history WHERE object_id = $1 ORDER BY id", ids[0])

        assert [first for first, _ in walked] == [State.VALID, State.EXPIRING, State.EXPIRING, State.EXPIRED]
        assert {second for _, second in walked} == {State.VALID}
        assert [(line["move"], line["row"]) for line in told] == [("issue", "OC01"), ("near_end", "OC05"), ("expire", "OC06")]


async def test_two_sweepers_at_once_move_nothing_twice(apart_from, tmp_path):
    async with apart_from("ageing-twice", tmp_path, legal_clock=False) as identity:
        stub = await identity.by("he")
        over = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
        id = await issued(identity, stub, f"44{uuid4().int % 10**10:010d}", over)

        await asyncio.gather(*(Ageing(identity.run.service.sessions)(None) for _ in range(4)))
        told = await identity.run.sql("SELECT row FROM history WHERE object_id = $1 ORDER BY id", id)

        assert [line["row"] for line in told] == ["OC01", "OC05", "OC06"]
