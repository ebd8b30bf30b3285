"""Which rule answers for which row, and the answer put together."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kernel.deadlines import payment, remedies, rows, steps
from kernel.deadlines.counting import Count
from kernel.deadlines.deadline import Deadline
from kernel.deadlines.question import BadInput, Question, UnknownTimer
from kernel.parameters import LawParameters, TimerRow

Rule = Callable[[Question, TimerRow, Count], rows.Answer]

_RULES: Mapping[str, Rule] = {
    "D06": steps.cash,
    "D10": steps.hearing_held,
    "D11": steps.hearing_lead,
    "D13": steps.service,
    "D16": payment.payment,
    "D17": payment.deferred,
    "D18": payment.surcharge,
    "D19": remedies.party_remedy,
    "D20": remedies.party_remedy,
    "D21": remedies.party_remedy,
    "D22": steps.demand_wait,
    "D23": remedies.court_window,
    "D25": steps.rectification,
    "D26": steps.extension_request,
    "D28": steps.reinspection,
    "D30": steps.power_cut,
    "D35": steps.material_check,
    "D36": steps.police_decision,
    "D37": steps.police_forward,
    "D50": steps.limitation,
}


def compute(
    timer: str, starts_at: object, events: Iterable[Mapping[str, Any]] | None, params: Mapping[str, Any] | None, law: LawParameters
) -> Deadline:
    """The deadline of a timer of the master table, or of GEN, the bare rules of counting.

    `events` and `params` have the shapes of docs/law/deadline-format.md. Raises UnknownTimer, BadInput, CalendarNotLoaded.
    """
    if timer != "GEN" and timer not in law.timers:
        raise UnknownTimer(f"the master table has no row {timer!r}", timer=str(timer))
    question = Question.of(timer, starts_at, events, params)
    count = Count(question, law)
    try:
        if question.timer == "GEN":
            answer = rows.bare(question, count)
        else:
            row = law.timers[question.timer]
            answer = _RULES.get(row.id, rows.plain)(question, row, count)
    except OverflowError as wrong:
        raise BadInput(f"{question.timer} ends outside the calendar", timer=question.timer) from wrong
    accepted = tuple(answer.accepted[index] for index in sorted(answer.accepted)) if answer.accepted else None
    return Deadline(
        timer=question.timer,
        accepted=accepted,
        provisional=count.guessed is not None,
        law=answer.law,
        derivation=tuple(count.sentences),
        expires_at=answer.expires_at,
        **answer.fields,
    )
