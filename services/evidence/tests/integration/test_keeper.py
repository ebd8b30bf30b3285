"""The keeper by itself: what it does when the database or an event is not as it should be."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

from anzhi.identity.v1.events_pb2 import OrgUnitChanged
from evidence.adapters.keeper import Keeper
from evidence.adapters.store import Store
from testkit.polling import poll

TOPIC = "identity.org.v1"


@asynccontextmanager
async def keeping(world, evidence, keep):
    """A keeper of a group of its own."""
    await world.make_topics([TOPIC])
    group, stop = f"keeper-{uuid4().hex[:6]}", asyncio.Event()
    keeper = Keeper(group, [TOPIC], keep, evidence.service.sessions, Store, evidence.settings)
    task = asyncio.create_task(keeper.run(stop))
    try:
        yield keeper
    finally:
        stop.set()
        await task


async def test_an_event_that_cannot_be_kept_is_tried_until_it_is(world, evidence):
    seen: list[str] = []
    tries = 0

    async def keep(uow, arrived):
        nonlocal tries
        tries += 1
        if tries <= 3:
            raise RuntimeError("the disk is full")
        seen.extend(event.id for event in arrived)

    async with keeping(world, evidence, keep):
        ids = [await world.produce(TOPIC, OrgUnitChanged(org_id="o"), key="o") for _ in range(5)]

        await poll(lambda: _all(ids, seen), deadline=20)

    assert tries > 3
    assert len(seen) == len(set(seen))


async def _all(ids: list[str], seen: list[str]) -> bool:
    return set(ids) <= set(seen)


async def test_what_has_no_id_becomes_a_dead_letter_and_holds_nothing_up(world, evidence):
    seen: list[str] = []

    async def keep(uow, arrived):
        seen.extend(event.id for event in arrived)

    async with keeping(world, evidence, keep) as keeper:
        key = uuid4().hex
        await world.produce(TOPIC, OrgUnitChanged(org_id="o"), key=key, id="x", ce_id="")
        after = await world.produce(TOPIC, OrgUnitChanged(org_id="o"), key=key)

        await poll(lambda: _all([after], seen), deadline=20)

        async def buried():
            records = await world.records(f"{TOPIC}.dead")
            return [record for record in records if record.key == key.encode() and dict(record.headers)["reader"] == keeper.group.encode()]

        assert dict((await poll(buried, deadline=10))[0].headers)["reason"] == b"UNDECODABLE"


async def test_a_keeper_that_is_stopped_while_it_tries_leaves_the_event_for_the_next(world, evidence):
    failing = asyncio.Event()

    async def never(uow, arrived):
        failing.set()
        raise RuntimeError("no")

    async with keeping(world, evidence, never) as keeper:
        event_id = await world.produce(TOPIC, OrgUnitChanged(org_id="o"), key="o")
        await asyncio.wait_for(failing.wait(), 20)
    seen: list[str] = []

    async def keep(uow, arrived):
        seen.extend(event.id for event in arrived)

    stop = asyncio.Event()
    again = Keeper(keeper.group, [TOPIC], keep, evidence.service.sessions, Store, evidence.settings)
    task = asyncio.create_task(again.run(stop))
    await poll(lambda: _all([event_id], seen), deadline=20)
    stop.set()
    await task
