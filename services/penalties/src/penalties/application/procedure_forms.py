"""Forms of the ways around the straight one: when they are drawn up, and what the case fills in."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.moves import Facts

from penalties.application.ports import EvidenceLine, Ports, Uow
from penalties.domain.case import Case, State
from penalties.domain.file import today
from penalties.domain.law import PartyKind
from penalties.domain.proceedings import CaseKind, NoPenaltyGround
from penalties.domain.proposal import PenaltyProposal
from penalties.domain.records import ISSUED, span
from penalties.domain.simple import RECONSIDERATION_FIRST_FROM
from penalties.domain.wording import simple_told, yuan

BEFORE_DECISION = span(State.CLUE, State.DECIDING)
PROCEDURE: Mapping[str, frozenset[State]] = {
    "F17": frozenset({State.FILED, State.INVESTIGATING}),
    "F27": frozenset({State.HEARING_REQ, State.HEARING_SET}),
    "F28": frozenset({State.HEARING_SET}),
    "F29": frozenset({State.HEARING_DONE}),
    "F31": frozenset({State.DELIBERATION}),
    "F32": frozenset({State.S_DRAFT}),
    "F33": frozenset({State.S_DRAFT}),
    "F43": BEFORE_DECISION,
    "F44": BEFORE_DECISION,
    "X5": frozenset({State.DECIDING}),
    "X7S": frozenset({State.INVESTIGATING}),
    "X7R": frozenset({State.SUSPENDED}),
    "TERM": span(State.FILED, State.COURT) | {State.CRIME_TRANSFER},
    "ws100301": frozenset({State.DEFENCE, State.LEGAL_REVIEW, State.DELIBERATION, State.DECIDING}),
    "ws10049": frozenset({State.DECIDING}),
    "ws10050": frozenset({State.DECIDING}),
    "ws10052": frozenset({State.FILED, State.INVESTIGATING, State.SUSPENDED}),
}
_GROUNDS = {
    "FINE_AMOUNT": "罚款数额较大",
    "CONFISCATE_INCOME_AMOUNT": "没收违法所得数额较大",
    "CONFISCATE_GOODS_AMOUNT": "没收财物价值较大",
    "SUSPENSION": "责令停产停业整顿",
    "REVOCATION": "吊销许可证件",
    "CLOSURE": "责令关闭",
    "EMPLOYMENT_BAR": "限制从业",
    "COMPLEX": "案情复杂",
    "BELOW_MINIMUM": "减轻处罚",
    "DISPUTED": "处理意见有分歧",
    "REASONED": "承办机构提请",
}
_APL = "《中华人民共和国行政处罚法》"
_NO_PENALTY = {
    NoPenaltyGround.MINOR: f"违法行为轻微并及时改正，没有造成危害后果，依照{_APL}第三十三条第一款的规定，不予行政处罚。",
    NoPenaltyGround.FIRST_TIME: f"初次违法且危害后果轻微并及时改正，依照{_APL}第三十三条第一款的规定，不予行政处罚。",
    NoPenaltyGround.NO_FAULT: f"当事人有证据足以证明没有主观过错，依照{_APL}第三十三条第二款的规定，不予行政处罚。",
    NoPenaltyGround.UNDER_AGE: f"当事人不满十四周岁，依照{_APL}第三十条的规定，不予行政处罚。",
    NoPenaltyGround.NO_CAPACITY: f"当事人在不能辨认或者不能控制自己行为时有违法行为，依照{_APL}第三十一条的规定，不予行政处罚。",
    NoPenaltyGround.LIMITATION: f"违法行为已过追责期限，依照{_APL}第三十六条的规定，不予行政处罚。",
    NoPenaltyGround.NOT_ESTABLISHED: f"违法事实不能成立，依照{_APL}第五十七条第一款第三项的规定，不予行政处罚。",
}


def form_of_other_party(case: Case, form: str) -> bool:
    """F34, F32 for a unit, F35, F33 for a person; X5 and no other decision for a daily fine."""
    if form in {"F34", "F35", "X5"}:
        return form != case.decision_form
    return form in {"F32", "F33"} and (form == "F32") != (case.party_kind is PartyKind.UNIT)


async def procedure_fields(ports: Ports, uow: Uow, case: Case, form: str, facts: Facts, evidence: Sequence[EvidenceLine]) -> dict[str, Any]:
    """What the case knows of a form of this module; nothing for others."""
    if form in {"F27", "F28", "F29"}:
        return await _hearing(ports, case, facts)
    if form == "F31":
        grounds = case.deliberations[-1].grounds if case.deliberations else ()
        return {"grounds_text": "、".join(_GROUNDS.get(ground, ground) for ground in grounds)}
    if form in {"F32", "F33"}:
        return _simple(case, facts, evidence)
    if form == "X5":
        return await _daily(uow, case)
    if form == "ws10050" and case.proposals and case.proposal.no_penalty:
        return {"no_penalty_text": f"{case.proposal.reasons}。{_NO_PENALTY[NoPenaltyGround(case.proposal.no_penalty)]}"}
    if form == "X7R" and case.suspensions:
        return {"suspended_on": legal_day(case.suspensions[-1].suspended_at).isoformat()}
    return {}


async def _hearing(ports: Ports, case: Case, facts: Facts) -> dict[str, Any]:
    hearing = case.hearing
    if hearing is None:
        return {}
    people = [hearing.presider_id, *hearing.member_ids, hearing.clerk_id]
    named = {one.id: one.name for one in await ports.identity.names([id for id in people if id], facts.now)}
    return {
        "presider": named.get(hearing.presider_id, hearing.presider_id),
        "members": "、".join(named.get(id, id) for id in hearing.member_ids),
        "hearing_clerk": named.get(hearing.clerk_id, hearing.clerk_id),
        "hearing_open_text": "听证公开进行" if hearing.public else f"听证不公开进行（{hearing.closed_reason}）",
        "hearing_at": hearing.scheduled_at.isoformat() if hearing.scheduled_at else "",
        "time_from": hearing.opened_at.isoformat() if hearing.opened_at else "",
        "place": hearing.place,
        "agents": "、".join(hearing.agents),
        "hearing_summary": "".join((hearing.accusation, hearing.defence, hearing.cross_examination, hearing.absence_reason)),
    }


def _simple(case: Case, facts: Facts, evidence: Sequence[EvidenceLine]) -> dict[str, Any]:
    drafted = case.simple
    if drafted is None:
        return {}
    used = set(drafted.evidence_ids)
    said = simple_told(drafted)
    fine = bool(drafted.fine.fen)
    first = today(facts) >= RECONSIDERATION_FIRST_FROM
    return {
        **said,
        "facts": drafted.facts,
        "violated": drafted.violated,
        "basis": drafted.basis,
        "evidence_list": [line.title or line.fact for line in evidence if line.id in used] or list(drafted.evidence_ids),
        "payment_way": "自收到本决定书之日起十五日内缴至指定银行或者通过电子支付系统缴纳" if fine else "",
        "surcharge_text": "到期不缴纳的，每日按罚款数额的百分之三加处罚款，加处罚款的数额不超过罚款数额。" if fine else "",
        "reconsideration_first": (
            "如不服本决定，应当自收到本决定书之日起六十日内先依法申请行政复议；对行政复议决定不服的，可以再依法向人民法院提起行政诉讼。"
            if first
            else ""
        ),
    }


async def _daily(uow: Uow, case: Case) -> dict[str, Any]:
    fined = await uow.case(UUID(case.origin_case_id)) if case.kind is CaseKind.DAILY else None
    if fined is None:
        return {}
    decision = next((paper for paper in fined.documents if paper.form == fined.decision_form and paper.state in ISSUED), None)
    days = "、".join(day.on for day in case.refusal_days)
    return {
        "decision_number": decision.number if decision else "",
        "original_fine_text": f"罚款人民币{yuan(fined.fine.fen)}元",
        "refusal_text": f"你（单位）被责令改正且受到罚款处罚，拒不改正，有证据证明的日期为：{days}。",
        "days_count": len(case.refusal_days),
    }


def no_penalty_result(proposal: PenaltyProposal | None) -> str:
    return "不予行政处罚。" if proposal is not None and proposal.no_penalty else ""
