"""What callers may read. Each question is asked for a day; without one, for legal today."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from kernel.days import legal_day
from kernel.moves import Facts

from lawbook.application.ports import Uow
from lawbook.domain.acts import Act, ActNotInForce, Scale, default_scale
from lawbook.domain.articles import Article, ArticleNotInForce, SearchWordsMissing
from lawbook.domain.items import CheckItemNotInForce
from lawbook.domain.parameters import Published
from lawbook.domain.thresholds import Thresholds, nearest
from lawbook.domain.versions import latest

Search = Callable[[Sequence[Article], str, int], Sequence[Article]]


async def article(uow: Uow, *, facts: Facts, instrument: str, article: int, sub: int, on: date | None) -> Article:
    day = on or legal_day(facts.now)
    found = await uow.article(instrument, article, sub, day)
    if found is None:
        raise ArticleNotInForce("no such article is in force that day", instrument=instrument, article=article, on=day)
    return found


async def search(uow: Uow, *, facts: Facts, q: str, on: date | None, page_size: int, index: Search) -> dict[str, Any]:
    if not q.strip():
        raise SearchWordsMissing("a search names at least one word")
    return {"articles": index(await uow.articles(on or legal_day(facts.now)), q, page_size)}


async def check_items(
    uow: Uow, *, facts: Facts, category: str, regime: str, q: str, region_code: str, on: date | None, page_size: int, page_token: str
) -> dict[str, Any]:
    items, token = await uow.find_check_items(
        category=category,
        regime=regime,
        q=q,
        region_code=region_code,
        on=on or legal_day(facts.now),
        page_size=page_size,
        page_token=page_token,
    )
    return {"items": items, "next_page_token": token}


async def check_items_by_id(uow: Uow, *, facts: Facts, ids: Sequence[str], on: date | None) -> dict[str, Any]:
    day = on or legal_day(facts.now)
    found = {item.id: item for item in await uow.check_items(ids, day)}
    for wanted in ids:
        if wanted not in found:
            raise CheckItemNotInForce("no such check item is in force that day", check_item=wanted, on=day)
    return {"items": [found[wanted] for wanted in ids]}


async def act(uow: Uow, *, facts: Facts, act_id: str, on: date | None) -> Act:
    day = on or legal_day(facts.now)
    found = await uow.act(act_id, day)
    if found is None:
        raise ActNotInForce("no such act is in force that day", act=act_id, on=day)
    return found


async def acts(uow: Uow, *, facts: Facts, on: date | None) -> dict[str, Any]:
    return {"acts": await uow.acts(on or legal_day(facts.now))}


async def scale(uow: Uow, *, facts: Facts, act_id: str, branch: str, on: date | None) -> Scale:
    """The loaded official scale in force, else the default one."""
    day = on or legal_day(facts.now)
    penalised = await act(uow, facts=facts, act_id=act_id, on=day)
    official = latest(await uow.scales(act_id, branch), day)
    return official or default_scale(penalised, branch, await uow.default_scale())


async def thresholds(uow: Uow, *, facts: Facts, region_code: str, on: date | None) -> Thresholds:
    return nearest(await uow.thresholds(), region_code, on or legal_day(facts.now))


async def parameters(uow: Uow) -> Published:
    return await uow.parameters()
