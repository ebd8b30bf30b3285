"""Versions of the parameters of time: what a province sets over what ships with the kernel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import Conflict, Invalid
from kernel.parameters import LawParameters

from lawbook.domain.events import ParametersPublished


class ParametersInvalid(Invalid):
    """The parameters cannot be counted with."""


class ParametersWithoutSource(Invalid):
    """A change of the calendar or of a reading names the document it rests on."""


class ParametersChanged(Conflict):
    """Someone published another version meanwhile."""


@dataclass(frozen=True)
class Published:
    """`overrides` in the shape that `LawParameters.override` takes; version 0 is what ships, without overrides."""

    version: int
    overrides: Mapping[str, Any]
    source: str
    published_at: datetime | None


def succeed(current: Published, *, version: int, overrides: Mapping[str, Any], source: str, now: datetime) -> Published:
    """The next version. Raises: ParametersChanged, ParametersWithoutSource, ParametersInvalid, and what the kernel refuses by name."""
    if version != current.version:
        raise ParametersChanged("the parameters changed since you read them", version=current.version)
    if not source.strip():
        raise ParametersWithoutSource("a change names the document it rests on")
    try:
        LawParameters.shipped().override(dict(overrides))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParametersInvalid(f"the parameters cannot be counted with: {error}", problem=str(error)) from error
    return Published(current.version + 1, dict(overrides), source.strip(), now)


def announced(published: Published, encoded: bytes) -> ParametersPublished:
    if published.published_at is None:
        raise ValueError("version 0 is not announced")
    return ParametersPublished(published.version, encoded, published.source, published.published_at)
