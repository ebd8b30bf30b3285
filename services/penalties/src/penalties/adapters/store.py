"""The Uow of penalties."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from anzhi.penalties.v1 import events_pb2, penalties_pb2
from servicekit.db import Topic, Uow, page, work_topic
from sqlalchemy import func, not_, select
from sqlalchemy.orm import load_only, raiseload

from penalties.adapters.hanging_tables import transfers
from penalties.adapters.tables import cases, inspection_screens, questionings
from penalties.application.ports import CaseQuery, InspectionScreen
from penalties.domain.case import Case, State
from penalties.domain.enforcement import CaseTransfer, HeldGoods
from penalties.domain.file import CaseNotFound
from penalties.domain.records import CaseDocument, Questioning

# The columns of a summary. The others, records of the law as JSON among them, are most of what reading a case costs.
IN_A_LIST = load_only(*(getattr(Case, field.name) for field in penalties_pb2.CaseSummary.DESCRIPTOR.fields), raiseload=True)
ENDED_WITHOUT_FINE = (State.NOT_FILED, State.WITHDRAWN, State.TERMINATED, State.MOVED)


class Store(Uow):
    topics = (
        Topic("penalties.case.v1", events_pb2, key="object_id", events=("DocumentReleased",)),
        Topic("penalties.case.v1", events_pb2, key="case_id"),
        work_topic("penalties"),
    )

    async def case(self, id: UUID) -> Case:
        """Its timers come by a statement of their own: joined, they would repeat the records of the case in every row."""
        found = await self.session.get(Case, id)
        if found is None:
            raise CaseNotFound("there is none, or it is not yours to see", id=str(id))
        return found

    async def open_cases_on(self, act_id: str, enterprise_id: str, finding_ids: Sequence[str]) -> Sequence[Case]:
        """Cases on one of these findings and this act that were neither dropped nor revoked for good (APL 29)."""
        statement = select(Case).where(
            cases.c.act_id == act_id,
            cases.c.enterprise_id == enterprise_id,
            cases.c.finding_ids.overlap(list(finding_ids)),
            cases.c.state.not_in(ENDED_WITHOUT_FINE),
            not_(cases.c.revoked & cases.c.state.in_((State.CLOSED, State.ARCHIVED))),
        )
        return await self.all(statement.options(raiseload("*")))

    async def questionings_of(self, officer_ids: Sequence[str], starts_at: datetime, ends_at: datetime) -> Sequence[Questioning]:
        """Questionings of these officers that touch the interval. Each officer is locked, so that two entries at once see each other."""
        for officer_id in sorted(set(officer_ids)):
            await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"questioning:{officer_id}", 0))))
        overlapping = (
            questionings.c.officer_ids.overlap(list(officer_ids)),
            questionings.c.starts_at < ends_at,
            questionings.c.ends_at > starts_at,
        )
        return await self.all(select(Questioning).where(*overlapping))

    async def document(self, document_id: str) -> CaseDocument | None:
        return await self.session.get(CaseDocument, document_id)

    async def transfer(self, id: UUID) -> CaseTransfer | None:
        return await self.session.get(CaseTransfer, id)

    async def transfers_against(self, suspect: str) -> Sequence[CaseTransfer]:
        if not suspect:
            return ()
        return await self.all(select(CaseTransfer).where(transfers.c.suspects.contains([suspect])))

    async def measure(self, id: UUID) -> HeldGoods | None:
        return await self.session.get(HeldGoods, id)

    async def screens_of(self, inspection_id: str) -> Sequence[InspectionScreen]:
        return await self.all(select(InspectionScreen).where(inspection_screens.c.inspection_id == inspection_id))

    async def cases(self, query: CaseQuery, size: int, token: str) -> tuple[Sequence[Case], str]:
        statement = select(Case).options(raiseload("*"), IN_A_LIST)
        for column, wanted in (
            (cases.c.state, query.state),
            (cases.c.enterprise_id, query.enterprise_id),
            (cases.c.inspection_id, query.inspection_id),
        ):
            if wanted:
                statement = statement.where(column == wanted)
        return await page(self, statement, by=(cases.c.opened_at, cases.c.id), size=size, token=token, descending=True)
