"""Amounts and kinds that open a right or a duty, and the filing standards of crimes, by region and day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.errors import Conflict, Invalid, NotFound

from lawbook.domain.versions import in_force


class ThresholdsNotInForce(NotFound):
    """No row of thresholds is in force that day."""


class ThresholdsInvalid(Invalid):
    """The row cannot be judged by: an amount is negative, or a filing standard has no element."""


class ThresholdsAlreadySet(Conflict):
    """The region has a row from that day; a correction begins on another day."""


class Op(StrEnum):
    GE = "GE"
    TRUE = "TRUE"
    ACT = "ACT"


@dataclass(frozen=True)
class HearingAmount:
    party_kind: str
    amount_fen: int
    source: str
    verified: bool


@dataclass(frozen=True)
class CollectiveTrigger:
    fine_fen: int
    confiscation_fen: int
    kinds: tuple[str, ...]
    source: str
    verified: bool
    min_attendees: int = 3


@dataclass(frozen=True)
class LegalReviewTrigger:
    all: bool
    fine_fen: int
    source: str
    verified: bool


@dataclass(frozen=True)
class UpwardFiling:
    level: str
    fine_fen: int
    source: str
    verified: bool


@dataclass(frozen=True)
class SimpleProcedureCap:
    party_kind: str
    fine_fen: int
    source: str


@dataclass(frozen=True)
class Element:
    id: str
    text: str
    fact: str
    op: Op
    value: int
    acts: tuple[str, ...]


@dataclass(frozen=True)
class CrimeStandard:
    """One offence. It has to be transferred when one of `any_of` and all of `required` are met (7.5)."""

    offence: str
    name: str
    name_en: str
    required: tuple[Element, ...]
    any_of: tuple[Element, ...]
    consult_any_of: tuple[Element, ...]
    source: str
    verified: bool


@dataclass(frozen=True)
class Thresholds:
    """One region's row. `region_code` is a prefix of division codes; empty is the country."""

    region_code: str
    valid_from_on: date
    valid_to_on: date | None
    verified: bool
    hearing: tuple[HearingAmount, ...]
    hearing_kinds: tuple[str, ...]
    collective: CollectiveTrigger
    legal_review: LegalReviewTrigger
    upward_filing: tuple[UpwardFiling, ...]
    simple_procedure: tuple[SimpleProcedureCap, ...]
    crime_standards: tuple[CrimeStandard, ...]

    @property
    def version(self) -> str:
        return f"{self.region_code or 'CN'}@{self.valid_from_on.isoformat()}"

    def check(self) -> None:
        """Raises: ThresholdsInvalid."""
        amounts = [row.amount_fen for row in self.hearing] + [row.fine_fen for row in self.upward_filing]
        if any(amount <= 0 for amount in amounts) or self.collective.fine_fen <= 0:
            raise ThresholdsInvalid("an amount that opens a right is more than nothing", region_code=self.region_code)
        for standard in self.crime_standards:
            if not standard.any_of and not standard.required:
                raise ThresholdsInvalid("a filing standard has at least one element", offence=standard.offence)


def nearest(rows: Iterable[Thresholds], region_code: str, on: date) -> Thresholds:
    """The row in force of the nearest region; of one region the one that began last. Raises: ThresholdsNotInForce."""
    fitting = [row for row in rows if in_force(row, on) and region_code.startswith(row.region_code)]
    if not fitting:
        raise ThresholdsNotInForce("no thresholds are in force that day", region_code=region_code, on=on)
    return max(fitting, key=lambda row: (len(row.region_code), row.valid_from_on))
