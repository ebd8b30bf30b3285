"""What a move needs to know, fetched before it, and what it leaves behind."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from kernel.days import legal_day
from kernel.moves import Facts

from criminal_transfer.application.ports import Ports, Uow
from criminal_transfer.domain import events
from criminal_transfer.domain.records import Handed, Receiver, ReceiverKind
from criminal_transfer.domain.transfer import Transfer


async def current(uow: Uow, id: UUID, version: int) -> Transfer:
    """The transfer as the caller read it, or a conflict."""
    found = await uow.transfer(id)
    uow.expect(found, version)
    return found


def knowing(facts: Facts, **known: Any) -> Facts:
    return replace(facts, known={**facts.known, **known})


async def with_papers(ports: Ports, facts: Facts, document_ids: Sequence[str], *forms: str) -> Facts:
    """What documents says of the papers that the move carries; `forms`: those that it has to carry."""
    checked = [await ports.documents.check(one) for one in document_ids if one]
    return knowing(facts, checked=checked, form=forms, limits=ports.limits)


def second_factor(uow: Uow, facts: Facts) -> Facts:
    """How the caller logged in stands in his token."""
    return knowing(facts, amr=tuple(uow.caller.claims.get("amr", ())))


def leave(uow: Uow, transfer: Transfer, *happened: object) -> Transfer:
    """Breach entries come before what happened after them."""
    for event in (*transfer.take_breaches(), *happened):
        uow.record(event)
    return transfer


def release(uow: Uow, transfer: Transfer, document_ids: Sequence[str], facts: Facts) -> None:
    """The move that the documents carry is made: documents numbers and seals them."""
    chosen = tuple(one for one in document_ids if one)
    if chosen:
        uow.record(events.DocumentReleased("transfer", str(transfer.id), chosen, facts.by.id, facts.now, transfer.id))


async def partners(ports: Ports, transfer: Transfer, facts: Facts) -> dict[str, Sequence[Receiver]]:
    """The clients of police, procuratorate and court by kind, and the name of each body where it has no client."""
    today = legal_day(facts.now)
    body = await ports.identity.body(transfer.org_id, today)
    found = await ports.identity.partners(transfer.org_id, today)
    known: dict[str, Sequence[Receiver]] = {}
    for kind, name in (("POLICE", body.police), ("PROCURATORATE", body.procuratorate), ("COURT", "")):
        clients = [one for one in found if one.kind == kind]
        known[kind] = clients or ([Receiver(ReceiverKind(kind), "", name)] if name else [])
    return known


async def hand(uow: Uow, transfer: Transfer, receivers: Sequence[Receiver], facts: Facts) -> None:
    """A row per partner: what he sees from now on."""
    there = {row.handed_to for row in await uow.handed(transfer.id)}
    for receiver in receivers:
        if receiver.client_id and receiver.client_id not in there:
            there.add(receiver.client_id)
            uow.add(Handed(uuid4(), transfer.id, transfer.org_path, receiver.client_id, receiver.kind, facts.now))
