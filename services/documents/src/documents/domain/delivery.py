"""Service of documents (5.7): modes, their order, their proof, and the day on which service counts as done."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kernel.days import legal_day
from kernel.errors import DomainError, Invalid, Precondition


class DeliveryProofMissing(Invalid):
    """Each mode of service has its proof."""


class PublicNoticeOnlyLast(Precondition):
    """Public notice comes after another mode failed or where the whereabouts are unknown (CVL 95)."""


class DeliveryModeCannotBeRefused(Precondition):
    """Leaving a document behind follows a refusal in person (CVL 89)."""


class DeliveryBeforeService(Invalid):
    """A delivery lies between the start of the service and now."""


class Mode(StrEnum):
    DIRECT = "DIRECT"
    LEAVE = "LEAVE"
    ELECTRONIC = "ELECTRONIC"
    ENTRUST = "ENTRUST"
    MAIL = "MAIL"
    FORWARD = "FORWARD"
    PUBLIC_NOTICE = "PUBLIC_NOTICE"

    @property
    def zh(self) -> str:
        return ZH[self]

    @property
    def in_person(self) -> bool:
        """Somebody stands before the officers and signs, or refuses."""
        return self in {Mode.DIRECT, Mode.ENTRUST, Mode.FORWARD}


ZH = {
    Mode.DIRECT: "直接送达",
    Mode.LEAVE: "留置送达",
    Mode.ELECTRONIC: "电子送达",
    Mode.ENTRUST: "委托送达",
    Mode.MAIL: "邮寄送达",
    Mode.FORWARD: "转交送达",
    Mode.PUBLIC_NOTICE: "公告送达",
}


class Outcome(StrEnum):
    OPEN = "OPEN"
    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Delivery:
    """One attempt."""

    mode: Mode
    recipient: str
    opened_at: datetime
    address: str = ""
    outcome: Outcome = Outcome.OPEN
    receiver: str = ""
    receiver_post: str = ""
    place: str = ""
    delivered_at: datetime | None = None
    proof_evidence_ids: tuple[str, ...] = ()
    witness: str = ""
    reason: str = ""
    server_ids: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        packed = asdict(self)
        packed["opened_at"] = self.opened_at.isoformat()
        packed["delivered_at"] = self.delivered_at.isoformat() if self.delivered_at else ""
        return packed

    @classmethod
    def from_json(cls, packed: dict[str, Any]) -> "Delivery":
        delivered = packed["delivered_at"]
        return cls(
            **{
                **packed,
                "mode": Mode(packed["mode"]),
                "outcome": Outcome(packed["outcome"]),
                "opened_at": datetime.fromisoformat(packed["opened_at"]),
                "delivered_at": datetime.fromisoformat(delivered) if delivered else None,
                "proof_evidence_ids": tuple(packed["proof_evidence_ids"]),
                "server_ids": tuple(packed["server_ids"]),
            }
        )


def proof_refusal(delivery: Delivery) -> DomainError | None:
    """What shows that the document arrived. Law: CVL 87-95; APL 61."""
    if delivery.outcome is Outcome.DELIVERED and delivery.mode.in_person and not delivery.receiver.strip():
        return DeliveryProofMissing("who took the document signs for it", mode=str(delivery.mode), missing="receiver")
    if delivery.outcome is Outcome.REFUSED and not (delivery.witness.strip() or delivery.proof_evidence_ids):
        return DeliveryProofMissing("a document is left with a witness or on film (CVL 89)", mode=str(delivery.mode), missing="witness")
    if delivery.outcome is Outcome.DELIVERED and not delivery.proof_evidence_ids:
        return DeliveryProofMissing(
            "the signed receipt, mail receipt, confirmation or notice is kept as evidence", mode=str(delivery.mode), missing="proof"
        )
    return None


def time_refusal(delivery: Delivery, now: datetime) -> DomainError | None:
    at = delivery.delivered_at
    if at is not None and not delivery.opened_at <= at <= now:
        return DeliveryBeforeService(
            "a delivery lies between the start of the service and now",
            delivered_at=at.isoformat(),
            opened_at=delivery.opened_at.isoformat(),
        )
    return None


def next_mode_refusal(mode: Mode, earlier: Sequence[Delivery]) -> DomainError | None:
    if mode is Mode.PUBLIC_NOTICE and not any(attempt.outcome is Outcome.FAILED for attempt in earlier):
        return PublicNoticeOnlyLast("another mode of service has to fail first", mode=str(mode))
    if mode is Mode.LEAVE and not earlier:
        return DeliveryModeCannotBeRefused("a document is left after it was refused in person", mode=str(mode))
    return None


def served_on(delivery: Delivery) -> date | None:
    return None if delivery.delivered_at is None else legal_day(delivery.delivered_at)
