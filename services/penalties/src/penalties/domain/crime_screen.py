"""The crime screen (7.5): a pure function over the facts of a case and the filing standards of the lawbook.

It never decides. MUST_TRANSFER and CONSULT stop the penalty until a record of the criminal transfer resolves them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum

from kernel.money import Money

from penalties.domain.law import NIL, CrimeStandard, Element, Op


class Answer(StrEnum):
    UNKNOWN = "UNKNOWN"
    YES = "YES"
    NO = "NO"


class ScreenResult(StrEnum):
    NONE = "NONE"
    WATCH = "WATCH"
    CONSULT = "CONSULT"
    MUST_TRANSFER = "MUST_TRANSFER"

    @property
    def blocks(self) -> bool:
        return self in {ScreenResult.CONSULT, ScreenResult.MUST_TRANSFER}


GRAVITY = tuple(ScreenResult)


@dataclass(frozen=True)
class CrimeFacts:
    """What is known of consequences and conduct."""

    accident: Answer = Answer.UNKNOWN
    dead: int = 0
    seriously_injured: int = 0
    minor_injured: int = 0
    direct_loss: Money = NIL
    illegal_turnover: Money = NIL
    illegal_income: Money = NIL
    real_danger: Answer = Answer.UNKNOWN
    disabled_monitoring: Answer = Answer.UNKNOWN
    refused_major_danger_order: Answer = Answer.UNKNOWN
    unlicensed_activity: Answer = Answer.UNKNOWN
    obstructed_officers: Answer = Answer.UNKNOWN
    forged_documents: Answer = Answer.UNKNOWN
    false_report: Answer = Answer.UNKNOWN
    forced_risky_work: Answer = Answer.UNKNOWN
    dangerous_goods: Answer = Answer.UNKNOWN
    public_event: Answer = Answer.UNKNOWN
    engineering: Answer = Answer.UNKNOWN
    education_facility: Answer = Answer.UNKNOWN
    facilities_below_standard: Answer = Answer.UNKNOWN
    refused_fire_order: Answer = Answer.UNKNOWN
    false_documents: Answer = Answer.UNKNOWN
    rescue_prevented: Answer = Answer.UNKNOWN
    extra_dead: int = 0
    extra_injured: int = 0
    extra_loss: Money = NIL


_NUMBERS = {
    "dead": "dead",
    "seriously_injured": "seriously_injured",
    "minor_injured": "minor_injured",
    "direct_loss_fen": "direct_loss",
    "illegal_turnover_fen": "illegal_turnover",
    "illegal_income_fen": "illegal_income",
    "extra_dead": "extra_dead",
    "extra_injured": "extra_injured",
    "extra_loss_fen": "extra_loss",
}
_ANSWERS = frozenset(f.name for f in fields(CrimeFacts)) - frozenset(_NUMBERS.values())


@dataclass(frozen=True)
class OffenceResult:
    offence: str
    name: str
    result: ScreenResult
    elements_met: tuple[str, ...]
    elements_missing: tuple[str, ...]
    elements_unknown: tuple[str, ...]
    threshold: str
    evidence_ids: tuple[str, ...] = ()


def element_answer(element: Element, facts: CrimeFacts, act_id: str) -> Answer:
    """Whether an element is met. «以上» includes the number (CL 99). A fact that the screen does not know is unknown."""
    if element.op is Op.ACT:
        return Answer.YES if act_id in element.acts else Answer.NO
    if element.op is Op.GE and element.fact in _NUMBERS:
        number = getattr(facts, _NUMBERS[element.fact])
        return Answer.YES if (number.fen if isinstance(number, Money) else number) >= element.value else Answer.NO
    if element.op is Op.TRUE and element.fact in _ANSWERS:
        answer: Answer = getattr(facts, element.fact)
        return answer
    return Answer.UNKNOWN


def _judge(required: list[Answer], any_of: list[Answer], consult: list[Answer]) -> ScreenResult:
    met = Answer.YES in any_of if any_of else bool(required) and all(answer is Answer.YES for answer in required)
    if met and Answer.NO in required:
        return ScreenResult.WATCH
    if met and Answer.UNKNOWN in required:
        return ScreenResult.CONSULT
    if met:
        return ScreenResult.MUST_TRANSFER
    if Answer.YES in consult and Answer.NO not in required:
        return ScreenResult.CONSULT
    if required and all(answer is Answer.YES for answer in required):
        return ScreenResult.WATCH
    return ScreenResult.NONE


def screen_offence(standard: CrimeStandard, facts: CrimeFacts, act_id: str, evidence_ids: Iterable[str] = ()) -> OffenceResult:
    required = [element_answer(element, facts, act_id) for element in standard.required]
    any_of = [element_answer(element, facts, act_id) for element in standard.any_of]
    consult = [element_answer(element, facts, act_id) for element in standard.consult_any_of]
    elements = [*standard.required, *standard.any_of, *standard.consult_any_of]
    answers = [*required, *any_of, *consult]
    by_answer = {answer: tuple(e.text for e, a in zip(elements, answers, strict=True) if a is answer) for answer in Answer}
    return OffenceResult(
        offence=standard.offence,
        name=standard.name,
        result=_judge(required, any_of, consult),
        elements_met=by_answer[Answer.YES],
        elements_missing=by_answer[Answer.NO],
        elements_unknown=by_answer[Answer.UNKNOWN],
        threshold="; ".join(element.text for element in standard.any_of),
        evidence_ids=tuple(evidence_ids),
    )


def crime_screen(
    standards: Iterable[CrimeStandard], facts: CrimeFacts, act_id: str, evidence_ids: Iterable[str] = ()
) -> tuple[OffenceResult, ...]:
    """Every offence of the lawbook held against the facts. Law: APL 27, 57; TRR 3."""
    evidence = tuple(evidence_ids)
    return tuple(screen_offence(standard, facts, act_id, evidence) for standard in standards)


def gravest(results: Iterable[OffenceResult]) -> ScreenResult:
    return max((result.result for result in results), key=GRAVITY.index, default=ScreenResult.NONE)
