"""The Uow over SQLAlchemy, and the register of numbers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from anzhi.documents.v1 import events_pb2
from kernel.errors import NotFound
from servicekit.db import Sessions, Topic, Uow, page, transaction, work_topic
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from documents.adapters import tables
from documents.application.ports import Uow as AnyUow
from documents.domain.document import Document
from documents.domain.numbering import Number, number_text


class DocumentNotFound(NotFound):
    """No such document, or not of your jurisdiction."""


class Store(Uow):
    topics = (Topic("documents.document.v1", events_pb2, key="document_id"), work_topic("documents"))

    async def document(self, document_id: UUID) -> Document:
        return await self.get(Document, document_id, DocumentNotFound)

    async def of_matter(self, matter_id: UUID, forms: Sequence[str] = ()) -> Sequence[Document]:
        columns = tables.documents.c
        query = select(Document).where(columns.matter_id == matter_id)
        if forms:
            query = query.where(columns.form.in_(forms))
        return await self.all(query.order_by(columns.drafted_at, columns.id))

    async def number_of(self, document_id: UUID) -> Number | None:
        found: Number | None = await self.one(select(Number).where(tables.numbers.c.document_id == document_id))
        return found

    async def search(
        self, *, object_kind: str, object_id: UUID | None, matter_id: UUID | None, form: str, state: str, size: int, token: str
    ) -> tuple[Sequence[Document], str]:
        columns = tables.documents.c
        query = select(Document)
        wanted: dict[Any, object] = {
            columns.object_kind: object_kind,
            columns.object_id: object_id,
            columns.matter_id: matter_id,
            columns.form: form,
            columns.state: state,
        }
        for column, value in wanted.items():
            if value:
                query = query.where(column == value)
        return await page(self, query, by=(columns.drafted_at, columns.id), size=size, token=token)

    async def numbers(self, *, issuer_id: str, letter_code: str, year: int, size: int, token: str) -> tuple[Sequence[Number], str]:
        columns = tables.numbers.c
        query = select(Number)
        wanted: dict[Any, object] = {columns.issuer_id: issuer_id, columns.letter_code: letter_code, columns.year: year}
        for column, value in wanted.items():
            if value:
                query = query.where(column == value)
        order = (columns.issuer_id, columns.letter_code, columns.year, columns.sequence)
        return await page(self, query, by=order, size=size, token=token)


class NumberRegister:
    """Takes numbers in a transaction of its own, through a few connections of its own.

    The lock on the series is held for one insert, not for the sealing of a document; and a number that was taken stays
    with its document when the sealing fails, so that the next try bears the same one (docs/decisions).
    """

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def take(self, uow: AnyUow, document: Document, year: int, at: datetime) -> Number:
        async with transaction(self.sessions, Store, jobs=uow.jobs, scope=uow.scope, root=uow.root) as register:
            taken = await register.number_of(document.id)
            if taken is None:
                taken = await self._next(register, document, year, at)
            register.session.expunge(taken)
            return taken

    async def _next(self, register: Store, document: Document, year: int, at: datetime) -> Number:
        code = document.spec.code
        first = insert(tables.series).values(issuer_id=document.issuer_id, letter_code=code, year=year, last=1)
        following = first.on_conflict_do_update(
            index_elements=["issuer_id", "letter_code", "year"], set_={"last": tables.series.c.last + 1}
        ).returning(tables.series.c.last)
        sequence = int((await register.session.execute(following)).scalar_one())
        number = Number(
            issuer_id=document.issuer_id,
            letter_code=code,
            year=year,
            sequence=sequence,
            number=number_text(document.issuer_abbreviation, code, year, sequence),
            document_id=document.id,
            org_path=document.org_path,
            taken_at=at,
        )
        register.add(number)
        await register.flush()
        return number
