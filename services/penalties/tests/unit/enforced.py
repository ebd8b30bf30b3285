"""Steps after the served decision, each as its real actor: unpaid, deferred, demanded, before the court, challenged."""

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.money import Money
from kernel.moves import SYSTEM
from penalties.domain.account import Instalment
from penalties.domain.case import Case, State
from penalties.domain.enforcement import RESOLVED, CaseTransfer, CourtAct, HeldGoods
from penalties.domain.remedy import Effect, Ruling

from .story import BRANCH, CHIEF, ZHOU, a_case, a_document, at, facts

PARTS = [Instalment("2022-10-31", Money.yuan(20_000)), Instalment("2022-11-30", Money.yuan(29_000))]
TRANSFER = UUID(int=71)


def overdue(now: datetime | None = None) -> Case:
    """Nobody paid by 2022-10-08."""
    case = a_case(State.EXECUTING)
    case.charge_surcharge(facts=facts(SYSTEM, now or at(10, 9, 0)))
    return case


def defer(case: Case, now: datetime, parts: list[Instalment] | None = None, by: Any = CHIEF, **changes: Any) -> Any:
    given: dict[str, Any] = {"applied_on": "2022-10-05", "application": "e9", "hardship": "连续亏损", "document_ids": ("f38", "f39")}
    known = facts(by, now, case=case, forms=changes.pop("forms", "F38 F39"))
    return case.grant_deferral(PARTS if parts is None else parts, **{**given, **changes}, facts=known)


def deferred() -> Case:
    case = a_case(State.EXECUTING)
    defer(case, at(10, 6))
    return case


def dunned(on: str = "2023-03-21") -> Case:
    """Demanded after both remedies are over (D20 ends 2023-03-20)."""
    case = overdue()
    day = datetime.fromisoformat(f"{on}T10:00:00+08:00")
    case.release_demand("f41", facts=facts(ZHOU, day, case=case, forms="F41"))
    case.documents.append(a_document(case, "F41", served_on=on, deemed_on=on))
    case.demand_served("f41", on, on, facts=facts(SYSTEM, day))
    return case


def answered() -> Case:
    case = dunned()
    case.record_demand_answer("", "", "", facts=facts(ZHOU, at(4, 6, year=2023)))
    return case


def apply(case: Case, now: datetime, by: Any = CHIEF, **changes: Any) -> Any:
    given: dict[str, Any] = {"document_id": "f42", "package": ("f34", "f41"), "late_reason": "", "urgent": False}
    known = facts(by, now, case=case, forms=changes.pop("forms", "F42"))
    return case.apply_to_court(**{**given, **changes}, facts=known)


def in_court(**changes: Any) -> Case:
    case = answered()
    apply(case, at(4, 6, year=2023), **changes)
    return case


def court(case: Case, act: CourtAct, now: datetime, received: bool = True, by: Any = ZHOU, **known: Any) -> Any:
    day = now.date().isoformat()
    return case.record_court_notice(act, day, day if received else "", "1号", "", "e7", False, facts=facts(by, now, **known))


def reconsider(case: Case, now: datetime, by: Any = ZHOU, handed_here: bool = False, stayed: bool = False) -> Any:
    day = now.date().isoformat()
    return case.file_reconsideration(day, "东莞市人民政府", "处罚过重", "e8", handed_here, stayed, facts=facts(by, now))


def sue(case: Case, now: datetime, extended: bool = False, stayed: bool = False, by: Any = ZHOU) -> Any:
    day = now.date().isoformat()
    return case.file_suit(day, "东莞市第一人民法院", day, "e8", extended, stayed, facts=facts(by, now))


def ruling(effect: Effect, now: datetime, **changes: Any) -> Ruling:
    day = now.date().isoformat()
    return Ruling(effect, day, day, text="复议决定", evidence_id="e8", **changes)


def a_transfer(case: Case, state: str = "APPROVED", **changes: Any) -> CaseTransfer:
    given: dict[str, Any] = {
        "id": TRANSFER,
        "org_path": BRANCH,
        "case_id": case.id,
        "inspection_id": case.inspection_id,
        "state": state,
        "offences": ["134-1"],
        "suspects": [case.party_key],
        "opened_at": at(8, 25),
        "ended_at": at(8, 26) if state in RESOLVED else None,
    }
    return CaseTransfer(**{**given, **changes})


def goods(case: Case, state: str = "APPLIED", last_on: str = "2022-09-15") -> HeldGoods:
    return HeldGoods(UUID(int=81), BRANCH, case.inspection_id, "", "SEAL", state, last_on, ["e1"], at(8, 16))
