"""What follows from events of others and from the end of a timer."""

from collections.abc import Sequence
from uuid import UUID

from kernel.money import Money
from kernel.moves import Facts
from kernel.timers import Timer, TimerState

from criminal_transfer.application.commands import begin
from criminal_transfer.application.knowing import knowing, leave
from criminal_transfer.application.ports import Ports, Uow
from criminal_transfer.domain.records import GRAVE, RESOLVED, CaseFine, Source, State, TransferDocument


async def screened(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    case_id: str,
    inspection_id: str,
    result: str,
    offences: Sequence[str],
    suspects: Sequence[str],
) -> None:
    """C01, once per matter and set of offences; a refused transfer is suspected anew on an offence that it did not name (C09).

    What was closed as unfounded (C05) was so by a screen NONE or WATCH: a grave one after it knows new facts.
    """
    if not case_id and not inspection_id:
        return
    await uow.lock_matter(case_id or inspection_id)
    there = list(await uow.open_on(case_id, inspection_id))
    running = [one for one in there if one.state not in RESOLVED]
    for transfer in running:
        transfer.screened(result, offences, suspects, case_id, facts=facts)
        leave(uow, transfer)
    judged = [one for one in there if not one.unfounded]
    if result not in GRAVE or running or any(set(offences) <= set(one.offences) for one in judged):
        return
    refused = next((one for one in there if one.state is State.REJECTED), None)
    if refused is not None:
        event = refused.reopen(f"{result}: {', '.join(offences)}", facts=knowing(facts, limits=ports.limits))
        refused.screened(result, offences, suspects, case_id, facts=facts)
        leave(uow, refused, event)
        return
    matter = await (ports.matters.case(case_id) if case_id else ports.matters.inspection(inspection_id))
    text = f"{result}: {', '.join(offences)}"
    await begin(ports, uow, matter, text, offences, suspects, Source.SCREEN, facts=facts, screen_result=result)


async def note_document(
    uow: Uow,
    *,
    facts: Facts,
    document_id: str,
    form: str,
    transfer_id: str,
    state: str,
    number: str,
    sha256: str,
    served_on: str,
) -> None:
    """The line of a document, entered when it is heard of first. Events of a document come in order."""
    line = await uow.document(document_id)
    if line is None:
        transfer = await uow.transfer(UUID(transfer_id))
        line = TransferDocument(document_id, transfer.id, transfer.org_path, form, state, facts.now)
        uow.add(line)
    line.state = state
    line.number, line.sha256, line.served_on = number or line.number, sha256 or line.sha256, served_on or line.served_on


async def fined(ports: Ports, uow: Uow, *, case_id: str, org_path: str, fine: int) -> None:
    """What the case was fined (APL 35)."""
    line = await uow.fine(case_id) or await _line(ports, uow, case_id, org_path)
    line.fine = Money(fine)


async def paid(ports: Ports, uow: Uow, *, case_id: str, amount: int) -> None:
    line = await uow.fine(case_id) or await _line(ports, uow, case_id, "")
    line.paid = Money(max(0, line.paid.fen + amount))


async def _line(ports: Ports, uow: Uow, case_id: str, org_path: str) -> CaseFine:
    """Not every event says where the case stands; without its place nobody would see the line."""
    made = CaseFine(case_id, org_path or (await ports.matters.case(case_id)).org_path)
    uow.add(made)
    return made


async def over(uow: Uow, *, facts: Facts, timer: Timer) -> None:
    """The breach entry of a timer that ended; it moves nothing (C24: their end alone moves nothing)."""
    transfer = await uow.transfer(timer.object_id)
    running = next(one for one in transfer.timers if one.id == timer.id)
    if running.state is TimerState.RUNNING:
        transfer.breach(running, facts.now)
        transfer.log("breach", facts, reason=f"{running.timer}: {running.legal_expiry}")
    leave(uow, transfer)
