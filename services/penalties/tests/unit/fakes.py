"""Second implementations of the ports, for unit tests alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kernel.errors import Conflict
from penalties.application.ports import Enterprise, EvidenceLine, Finding, Issuer, NamedOfficer, Order, Ports, SeenInspection
from penalties.domain.case import Case
from penalties.domain.enforcement import CaseTransfer, HeldGoods
from penalties.domain.file import CaseNotFound
from penalties.domain.papers import CheckedDocument

from .story import A14, BODY, BRANCH, FORMS, SCALE, THRESHOLDS, an_officer

ISSUER = Issuer(
    name="东莞市应急管理局",
    address="东莞市",
    phone="0769",
    doc_abbr="莞",
    court="东莞市第一人民法院",
    superior="广东省应急管理厅",
    reconsideration_bodies=("东莞市人民政府", "广东省应急管理厅"),
    bank="样例银行",
    account="123",
    account_name="财政专户",
)


class Changed(Conflict):
    """Stands for the store's own conflict."""


class FakeUow:
    def __init__(self, *known: Case) -> None:
        self.known = {case.id: case for case in known}
        self.events: list[Any] = []
        self.screens: list[Any] = []
        self.questionings: list[Any] = []
        self.transfers: dict[UUID, Any] = {}
        self.measures: dict[UUID, Any] = {}

    @property
    def happened(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    async def case(self, id: UUID) -> Case:
        if id not in self.known:
            raise CaseNotFound("there is none", id=str(id))
        return self.known[id]

    def expect(self, thing: Any, version: int) -> None:
        if thing.version != version:
            raise Changed("it changed", version=thing.version)

    def add(self, thing: Any) -> None:
        if isinstance(thing, Case):
            self.known[thing.id] = thing
        elif isinstance(thing, CaseTransfer):
            self.transfers[thing.id] = thing
            for case in self.known.values():
                if case.id == thing.case_id:
                    case.transfers.append(thing)
        elif isinstance(thing, HeldGoods):
            self.measures[thing.id] = thing
        else:
            self.screens.append(thing)

    def record(self, happened: object) -> None:
        self.events.append(happened)

    async def open_cases_on(self, act_id: str, enterprise_id: str, finding_ids: Sequence[str]) -> Sequence[Case]:
        return [c for c in self.known.values() if c.act_id == act_id and set(c.finding_ids) & set(finding_ids)]

    async def questionings_of(self, officer_ids: Sequence[str], starts_at: Any, ends_at: Any) -> Sequence[Any]:
        return self.questionings

    async def document(self, document_id: str) -> Any:
        return next((d for case in self.known.values() for d in case.documents if d.document_id == document_id), None)

    async def transfer(self, id: UUID) -> Any:
        return self.transfers.get(id)

    async def transfers_against(self, suspect: str) -> Sequence[Any]:
        return [transfer for transfer in self.transfers.values() if suspect in transfer.suspects]

    async def measure(self, id: UUID) -> Any:
        return self.measures.get(id)

    async def screens_of(self, inspection_id: str) -> Sequence[Any]:
        return [screen for screen in self.screens if screen.inspection_id == inspection_id]

    async def cases(self, query: Any, size: int, token: str) -> tuple[Sequence[Case], str]:
        return list(self.known.values()), ""


@dataclass
class Others:
    """Every other service at once."""

    case: Case | None = None
    forms: dict[str, str] = field(default_factory=dict)
    findings_: list[Finding] = field(default_factory=list)
    evidence: str = "ADMITTED"
    wrong: list[str] = field(default_factory=list)
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    @property
    def ports(self) -> Ports:
        return Ports(self, self, self, self, self, self)

    async def officers(self, ids: Any, at: Any) -> Any:
        return [an_officer(id) for id in ids]

    async def names(self, ids: Any, at: Any) -> Any:
        return [NamedOfficer(id, id, f"粤-{id}") for id in ids]

    async def legal_qualified(self, id: str, at: Any) -> bool:
        return id == "luo"

    async def body(self, org_id: str, on: str) -> Any:
        return BODY

    async def issuer(self, org_id: str, on: str) -> Issuer:
        return ISSUER

    async def act(self, id: str, on: str) -> Any:
        return A14

    async def scale(self, act: Any, branch: str, on: str) -> Any:
        return SCALE

    async def thresholds(self, region_code: str, on: str) -> Any:
        return THRESHOLDS

    async def lines(self, case_id: UUID) -> Any:
        return [EvidenceLine(id, self.evidence, "E5", f"照片{id}", "") for id in ("e1", "e2")]

    async def mismatches(self, case_id: UUID, request_id: str) -> Any:
        return self.wrong

    async def check(self, document_id: str, capacities: Any) -> CheckedDocument:
        self.asked.append((document_id, tuple(capacities)))
        form = self.forms.get(document_id, document_id)
        case_id = str(self.case.id) if self.case else ""
        return CheckedDocument(document_id, form, case_id, signers=FORMS.get(form, {}))

    async def enterprise(self, id: str) -> Enterprise:
        return Enterprise(id, "东莞市样例机械有限公司", "91441900MA4W12346U", "441900118", "大岭山镇", "陈某", "0769")

    async def findings(self, ids: Any) -> Any:
        return self.findings_

    async def orders(self, inspection_id: str) -> Any:
        return [Order("order-1", served=True, failed=False), Order("order-2", served=True, failed=True)]

    async def inspection(self, id: str) -> SeenInspection:
        return SeenInspection(id, "e", "branch", BRANCH, "441900118", "HAZARDOUS_CHEMICALS")
