"""What follows by itself for a coercive measure: from documents served, from the case, the police, and periods that ended."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from kernel.days import day_begins
from kernel.moves import Facts
from kernel.timers import Timer

from inspections.application.grounds import with_known
from inspections.application.measure_commands import come_under, decided
from inspections.application.measure_endings import come_free, confiscate_if_due
from inspections.application.ports import Uow
from inspections.domain.measure import STATED, CoerciveMeasure
from inspections.domain.measure_rows import State
from inspections.domain.measure_terms import HandOver


async def document_served(uow: Uow, *, facts: Facts, document_id: UUID, form: str, object_id: UUID, deemed_on: date, at: datetime) -> None:
    """F08: Q03 with HD06 or HD19 for each record of the decision; F13: Q18."""
    if form not in {"F08", "F13"}:
        return
    file = await uow.file_of_measure(object_id)
    for measure in decided(file.measure(object_id)):
        if measure.state is not State.APPROVED or measure.documents.get(form) != str(document_id):
            continue
        if form == "F08":
            uow.record(measure.apply(facts=with_known(facts, since=day_begins(deemed_on))))
            come_under(measure, facts)
        else:
            uow.record(measure.notice(facts=with_known(facts, since=at)))


async def case_filed(uow: Uow, *, facts: Facts, inspection_id: UUID, finding_ids: Sequence[UUID], case_id: str) -> None:
    """The measures over these findings are held for the case."""
    file = await uow.file(inspection_id)
    for measure in file.measures:
        if not measure.ended and not measure.case_id and set(measure.finding_ids) & set(finding_ids):
            uow.record(measure.link_case(case_id, facts=facts))


async def case_decided(uow: Uow, *, facts: Facts, case_id: str, confiscates_goods: bool) -> None:
    """What the penalty decision says of the goods (P4 in F34)."""
    for measure in await uow.measures_of_case(case_id):
        if not measure.ended:
            measure.note_penalty(confiscates=confiscates_goods, facts=facts)
            confiscate_if_due(uow, measure, facts)


async def case_served(uow: Uow, *, facts: Facts, case_id: str) -> None:
    """Q12 of what was to be confiscated."""
    for measure in await uow.measures_of_case(case_id):
        if not measure.ended:
            measure.note_penalty(served=True, facts=facts)
            confiscate_if_due(uow, measure, facts)


async def handed_over(uow: Uow, *, facts: Facts, measure_ids: Sequence[UUID], given: HandOver) -> None:
    """Q14, HD20: the objects went to the police with the case."""
    for measure_id in measure_ids:
        measure = (await uow.file_of_measure(measure_id)).measure(measure_id)
        if measure.state is not State.HANDED_TO_POLICE:
            uow.record(measure.hand_to_police(given, facts=facts))
            come_free(uow, measure, facts, review=True)


async def opinion_recorded(uow: Uow, *, facts: Facts, evidence_id: str, opinion_evidence_id: str) -> None:
    """Q08 of the objects that were tested."""
    for measure in await uow.measures_at_appraisal(evidence_id):
        uow.record(measure.end_appraisal(opinion_evidence_id, facts=facts))


async def approval_missed(uow: Uow, timer: Timer, facts: Facts) -> None:
    """D01 ended: Q22."""
    measure = await _of(uow, timer)
    if measure.state is State.URGENT_APPLIED:
        uow.record(measure.miss_approval(facts=facts))


async def period_ended(uow: Uow, timer: Timer, facts: Facts) -> None:
    """D02 ended: Q15."""
    measure = await _of(uow, timer)
    uow.record(measure.fall_overdue(facts=facts))


async def count_ended(uow: Uow, timer: Timer, facts: Facts) -> None:
    """The stated days of a test are over (Q08), or an alarm before the last day sounds."""
    measure = await _of(uow, timer)
    if timer.params.get("purpose") != STATED:
        event = measure.sound(timer, facts=facts)
        if event is not None:
            uow.record(event)
        return
    if measure.state is State.APPRAISAL:
        uow.record(measure.end_appraisal("", facts=facts))


async def _of(uow: Uow, timer: Timer) -> CoerciveMeasure:
    file = await uow.file_of_measure(timer.object_id)
    return file.measure(timer.object_id)
