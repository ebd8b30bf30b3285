"""The catalogue of hazardous chemicals: rows, versions, and how a product or a line of a licence finds its row. Law: HCR 3, 33."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from kernel.errors import Conflict, Forbidden, Invalid
from kernel.moves import AnyOf, Facts, Role

IMPORTERS = AnyOf(Role.ADMIN, Role.SYS)
_CAS = re.compile(r"([1-9]\d{1,6})-(\d{2})-(\d)")
_CONTENT = re.compile(r"含[^\]>]*>(\d+(?:\.\d+)?)%")


class CatalogueEmpty(Invalid):
    """A version of the catalogue has rows."""


class CatalogueWithoutSource(Invalid):
    """A version of the catalogue names what it was made from."""


class ChemicalInvalid(Invalid):
    """A row has a name, and a CAS number whose check digit is right or none."""


class ChemicalTwice(Invalid):
    """Two rows have one CAS number or one name."""


class CatalogueAlreadyImported(Conflict):
    """Someone imported another version meanwhile."""


class CatalogueKeeperOnly(Forbidden):
    """The catalogue is imported by who keeps the platform's data."""


@dataclass(frozen=True)
class Chemical:
    """A row. `row` is its place in the version, from 1."""

    row: int
    name: str
    aliases: tuple[str, ...] = ()
    english: str = ""
    cas: str = ""
    un: str = ""
    hazard_class: str = ""
    hazardous: bool = True
    verified: bool = False

    @property
    def content_above(self) -> float | None:
        """The share above which the row holds, where it names one (for example 过氧化氢溶液[含量>8%])."""
        found = _CONTENT.search(unicodedata.normalize("NFKC", self.name))
        return float(found.group(1)) if found else None

    def names(self) -> set[str]:
        return {folded(name) for name in (self.name, *self.aliases, self.english) if name.strip()}


@dataclass(frozen=True)
class Found:
    """A row and by what it was found: CAS, NAME or ALIAS."""

    chemical: Chemical
    by: str


@dataclass(frozen=True)
class Catalogue:
    """One version, in force from a day on; version 0 is the empty one before the first."""

    version: int
    source: str
    valid_from_on: date | None
    complete: bool
    verified: bool
    imported_at: datetime | None
    chemicals: Sequence[Chemical] = field(default=(), repr=False)

    @property
    def rows(self) -> int:
        return len(self.chemicals)

    @cached_property
    def _by_cas(self) -> dict[str, Chemical]:
        return {chemical.cas: chemical for chemical in self.chemicals if chemical.cas}

    @cached_property
    def _by_name(self) -> dict[str, Chemical]:
        return {folded(chemical.name): chemical for chemical in self.chemicals}

    @cached_property
    def _by_alias(self) -> dict[str, Chemical]:
        return {name: chemical for chemical in self.chemicals for name in chemical.names()}

    def find(self, name: str, cas: str) -> Found | None:
        """By CAS number, then by catalogue name, then by alias."""
        by_cas = self._by_cas.get(plain_cas(cas)) if cas.strip() else None
        if by_cas is not None:
            return Found(by_cas, "CAS")
        said = folded(name)
        if said in self._by_name:
            return Found(self._by_name[said], "NAME")
        return Found(self._by_alias[said], "ALIAS") if said in self._by_alias else None

    @classmethod
    def compose(
        cls,
        before: "Catalogue",
        *,
        source: str,
        valid_from_on: date,
        complete: bool,
        verified: bool,
        chemicals: Iterable[Chemical],
        facts: Facts,
    ) -> "Catalogue":
        """The next version. Raises: CatalogueKeeperOnly, CatalogueWithoutSource, CatalogueEmpty, ChemicalInvalid, ChemicalTwice."""
        if not facts.by.roles & {Role.ADMIN, Role.SYS}:
            raise CatalogueKeeperOnly("the catalogue is imported by who keeps the platform's data", needed=str(IMPORTERS))
        if not source.strip():
            raise CatalogueWithoutSource("say what the catalogue was made from")
        rows = tuple(chemicals)
        if not rows:
            raise CatalogueEmpty("a catalogue has rows")
        seen: dict[str, int] = {}
        for chemical in rows:
            _check(chemical)
            for key in {chemical.cas, folded(chemical.name)} - {""}:
                if key in seen:
                    raise ChemicalTwice("two rows name one substance", row=chemical.row, earlier=seen[key], key=key)
                seen[key] = chemical.row
        return cls(before.version + 1, source.strip(), valid_from_on, complete, verified, facts.now, rows)


EMPTY = Catalogue(0, "", None, False, False, None)


def _check(chemical: Chemical) -> None:
    if not chemical.name.strip():
        raise ChemicalInvalid("a row has a name", row=chemical.row)
    if chemical.cas and not cas_right(chemical.cas):
        raise ChemicalInvalid("the check digit of the CAS number is wrong", row=chemical.row, cas=chemical.cas)


def folded(name: str) -> str:
    """A name as it is compared: width, case, spaces and kinds of brackets and dashes do not count."""
    text = unicodedata.normalize("NFKC", name).casefold()
    for old, new in (("【", "["), ("】", "]"), ("〔", "["), ("〕", "]"), ("(", "["), (")", "]"), ("、", ","), ("–", "-"), ("—", "-")):
        text = text.replace(old, new)
    return "".join(text.split())


def plain_cas(cas: str) -> str:
    return unicodedata.normalize("NFKC", cas).replace("–", "-").replace("—", "-").strip().upper().removeprefix("CAS").strip(" :：")


def cas_right(cas: str) -> bool:
    """Whether it has the form and the check digit of a CAS number."""
    match = _CAS.fullmatch(plain_cas(cas))
    if match is None:
        return False
    digits = match.group(1) + match.group(2)
    return sum(place * int(digit) for place, digit in enumerate(reversed(digits), start=1)) % 10 == int(match.group(3))
