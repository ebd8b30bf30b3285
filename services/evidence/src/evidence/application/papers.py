"""Which paper of an item may be drawn up in which state, and what the item fills in. Law: WSL forms F18 to F23, X6."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import NotFound, Precondition
from kernel.moves import Facts

from evidence.application.ports import Outside, Uow
from evidence.domain.item import EvidenceItem, Matter
from evidence.domain.states import State


class FormNotOfEvidence(NotFound):
    """This form is none of an item of evidence."""


class FormNotDueNow(Precondition):
    """The form is not drawn up in this state."""


DUE: Mapping[str, frozenset[State]] = {
    "F18": frozenset({State.REGISTERED}),
    "F19": frozenset({State.REGISTERED}),
    "F20": frozenset({State.REGISTERED}),
    "F21": frozenset({State.PRESERVED}),
    "F22": frozenset({State.PRESERVED}),
    "F23": frozenset({State.REGISTERED, State.SAMPLED, State.PRESERVED}),
    "X6A": frozenset({State.IN_STORE, State.ADMITTED}),
    "X6B": frozenset({State.CONFISCATED}),
}
SERVED = frozenset({"F20", "F22", "F23"})


@dataclass(frozen=True)
class MayDraft:
    allowed: bool
    reason: str = ""
    detail: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    org_id: str = ""
    org_path: str = ""
    matter_id: str = ""


@dataclass(frozen=True)
class MayServe:
    allowed: bool
    reason: str = ""
    detail: str = ""


async def may_draft(uow: Uow, *, facts: Facts, outside: Outside, form: str, object_id: UUID) -> MayDraft:
    """W01."""
    item = await uow.item(object_id)
    if form not in DUE:
        return MayDraft(False, FormNotOfEvidence.reason, f"{form} is no form of an item of evidence")
    if item.state not in DUE[form]:
        return MayDraft(False, FormNotDueNow.reason, f"{form} is not drawn up in state {item.state}")
    matter = await outside.matters.matter(item.object_kind, item.object_id)
    names = await outside.officers.officers(matter.officer_ids)
    return MayDraft(
        True,
        fields=known(item, matter, names, facts.now),
        org_id=matter.org_id,
        org_path=item.org_path,
        matter_id=str(item.object_id),
    )


async def may_serve(uow: Uow, *, form: str, object_id: UUID) -> MayServe:
    """W09: the move that the paper carries is made by then, its service makes none."""
    await uow.item(object_id)
    if form not in SERVED:
        return MayServe(False, FormNotOfEvidence.reason, f"{form} is not served")
    return MayServe(True)


def known(item: EvidenceItem, matter: Matter, officers: Sequence[Any], now: datetime) -> dict[str, Any]:
    """What item and matter know of the content, under the field names of the forms."""
    line = {"no": 1, "name": item.title, "model": "", "unit": "件", "quantity": "1", "remarks": item.fact}
    found: dict[str, Any] = {
        "case_name": matter.title,
        "unit": matter.party_name,
        "party_name": matter.party_name,
        "party_uscc": matter.party_code,
        "party_address": matter.party_address,
        "legal_representative": matter.legal_representative,
        "party_phone": matter.party_phone,
        "facts": item.fact,
        "inventory": [line],
        "basis_text": "《中华人民共和国行政处罚法》第五十六条",
        "place": item.place,
        "sampled_on": legal_day(now).isoformat(),
        "officers": [
            {"id": one.id, "name": getattr(one, "name", ""), "certificate": one.certificates[0].number if one.certificates else ""}
            for one in officers
        ],
    }
    if item.preservation is not None and item.preservation.preserved_at is not None:
        found |= {
            "earlier_date": legal_day(item.preservation.preserved_at).isoformat(),
            "storage_place": item.preservation.storage_place,
            "storage_method": item.preservation.keeper,
            "reason": item.preservation.reason,
        }
    return {name: value for name, value in found.items() if value}
