"""What people enter of remedies, and what follows from it: one function each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kernel.moves import Facts
from kernel.timers import Timer

from penalties.application.commands import release
from penalties.application.knowing import checked, current, knowing
from penalties.application.ports import Ports, Uow
from penalties.domain.case import Case
from penalties.domain.remedy import Ending, Ruling
from penalties.domain.remedy_steps import Step


@dataclass(frozen=True)
class Suit:
    """A suit as the copy of the complaint tells it."""

    filed_on: str
    court: str
    copy_received_on: str
    evidence_id: str
    period_extended: bool
    stayed: bool


async def file_reconsideration(
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    filed_on: str,
    body: str,
    ground: str,
    evidence_id: str,
    handed_here: bool,
    stayed: bool,
) -> Case:
    case = await current(uow, id, version)
    uow.record(case.file_reconsideration(filed_on, body, ground, evidence_id, handed_here, stayed, facts=facts))
    return case


async def record_step(
    uow: Uow, *, facts: Facts, id: UUID, version: int, remedy_id: UUID, step: Step, on: str, days: int, evidence_id: str, simple: bool
) -> Case:
    case = await current(uow, id, version)
    case.record_step(remedy_id, step, on, days, evidence_id, simple, facts=facts)
    return case


async def end_reconsideration(
    uow: Uow, *, facts: Facts, id: UUID, version: int, remedy_id: UUID, ruling: Ruling, ending: Ending | None
) -> Case:
    case = await current(uow, id, version)
    _record(uow, case.end_reconsideration(remedy_id, ruling, ending, facts=facts))
    return case


async def file_suit(uow: Uow, *, facts: Facts, id: UUID, version: int, suit: Suit) -> Case:
    case = await current(uow, id, version)
    given = (suit.filed_on, suit.court, suit.copy_received_on, suit.evidence_id, suit.period_extended, suit.stayed)
    uow.record(case.file_suit(*given, facts=facts))
    return case


async def sue_after(uow: Uow, *, facts: Facts, id: UUID, version: int, remedy_id: UUID, suit: Suit) -> Case:
    case = await current(uow, id, version)
    given = (suit.filed_on, suit.court, suit.copy_received_on, suit.evidence_id, suit.period_extended, suit.stayed)
    uow.record(case.sue_after(remedy_id, *given, facts=facts))
    return case


async def answer_suit(uow: Uow, *, facts: Facts, id: UUID, version: int, remedy_id: UUID, on: str, evidence_id: str) -> Case:
    case = await current(uow, id, version)
    case.answer_suit(remedy_id, on, evidence_id, facts=facts)
    return case


async def record_judgment(uow: Uow, *, facts: Facts, id: UUID, version: int, remedy_id: UUID, ruling: Ruling) -> Case:
    case = await current(uow, id, version)
    case.record_judgment(remedy_id, ruling, facts=facts)
    return case


async def record_appeal(
    uow: Uow, *, facts: Facts, id: UUID, version: int, remedy_id: UUID, on: str, by_party: bool, evidence_id: str
) -> Case:
    case = await current(uow, id, version)
    case.record_appeal(remedy_id, on, by_party, evidence_id, facts=facts)
    return case


async def record_final_judgment(
    uow: Uow, *, facts: Facts, id: UUID, version: int, remedy_id: UUID, ruling: Ruling, perform_by: str
) -> Case:
    case = await current(uow, id, version)
    _record(uow, case.record_final_judgment(remedy_id, ruling, perform_by, facts=facts))
    return case


async def correct_decision(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str, redecide: bool, document_id: str
) -> Case:
    case = await current(uow, id, version)
    known = knowing(facts, await checked(ports, [document_id]))
    _record(uow, case.correct(reason, redecide, [document_id], facts=known))
    release(uow, case, [document_id], facts)
    return case


def _record(uow: Uow, happened: Sequence[object]) -> None:
    for event in happened:
        uow.record(event)


# What timers do.


async def application_accepted(uow: Uow, *, facts: Facts, timer: Timer) -> None:
    """D63 ended without a refusal: accepted (ARL 30)."""
    case = await uow.case(timer.object_id)
    timer.stop(facts.now)
    case.application_accepted(facts=facts)


async def application_given_up(uow: Uow, *, facts: Facts, timer: Timer) -> None:
    """D62 ended without a completion: given up (ARL 31)."""
    case = await uow.case(timer.object_id)
    timer.stop(facts.now)
    _record(uow, case.application_given_up(facts=facts))


async def reconsideration_over(uow: Uow, *, facts: Facts, timer: Timer) -> None:
    """D52 ended without a decision: an entry against the body, and the party may sue (ARL 34)."""
    case = await uow.case(timer.object_id)
    uow.record(case.note_breach(timer, facts=facts))
    case.reconsideration_over(facts=facts)
