"""The standard wording of a violation and of what mends it, with its slots filled from the finding."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kernel.errors import Invalid

_SLOT = re.compile(r"\{([^{}]+)\}")
# The last day of the order fills this slot by itself.
BY = "期限"


class UnknownSlot(Invalid):
    """The wording has no such slot."""


class NotAChoice(Invalid):
    """A slot `{A/B}` takes one of its choices."""


@dataclass(frozen=True)
class CheckItem:
    """One thing that an officer can look at on the spot and answer, as lawbook answers it for the day. Law brief 3.2."""

    id: str
    instrument: str
    matter: str
    check: str
    violation: str
    rectify: str
    duty_text: str
    penalty_texts: tuple[str, ...]
    act_id: str
    authority: str
    measures: tuple[str, ...]
    major_screen: bool


def slots_of(*templates: str) -> tuple[str, ...]:
    """Names of the slots in order of appearance."""
    return tuple(dict.fromkeys(name for template in templates for name in _SLOT.findall(template)))


def checked(slots: Mapping[str, str], *templates: str) -> dict[str, str]:
    """The given slots without blanks. Raises: UnknownSlot, NotAChoice."""
    names = slots_of(*templates)
    kept = {name: value.strip() for name, value in slots.items() if value.strip()}
    for name, value in kept.items():
        if name not in names:
            raise UnknownSlot("the wording has no such slot", slot=name, slots=",".join(names))
        if "/" in name and value not in name.split("/"):
            raise NotAChoice(f"one of {name} is chosen", slot=name, given=value)
    return kept


def fill(template: str, slots: Mapping[str, str], *, due_on: date | None = None) -> str:
    """The wording; a slot that is still empty stays visible as {slot}."""
    known = dict(slots)
    if due_on is not None:
        known.setdefault(BY, f"{due_on.year}年{due_on.month}月{due_on.day}日")
    return _SLOT.sub(lambda found: known.get(found.group(1)) or found.group(0), template)


def empty(template: str, slots: Mapping[str, str]) -> tuple[str, ...]:
    """Slots of the wording without a value; the day of the order is none of them."""
    return tuple(name for name in slots_of(template) if name != BY and not slots.get(name))
