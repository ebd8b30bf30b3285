"""The only thing that a person does here: he has read a notice."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from kernel.moves import Facts

from worklist.application.ports import Uow, Words
from worklist.application.queries import told
from worklist.domain.events import NoticeRead
from worklist.domain.seats import keys_of


async def mark_read(uow: Uow, *, words: Words, facts: Facts, id: UUID) -> dict[str, Any]:
    found = await uow.notice_for(id, keys_of(facts.by), facts.by.id)
    if found.read_at is None:
        if await uow.read_notice(found.line, facts.by.id, facts.now):
            uow.record(NoticeRead(id, facts.by.id, facts.now))
        found = replace(found, read_at=facts.now)
    return told(found, words)
