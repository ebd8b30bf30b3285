"""Second implementations of the ports, for unit tests alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from documents.adapters.store import DocumentNotFound
from documents.application.ports import Outside, OwnerAnswer
from documents.domain.document import Document, File, Issuer
from documents.domain.numbering import Number, number_text
from kernel.guards import Certificate, Officer
from kernel.moves import Facts, Person, Role
from kernel.parameters import LawParameters
from servicekit.db import ChangedMeanwhile

NOW = datetime(2022, 8, 16, 7, 30, tzinfo=UTC)
NAMES = {"zhou": "周明远", "wu": "吴立诚", "wei": "魏志坚", "zheng": "郑启华", "he": "何文彬", "luo": "罗静仪"}


def person(id: str = "zhou", *roles: Role, **given: Any) -> Person:
    return Person(id, "dalingshan", "/44/4419/dalingshan/", frozenset(roles or (Role.OFF, Role.LEAD)), **given)


def facts(by: Person | None = None, **given: Any) -> Facts:
    return Facts(**{"by": by or person(), "now": NOW, "law": LawParameters.shipped(), **given})


SYS = person("system", Role.SYS)


class FakeUow:
    jobs, scope, root = False, "/44/", "/44/"

    def __init__(self, *things: Any) -> None:
        self.things: list[Any] = list(things)
        self.events: list[Any] = []

    def add(self, thing: Any) -> None:
        self.things.append(thing)

    def record(self, event: Any) -> None:
        self.events.append(event)

    def expect(self, thing: Any, version: int) -> None:
        if thing.version != version:
            raise ChangedMeanwhile("it changed since you read it")

    async def document(self, document_id: UUID) -> Document:
        for thing in self.things:
            if isinstance(thing, Document) and thing.id == document_id:
                return thing
        raise DocumentNotFound("there is none", id=str(document_id))

    async def of_matter(self, matter_id: UUID, forms: Sequence[str] = ()) -> Sequence[Document]:
        documents = [thing for thing in self.things if isinstance(thing, Document) and thing.matter_id == matter_id]
        return [document for document in documents if not forms or document.form in forms]

    async def number_of(self, document_id: UUID) -> Number | None:
        return next((thing for thing in self.things if isinstance(thing, Number) and thing.document_id == document_id), None)

    def happened(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


@dataclass
class FakeOwners:
    draft: OwnerAnswer = field(default_factory=lambda: OwnerAnswer(True, org_id="dalingshan", org_path="/44/4419/dalingshan/"))
    service: OwnerAnswer = field(default_factory=lambda: OwnerAnswer(True))

    async def may_draft(self, form: str, object_kind: str, object_id: UUID) -> OwnerAnswer:
        return self.draft

    async def may_serve(self, document: Document) -> OwnerAnswer:
        return self.service


class FakeBodies:
    async def issuer(self, org_id: str, on: date) -> Issuer:
        return Issuer("4419", "东莞市应急管理局", "莞")


class FakeOfficers:
    async def officers(self, ids: Sequence[str], at: datetime | None = None) -> list[Officer]:
        return [self._officer(wanted) for wanted in ids if wanted in NAMES]

    def _officer(self, id: str) -> Officer:
        last = date(2021, 12, 31) if id == "wei" else date(2030, 1, 1)
        certificate = Certificate(f"44-{id}", frozenset({"WORK_SAFETY"}), ("4419",), date(2020, 1, 1), last)
        return Officer(id, NAMES[id], certificates=() if id in ("zheng", "he", "luo") else (certificate,))


@dataclass
class FakeRegister:
    """Counts per series; a document that has a number keeps it."""

    uow: FakeUow
    last: dict[tuple[str, str, int], int] = field(default_factory=dict)

    async def take(self, uow: Any, document: Document, year: int, at: datetime) -> Number:
        taken = await self.uow.number_of(document.id)
        if taken is not None:
            return taken
        series = (document.issuer_id, document.spec.code, year)
        self.last[series] = self.last.get(series, 0) + 1
        text = number_text(document.issuer_abbreviation, document.spec.code, year, self.last[series])
        number = Number(*series, self.last[series], text, document.id, document.org_path, at)
        self.uow.add(number)
        return number


@dataclass
class FakePress:
    fails: bool = False
    printed: list[UUID] = field(default_factory=list)

    async def issue(self, document: Document, verify_url: str, at: datetime) -> File:
        if self.fails:
            raise OSError("the store is away")
        self.printed.append(document.id)
        return File(f"{document.id}.pdf", "v1", "ab" * 32, "cd" * 32, 1000, 1, date(2036, 1, 1))

    async def link(self, document: Document) -> tuple[str, datetime]:
        return f"https://store/{document.object_key}", NOW


def outside(uow: FakeUow, **given: Any) -> Outside:
    made = Outside(
        owners=FakeOwners(),
        bodies=FakeBodies(),
        officers=FakeOfficers(),
        register=FakeRegister(uow),
        press=FakePress(),
        missing_characters=lambda text: [letter for letter in dict.fromkeys(text) if letter == "𠮷"],
        public_url="https://anzhi.example/",
    )
    return replace(made, **given)
