"""One suite over the Uow of the unit tests and the real one: the fake does not lie."""

import importlib.util
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from inspections.adapters.store import Store
from inspections.application.ports import Filters, MeasureFilters
from inspections.domain.finding import Finding
from inspections.domain.finding_rows import State as F
from inspections.domain.form import DocumentLine
from inspections.domain.inspection import Inspection
from inspections.domain.measure import CoerciveMeasure
from inspections.domain.measure_refusals import MeasureNotFound
from inspections.domain.measure_rows import State as S
from inspections.domain.measure_terms import Appraisal, CoercionSteps, Kind, MeasureObject, PowerGrounds, Sort
from inspections.domain.order import OrderItem, RectificationOrder
from inspections.domain.order import State as R
from inspections.domain.recusal import Recusal
from inspections.domain.recusal import State as C
from inspections.domain.refusals import (
    FindingNotFound,
    InspectionNotFound,
    OfficerElsewhere,
    OrderNotFound,
    PublicityItemNotFound,
    RecusalNotFound,
)
from inspections.domain.task_rows import State as I
from inspections.domain.terms import Answer, Source
from inspections.domain.visit import ItemAnswer, Position, Scheme, Stay
from kernel.errors import Conflict
from servicekit.db import transaction

NOW = datetime(2022, 8, 16, 1, 30, tzinfo=UTC)


def fakes():
    place = Path(__file__).parents[1] / "unit" / "fakes.py"
    spec = importlib.util.spec_from_file_location("fakes_of_inspections", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=["fake", "real"])
async def begin(request, inspections, world):
    """Opens one transaction after the other on the same data, under one scope."""
    scope = world.a_root() + "dalingshan/"
    fake = fakes().FakeUow()

    @asynccontextmanager
    async def opened():
        if request.param == "fake":
            yield fake
        else:
            async with transaction(inspections.service.sessions, Store, scope=scope, root=scope[:10]) as uow:
                yield uow

    opened.scope = scope
    return opened


def a_task(begin, **changes) -> Inspection:
    given = {
        "source": Source.SPECIAL,
        "source_ref": "ref",
        "title": "t",
        "enterprise_id": uuid4(),
        "enterprise_name": "n",
        "enterprise_code": "c",
        "enterprise_address": "a",
        "industry_code": "i",
        "region_code": "441900118",
        "legal_representative": "l",
        "enterprise_phone": "p",
        "org_id": "o",
        "org_path": begin.scope,
        "category": "WORK_SAFETY",
        "covert": False,
        "created_by": "plan",
        "created_at": NOW,
        "state": I.DRAFT,
        **changes,
    }
    return Inspection(**given)


def a_finding(task, **changes) -> Finding:
    given = {
        "task": task,
        "inspection_id": task.id,
        "enterprise_id": task.enterprise_id,
        "org_path": task.org_path,
        "check_item_id": "WSL-30.1-1",
        "instrument": "WSL",
        "matter": "m",
        "violation": "{姓名}",
        "rectify": "r",
        "duty_text": "d",
        "penalty_texts": [],
        "act_id": "A14",
        "authority": "EMERGENCY",
        "item_measures": [],
        "major_screen": True,
        "place": "p",
        "photo_ids": ["1"],
        "persons": 1,
        "slots": {"姓名": "邓"},
        "found_at": NOW,
        "state": F.FOUND,
        **changes,
    }
    return Finding(**given)


async def test_a_task_comes_back_as_it_was_stored(begin):
    scheme = Scheme(NOW, NOW + timedelta(hours=2), "c", "m", ("WSL-30.1-1",), approved_at=NOW, document_id=uuid4())
    answer = ItemAnswer("WSL-30.1-1", "m", Answer.CONFORM, "n", "wu", NOW, ("f",))
    task = a_task(begin, scheme=scheme, answers=[answer], position=Position(22.9, 113.8, 5.0), supplement_document_ids=[uuid4()])
    async with begin() as uow:
        uow.add(task)

    async with begin() as uow:
        found = (await uow.file(task.id)).inspection

    assert (found.scheme, found.answers, found.position) == (scheme, [answer], Position(22.9, 113.8, 5.0))
    assert found.supplement_document_ids == task.supplement_document_ids
    assert (found.state, found.source, found.created_at) == (I.DRAFT, Source.SPECIAL, NOW)


async def test_a_file_holds_everything_that_hangs_on_the_task(begin):
    task = a_task(begin)
    finding = a_finding(task)
    order = RectificationOrder(
        task=task, inspection_id=task.id, org_path=task.org_path, items=[OrderItem(finding.id, NOW.date())], created_at=NOW, state=R.DRAFT
    )
    recusal = Recusal(task, task.id, task.org_path, "wu", "PARTY", "INTEREST", "r", NOW, state=C.DECIDED_ACCEPT)
    line = DocumentLine(uuid4(), task.id, task.org_path, "F03", "inspection", task.id, "SEALED", "1")
    async with begin() as uow:
        for thing in (task, finding, order, recusal, line):
            uow.add(thing)

    async with begin() as uow:
        file = await uow.file(task.id)
        others = [await uow.file_of_finding(finding.id), await uow.file_of_order(order.id), await uow.file_of_recusal(recusal.id)]
        lines = await uow.line(line.document_id)

    assert [one.id for one in file.findings] == [finding.id]
    assert file.order(order.id).items == [OrderItem(finding.id, NOW.date())]
    assert file.recused() == {"wu"}
    assert file.sealed("F03")
    assert file.findings[0].task is file.inspection
    assert {one.inspection.id for one in others} == {task.id}
    assert lines is not None


async def test_what_is_not_there_is_told(begin):
    async with begin() as uow:
        for ask, missing in [
            (uow.file, InspectionNotFound),
            (uow.machine, InspectionNotFound),
            (uow.file_of_finding, FindingNotFound),
            (uow.file_of_order, OrderNotFound),
            (uow.file_of_recusal, RecusalNotFound),
            (uow.file_of_publicity, PublicityItemNotFound),
            (uow.file_of_measure, MeasureNotFound),
        ]:
            with pytest.raises(missing):
                await ask(uuid4())
        with pytest.raises(FindingNotFound):
            await uow.findings([uuid4()])
        assert await uow.line(uuid4()) is None
        assert await uow.matter_of("inspection", uuid4()) is None
        assert await uow.matter_of("case", uuid4()) is None


async def test_findings_come_in_the_order_asked_for(begin):
    task = a_task(begin)
    findings = [a_finding(task) for _ in range(3)]
    async with begin() as uow:
        uow.add(task)
        for finding in findings:
            uow.add(finding)

    wanted = [findings[2].id, findings[0].id]
    async with begin() as uow:
        found = await uow.findings(wanted)
        machine = await uow.machine(findings[1].id)
        matter = await uow.matter_of("finding", findings[1].id)

    assert [one.id for one in found] == wanted
    assert machine.id == findings[1].id
    assert matter == (task.id, task.org_path)


async def test_tasks_are_listed_newest_first_by_pages_and_filters(begin):
    enterprise = uuid4()
    tasks = [
        a_task(begin, created_at=NOW + timedelta(days=n), enterprise_id=enterprise, officer_ids=["zhou"] if n % 2 else [], lead_id="")
        for n in range(5)
    ]
    async with begin() as uow:
        for task in tasks:
            uow.add(task)

    async with begin() as uow:
        first, token = await uow.tasks(Filters(enterprise_id=enterprise), 3, "")
        rest, end = await uow.tasks(Filters(enterprise_id=enterprise), 3, token)
        of_zhou, _ = await uow.tasks(Filters(enterprise_id=enterprise, officer_id="zhou"), 10, "")
        window = Filters("DRAFT", enterprise, "", "SPECIAL", NOW + timedelta(days=1), NOW + timedelta(days=3))
        in_window, _ = await uow.tasks(window, 10, "")

    assert [task.id for task in (*first, *rest)] == [task.id for task in reversed(tasks)]
    assert end == ""
    assert {task.id for task in of_zhou} == {tasks[1].id, tasks[3].id}
    assert [task.id for task in in_window] == [tasks[2].id, tasks[1].id]


async def test_cancelled_checks_do_not_count(begin):
    enterprise = uuid4()
    async with begin() as uow:
        uow.add(a_task(begin, enterprise_id=enterprise))
        uow.add(a_task(begin, enterprise_id=enterprise, state=I.CANCELLED))
        uow.add(a_task(begin, enterprise_id=enterprise, created_at=NOW - timedelta(days=400)))

    async with begin() as uow:
        assert await uow.checks_since(enterprise, NOW - timedelta(days=30)) == 1


async def test_an_officer_is_in_one_place(begin):
    officer, here, there = f"o-{uuid4().hex}", uuid4(), uuid4()
    async with begin() as uow:
        await uow.enter_site([Stay(officer, here, begin.scope, NOW)])

    async with begin() as uow:
        assert await uow.on_site([officer], besides=there) == {officer: str(here)}
        assert await uow.on_site([officer], besides=here) == {}
    with pytest.raises(OfficerElsewhere):
        async with begin() as uow:
            await uow.enter_site([Stay(officer, there, begin.scope, NOW)])
    async with begin() as uow:
        await uow.leave_site(here, [], NOW + timedelta(hours=1))
        await uow.enter_site([Stay(officer, there, begin.scope, NOW + timedelta(hours=2))])
        await uow.leave_site(there, [officer], NOW + timedelta(hours=3))
    async with begin() as uow:
        assert await uow.on_site([officer], besides=uuid4()) == {}


async def test_what_was_read_is_what_stands(begin):
    task = a_task(begin)
    async with begin() as uow:
        uow.add(task)

    async with begin() as uow:
        found = (await uow.file(task.id)).inspection
        uow.expect(found, found.version)
        with pytest.raises(Conflict) as stale:
            uow.expect(found, found.version + 1)

    assert stale.value.reason == "CHANGED_MEANWHILE"


def a_measure(task: Inspection, **changes) -> CoerciveMeasure:
    given = {
        "task": task,
        "inspection_id": task.id,
        "enterprise_id": task.enterprise_id,
        "org_path": task.org_path,
        "kind": Kind.SEIZE,
        "finding_ids": [uuid4()],
        "objects": [MeasureObject(1, "甲苯", quantity="16", unit="桶", place="仓库", sort=Sort.GOODS, evidence_id="item")],
        "problem": "p",
        "basis_text": "b",
        "hazardous_chemicals": True,
        "decision_id": uuid4(),
        "created_at": NOW,
        "state": S.IN_FORCE,
        **changes,
    }
    return CoerciveMeasure(**given)


async def test_a_measure_comes_back_as_it_was_stored(begin):
    task = a_task(begin)
    tests = [Appraisal("item", "notice", 10, NOW.date())]
    steps, power = CoercionSteps(party_called=True, witness="林"), PowerGrounds(supplier="供电局")
    made = a_measure(task, appraisals=tests, steps=steps, power=power, documents={"F08": str(uuid4())}, stored_state=S.EXTENDED)
    async with begin() as uow:
        uow.add(task)
        uow.add(made)

    async with begin() as uow:
        found = (await uow.file_of_measure(made.id)).measure(made.id)
        assert await uow.matter_of("measure", made.id) == (task.id, task.org_path)
        assert (await uow.machine(made.id)).id == made.id

    assert (found.objects, found.appraisals, found.steps, found.power) == (made.objects, tests, steps, power)
    assert (found.state, found.stored_state, found.kind, found.finding_ids) == (S.IN_FORCE, S.EXTENDED, Kind.SEIZE, made.finding_ids)
    assert (found.documents, found.handling, found.proceeds.fen) == (made.documents, None, 0)
    assert found.task.id == task.id


async def test_measures_are_found_by_what_they_are_about(begin):
    task, other = a_task(begin), a_task(begin)
    tested = a_measure(task, state=S.APPRAISAL, appraisals=[Appraisal("item", "notice", 10, NOW.date())], case_id="case-7")
    again = a_measure(task, created_at=NOW + timedelta(days=1), appraisals=[Appraisal("item", "notice", 10, NOW.date(), NOW.date())])
    elsewhere = a_measure(other, case_id="case-8")
    async with begin() as uow:
        for thing in (task, other, tested, again, elsewhere):
            uow.add(thing)

    async def listed(uow, **given):
        found, _ = await uow.measures(MeasureFilters(**given), 10, "")
        return [one.id for one in found]

    async with begin() as uow:
        assert await listed(uow, inspection_id=task.id) == [again.id, tested.id]
        assert await listed(uow, case_id="case-7") == [tested.id]
        assert await listed(uow, enterprise_id=other.enterprise_id) == [elsewhere.id]
        assert await listed(uow, inspection_id=task.id, state="APPRAISAL") == [tested.id]
        first, token = await uow.measures(MeasureFilters(inspection_id=task.id), 1, "")
        second, end = await uow.measures(MeasureFilters(inspection_id=task.id), 1, token)
        assert [one.id for one in (*first, *second)] == [again.id, tested.id]
        assert end == ""
        assert [one.id for one in await uow.measures_of_case("case-8")] == [elsewhere.id]
        found = await uow.measures_at_appraisal("item")
        assert [(one.id, one.task.id) for one in found] == [(tested.id, task.id)]
        assert await uow.measures_at_appraisal("other") == []
