"""What the papers of enforcement say before anybody writes in them: F38, F39, F41, F42, F36, F37 and the own revocation X7D."""

from collections.abc import Mapping
from typing import Any

from kernel.days import legal_day
from kernel.moves import Facts

from penalties.domain.case import Case, State
from penalties.domain.execution import VERIFIED_ELSEWHERE
from penalties.domain.records import ISSUED, span
from penalties.domain.wording import item_text, yuan

MAY_DRAFT: Mapping[str, frozenset[State]] = {
    "F38": frozenset({State.EXECUTING, State.DUNNED}),
    "F39": frozenset({State.EXECUTING, State.DUNNED}),
    "F41": frozenset({State.EXECUTING}),
    "F42": frozenset({State.DUNNED}),
    "X7D": span(State.DECIDED, State.ARCHIVED),
}
# Served by an officer without moving the case; the service of F41 moves it (PC35).
SERVED_BY_OFFICER = frozenset({"F39", "F42", "X7D"})
MOVED_BY_SERVICE: Mapping[str, str] = {"F41": "demand_served"}


def fields(case: Case, form: str, facts: Facts) -> dict[str, Any]:
    if form == "F46" and case.state is State.CRIME_TRANSFER:
        return _judged(case)
    if form not in {*MAY_DRAFT, "F36", "F37"}:
        return {}
    return {**_money(case, facts), "duty_text": _duty(case, facts), **_demand(case, form)}


def _money(case: Case, facts: Facts) -> dict[str, Any]:
    account = case.fine_account
    if account is None:
        return {}
    surcharge = account.surcharge_on(legal_day(facts.now), facts.law)
    owed = account.owed.fen - account.surcharge.fen + surcharge.fen
    found: dict[str, Any] = {"owed_yuan": yuan(max(owed, 0)), "fine_yuan": yuan(account.fine.fen), "fine_words": account.fine.in_words()}
    if surcharge.fen:
        found |= {"surcharge_yuan": yuan(surcharge.fen), "surcharge_words": surcharge.in_words()}
    if account.paid.fen:
        found["refund_text"] = f"已缴纳的人民币{yuan(account.paid.fen)}元依法退还。"
    return found


def _duty(case: Case, facts: Facts) -> str:
    """What is not performed: the money as it stands today, and what else was decided."""
    account, decided = case.fine_account, case.proposal_of(case.decided_proposal)
    duties = []
    if account is not None and account.principal_left.fen:
        duties.append(f"缴纳罚款人民币{yuan(account.principal_left.fen)}元")
    surcharge = account.surcharge_on(legal_day(facts.now), facts.law).fen if account is not None else 0
    if surcharge:
        duties.append(f"缴纳加处罚款人民币{yuan(surcharge)}元（计算至{legal_day(facts.now).isoformat()}）")
    duties += [item_text(item) for item in decided.items if item.kind in VERIFIED_ELSEWHERE] if decided is not None else []
    return "；".join(duties) + "。" if duties else ""


def _demand(case: Case, form: str) -> dict[str, Any]:
    demand = case.demand
    if form != "F42" or demand is None:
        return {}
    paper = next((document for document in case.documents if document.document_id == demand.document_id), None)
    number = paper.number if paper is not None else ""
    answer = f"被申请人提出：{demand.answer}。经审查：{demand.answer_finding}。" if demand.answer else "被申请人未提出陈述、申辩意见。"
    listed = [document for document in case.documents if document.form in {"F34", "F35", "X5", "F41", "F40"} and document.state in ISSUED]
    return {
        "demand_text": f"申请人于{demand.deemed_on}送达行政强制执行事先催告书{number}，被申请人在十个工作日内未履行。",
        "party_opinion": answer,
        "materials": [f"{document.title}{document.number}" for document in listed],
    }


def _judged(case: Case) -> dict[str, Any]:
    """F46 of a case that ends with a judgment (PC46)."""
    fine = f"，判处罚金人民币{yuan(case.criminal_fine.fen)}元" if case.criminal_fine.fen else ""
    return {
        "result_text": f"案件移送司法机关，人民法院已作出生效判决{fine}，没有需要另行处理的行政事项。",
        "execution_text": "不再给予行政罚款。",
    }
