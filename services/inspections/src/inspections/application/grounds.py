"""What a command lays before the guards: facts with the officers, the forms and the limits that they read."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from kernel.errors import Invalid
from kernel.moves import SYSTEM, Facts, Person

from inspections.application.ports import Documents, Identity, Uow
from inspections.domain.events import DocumentReleased
from inspections.domain.form import ENTERPRISE, OFFICER, Form
from inspections.domain.inspection import Inspection
from inspections.domain.limits import Limits
from inspections.domain.refusals import DateMissing, FormNotReady

THREE = (OFFICER, OFFICER, ENTERPRISE)


class NeedsDocument(Invalid):
    """The move needs a document."""


def with_known(facts: Facts, **known: Any) -> Facts:
    return replace(facts, known={**facts.known, **known})


def by_system(facts: Facts, cause: str = "") -> Facts:
    """The system goes on by itself in the same transaction."""
    return replace(facts, by=SYSTEM, second=None, input=None, cause=cause or facts.cause)


async def with_officers(facts: Facts, identity: Identity, *more: str) -> Facts:
    """The certificates of who acts, and of these officers, at this time (G01)."""
    ids = [facts.by.id, *((facts.second.id,) if facts.second else ()), *more]
    return with_known(facts, officers=await identity.officers(list(dict.fromkeys(ids)), facts.now))


def with_form(facts: Facts, form: Form, *objects: UUID) -> Facts:
    return with_known(facts, form=form, belongs_to=objects)


async def signed_by_officers(
    facts: Facts, task: Inspection, document_id: UUID, *objects: UUID, documents: Documents, identity: Identity
) -> tuple[Form, Facts]:
    """The form, and the facts with the second officer: his signature on its body, made with his own token, confirms the move.

    Who moves has signed too. Law: APL 42; WSL 68.
    """
    form = await documents.check(document_id, THREE)
    signers = [one for one in form.signers(OFFICER) if one in task.officer_ids]
    if facts.by.id in task.officer_ids and facts.by.id not in signers:
        raise FormNotReady("who moves signs the document first", document_id=document_id, problems=f"OFFICER {facts.by.id}")
    other = next((one for one in signers if one != facts.by.id), None)
    if other is not None:
        facts = replace(facts, second=Person(id=other, org_id=facts.by.org_id, org_path=facts.by.org_path, roles=frozenset()))
    return form, with_form(await with_officers(facts, identity), form, *objects)


def release(uow: Uow, task: Inspection, forms: Sequence[UUID], object_kind: str, object_id: UUID, facts: Facts) -> None:
    """The documents of a move are now approved, numbered, signed and sealed (W04–W08), the approving form first."""
    uow.record(DocumentReleased(task.id, list(forms), object_kind, object_id, facts.by.id, facts.now))


def needed(day: Any, field: str) -> Any:
    if day is None:
        raise DateMissing(f"{field} is needed", field=field)
    return day


def limited(facts: Facts, limits: Limits) -> Facts:
    return with_known(facts, limits=limits)
