"""What a list of work needs to know of any machine: its number, its party, the officers it names, who may move it."""

from dataclasses import dataclass
from typing import Any

from kernel.actors import AnyOf, Both, Delegated, Entered, Role, TwoOfficers, Who
from kernel.moves import Machine

# What a part of a matter hangs on; it gives the part its officers and party, as it gives it their roles.
_WHOLES = ("task", "case", "transfer")


@dataclass(frozen=True)
class Matter:
    """`whole_kind` and `whole_id` name what a part hangs on.

    `lead_id` is empty and `officer_ids` are none where the matter names nobody: then whoever holds the post may act.
    """

    number: str
    party_id: str
    officer_ids: tuple[str, ...]
    lead_id: str
    whole_kind: str = ""
    whole_id: str = ""


def matter_of(machine: Machine) -> Matter:
    """Reads what is loaded and loads nothing."""
    own = vars(machine)
    above: Machine | None = next((own[name] for name in _WHOLES if isinstance(own.get(name), Machine)), None)
    whole: dict[str, Any] = own if above is None else vars(above)
    # A paper is its drafter's.
    drafter = [whole["drafted_by"]] if whole.get("drafted_by") else []
    officers = tuple(dict.fromkeys(str(id) for id in whole.get("officer_ids") or drafter))
    lead = str(whole.get("lead_id") or "") or next(iter(officers), "")
    named = tuple(dict.fromkeys((lead, *officers))) if lead else officers
    number = str(own.get("number") or whole.get("number") or "")
    party = str(whole.get("enterprise_id") or own.get("enterprise_id") or "")
    return Matter(number, party, named, lead, *(("", "") if above is None else (above.MACHINE, str(above.id))))


def actors_of(who: Who) -> tuple[tuple[Role, str], ...]:
    """Role and delegated act (empty if it needs none) of each person who may make a move; without the system."""
    if isinstance(who, TwoOfficers):
        return ((Role.LEAD, ""), (Role.OFF, ""))
    if isinstance(who, Entered):
        return ((Role.OFF, ""), (Role.LEAD, ""))
    if isinstance(who, Both):
        return (*actors_of(who.first), *actors_of(who.second))
    assert isinstance(who, AnyOf)
    found = ((role.role, role.act) if isinstance(role, Delegated) else (role, "") for role in who.roles)
    return tuple(actor for actor in found if actor[0] is not Role.SYS)
