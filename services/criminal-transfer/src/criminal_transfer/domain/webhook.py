"""Where partners want to be told, and what they are told: Standard Webhooks."""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from kernel.errors import Invalid, NotFound, Precondition
from kernel.moves import AnyOf, Facts, Machine, Move, Role

MOST_ENDPOINTS = 5
# What is told, by event. The partner reads the rest with its own token.
TYPES = {
    "TransferDelivered": "transfer.delivered",
    "ReceiptSigned": "transfer.receipt_signed",
    "SupplementDemanded": "transfer.supplement_demanded",
    "Supplemented": "transfer.supplemented",
    "PoliceReviewStarted": "transfer.review_started",
    "TransferForwarded": "transfer.forwarded",
    "TransferFiled": "transfer.filed",
    "TransferNotFiled": "transfer.not_filed",
    "ReconsiderationAsked": "transfer.reconsideration_asked",
    "ReconsiderationDecided": "transfer.reconsideration_decided",
    "SupervisionAsked": "transfer.supervision_asked",
    "FilingOrdered": "transfer.filing_ordered",
    "TransferReturned": "transfer.returned",
    "MaterialsHandedOver": "transfer.materials_handed_over",
    "ProsecutionResult": "transfer.prosecution_result",
    "TransferJudged": "transfer.judged",
    "TransferClosed": "transfer.closed",
}
PARTNER = AnyOf(Role.POL, Role.PRC, Role.CRT)


class EndpointState(StrEnum):
    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class DeliveryState(StrEnum):
    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class EndpointNotFound(NotFound):
    """There is no such endpoint, or it is not yours to see."""


class DeliveryNotFound(NotFound):
    """There is no such delivery, or it is not yours to see."""


class EndpointUrlInvalid(Invalid):
    """An https address of a public host, without user, query or fragment."""


class TooManyEndpoints(Precondition):
    """A client has at most five endpoints."""


def check_url(url: str, *, development: bool) -> str:
    """https to a public host; in development also http to this machine. Raises: EndpointUrlInvalid."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise EndpointUrlInvalid("this is no address", url=url[:200]) from error
    if len(url) > 500 or not host or parts.username is not None or parts.fragment or any(sign <= " " or sign == "\\" for sign in url):
        raise EndpointUrlInvalid("an address without user or fragment", url=url[:200])
    if port is not None and not 1 <= port <= 65535:
        raise EndpointUrlInvalid("there is no such port", url=url[:200])
    if parts.scheme == "http" and development and is_this_machine(host):
        return url
    if parts.scheme != "https":
        raise EndpointUrlInvalid("only https is sent to", url=url[:200])
    if not development and not may_be_public(host):
        raise EndpointUrlInvalid("the host is not a public one", url=url[:200])
    return url


def is_this_machine(host: str) -> bool:
    return host == "localhost" or _address(host, lambda address: address.is_loopback)


def may_be_public(host: str) -> bool:
    """A name may be; what it means is looked at again when something is sent."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return False
    return _address(host, is_public, otherwise=True)


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_global and not address.is_multicast)


def _address(host: str, question: Any, *, otherwise: bool = False) -> bool:
    try:
        return bool(question(ipaddress.ip_address(host)))
    except ValueError:
        return otherwise


@dataclass(eq=False)
class WebhookEndpoint(Machine):
    """Nobody's work but the partner's. `failures`: attempts without success since the last one that had it."""

    MACHINE = "webhook_endpoint"
    APART = True

    client_id: str
    org_path: str
    url: str
    registered_at: datetime
    failures: int = 0
    id: UUID = field(default_factory=uuid4)
    state: EndpointState | None = None
    version: int = 1

    @classmethod
    def register(cls, url: str, *, client_id: str, org_path: str, there: int, development: bool, facts: Facts) -> "WebhookEndpoint":
        """Raises: EndpointUrlInvalid, TooManyEndpoints, RoleForbidsMove."""
        if there >= MOST_ENDPOINTS:
            raise TooManyEndpoints("a client has at most five endpoints", most=MOST_ENDPOINTS)
        made = cls(client_id=client_id, org_path=org_path, url=check_url(url, development=development), registered_at=facts.now)
        made._begin("register", facts)
        return made

    def disable(self, *, facts: Facts, reason: str = "") -> None:
        self._move("disable", facts, reason=reason)

    def enable(self, *, facts: Facts) -> None:
        self._move("enable", facts)
        self.failures = 0

    MOVES = (
        Move("WEB01", "register", {None}, EndpointState.ACTIVE, by=PARTNER),
        Move("WEB02", "disable", {EndpointState.ACTIVE}, EndpointState.DISABLED, by=AnyOf(Role.POL, Role.PRC, Role.CRT, Role.SYS)),
        Move("WEB03", "enable", {EndpointState.DISABLED}, EndpointState.ACTIVE, by=PARTNER),
    )


@dataclass(frozen=True)
class Attempt:
    """One try. `status` 0: no answer."""

    at: datetime
    status: int
    error: str
    milliseconds: int


@dataclass(eq=False)
class Delivery(Machine):
    """One event for one endpoint. Its body is fixed when the event happens."""

    MACHINE = "webhook_delivery"
    APART = True

    id: UUID
    org_path: str
    endpoint_id: UUID
    type: str
    transfer_id: UUID
    body: str
    created_at: datetime
    next_at: datetime
    attempts: list[Attempt]
    state: DeliveryState
    delivered_at: datetime | None = None
    tries: int = 0
    version: int = 1

    def replay(self, now: datetime, *, facts: Facts) -> None:
        """Once more, with the same id and body; the pauses begin anew."""
        self._move("replay", facts)
        self.next_at, self.tries = now, 0

    MOVES = (Move("WEB04", "replay", set(DeliveryState), DeliveryState.WAITING, by=PARTNER),)


def after(tries: int, status: int, pauses: tuple[int, ...]) -> tuple[DeliveryState, int]:
    """What becomes of a delivery after its try number `tries`, and the seconds until the next."""
    if 200 <= status <= 299:
        return DeliveryState.DELIVERED, 0
    if tries > len(pauses):
        return DeliveryState.FAILED, 0
    return DeliveryState.WAITING, pauses[tries - 1]
