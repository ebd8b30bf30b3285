"""What waits for whom: seats, order, pages, repeated and late words, row security."""

from uuid import uuid4

import pytest
from anzhi.work.v1 import events_pb2 as work
from anzhi.worklist.v1 import worklist_pb2 as pb
from anzhi.worklist.v1.worklist_pb2_grpc import WorklistServiceStub
from testkit import poll

from .telling import Matter, a_move, ids, officer, today, todos


async def test_a_matter_lies_on_the_desks_of_who_may_act(worklist, world):
    root = world.a_root()
    town = f"{root}4419/dalingshan/"
    case = Matter(world, town, officers=("zhou", "wu"), lead="zhou")
    timer = case.timer("D12", today(), policy="APL")
    await case.tell(
        case.at("INVESTIGATING", a_move("PC14", "report", "LEAD", stops=("D12",)), a_move("PC15", "approve", "DEP", "CHIEF")),
        case.told(timer),
    )
    zhou, other = officer(town, "OFF", "LEAD", id="zhou"), officer(town, "OFF", "LEAD")
    chief, province = officer(f"{root}4419/", "CHIEF"), officer(root, "CHIEF")

    todo = (await poll(lambda: _with_deadline(worklist, zhou)))[0]

    assert [(move.move, list(move.officer_ids)) for move in todo.moves] == [("report", ["zhou"])]
    deadline = todo.deadlines[0]
    assert (deadline.timer, deadline.title.zh, deadline.who) == ("D12", "办案期限", "A")
    assert deadline.legal_expiry == timer.legal_expiry
    assert list(deadline.derivation) == timer.derivation
    assert (deadline.consequence.zh, deadline.consequence.en) == ("构成超期作出决定。", "The decision is late.")
    assert [(doer.move, list(doer.officer_ids)) for doer in deadline.must_act] == [("report", ["zhou"])]
    assert [move.move for move in (await todos(worklist, chief)).todos[0].moves] == ["approve"]
    assert len((await todos(worklist, province)).todos) == 1
    assert await ids(worklist, officer(town, "OFF", id="wu")) == []
    assert await ids(worklist, other) == []


async def _with_deadline(run, person):
    return [todo for todo in await _found(run, person) if todo.deadlines]


async def _found(run, person):
    return (await todos(run, person)).todos


async def test_who_is_not_of_the_body_sees_nothing_even_if_he_is_named(worklist, world):
    root = world.a_root()
    case = Matter(world, f"{root}4419/", officers=("song",), lead="song")
    await case.tell(case.at("FILED", a_move("PC05", "investigate", "OFF")))
    await poll(lambda: ids(worklist, officer(f"{root}4419/", "OFF", id="song")))

    elsewhere = officer(f"{root}4404/", "OFF", "CHIEF", id="song")

    assert await ids(worklist, elsewhere) == []
    stub = await worklist.stub(WorklistServiceStub, elsewhere)
    assert not (await stub.ListDeadlines(pb.ListDeadlinesRequest())).deadlines


async def test_a_delegated_act_is_work_of_who_has_the_delegation(worklist, world):
    root = world.a_root()
    case = Matter(world, root)
    await case.tell(case.at("REVIEWED", a_move("PC20", "decide", "DEP", delegated="fine")))

    await poll(lambda: ids(worklist, officer(root, "DEP", delegations={"fine": 5_000_000})))

    assert await ids(worklist, officer(root, "DEP")) == []


async def test_the_most_urgent_comes_first_and_pages_go_on(worklist, world):
    root = world.a_root()
    matters = []
    for days in (-3, -60, -20):
        matter = Matter(world, root)
        await matter.tell(matter.at("FILED", a_move("PC05", "go", "OFF")), matter.told(matter.timer("D12", today(days), policy="APL")))
        matters.append(matter)
    free = Matter(world, root)
    await free.tell(free.at("FILED", a_move("PC05", "go", "OFF")))
    me = officer(root, "OFF", "LEAD")

    await poll(lambda: worklist.sql("SELECT 1 FROM deadlines WHERE root = $1 HAVING count(*) = 3", root))
    found = await poll(lambda: _all(worklist, me, 4))

    assert found == [str(matters[number].id) for number in (1, 2, 0)] + [str(free.id)]
    first = await todos(worklist, me, size=3)
    rest = await todos(worklist, me, size=3, token=first.next_page_token)
    assert [todo.object_id for todo in (*first.todos, *rest.todos)] == found
    assert rest.next_page_token == ""


async def _all(run, person, number):
    found = await ids(run, person)
    return found if len(found) == number else None


async def test_repeated_and_late_words_change_nothing(worklist, world):
    root = world.a_root()
    case, inspection = Matter(world, root), Matter(world, root, service="inspections", kind="inspection")
    me = officer(root, "OFF")
    old = case.at("FILED", a_move("PC05", "go", "OFF"))
    new = case.at("INVESTIGATING", a_move("PC06", "go on", "OFF"))
    once = str(uuid4())
    await case.tell(new)
    await case.tell(old, id=once)
    await case.tell(old, id=once)
    await inspection.tell(inspection.at("ON_SITE", a_move("I07", "leave", "OFF")))

    await poll(lambda: _all(worklist, me, 2))

    states = {todo.object_kind: (todo.service, todo.state) for todo in (await todos(worklist, me)).todos}
    assert states == {"case": ("penalties", "INVESTIGATING"), "inspection": ("inspections", "ON_SITE")}


async def test_a_matter_that_nobody_may_move_any_more_is_no_work(worklist, world):
    root = world.a_root()
    case, me = Matter(world, root), officer(root, "OFF")
    await case.tell(case.at("FILED", a_move("PC05", "go", "OFF")))
    await poll(lambda: ids(worklist, me))

    await case.tell(case.at("ARCHIVED"))

    await poll(lambda: _none(worklist, me))


async def test_a_part_follows_the_officers_of_its_whole(worklist, world):
    root = world.a_root()
    inspection = Matter(world, root, "inspections", "inspection", officers=("zhou",), lead="zhou")
    finding = Matter(world, root, "inspections", "finding", officers=("zhou",), lead="zhou")
    found = finding.at("RECHECK_DUE", a_move("HD12", "verify", "OFF"))
    found.whole_kind, found.whole_id = "inspection", str(inspection.id)
    await inspection.tell(inspection.at("CLOSED"))
    await finding.tell(found)
    zhou, wu = officer(root, "OFF", id="zhou"), officer(root, "OFF", id="wu")
    await poll(lambda: ids(worklist, zhou))

    inspection.officers, inspection.lead = ("wu",), "wu"
    await inspection.tell(inspection.at("CLOSED"))

    todo = (await poll(lambda: _found(worklist, wu)))[0]
    assert (todo.object_kind, list(todo.moves[0].officer_ids)) == ("finding", ["wu"])
    assert await ids(worklist, zhou) == []


async def _none(run, person):
    return not await ids(run, person)


async def test_a_later_word_on_a_timer_holds_and_moves_its_matter(worklist, world):
    root = world.a_root()
    case, me = Matter(world, root), officer(root, "OFF")
    timer = case.timer("D12", today(), policy="APL")
    started = case.told(timer)
    timer.stop(today())
    stopped = case.told(timer)
    await case.tell(stopped, started, case.at("FILED", a_move("PC05", "go", "OFF")))

    todo = (await poll(lambda: _found(worklist, me)))[0]

    assert not todo.deadlines
    assert not todo.HasField("due_at")


@pytest.mark.parametrize("number", [1, 20])
async def test_a_page_costs_the_same_whatever_its_size(worklist, world, counted, number):
    root = world.a_root()
    for _ in range(number):
        matter = Matter(world, root)
        await matter.tell(matter.at("FILED", a_move("PC05", "go", "OFF")), matter.told(matter.timer("D12", today(), policy="APL")))
    me = officer(root, "OFF")
    await poll(lambda: worklist.sql("SELECT 1 FROM deadlines WHERE root = $1 HAVING count(*) = $2", root, number))
    await poll(lambda: _all(worklist, me, number))
    stub = await worklist.stub(WorklistServiceStub, me)

    with counted() as seen:
        await stub.ListMyTodos(pb.ListMyTodosRequest())
    # The opening, the desks, the matters, their deadlines.
    assert len(seen) == 4, seen
    with counted() as seen:
        await stub.ListDeadlines(pb.ListDeadlinesRequest())
    # The opening, the deadlines, their matters, the log of the reading.
    assert len(seen) == 4, seen
    with counted() as seen:
        await stub.ListNotices(pb.ListNoticesRequest())
    assert len(seen) <= 3, seen


def test_the_feed_names_no_person_but_by_id():
    names = {field.name for field in work.ObjectMoved.DESCRIPTOR.fields}
    assert not {name for name in names if "name" in name or "phone" in name}
