"""Which events evidence hears, and which command each one runs."""

from typing import Any

from anzhi.penalties.v1.events_pb2 import CaseArchived, CaseReported
from kernel.moves import Facts
from servicekit import wire

from evidence.adapters.store import Store
from evidence.application import commands
from evidence.application.ports import Outside


async def on_case_reported(uow: Store, event: CaseReported, facts: Facts) -> None:
    await commands.review(uow, facts=facts, item_ids=wire.uuids(event.evidence_ids))


def on_case_archived(outside: Outside) -> Any:
    """The handler with the ports that it needs."""

    async def handle(uow: Store, event: CaseArchived, facts: Facts) -> None:
        await commands.archive(uow, facts=facts, outside=outside, case_id=wire.uuid(event.case_id))

    return handle
