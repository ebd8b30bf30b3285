"""How a proposal reads in a document: the words that notice and decision have to share (G16)."""

from collections.abc import Mapping

from penalties.domain.discretion import Discretion
from penalties.domain.proceedings import SimplePenalty
from penalties.domain.proposal import PenaltyItem, PenaltyKind, PenaltyProposal

_KINDS: Mapping[PenaltyKind, str] = {
    PenaltyKind.WARNING: "警告",
    PenaltyKind.CONFISCATE_GOODS: "没收非法财物",
    PenaltyKind.REVOCATION: "吊销许可证件",
    PenaltyKind.SUSPENSION: "责令停产停业整顿",
    PenaltyKind.CLOSURE: "责令关闭",
    PenaltyKind.EMPLOYMENT_BAR: "限制从业",
    PenaltyKind.DOWNGRADE: "降低资质等级",
}
_LEVELS = {"LIGHTER": "从轻", "ORDINARY": "一般", "HEAVIER": "从重"}
_STAGES = {"FIRST": "首次发现", "OVERDUE": "逾期未改正", "SERIOUS": "情节严重", "ACCIDENT": "发生事故"}
UNOFFICIAL = "本次裁量使用系统默认区间，并非公布的裁量基准，未经核实。"


def yuan(fen: int) -> str:
    """49,000 for whole yuan, else with two decimals."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}" if not rest else f"{whole:,}.{rest:02}"


def item_text(item: PenaltyItem) -> str:
    if item.kind is PenaltyKind.FINE:
        return f"罚款人民币{item.amount.in_words()}（¥{yuan(item.amount.fen)}元）"
    if item.kind is PenaltyKind.CONFISCATE_INCOME:
        return f"没收违法所得人民币{item.amount.in_words()}（¥{yuan(item.amount.fen)}元）"
    if item.kind is PenaltyKind.CONFISCATE_GOODS and item.amount.fen and not item.text:
        return f"没收非法财物（评估价值¥{yuan(item.amount.fen)}元）"
    return item.text or _KINDS[item.kind]


def penalty_text(proposal: PenaltyProposal) -> str:
    if proposal.no_penalty:
        return "不予行政处罚。"
    texts = [item_text(item) for item in proposal.items]
    if len(texts) == 1:
        return f"{texts[0]}。"
    return "；".join(f"{number}．{text}" for number, text in enumerate(texts, 1)) + "。"


def facts_text(proposal: PenaltyProposal) -> str:
    return "；".join(fact.text for fact in proposal.facts) + "。" if proposal.facts else f"{proposal.reasons}。"


def discretion_text(trace: Discretion) -> str:
    scale = "" if trace.official else f"{UNOFFICIAL}"
    tier = _LEVELS.get(trace.tier, trace.tier)
    if not trace.branch:
        return ""
    if not trace.max.fen:
        return f"适用{_STAGES.get(trace.branch, trace.branch)}阶段。"
    return (
        f"适用{_STAGES.get(trace.branch, trace.branch)}阶段、{tier}情节，裁量区间为{yuan(trace.min.fen)}元至{yuan(trace.max.fen)}元，"
        f"拟定{yuan(trace.amount.fen)}元，处于区间的{trace.position:.1%}位置。{scale}"
    )


def step_texts(trace: Discretion) -> list[str]:
    """One line per step of the trace, as F30 prints it."""
    words = {
        "LAW": f"适用{trace.law_on}施行的规定，并比较决定时的规定（行政处罚法第三十七条）",
        "BARS": "不存在不予处罚的情形（行政处罚法第三十条、第三十一条、第三十三条、第三十六条）",
        "BRANCH": f"处罚阶段：{_STAGES.get(trace.branch, trace.branch)}",
        "TIER": f"裁量档次：{_LEVELS.get(trace.tier, trace.tier)}（数量：{trace.metric_value}）",
        "CLAMP": "限于法定幅度之内",
        "AMOUNT": f"拟定{yuan(trace.amount.fen)}元" + (f"，偏离区间，理由：{trace.deviation_reason}" if trace.deviation_reason else ""),
    }
    lines = []
    for step in trace.steps:
        text = words.get(step.rule, f"情节{step.text}")
        lines.append(f"{step.number}．{text}；区间{yuan(step.min.fen)}元至{yuan(step.max.fen)}元")
    return lines


def told(proposal: PenaltyProposal) -> dict[str, str]:
    """What a notice and a decision say of the proposal, field by field."""
    return {
        "facts": facts_text(proposal),
        "violated": proposal.violated,
        "basis": proposal.basis,
        "penalty_text": penalty_text(proposal),
        "fine_yuan": yuan(proposal.fine.fen) if proposal.fine.fen else "",
    }


def simple_told(penalty: SimplePenalty) -> dict[str, str]:
    """What a decision on the spot says of its penalty."""
    fine = penalty.fine
    text = item_text(PenaltyItem(PenaltyKind.FINE, fine)) if fine.fen else "警告"
    return {
        "penalty_text": f"{text}。",
        "fine_yuan": yuan(fine.fen) if fine.fen else "",
        "fine_words": fine.in_words() if fine.fen else "",
    }


# Fields that must read as the proposal does, by form.
FAITHFUL: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("F24", "F26", "F34", "F35", "X5"), ("facts", "violated", "basis", "penalty_text", "fine_yuan")),
    **dict.fromkeys(("F30", "ws10053", "ws1003012"), ("penalty_text", "fine_yuan")),
}


def differing(form: str, fields: Mapping[str, object], proposal: PenaltyProposal) -> list[str]:
    """The fields of a drafted document that do not read as the proposal does; a field that the form lacks is no difference."""
    said = told(proposal)
    return [name for name in FAITHFUL.get(form, ()) if name in fields and str(fields[name]) != said[name]]
