"""The Uow over SQLAlchemy."""

from collections.abc import Sequence
from uuid import UUID

from anzhi.criminal_transfer.v1 import events_pb2
from kernel.moves import Machine
from servicekit.db import Topic, Uow, page, work_topic
from sqlalchemy import func, select, text

from criminal_transfer.adapters import tables
from criminal_transfer.application.ports import Filters
from criminal_transfer.domain.clue import OfficialClue
from criminal_transfer.domain.records import CaseFine, Handed, TransferDocument
from criminal_transfer.domain.refusals import TransferNotFound
from criminal_transfer.domain.transfer import Transfer
from criminal_transfer.domain.webhook import TYPES, Delivery, DeliveryNotFound, EndpointNotFound, WebhookEndpoint

_TELL = text("SELECT tell_partners(:transfer_id, :kind, :body)")


class Store(Uow):
    topics = (Topic("criminal-transfer.transfer.v1", events_pb2, key="transfer_id"), work_topic("criminal-transfer"))

    async def transfer(self, id: UUID) -> Transfer:
        return await self.get(Transfer, id, TransferNotFound)

    async def machine(self, id: UUID) -> Machine:
        return await self.transfer(id)

    async def lock_matter(self, key: str) -> None:
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"matter:{key}", 0))))

    async def open_on(self, case_id: str, inspection_id: str) -> Sequence[Transfer]:
        column = tables.transfers.c
        own = column.case_id == case_id if case_id else (column.inspection_id == inspection_id) & (column.case_id == "")
        if case_id and inspection_id:
            own |= (column.inspection_id == inspection_id) & (column.case_id == "")
        return await self.all(select(Transfer).where(own).order_by(column.opened_at, column.id))

    async def transfers(self, filters: Filters, size: int, token: str) -> tuple[Sequence[Transfer], str]:
        column = tables.transfers.c
        statement = select(Transfer)
        for name in ("state", "case_id", "inspection_id", "enterprise_id"):
            wanted = getattr(filters, name)
            if wanted:
                statement = statement.where(getattr(column, name) == wanted)
        return await page(self, statement, by=(column.opened_at, column.id), size=size, token=token, descending=True)

    async def clues(self, transfer_id: UUID) -> Sequence[OfficialClue]:
        column = tables.official_clues.c
        return await self.all(select(OfficialClue).where(column.transfer_id == transfer_id).order_by(column.recorded_at, column.id))

    async def documents(self, transfer_id: UUID) -> Sequence[TransferDocument]:
        column = tables.documents.c
        query = select(TransferDocument).where(column.transfer_id == transfer_id)
        return await self.all(query.order_by(column.noted_at, column.document_id))

    async def document(self, document_id: str) -> TransferDocument | None:
        return await self.session.get(TransferDocument, document_id)

    async def fine(self, case_id: str) -> CaseFine | None:
        return await self.session.get(CaseFine, case_id)

    async def handed(self, transfer_id: UUID) -> Sequence[Handed]:
        column = tables.handed.c
        return await self.all(select(Handed).where(column.transfer_id == transfer_id).order_by(column.handed_at, column.id))

    async def endpoint(self, id: UUID) -> WebhookEndpoint:
        return await self.get(WebhookEndpoint, id, EndpointNotFound)

    async def endpoints(self, *, lock: bool = False) -> Sequence[WebhookEndpoint]:
        if lock:
            await self.lock_matter(f"endpoints {self.scope}")
        column = tables.webhook_endpoints.c
        return await self.all(select(WebhookEndpoint).order_by(column.registered_at, column.id))

    async def delivery(self, id: UUID) -> Delivery:
        return await self.get(Delivery, id, DeliveryNotFound)

    async def deliveries(self, endpoint_id: UUID | None, state: str, size: int, token: str) -> tuple[Sequence[Delivery], str]:
        column = tables.deliveries.c
        statement = select(Delivery)
        if endpoint_id is not None:
            statement = statement.where(column.endpoint_id == endpoint_id)
        if state:
            statement = statement.where(column.state == state)
        return await page(self, statement, by=(column.created_at, column.id), size=size, token=token, descending=True)

    async def end(self, *, request_id: str = "", response: bytes = b"") -> None:
        """Before the transaction ends, what happened is laid out for the partners that it was handed to."""
        told = [(TYPES[type(each).__name__], each) for each in self._events if type(each).__name__ in TYPES]
        if told:
            # Who is handed the transfer in this very transaction is told of it.
            await self.session.flush()
            for kind, each in told:
                await self.session.execute(_TELL, tables.told(kind, each))
        await super().end(request_id=request_id, response=response)

    async def handed_page(self, size: int, token: str) -> tuple[Sequence[Handed], str]:
        column = tables.handed.c
        statement = select(Handed)
        return await page(self, statement, by=(column.handed_at, column.id), size=size, token=token, descending=True)
