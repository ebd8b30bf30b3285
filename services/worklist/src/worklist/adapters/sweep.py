"""Notices that fell due on the legal clock of their root: given once, in the order of their days, and kept."""

import json
import logging
from datetime import datetime
from typing import Any

from kernel.moves import SYSTEM
from servicekit.db import Sessions, facts_for, legal_now, transaction
from servicekit.faults import away
from servicekit.privacy import words_of
from sqlalchemy import select, text

from worklist.adapters import tables as t
from worklist.adapters.bulk import given, plain
from worklist.adapters.store import Store
from worklist.domain.lines import DeadlineLine, NoticeLine
from worklist.domain.notices import next_after, notice, plan

log = logging.getLogger(__name__)
BATCH = 500

# A root at a time through the index: how many deadlines there are does not matter.
ROOTS = text("""
WITH RECURSIVE walked AS (
    (SELECT root FROM deadlines ORDER BY root LIMIT 1)
    UNION ALL SELECT (SELECT root FROM deadlines WHERE root > walked.root ORDER BY root LIMIT 1) FROM walked WHERE walked.root IS NOT NULL
)
SELECT walked.root, (SELECT min(next_notice_at) FROM deadlines WHERE deadlines.root = walked.root) AS first
FROM walked WHERE walked.root IS NOT NULL
""")


class Sweep:
    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def __call__(self, root: str | None) -> int:
        """Everything that is due, of one root or of all. Answers how many notices were given."""
        count = 0
        for each, first in await self._roots() if root is None else [(root, None)]:
            while True:
                try:
                    taken, new = await self._batch(each, first)
                except Exception as error:
                    if root is not None or not away(error):
                        raise
                    log.warning("notices of %s wait: %s", each, words_of(error))
                    break
                count += new
                if taken < BATCH:
                    break
        return count

    async def _roots(self) -> list[tuple[str, datetime]]:
        async with self.sessions.engine(jobs=True).connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            return [(row.root, row.first) for row in await connection.execute(ROOTS) if row.first is not None]

    async def _batch(self, root: str, first: datetime | None) -> tuple[int, int]:
        async with transaction(self.sessions, Store, jobs=True, scope=root, root=root) as uow:
            now = await legal_now(self.sessions, uow)
            if first is not None and first > now:
                return 0, 0
            await uow.alone()
            c = t.deadlines.c
            due = select(DeadlineLine).where(c.root == root, c.next_notice_at <= now).order_by(c.next_notice_at, c.id).limit(BATCH)
            lines = await uow.all(due)
            if not lines:
                return 0, 0
            facts = await facts_for(self.sessions, uow, SYSTEM, now=now)
            rules, calendar = await uow.rules(), facts.law.calendar
            found: list[NoticeLine] = []
            then: list[dict[str, Any]] = []
            for line in lines:
                planned = plan(line, rules, calendar)
                found += [notice(line, each.rule, each.at) for each in planned if each.at <= now]
                then.append({"id": str(line.id), "next_notice_at": plain(next_after(planned, now))})
            whom = {line.key: (line.officer_ids, line.lead_id) for line in await uow.matters({line.object_id for line in lines})}
            new = await uow.give(found, whom)
            await self._move_on(uow, then)
        return len(lines), new

    async def _move_on(self, uow: Store, then: list[dict[str, Any]]) -> None:
        rows = given(t.deadlines, ("id", "next_notice_at"))
        statement = f"UPDATE deadlines SET next_notice_at = given.next_notice_at FROM {rows} WHERE deadlines.id = given.id"  # noqa: S608 - names of tables.py
        await uow.session.execute(text(statement), {"rows": json.dumps(then)})
