"""What callers may do with the catalogue of hazardous chemicals, and ask of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import Invalid
from kernel.moves import Facts

from enterprises.application.ports import Uow
from enterprises.domain.chemicals import Catalogue, Chemical
from enterprises.domain.scope import Product, ScopeCheck

MOST_PRODUCTS = 2_000


class ProductsMissing(Invalid):
    """A check names between one and 2,000 products, each by a name or a CAS number."""


class PercentWrong(Invalid):
    """The shares of a mixture are more than nothing and together at most 100 per cent."""


async def check_licence_scope(
    uow: Uow, *, facts: Facts, enterprise_id: UUID, on: date | None, products: Sequence[Product]
) -> dict[str, Any]:
    """Raises: EnterpriseNotFound, ProductsMissing, PercentWrong."""
    day = on or legal_day(facts.now)
    _asked(products)
    await uow.enterprise(enterprise_id)
    catalogue = await uow.catalogue(day)
    check = ScopeCheck(catalogue, await uow.licences(enterprise_id), day)
    return {
        "enterprise_id": enterprise_id,
        "on": day,
        "catalogue": shown(catalogue),
        "results": [check.check(product) for product in products],
    }


def _asked(products: Sequence[Product]) -> None:
    if not 0 < len(products) <= MOST_PRODUCTS or not all(product.name.strip() or product.cas.strip() for product in products):
        raise ProductsMissing("name between one and 2,000 products, each by a name or a CAS number", products=len(products))
    for product in products:
        shares = [part.percent for part in product.mixture]
        if any(not share > 0 for share in shares) or sum(shares) > 100.5:
            raise PercentWrong("the shares of a mixture are more than nothing and together at most 100 per cent", product=product.name)


async def import_chemicals(
    uow: Uow, *, facts: Facts, source: str, valid_from_on: date, complete: bool, verified: bool, chemicals: Sequence[Chemical]
) -> dict[str, Any]:
    """Raises: what `Catalogue.compose` raises, CatalogueAlreadyImported."""
    numbered = [replace(chemical, row=number) for number, chemical in enumerate(chemicals, start=1)]
    catalogue = Catalogue.compose(
        await uow.newest_catalogue(),
        source=source,
        valid_from_on=valid_from_on,
        complete=complete,
        verified=verified,
        chemicals=numbered,
        facts=facts,
    )
    await uow.keep_catalogue(catalogue)
    return shown(catalogue)


async def list_chemicals(uow: Uow, *, facts: Facts, q: str, on: date | None, page_size: int, page_token: str) -> dict[str, Any]:
    catalogue = await uow.catalogue(on or legal_day(facts.now))
    found, token = await uow.find_chemicals(catalogue.version, q, page_size, page_token)
    return {"chemicals": found, "catalogue": shown(catalogue), "next_page_token": token}


def shown(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "version": catalogue.version,
        "source": catalogue.source,
        "valid_from_on": catalogue.valid_from_on or "",
        "complete": catalogue.complete,
        "verified": catalogue.verified,
        "rows": catalogue.rows,
        "imported_at": catalogue.imported_at,
    }
