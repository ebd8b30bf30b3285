"""Whether products are within the licences of an entity. Law: HCR 33(1), 35; mixture rule of the catalogue of 2015 [K]; law brief 6.6."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from enterprises.domain.chemicals import Catalogue, Chemical, cas_right
from enterprises.domain.enterprise import Licence

MIXTURE_PERCENT = 70.0
WHOLE = 99.5


class Answer(StrEnum):
    IN_SCOPE = "IN_SCOPE"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    NOT_HAZARDOUS = "NOT_HAZARDOUS"
    UNSURE = "UNSURE"


@dataclass(frozen=True)
class Part:
    name: str
    cas: str
    percent: float


@dataclass(frozen=True)
class Product:
    name: str
    cas: str = ""
    mixture: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Held:
    """A line of a licence with the row that it means."""

    licence: Licence
    line: str
    row: int


@dataclass(frozen=True)
class Result:
    """The answer for one product with what it rests on; `matched_by` and `reason` are words of the contract."""

    product: Product
    answer: Answer
    reason: str
    catalogue_version: int
    matched_by: str = ""
    catalogue_row: Chemical | None = None
    licence: Licence | None = None
    licence_line: str = ""

    @property
    def licence_id(self) -> str:
        return str(self.licence.id) if self.licence else ""

    @property
    def licence_number(self) -> str:
        return self.licence.number if self.licence else ""


class ScopeCheck:
    """The licences of one entity on one day against one version of the catalogue."""

    def __init__(self, catalogue: Catalogue, licences: Sequence[Licence], on: date) -> None:
        self.catalogue = catalogue
        licensing = [licence for licence in licences if licence.licenses_goods]
        self.held = self._lines(licence for licence in licensing if licence.in_force(on))
        self.lapsed = self._lines(licence for licence in licensing if not licence.in_force(on))

    def _lines(self, licences: Iterable[Licence]) -> dict[int, Held]:
        held: dict[int, Held] = {}
        for licence in licences:
            for line in licence.lines:
                for name in (line.name, *line.aliases):
                    found = self.catalogue.find(name, line.cas)
                    if found is not None:
                        held.setdefault(found.chemical.row, Held(licence, line.name, found.chemical.row))
                        break
        return held

    def check(self, product: Product) -> Result:
        """By CAS number, then by catalogue name or alias, then by the mixture rule."""
        if product.cas.strip() and not cas_right(product.cas):
            return self._result(product, Answer.UNSURE, "CAS_WRONG")
        found = self.catalogue.find(product.name, product.cas)
        if found is not None and not self._below_content(found.chemical, product):
            return self._by_row(product, found.chemical, found.by)
        if product.mixture:
            return self._by_mixture(product)
        if found is not None:
            return self._result(product, Answer.UNSURE, "CONTENT_BELOW_ROW", found.by, found.chemical)
        if self.catalogue.complete:
            return self._result(product, Answer.NOT_HAZARDOUS, "NOT_IN_COMPLETE_CATALOGUE")
        return self._result(product, Answer.UNSURE, "NOT_IN_CATALOGUE")

    def _by_row(self, product: Product, row: Chemical, by: str) -> Result:
        if not row.hazardous:
            return self._result(product, Answer.NOT_HAZARDOUS, "ROW_NOT_HAZARDOUS", by, row)
        if row.row in self.held:
            return self._result(product, Answer.IN_SCOPE, "ON_LICENCE", by, row, self.held[row.row])
        if row.row in self.lapsed:
            return self._result(product, Answer.OUT_OF_SCOPE, "LICENCE_NOT_IN_FORCE", by, row, self.lapsed[row.row])
        return self._result(product, Answer.OUT_OF_SCOPE, "NOT_ON_LICENCE", by, row)

    def _below_content(self, row: Chemical, product: Product) -> bool:
        """The row holds above a content, and the product has no more than that."""
        least = row.content_above
        if least is None:
            return False
        return any(self._row_of(part) == row and part.percent <= least for part in product.mixture)

    def _row_of(self, part: Part) -> Chemical | None:
        if part.cas.strip() and not cas_right(part.cas):
            return None
        found = self.catalogue.find(part.name, part.cas)
        return found.chemical if found else None

    def _by_mixture(self, product: Product) -> Result:
        """70 % or more of listed substances: in scope only if each of them is on a licence, the largest told first."""
        parts = sorted(product.mixture, key=lambda part: -part.percent)
        rows = [(part, self._row_of(part)) for part in parts]
        listed = [(part, row) for part, row in rows if row is not None and row.hazardous and not self._too_thin(row, part)]
        if sum(part.percent for part, _ in listed) >= MIXTURE_PERCENT:
            out = next((row for _, row in listed if row.row not in self.held), None)
            return self._by_row(product, out if out is not None else listed[0][1], "MIXTURE")
        harmless = sum(part.percent for part, row in rows if row is not None and not row.hazardous)
        if not listed and harmless >= WHOLE:
            row = next(row for _, row in rows if row is not None)
            return self._result(product, Answer.NOT_HAZARDOUS, "ROW_NOT_HAZARDOUS", "MIXTURE", row)
        reason = "MIXTURE_UNKNOWN" if any(row is None for _, row in rows) else "MIXTURE_BELOW_70"
        return self._result(product, Answer.UNSURE, reason, "MIXTURE" if listed else "", listed[0][1] if listed else None)

    @staticmethod
    def _too_thin(row: Chemical, part: Part) -> bool:
        return row.content_above is not None and part.percent <= row.content_above

    def _result(
        self, product: Product, answer: Answer, reason: str, by: str = "", row: Chemical | None = None, held: Held | None = None
    ) -> Result:
        return Result(
            product=product,
            answer=answer,
            reason=reason,
            catalogue_version=self.catalogue.version,
            matched_by=by,
            catalogue_row=row,
            licence=held.licence if held else None,
            licence_line=held.line if held else "",
        )
