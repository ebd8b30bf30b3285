"""What an administrator of the law may change: one function each."""

import json
from collections.abc import Mapping
from typing import Any

from kernel.moves import Facts

from lawbook.application import queries
from lawbook.application.ports import Uow
from lawbook.domain.acts import Scale
from lawbook.domain.parameters import Published, announced, succeed
from lawbook.domain.thresholds import Thresholds


async def load_scale(uow: Uow, *, facts: Facts, scale: Scale) -> Scale:
    """Raises: ActNotInForce, BranchUnknown, NoScaleForBranch, ScaleOutsideRange, ScaleWithoutSource, ScaleAlreadyLoaded."""
    scale.check(await queries.act(uow, facts=facts, act_id=scale.act_id, on=scale.valid_from_on))
    await uow.put_scale(scale)
    return scale


async def put_thresholds(uow: Uow, *, facts: Facts, row: Thresholds) -> Thresholds:
    """Raises: ThresholdsInvalid, ThresholdsAlreadySet."""
    row.check()
    await uow.put_thresholds(row)
    return row


async def publish_parameters(uow: Uow, *, facts: Facts, version: int, overrides: Mapping[str, Any], source: str) -> Published:
    """Raises: ParametersChanged, ParametersWithoutSource, ParametersInvalid."""
    published = succeed(await uow.parameters(), version=version, overrides=overrides, source=source, now=facts.now)
    await uow.put_parameters(published)
    uow.record(announced(published, json.dumps(published.overrides, ensure_ascii=False).encode()))
    return published
