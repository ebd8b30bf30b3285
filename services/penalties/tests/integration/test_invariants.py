"""The invariants of 11.10 over the real tables: they hold after a walk, and each sees what breaks it."""

import pytest
from verify import penalties as judged

from .walk import at

SETTINGS = "UPDATE cases SET {} WHERE id = $1::uuid"


class Tables:
    """The sources of `make verify`, for this database alone."""

    def __init__(self, run, case_id=None):
        self.run, self.case_id = run, case_id

    async def rows(self, service, query, *values):
        return await self.run.sql(query, *values, role="jobs")


async def violations(judge, run):
    return set((await judge(Tables(run))).violations)


ALL = (
    judged.decisions_follow_their_notice,
    judged.decisions_are_in_time_or_late,
    judged.three_persons,
    judged.one_act_is_fined_once,
    judged.surcharges_are_capped,
    judged.overdue_fines_are_proved,
    judged.penalties_are_published_in_time,
)


async def test_they_hold_after_the_walk(walk, penalties):
    await walk.to("finish")

    for judge in ALL:
        outcome = await judge(Tables(penalties))
        assert not any(walk.case.id in violation for violation in outcome.violations), judge.__name__
        assert outcome.rows or judge is judged.overdue_fines_are_proved


@pytest.mark.parametrize(
    ("judge", "change"),
    [
        (judged.decisions_follow_their_notice, SETTINGS.format("notices = '[]'")),
        (
            judged.decisions_follow_their_notice,
            SETTINGS.format("proposals = proposals || jsonb_set(proposals->0, '{number}', '2'), decided_proposal = 3"),
        ),
        (judged.decisions_are_in_time_or_late, SETTINGS.format("decided_at = decided_at + interval '90 days'")),
        (judged.three_persons, SETTINGS.format("decided_by = 'luo'")),
        (judged.three_persons, SETTINGS.format("prepared_by = '{}'")),
        (judged.overdue_fines_are_proved, SETTINGS.format("branch = 'OVERDUE'")),
        (judged.surcharges_are_capped, "UPDATE fine_accounts SET surcharge = fine + 1 WHERE case_id = $1::uuid"),
        (
            judged.penalties_are_published_in_time,
            "UPDATE publicity_items SET published_at = '2022-09-30 00:00+08' WHERE case_id = $1::uuid",
        ),
    ],
)
async def test_each_sees_what_breaks_it(walk, penalties, judge, change):
    await walk.to("decide")
    await walk.clock(at(9, 28, 9))
    await walk.do("zhou", "PublishPenalty", channel="公示系统")
    before = await violations(judge, penalties)

    await penalties.sql(change, walk.case.id)

    new = await violations(judge, penalties) - before
    assert len(new) == 1
    assert walk.case.id in new.pop()


async def test_two_fines_for_one_act_are_seen(walk, penalties):
    await walk.to("decide")
    before = await violations(judged.one_act_is_fined_once, penalties)
    columns = await penalties.sql("SELECT column_name FROM information_schema.columns WHERE table_name = 'cases' AND column_name <> 'id'")
    names = ", ".join(f'"{row["column_name"]}"' for row in columns)

    await penalties.sql(f"INSERT INTO cases (id, {names}) SELECT gen_random_uuid(), {names} FROM cases WHERE id = $1::uuid", walk.case.id)

    assert len(await violations(judged.one_act_is_fined_once, penalties) - before) == 1
