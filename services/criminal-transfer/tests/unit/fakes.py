"""The ports of the use cases, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from criminal_transfer.application.ports import Body, BuiltPack, Filters, HeldObject, Item, Matter, PackFile, Paper, Party, Ports
from criminal_transfer.domain.clue import OfficialClue
from criminal_transfer.domain.limits import Limits
from criminal_transfer.domain.records import CaseFine, Handed, Receiver, TransferDocument
from criminal_transfer.domain.refusals import TransferNotFound
from criminal_transfer.domain.transfer import Transfer
from kernel.errors import Conflict

from .scene import DISTRICT, ITEMS, POLICE_BODY, PROCURATORATE_BODY, an_officer, at


class ChangedMeanwhile(Conflict):
    """As servicekit refuses a stale version."""


@dataclass
class Claimed:
    claims: Mapping[str, Any]


class FakeUow:
    def __init__(self, *things: Any, amr: Sequence[str] = ("pwd", "otp")) -> None:
        self.things, self.events = list(things), []
        self.caller = Claimed({"amr": list(amr)})

    def add(self, thing: object) -> None:
        self.things.append(thing)

    def record(self, happened: object) -> None:
        self.events.append(happened)

    def expect(self, thing: Any, version: int) -> None:
        if thing.version != version:
            raise ChangedMeanwhile("it changed", version=thing.version)

    def of(self, kind: type[Any]) -> list[Any]:
        return [thing for thing in self.things if isinstance(thing, kind)]

    async def transfer(self, id: UUID) -> Transfer:
        found = next((one for one in self.of(Transfer) if one.id == id), None)
        if found is None:
            raise TransferNotFound("none", id=str(id))
        return found

    async def machine(self, id: UUID) -> Transfer:
        return await self.transfer(id)

    async def lock_matter(self, key: str) -> None:
        assert key

    async def open_on(self, case_id: str, inspection_id: str) -> list[Transfer]:
        found = [one for one in self.of(Transfer) if case_id and one.case_id == case_id]
        return found + [one for one in self.of(Transfer) if inspection_id and not one.case_id and one.inspection_id == inspection_id]

    async def transfers(self, filters: Filters, size: int, token: str) -> tuple[list[Transfer], str]:
        return [one for one in self.of(Transfer) if not filters.case_id or one.case_id == filters.case_id], ""

    async def clues(self, transfer_id: UUID) -> list[OfficialClue]:
        return [one for one in self.of(OfficialClue) if one.transfer_id == transfer_id]

    async def documents(self, transfer_id: UUID) -> list[TransferDocument]:
        return [one for one in self.of(TransferDocument) if one.transfer_id == transfer_id]

    async def document(self, document_id: str) -> TransferDocument | None:
        return next((one for one in self.of(TransferDocument) if one.document_id == document_id), None)

    async def fine(self, case_id: str) -> CaseFine | None:
        return next((one for one in self.of(CaseFine) if one.case_id == case_id), None)

    async def handed(self, transfer_id: UUID) -> list[Handed]:
        return [one for one in self.of(Handed) if one.transfer_id == transfer_id]

    async def handed_page(self, size: int, token: str) -> tuple[list[Handed], str]:
        return self.of(Handed), ""


class FakeIdentity:
    def __init__(self, *clients: Receiver) -> None:
        self.clients = clients

    async def officers(self, ids: Sequence[str], at: Any) -> list[Any]:
        return [an_officer(id) for id in ids]

    async def body(self, org_id: str, on: Any) -> Body:
        return Body("珠海市公安局香洲分局", "珠海市香洲区人民检察院", {"authority_name": "香洲区应急管理局", "superior_name": ""})

    async def partners(self, org_id: str, on: Any) -> Sequence[Receiver]:
        return self.clients


class FakeMatters:
    async def case(self, case_id: str) -> Matter:
        party = Party("某化工贸易有限公司", "91", "香洲", "邓某", "0756")
        return Matter(case_id, "inspection-1", "enterprise-1", "xiangzhou", DISTRICT, "440402", "WORK_SAFETY", party, "无证经营案")

    async def inspection(self, inspection_id: str) -> Matter:
        return Matter("", inspection_id, "enterprise-1", "xiangzhou", DISTRICT, "440402", "WORK_SAFETY", Party("某公司"), "检查")

    async def held(self, case_id: str, inspection_id: str) -> list[HeldObject]:
        return [HeldObject("甲苯", "40 桶", "铁桶", "二号仓库", "查封1号")] if case_id else []


class FakeDocuments:
    """`draft` is checked as it should be."""

    def __init__(self) -> None:
        self.papers: dict[str, Paper] = {}

    def draft(self, transfer: Transfer, form: str, approver: str = "huang") -> str:
        id = f"{form}-{len(self.papers)}"
        self.papers[id] = Paper(id, form, str(transfer.id), (), {"APPROVER": [approver], "OFFICER": ["liang", "song"]})
        return id

    async def check(self, document_id: str) -> Paper:
        return self.papers[document_id]


@dataclass
class FakeEvidence:
    built: list[dict[str, Any]] = field(default_factory=list)

    async def items(self, object_kind: str, object_id: str) -> list[Item]:
        return list(ITEMS.values()) if object_kind == "case" else []

    async def build(self, **given: Any) -> BuiltPack:
        self.built.append(given)
        return BuiltPack("pack-1", "ab" * 32, 10)

    async def file(self, pack_id: str) -> PackFile:
        return PackFile(f"https://store/{pack_id}", at(12), "ab" * 32, 10)


def ports(*clients: Receiver) -> Ports:
    known = clients or (POLICE_BODY, PROCURATORATE_BODY)
    return Ports(FakeIdentity(*known), FakeMatters(), FakeDocuments(), FakeEvidence(), Limits())
