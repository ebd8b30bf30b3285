"""Reminders, escalation and breaches on the legal clock; the bureau's page of deadlines."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import asyncpg
import grpc.aio
import pytest
from anzhi.worklist.v1 import worklist_pb2 as pb
from anzhi.worklist.v1.events_pb2 import NoticeGiven
from anzhi.worklist.v1.worklist_pb2_grpc import WorklistServiceStub
from google.protobuf.timestamp_pb2 import Timestamp
from kernel.days import day_begins
from kernel.timers import Timer
from testkit import poll

from .telling import LAW, Matter, a_move, officer, today


async def a_matter(worklist, world, root, timer="D33", days=0):
    """A case of zhou whose principal has to decide on a transfer: three calendar days (D33)."""
    case = Matter(world, f"{root}4419/", officers=("zhou",), lead="zhou")
    running = case.timer(timer, today(days))
    await case.tell(case.at("REPORTED", a_move("C08", "approve", "CHIEF", stops=(timer,)), a_move("C01", "go", "OFF")), case.told(running))
    # The words of all other tests of this run may come before.
    await poll(lambda: worklist.sql("SELECT 1 FROM deadlines WHERE id = $1", running.id), deadline=60)
    return case, running


async def notices(run, person, **given):
    stub = await run.stub(WorklistServiceStub, person)
    return list((await stub.ListNotices(pb.ListNoticesRequest(**given))).notices)


def last_day(timer: Timer) -> datetime:
    return day_begins(date.fromisoformat(timer.legal_expiry))


async def test_each_superior_is_told_on_his_day_and_once(worklist, world):
    root = world.a_root()
    case, running = await a_matter(worklist, world, root, "D53")
    place = case.org_path
    zhou, unit = officer(place, "OFF", id="zhou"), officer(place, "UNIT")
    dep, chief = officer(place, "DEP"), officer(place, "CHIEF")

    await world.set_legal_now(root, last_day(running) - timedelta(hours=1))

    assert {each.kind for each in await notices(worklist, zhou)} == {"REMINDER"}
    assert len(await notices(worklist, zhou)) == 2
    assert [each.kind for each in await notices(worklist, unit)] == ["ESCALATION"]
    assert [each.level for each in await notices(worklist, dep)] == ["DEP"]
    assert await notices(worklist, chief) == []

    for hours in (1, 2, 3):
        await world.set_legal_now(root, last_day(running) + timedelta(hours=hours))
    told = await notices(worklist, chief)
    assert [(each.kind, each.level, each.given_at.ToDatetime(tzinfo=UTC)) for each in told] == [("ESCALATION", "CHIEF", last_day(running))]
    assert (told[0].timer, told[0].consequence.en) == ("D53", "The act is treated as having no evidence.")
    assert len(await notices(worklist, zhou)) == 3
    rows = await worklist.sql("SELECT payload FROM outbox WHERE root = $1 AND topic = 'worklist.notice.v1'", root)
    events = [NoticeGiven.FromString(row["payload"]) for row in rows]
    assert sorted(event.level for event in events) == ["CHIEF", "DEP", "OFFICER", "OFFICER", "OFFICER", "UNIT"]
    assert {event.deadline_id for event in events} == {str(running.id)}


async def test_two_sweeps_at_once_give_a_notice_once(worklist, world):
    root = world.a_root()
    cases = [await a_matter(worklist, world, root, "D53") for _ in range(5)]
    days = 400 * 86_400
    await worklist.sql("INSERT INTO legal_clock VALUES ($1, $2) ON CONFLICT (root) DO UPDATE SET offset_seconds = $2", root, days)
    sweep = worklist.service.sweeps[0]

    await asyncio.gather(sweep(root), sweep(root), sweep(None), sweep(None))

    found = await worklist.sql("SELECT deadline_id, rule FROM notices WHERE org_path LIKE $1", f"{root}%")
    assert len(found) == len({(row["deadline_id"], row["rule"]) for row in found}) == 6 * len(cases)
    told = await worklist.sql("SELECT key FROM outbox WHERE root = $1 AND topic = 'worklist.notice.v1'", root)
    assert len(told) == len(found)


async def test_a_stopped_deadline_reminds_of_nothing(worklist, world):
    root = world.a_root()
    case, running = await a_matter(worklist, world, root)
    running.stop(today())
    await case.tell(case.told(running))
    await poll(lambda: worklist.sql("SELECT 1 FROM deadlines WHERE id = $1 AND state = 'STOPPED'", running.id))

    await world.set_legal_now(root, today(30))

    assert await notices(worklist, officer(case.org_path, "CHIEF")) == []


async def test_a_new_last_day_is_reminded_of_anew_and_both_derivations_stay(worklist, world):
    root = world.a_root()
    case = Matter(world, root, officers=("zhou",))
    # One whose last day is no make-up day of a weekend, which a notice cannot give off.
    started = (case.timer("D12", today(-days), policy="APL") for days in range(7))
    running = next(timer for timer in started if date.fromisoformat(timer.legal_expiry).weekday() < 5)
    before, derived = running.legal_expiry, list(running.derivation)
    await case.tell(case.at("FILED", a_move("PC14", "report", "OFF", stops=("D12",))), case.told(running))
    await poll(lambda: worklist.sql("SELECT 1 FROM deadlines WHERE id = $1", running.id))
    await world.set_legal_now(root, last_day(running) - timedelta(hours=1))
    first = len(await notices(worklist, officer(root, "OFF", id="zhou")))

    year = date.fromisoformat(before).year
    notice = {"year": year, "notice": "later", "issued": f"{year}-01-01", "holidays": [{"name": "x", "off": [before[5:]], "statutory": []}]}
    running.recompute(LAW.override({"calendar": {"notices": [notice]}, "version": "lawbook-7"}), why="law parameters 7")
    assert running.legal_expiry > before
    await case.tell(case.told(running))
    await poll(lambda: worklist.sql("SELECT 1 FROM deadlines WHERE id = $1 AND law_version = 'lawbook-7'", running.id))

    stub = await worklist.stub(WorklistServiceStub, officer(root, "OFF"))
    found = await stub.GetDeadline(pb.GetDeadlineRequest(id=str(running.id)))
    assert [(each.legal_expiry, list(each.derivation), each.why) for each in found.earlier] == [(before, derived, "law parameters 7")]
    assert found.legal_expiry == running.legal_expiry
    assert [doer.move for doer in found.must_act] == ["report"]
    await world.set_legal_now(root, last_day(running) + timedelta(hours=1))
    assert len(await notices(worklist, officer(root, "OFF", id="zhou"))) > first


async def test_a_breach_is_told_at_once_and_its_entry_stays(worklist, world):
    root = world.a_root()
    case, running = await a_matter(worklist, world, root)
    running.breach(running.expires_at)
    breached = case.told(running)
    running.stop(today(9))
    await case.tell(breached, breached, case.told(running))
    chief = officer(case.org_path, "CHIEF")

    found = await poll(lambda: notices(worklist, chief))

    assert [(each.kind, each.level) for each in found] == [("BREACH", "CHIEF")]
    stub = await worklist.stub(WorklistServiceStub, chief)
    entries = (await stub.ListBreaches(pb.ListBreachesRequest())).breaches
    assert [(entry.timer, entry.object_id, entry.legal_expiry) for entry in entries] == [("D33", str(case.id), running.legal_expiry)]
    for role in ("serve", "jobs"):
        for statement in ("UPDATE breaches SET timer = ''", "DELETE FROM breaches", "DELETE FROM notices", "UPDATE notices SET level = ''"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await worklist.sql(statement, role=role)


async def test_who_has_read_it_has_it_marked_for_himself_only(worklist, world):
    root = world.a_root()
    case, running = await a_matter(worklist, world, root)
    await world.set_legal_now(root, last_day(running) + timedelta(hours=1))
    one, two = officer(case.org_path, "CHIEF"), officer(case.org_path, "CHIEF")
    notice = (await notices(worklist, one))[0]
    stub = await worklist.stub(WorklistServiceStub, one)

    first = await stub.MarkNoticeRead(pb.MarkNoticeReadRequest(request_id=str(uuid4()), id=notice.id))
    again = await stub.MarkNoticeRead(pb.MarkNoticeReadRequest(request_id=str(uuid4()), id=notice.id))

    assert first.read_at == again.read_at
    assert await notices(worklist, one, unread_only=True) == []
    assert len(await notices(worklist, one)) == 1
    assert len(await notices(worklist, two, unread_only=True)) == 1
    other = await worklist.stub(WorklistServiceStub, officer(case.org_path, "FIN"))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await other.MarkNoticeRead(pb.MarkNoticeReadRequest(request_id=str(uuid4()), id=notice.id))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


async def test_the_page_of_a_body_shows_its_deadlines_by_their_end(worklist, world):
    root = world.a_root()
    town, city = Matter(world, f"{root}4419/dalingshan/"), Matter(world, f"{root}4404/")
    late, soon = town.timer("D12", today(), policy="APL"), town.timer("D33", today())
    elsewhere = city.timer("D33", today())
    await town.tell(town.told(late), town.told(soon))
    await city.tell(city.told(elsewhere))
    await poll(lambda: worklist.sql("SELECT 1 FROM deadlines WHERE id = $1", elsewhere.id))
    await poll(lambda: worklist.sql("SELECT 1 FROM deadlines WHERE id = $1", soon.id))

    async def listed(place, **given):
        stub = await worklist.stub(WorklistServiceStub, officer(place, "UNIT"))
        return [each.id for each in (await stub.ListDeadlines(pb.ListDeadlinesRequest(**given))).deadlines]

    assert await listed(town.org_path) == [str(soon.id), str(late.id)]
    assert await listed(f"{root}4419/") == [str(soon.id), str(late.id)]
    assert set(await listed(root)) == {str(soon.id), str(late.id), str(elsewhere.id)}
    assert await listed(town.org_path, timer="D12") == [str(late.id)]
    assert await listed(root, object_id=str(city.id)) == [str(elsewhere.id)]
    assert await listed(root, state=pb.WorkDeadline.STATE_STOPPED) == []
    until = Timestamp()
    until.FromDatetime(late.expires_at - timedelta(days=1))
    assert str(late.id) not in await listed(town.org_path, until=until)


async def test_a_paused_deadline_is_shown_without_a_last_day(worklist, world):
    root = world.a_root()
    case = Matter(world, root)
    running = case.timer("D12", today(-5), policy="APL")
    running.add({"at": today(-1).isoformat(), "kind": "suspend", "reason": "criminal_transfer"}, LAW, why="suspended")
    await case.tell(case.told(running))
    await poll(lambda: worklist.sql("SELECT 1 FROM deadlines WHERE id = $1", running.id))
    stub = await worklist.stub(WorklistServiceStub, officer(root, "OFF"))

    found = await stub.GetDeadline(pb.GetDeadlineRequest(id=str(running.id)))

    assert (found.state, found.legal_expiry, found.HasField("expires_at")) == (pb.WorkDeadline.STATE_PAUSED, "", False)
    assert found.earlier


async def test_the_rules_say_that_they_are_proposals(worklist, world):
    stub = await worklist.stub(WorklistServiceStub, officer(world.a_root(), "OFF"))

    rules = (await stub.ListNoticeRules(pb.ListNoticeRulesRequest())).rules

    assert {rule.level for rule in rules} == {"OFFICER", "UNIT", "DEP", "CHIEF"}
    assert not any(rule.verified for rule in rules)
