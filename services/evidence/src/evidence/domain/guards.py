"""Why an item may not move now. A guard reads the item and the facts, and does no I/O."""

from typing import TYPE_CHECKING

from kernel.errors import DomainError, Invalid, Precondition
from kernel.guards import two_certified_officers
from kernel.moves import Facts

if TYPE_CHECKING:
    from evidence.domain.item import EvidenceItem

CLOCK_TOLERANCE_MS = 60_000


class DeviceClockWrong(Precondition):
    """The clock of the device differs too much from trusted time."""


class CopyNotChecked(Invalid):
    """A copy names who signed that it agrees with the original."""


class DescriptionMissing(Invalid):
    """An item says what kind it is, where it comes from and what it proves."""


class ReasonMissing(Invalid):
    """An objection, an explanation or an exclusion has a reason."""


class HashNotVerified(Precondition):
    """The file no longer hashes to what was recorded."""


def g01(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """Two officers with valid certificates were there. Law: APL 42, 55."""
    matter = facts.known.get("matter")
    if matter is None:
        return None
    return two_certified_officers(facts.known["officers"], item.captured_at, matter.region_code, matter.category)


def device_time(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """The time of a capture is worth what the device's clock is worth (V01)."""
    offset = facts.known.get("device_clock_offset_ms", 0)
    if abs(offset) > CLOCK_TOLERANCE_MS:
        return DeviceClockWrong(
            "the clock of the device differs too much from trusted time", offset_ms=offset, tolerance_ms=CLOCK_TOLERANCE_MS
        )
    return None


def described(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """Kind, source and fact proved (V02). Law: AEV 10, 12-15."""
    given = facts.input
    if given is None:
        return None
    missing = [name for name in ("kind", "source", "fact") if not getattr(given, name)]
    if missing:
        return DescriptionMissing("an item says what it is, where it comes from and what it proves", missing=",".join(missing))
    if given.is_copy and not given.copy_checked_by.strip():
        return CopyNotChecked("a copy names who signed that it agrees with the original")
    return None


def reasoned(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    if facts.input is None or str(facts.input).strip():
        return None
    return ReasonMissing("say why")


def hashes_verified(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """The file was hashed again just now and is what was recorded (V13, V19). Law: ESL 5; INV-16."""
    if facts.permission_only or facts.known.get("verified") is True:
        return None
    return HashNotVerified("the file no longer hashes to what was recorded", evidence=str(item.id))
