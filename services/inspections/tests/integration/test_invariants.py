"""`make verify` holds over what the service stores, and sees what somebody else changed."""

from uuid import uuid4

import asyncpg
from verify import inspections as invariants


class Databases:
    """What an invariant reads: the databases as they are in this test."""

    def __init__(self, world) -> None:
        self.world = world

    async def rows(self, service, query, *values):
        connection = await asyncpg.connect((await self.world.database(service)).admin)
        try:
            return await connection.fetch(query, *values)
        finally:
            await connection.close()


async def judged(world, *judges):
    return [await judge(Databases(world)) for judge in judges]


async def test_a_walked_task_keeps_the_invariants(story, world):
    file, _ = await story.ordered()

    outcomes = await judged(world, invariants.records_come_first, invariants.nobody_is_in_two_places)

    # Other services' tests leave rows of their own people in the same databases.
    ours = {file.inspection.id, *story.ids.values()}
    assert not [line for outcome in outcomes for line in outcome.violations if any(one in line for one in ours)]
    assert all(outcome.rows for outcome in outcomes)


async def test_what_breaks_an_invariant_is_seen(story, world):
    file, _ = await story.ordered()
    task, finding = file.inspection.id, file.findings[0].id
    officer, place = story.ids["zhou"], uuid4()
    sql = story.run.sql
    await sql("UPDATE inspections SET state = 'CLOSED', record_document_id = NULL WHERE id = $1", task)
    await sql("UPDATE findings SET severity = 'MAJOR' WHERE id = $1", finding)
    await sql(
        "INSERT INTO stays (id, org_path, officer_id, inspection_id, from_at, to_at)"
        " SELECT $1, org_path, $2, $1, from_at, from_at + interval '1 hour' FROM stays WHERE officer_id = $2",
        place,
        officer,
    )
    try:
        closed, record, places, major = await judged(
            world,
            invariants.closed_tasks_are_done,
            invariants.records_come_first,
            invariants.nobody_is_in_two_places,
            invariants.major_dangers_cite_the_standard,
        )
        assert [one for one in closed.violations if task in one]
        assert [one for one in record.violations if task in one]
        assert [one for one in places.violations if one.startswith(officer)]
        assert [one for one in major.violations if finding in one]
    finally:
        await sql("DELETE FROM stays WHERE id = $1", place)
        await sql("UPDATE inspections SET state = 'ISSUES_OPEN', record_document_id = $2 WHERE id = $1", task, uuid4())
        await sql("UPDATE findings SET severity = 'GENERAL' WHERE id = $1", finding)
