"""Check items: what an officer looks at on the spot, and the wording that follows from his answer."""

import re
from dataclasses import dataclass
from datetime import date

from kernel.errors import NotFound

from lawbook.domain.citation import Citation

SLOT = re.compile(r"\{([^{}]+)\}")


class CheckItemNotInForce(NotFound):
    """No such item, or none in force on that day."""


@dataclass(frozen=True)
class CheckItem:
    """One item. `violation` and `rectify` hold {slots}; `{A/B}` is a choice, any other slot is free text."""

    id: str
    instrument: str
    category: str
    applies_to: tuple[str, ...]
    matter: str
    check: str
    violation: str
    rectify: str
    duty: Citation
    penalty: tuple[Citation, ...]
    no_penalty: str
    act_id: str
    authority: str
    measures: tuple[str, ...]
    major_screen: bool
    evidence: tuple[str, ...]
    valid_from_on: date
    valid_to_on: date | None
    region_code: str
    verified: bool

    @property
    def slots(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(SLOT.findall(self.violation) + SLOT.findall(self.rectify)))

    def offered_in(self, region_code: str) -> bool:
        """An item of one region is offered there only; without a region asked for, everywhere."""
        return not self.region_code or not region_code or region_code.startswith(self.region_code.rstrip("0"))
