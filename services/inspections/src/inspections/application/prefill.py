"""What the task knows of the content of its documents, under the field names of the forms."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kernel.days import SHANGHAI
from kernel.guards import Officer

from inspections.domain import wording
from inspections.domain.file import InspectionFile
from inspections.domain.finding import Finding
from inspections.domain.form import DocumentLine
from inspections.domain.order import RectificationOrder
from inspections.domain.terms import BY_DECISION, Answer, Handling, Measure, Severity, Source
from inspections.domain.wording import CheckItem

# Words of the printed forms (FORM1; law brief 2.4, 3.2, 3.3).
SOURCES = {
    Source.PLAN_KEY: "年度监督检查计划（重点检查）",
    Source.PLAN_GENERAL: "年度监督检查计划（一般检查）",
    Source.SPECIAL: "专项检查",
    Source.COMPLAINT: "举报投诉",
    Source.HANDOVER: "上级交办、部门移送",
    Source.ALERT: "监测预警",
    Source.RECHECK: "复查",
    Source.ACCIDENT: "事故后检查",
    Source.COVERT: "暗查暗访",
}
ANSWERS = {Answer.CONFORM: "符合", Answer.NOT_CONFORM: "不符合", Answer.NOT_APPLICABLE: "不涉及"}
SEVERITIES = {Severity.GENERAL: "一般事故隐患", Severity.MAJOR: "重大事故隐患"}
HANDLING = {
    Handling.ON_SPOT: "当场纠正",
    Handling.MEASURE: "采取现场处理措施",
    Handling.ORDER: "责令限期整改",
    Handling.HAND_OVER: "移送有关部门",
}
MEASURES = {
    Measure.M2: "责令立即排除事故隐患",
    Measure.M3: "责令从危险区域内撤出作业人员",
    Measure.M4: "责令暂时停产停业、停止建设、停止施工",
    Measure.M5: "责令停止使用相关设施、设备",
    Measure.M7: "查封、扣押",
    Measure.M8: "停止供电、停止供应民用爆炸物品",
}
# Law: WSL 65(1)(2)–(3), 70(1); HCR 7(3).
WSL_65_3, WSL_65_2 = "《中华人民共和国安全生产法》第六十五条第一款第三项", "《中华人民共和国安全生产法》第六十五条第一款第二项"
HCR_7_3 = "《危险化学品安全管理条例》第七条第一款第三项"
EARLIER = {"F04": "现场处理措施决定书", "F05": "责令限期整改指令书"}


def shared(file: InspectionFile, officers: Sequence[Officer], printed: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What any form of the task may print."""
    task = file.inspection
    signing = [officer for officer in officers if officer.id in task.officer_ids]
    return {
        "inspection_id": str(task.id),
        "inspection_title": task.title,
        "source": SOURCES[task.source],
        "unit": task.enterprise_name,
        "party_name": task.enterprise_name,
        "party_uscc": task.enterprise_code,
        "address": task.enterprise_address,
        "legal_representative": task.legal_representative,
        "contact": task.legal_representative,
        "phone": task.enterprise_phone,
        "industry": task.industry_code,
        "officers": [_officer(officer) for officer in signing],
        "reconsideration_days": 60,
        "litigation_months": 6,
        "date": today.isoformat(),
        **printed,
    }


def _officer(officer: Officer) -> dict[str, str]:
    number = officer.certificates[0].number if officer.certificates else ""
    return {"id": officer.id, "name": officer.name, "certificate": number}


def scheme(file: InspectionFile, items: Sequence[CheckItem]) -> dict[str, Any]:
    """F02."""
    plan = file.inspection.scheme
    if plan is None:
        return {}
    return {
        "time_from": minute(plan.window_from),
        "time_to": minute(plan.window_to),
        "content": plan.content,
        "method": plan.method,
        "remarks": plan.remarks,
        "check_items": [{"id": item.id, "matter": item.matter, "check": item.check} for item in items],
    }


def record(file: InspectionFile) -> dict[str, Any]:
    """F03."""
    task = file.inspection
    standing = file.standing()
    places = list(dict.fromkeys(finding.place for finding in standing)) or [task.enterprise_address]
    lines = [_line(number, finding) for number, finding in enumerate(standing, 1)]
    return {
        "place": "、".join(places),
        "time_from": minute(task.arrived_at),
        "answers": [{"matter": one.matter, "answer": ANSWERS[one.answer], "note": one.note} for one in task.answers],
        "findings": lines,
        "findings_text": "\n".join(f"{line['no']}．{line['text']}" for line in lines) or "未发现问题。",
        "refused": bool(task.obstruction),
    }


def _line(number: int, finding: Finding) -> dict[str, Any]:
    how = [HANDLING[Handling(one)] for one in finding.handling]
    measures = [MEASURES[Measure(one)] for one in finding.measures]
    return {
        "no": number,
        "id": str(finding.id),
        "text": finding.violation_text,
        "place": finding.place,
        "severity": SEVERITIES[finding.severity] if finding.severity else "",
        "duty": finding.duty_text,
        "handling_text": "；".join([*how, *measures]),
    }


def by_decision(finding: Finding) -> list[str]:
    """The measures of a finding that F04 decides; sealing and cuts have decisions of their own."""
    return [] if finding.ended else [one for one in finding.measures if Measure(one) in BY_DECISION]


def measures(file: InspectionFile) -> dict[str, Any]:
    """F04: the findings for which measures were chosen."""
    chosen = [finding for finding in file.standing() if by_decision(finding)]
    decided = list(dict.fromkeys(measure for finding in chosen for measure in by_decision(finding)))
    basis = [WSL_65_3] + ([HCR_7_3] if any(finding.hazchem_equipment for finding in chosen) else [])
    problems = [{"no": number, "text": finding.violation_text} for number, finding in enumerate(chosen, 1)]
    decisions = [{"no": number, "text": MEASURES[Measure(measure)]} for number, measure in enumerate(decided, 1)]
    return {
        **_record_line(file),
        "problems": problems,
        "problems_text": _numbered(problems),
        "basis_text": "、".join(basis),
        "decisions": decisions,
        "decisions_text": _numbered(decisions),
    }


def order(file: InspectionFile, drafted: RectificationOrder) -> dict[str, Any]:
    """F05: the wording of what mends it, with the last day of each item."""
    problems = []
    for number, item in enumerate(drafted.items, 1):
        finding = file.finding(item.finding_id)
        rectify = wording.fill(finding.rectify, finding.slots, due_on=item.due_on)
        problems.append({"no": number, "text": finding.violation_text, "rectify": rectify, "due_on": spoken(item.due_on)})
    days = sorted({item.due_on for item in drafted.items})
    return {
        **_record_line(file),
        "problems": problems,
        "problems_text": _numbered(problems),
        "item_numbers": "、".join(str(problem["no"]) for problem in problems),
        "deadlines_text": f"于{spoken(days[0])}前整改完毕" if len(days) == 1 else "",
        "basis_text": WSL_65_2,
        "order_id": str(drafted.id),
    }


def recheck(file: InspectionFile, chosen: Sequence[Finding], earlier: DocumentLine | None) -> dict[str, Any]:
    """F06. The officers write the opinion."""
    return {
        "earlier_form": EARLIER.get(earlier.form, "") if earlier else "",
        "earlier_number": earlier.number if earlier else "",
        "earlier_date": spoken(earlier.deemed_on) if earlier and earlier.deemed_on else "",
        "items": [
            {"no": number, "text": finding.violation_text, "due_on": spoken(finding.due_on) if finding.due_on else ""}
            for number, finding in enumerate(chosen, 1)
        ],
    }


def extension(file: InspectionFile, running: RectificationOrder) -> dict[str, Any]:
    """ws10055, ws10056."""
    line = file.line("F05", running.id)
    days = [finding.due_on for finding in running.findings if finding.due_on]
    return {"order_number": line.number if line else "", "due_on": spoken(max(days)) if days else ""}


def withdrawal(file: InspectionFile, running: RectificationOrder) -> dict[str, Any]:
    """X7."""
    line = file.line("F05", running.id)
    return {"order_number": line.number if line else ""}


def referral(file: InspectionFile, chosen: Sequence[Finding]) -> dict[str, Any]:
    """ws10054."""
    problems = [{"no": number, "text": finding.violation_text} for number, finding in enumerate(chosen, 1)]
    departments = [finding.hand_over_to for finding in chosen if finding.hand_over_to]
    return {
        "department": departments[0] if departments else file.inspection.referred_to,
        "problems": problems,
        "problems_text": _numbered(problems),
    }


def _record_line(file: InspectionFile) -> dict[str, Any]:
    line = file.line("F03")
    when = file.inspection.arrived_at
    return {
        "record_number": line.number if line else "",
        "checked_on": spoken(when.astimezone(SHANGHAI).date()) if when else "",
    }


def _numbered(lines: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"{line['no']}．{line['text']}" for line in lines)


def spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def minute(at: datetime | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{spoken(local.date())}{local.hour}时{local.minute:02d}分"
