"""Which form of a case may be drawn up or served now, and what the case already knows of its content (MayDraft, MayServe)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.deadlines import compute
from kernel.errors import DomainError
from kernel.moves import SYSTEM, Facts

from penalties.application import enforcement_papers
from penalties.application.ports import Drafting, EvidenceLine, Issuer, NamedOfficer, Ports, Uow
from penalties.application.procedure_forms import PROCEDURE, form_of_other_party, no_penalty_result, procedure_fields
from penalties.domain.case import Case, State
from penalties.domain.file import today
from penalties.domain.law import PartyKind
from penalties.domain.proposal import PenaltyProposal
from penalties.domain.records import ISSUED, StatementMode, span
from penalties.domain.wording import discretion_text, penalty_text, simple_told, step_texts, told

# Which states a form is drawn up in. Law: the rows of 11.5 that name the form.
MAY_DRAFT: dict[str, frozenset[State]] = {
    **PROCEDURE,
    "F01": frozenset({State.CLUE, State.FILING, State.INVESTIGATING, State.S_DRAFT}),
    "F15": frozenset({State.FILED, State.INVESTIGATING}),
    "F16": frozenset({State.FILED, State.INVESTIGATING}),
    "ws10053": frozenset({State.INVESTIGATING}),
    "F30": frozenset({State.INVESTIGATING, State.DEFENCE, State.LEGAL_REVIEW, State.DELIBERATION, State.DECIDING}),
    "ws10051": frozenset({State.REPORTED, State.DEFENCE, State.HEARING_DONE}),
    "ws10059": frozenset({State.LEGAL_REVIEW}),
    "ws1003012": frozenset({State.NOTICE_DRAFT}),
    "F24": frozenset({State.NOTICE_DRAFT}),
    "F26": frozenset({State.NOTICE_DRAFT}),
    "F25": frozenset({State.NOTIFIED, State.DEFENCE, State.HEARING_REQ, State.HEARING_SET}),
    "F34": frozenset({State.DECIDING}),
    "F35": frozenset({State.DECIDING}),
    "F45": span(State.FILED, State.DECIDING),
    "F36": frozenset({State.EXECUTING}),
    "F37": frozenset({State.EXECUTING}),
    "SLIP": frozenset({State.SERVED, State.EXECUTING, State.S_DECIDED, State.S_RECORDED}),
    "F46": frozenset({State.EXECUTED, State.NO_PENALTY, State.CRIME_TRANSFER}),
    "F47": frozenset({State.CLOSED, State.NOT_FILED, State.WITHDRAWN, State.TERMINATED, State.MOVED}),
    "F48": frozenset({State.CLOSED, State.NOT_FILED, State.WITHDRAWN, State.TERMINATED, State.MOVED}),
    **enforcement_papers.MAY_DRAFT,
}
NEEDS_PROPOSAL = frozenset(
    {"ws10053", "F30", "ws1003012", "F24", "F26", "F34", "F35", "ws10051", "ws10059", "ws100301", "ws10049", "ws10050", "X5", "F31"}
)
NEEDS_EVIDENCE = NEEDS_PROPOSAL | {"F32", "F33"}
SERVED_BY_OFFICER = frozenset({"F15", "F36", "F37", "F32", "F33", "F44", "ws10050"})
# The row that the service of a form makes.
SERVED_MOVES = {"F24": "notify", "F26": "notify", "F27": "set_hearing", "F34": "serve", "F35": "serve", "X5": "serve"}
RETENTION_YEARS = 30
_SOURCES = {"FINDING": "执法检查发现", "COMPLAINT": "投诉举报", "HAND_OVER": "其他部门移送", "RETURNED_CRIMINAL": "司法机关退回"}
_STATEMENTS = {
    StatementMode.WAIVED: "当事人书面放弃陈述申辩。",
    StatementMode.EXPIRED: "当事人在规定期限内未提出陈述、申辩。",
}


async def may_draft(ports: Ports, uow: Uow, *, facts: Facts, form: str, object_kind: str, object_id: UUID) -> Drafting:
    if object_kind != "case" or form not in MAY_DRAFT:
        return Drafting(False, "FORM_NOT_OF_CASE", f"{form} is no form of a penalty case")
    case = await uow.case(object_id)
    if case.state not in MAY_DRAFT[form]:
        allowed = ", ".join(sorted(str(state) for state in MAY_DRAFT[form]))
        return Drafting(False, "STATE_FORBIDS_FORM", f"{form} is drawn up in {allowed}, not in {case.state}")
    if form in NEEDS_PROPOSAL and not case.proposals:
        return Drafting(False, "PROPOSAL_MISSING", "no version of the proposal is stored yet")
    if form == "F01" and case.filed:
        return Drafting(False, "STATE_FORBIDS_FORM", "the case is filed")
    if form_of_other_party(case, form):
        return Drafting(False, "FORM_OF_OTHER_PARTY", "F34, F32 for a unit, F35, F33 for a person, X5 for a daily fine")
    if form == "F26" and not case.proposal.hearing_grounds:
        return Drafting(False, "NO_HEARING_RIGHT", "this penalty gives no right to a hearing")
    fields = await _fields(ports, uow, case, form, facts)
    return Drafting(True, fields=fields, org_id=case.org_id, org_path=case.org_path)


async def may_serve(uow: Uow, *, facts: Facts, form: str, document_id: str, object_id: UUID) -> Drafting:
    """Runs the guards of the row that the service will make, so that the service itself has nothing to refuse."""
    case = await uow.case(object_id)
    if form in SERVED_BY_OFFICER | enforcement_papers.SERVED_BY_OFFICER:
        return Drafting(True)
    moves = {**SERVED_MOVES, **enforcement_papers.MOVED_BY_SERVICE}
    if form not in moves:
        return Drafting(False, "FORM_NOT_SERVED", f"{form} is not served")
    name = "set_hearing_anew" if form == "F27" and case.state is State.HEARING_SET else moves[form]
    judged = Facts(by=SYSTEM, now=facts.now, law=facts.law, input={"document_id": document_id, "deemed_on": today(facts)})
    try:
        refused = case.refusal(case.row(name), judged)
    except DomainError as error:
        refused = error
    return Drafting(True) if refused is None else Drafting(False, refused.reason, refused.text)


async def _fields(ports: Ports, uow: Uow, case: Case, form: str, facts: Facts) -> dict[str, Any]:
    on = today(facts)
    issuer = await ports.identity.issuer(case.org_id, on)
    officers = await ports.identity.names(case.officer_ids, facts.now)
    evidence = await ports.evidence.lines(case.id) if form in NEEDS_EVIDENCE else ()
    fields = {
        **await _party(ports, case),
        **_body(issuer),
        **_case(case, officers),
        **(_proposal(case, case.proposal, evidence) if case.proposals else {"facts": case.summary}),
        **_dates(case, facts),
        **_ending(case, form),
        **enforcement_papers.fields(case, form, facts),
    }
    if form == "F01" and not case.proposals:
        act = await ports.lawbook.act(case.act_id, case.act_on)
        fields |= {"cause": act.name, "violated": act.violated_text, "basis": act.basis_text}
    else:
        fields["cause"] = (await ports.lawbook.act(case.act_id, case.act_on)).name
    fields |= await procedure_fields(ports, uow, case, form, facts, evidence)
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


async def _party(ports: Ports, case: Case) -> dict[str, Any]:
    if case.party_kind is PartyKind.PERSON and case.person is not None:
        person = case.person
        return {
            "party_kind": "PERSON",
            "party_name": person.name,
            "party_sex": person.sex,
            "party_id_number": person.id_number,
            "party_address": person.address,
            "party_post": person.post,
            "party_phone": person.phone,
        }
    enterprise = await ports.enterprises.enterprise(case.enterprise_id)
    return {
        "party_kind": "UNIT",
        "party_name": enterprise.name,
        "party_uscc": enterprise.code,
        "party_address": enterprise.address,
        "party_phone": enterprise.phone,
        "legal_representative": enterprise.legal_representative,
    }


def _body(issuer: Issuer) -> dict[str, Any]:
    """The remedy text names the bodies that identity knows for the issuer (4.4)."""
    return {
        "authority_name": issuer.name,
        "authority_address": issuer.address,
        "authority_phone": issuer.phone,
        "doc_abbr": issuer.doc_abbr,
        "reconsideration_body": "或者".join(issuer.reconsideration_bodies),
        "court": issuer.court,
        "reconsideration_days": 60,
        "litigation_months": 6,
        "bank": issuer.bank,
        "account": issuer.account,
        "account_name": issuer.account_name,
        "pay_days": 15,
    }


def _case(case: Case, officers: Sequence[NamedOfficer]) -> dict[str, Any]:
    return {
        "case_id": str(case.id),
        "case_name": case.name,
        "case_number": case.number,
        "source": _SOURCES[case.source.value],
        "act_on": case.act_on,
        "officers": [{"name": officer.name, "certificate": officer.certificate} for officer in officers],
        "contact": officers[0].name if officers else "",
        "screen_text": _screen_text(case),
    }


def _screen_text(case: Case) -> str:
    if not case.screens:
        return ""
    screen = case.screens[-1]
    words = {"NONE": "未发现涉嫌犯罪", "WATCH": "暂未达到移送标准，继续关注", "CONSULT": "需要会商", "MUST_TRANSFER": "应当移送"}
    return f"{legal_day(screen.at).isoformat()}涉嫌犯罪筛查结果：{words[screen.result.value]}。"


def _proposal(case: Case, proposal: PenaltyProposal, evidence: Sequence[EvidenceLine]) -> dict[str, Any]:
    used = set(proposal.evidence_ids)
    listed = [line.title or line.fact for line in evidence if line.id in used] or [line.title for line in evidence]
    fine = proposal.fine
    surcharge = f"到期不缴纳的，每日按罚款数额的百分之三加处罚款，加处罚款的数额不超过{yuan_words(proposal)}。" if fine.fen else ""
    return {
        **told(proposal),
        "facts_list": [fact.text for fact in proposal.facts],
        "evidence_list": listed,
        "fine_words": fine.in_words() if fine.fen else "",
        "discretion_text": discretion_text(proposal.discretion),
        "discretion_steps": step_texts(proposal.discretion),
        "discretion_unofficial": not proposal.discretion.official and bool(proposal.discretion.max.fen),
        "surcharge_text": surcharge,
        "defence_text": _defence(case),
        "rights_text": _rights(proposal),
    }


def yuan_words(proposal: PenaltyProposal) -> str:
    return f"罚款数额{proposal.fine.in_words()}"


def _rights(proposal: PenaltyProposal) -> str:
    hearing = "，并有要求听证的权利，应当自收到本告知书之日起五个工作日内提出" if proposal.hearing_grounds else ""
    return (
        f"你（单位）享有陈述、申辩的权利{hearing}。如有陈述、申辩意见，应当自收到本告知书之日起五个工作日内向本机关提出；"
        "逾期未提出的，视为放弃陈述和申辩的权利。"
    )


def _defence(case: Case) -> str:
    notice = case.served_notice
    if notice is None or notice.statement is None:
        return ""
    if notice.statement in _STATEMENTS:
        return _STATEMENTS[notice.statement]
    points = "；".join(f"{point.text}（{point.answer or '待复核'}）" for point in notice.points)
    return f"当事人陈述申辩：{points}。"


def _dates(case: Case, facts: Facts) -> dict[str, Any]:
    limit = case.timer("D12")
    longest = ""
    if limit is not None:
        base = facts.law.policy(str(limit.params.get("policy", "APL")), legal_day(limit.starts_at))
        days = base.extensions.get("head", base.base_days) - base.base_days
        if days > 0:
            event = {"kind": "extend", "at": facts.now.isoformat(), "days": days, "by": "head"}
            longest = compute("D12", limit.starts_at, [event], limit.params, facts.law).text("legal_expiry")
    return {
        "case_filed_on": _day(case.filed_at),
        "case_decided_on": _day(case.decided_at),
        "case_closed_on": _day(case.closed_at),
        "new_due_on": longest,
        "pay_due_on": case.fine_account.due_on if case.fine_account else "",
    }


def _ending(case: Case, form: str) -> dict[str, Any]:
    """What F46, F47, F48 and the slip say: result, execution, the catalogue of the file."""
    decision = next((d for d in case.documents if d.form == case.decision_form and d.state in ISSUED), None)
    decided = case.proposal_of(case.decided_proposal)
    fields: dict[str, Any] = {"decision_number": decision.number if decision else ""}
    if decided is not None:
        fields["result_text"] = f"{decision.number if decision else ''}行政处罚决定：{penalty_text(decided)}"
    elif case.state is State.NOT_FILED:
        fields["result_text"] = f"不予立案：{case.refusal_reason}"
    elif case.simple is not None:
        fields["result_text"] = f"当场处罚：{simple_told(case.simple)['penalty_text']}"
    elif case.ending is not None:
        fields["result_text"] = no_penalty_result(case.proposals[-1] if case.proposals else None) or case.ending.reason
    account = case.fine_account
    if account is not None and account.payments:
        slips = "、".join(f"{payment.paid_on}（{payment.slip}）" for payment in account.payments)
        fields["execution_text"] = f"罚款已全部缴纳：{slips}。"
    elif decided is not None:
        fields["execution_text"] = "行政处罚决定已执行完毕。"
    if form in {"F47", "F48"}:
        fields["archive_no"] = case.number or str(case.id)[:8]
        fields["retention_years"] = RETENTION_YEARS
        fields["catalogue"] = _catalogue(case)
    return fields


def _catalogue(case: Case) -> list[dict[str, str]]:
    sealed = [document for document in case.documents if document.state in ISSUED]
    ordered = sorted(sealed, key=lambda document: (document.drafted_at, document.document_id))
    return [{"form": d.form, "title": d.title or d.form, "number": d.number, "date": d.dated_on} for d in ordered]


def _day(moment: Any) -> str:
    day: date | None = legal_day(moment) if moment else None
    return day.isoformat() if day else ""
