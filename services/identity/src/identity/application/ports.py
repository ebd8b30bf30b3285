"""What commands, queries and logins need from outside. Protocols, because the unit tests have a second implementation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from identity.domain.certificate import OfficerCertificate
from identity.domain.delegation import Delegation
from identity.domain.entrustment import Entrustment
from identity.domain.org import OrgUnit
from identity.domain.partner import PartnerClient
from identity.domain.user import User


class Uow(Protocol):
    """One transaction."""

    def add(self, thing: Any) -> None: ...

    def record(self, happened: Any) -> None: ...

    def expect(self, thing: Any, version: int) -> None: ...

    async def org_unit(self, id: UUID) -> OrgUnit: ...

    async def user(self, id: UUID) -> User: ...

    async def certificate(self, id: UUID) -> OfficerCertificate: ...

    async def delegation(self, id: UUID) -> Delegation: ...

    async def entrustment(self, id: UUID) -> Entrustment: ...

    async def new_org_unit(self, unit: OrgUnit) -> None:
        """Raises: OrgUnitExists."""
        ...

    async def new_user(self, user: User) -> None:
        """Raises: UsernameTaken."""
        ...

    async def new_certificate(self, certificate: OfficerCertificate) -> None:
        """Raises: CertificateNumberTaken."""
        ...

    async def partner(self, id: UUID) -> PartnerClient: ...

    async def new_partner(self, client: PartnerClient) -> None:
        """Raises: PartnerTaken."""
        ...

    async def partners_of(self, org_ids: Sequence[UUID]) -> Sequence[PartnerClient]: ...

    async def users(self, ids: Sequence[UUID]) -> Sequence[User]: ...

    async def org_units(self, ids: Sequence[UUID]) -> Sequence[OrgUnit]: ...

    async def certificates_of(self, ids: Sequence[UUID]) -> Sequence[OfficerCertificate]: ...

    async def delegations_of(self, ids: Sequence[UUID]) -> Sequence[Delegation]: ...

    async def entrustments_to(self, grantee_id: UUID) -> Sequence[Entrustment]: ...

    async def clock(self, root: str, *, lock: bool = False) -> int | None:
        """The stored offset of a root."""
        ...

    async def set_clock(self, root: str, offset_seconds: int) -> None: ...

    async def forget_second_factor(self, user_id: UUID) -> None: ...


@dataclass(frozen=True)
class Account:
    """What a login has to know of a person, read in one statement."""

    id: UUID
    username: str
    name: str
    org_id: UUID
    org_path: str
    root: str
    active: bool
    roles: frozenset[str]
    permissions: frozenset[str]
    delegations: Mapping[str, int | None]
    needs_second_factor: bool
    enrolled: bool
    password_hash: str
    must_change: bool
    totp_secret: str
    totp_pending: str


class Accounts(Protocol):
    async def named(self, username: str) -> Account | None: ...

    async def get(self, user_id: UUID) -> Account | None: ...

    async def note(self, outcome: str, *, username: str, account: Account | None, client: str) -> None:
        """A line of the login record."""
        ...

    async def set_password(
        self, account: Account, password_hash: str, *, must_change: bool, outcome: str, client: str, by: str = ""
    ) -> None: ...

    async def begin_totp(self, account: Account, secret: str) -> None: ...

    async def confirm_totp(self, account: Account, *, client: str) -> None: ...


@dataclass(frozen=True)
class Challenged:
    user_id: UUID
    enrol: bool


@dataclass(frozen=True)
class Rotated:
    """`state`: OK, REUSED or GONE. `turn` is the number of the next refresh token."""

    state: str
    turn: int = 0
    amr: tuple[str, ...] = ()


class LiveSessions(Protocol):
    """Sessions, challenges and counters; they live in Redis. Every method raises Unavailable where it is away."""

    async def attempt(self, username: str) -> int:
        """Count a try; seconds to wait if tries are paused, else 0."""
        ...

    async def challenge(self, username: str, user_id: UUID, *, enrol: bool) -> tuple[str, datetime]: ...

    async def challenged(self, challenge: str, *, count: bool) -> Challenged | None: ...

    async def use_code(self, user_id: UUID, step: int) -> bool:
        """False where the code was used before."""
        ...

    async def open(self, username: str, user_id: UUID, amr: Sequence[str], *, challenge: str = "") -> str:
        """A new session: its id. Forgets the tries, and the challenge."""
        ...

    async def owner(self, session: str) -> UUID | None: ...

    async def rotate(self, session: str, turn: int, attempt: str) -> Rotated: ...

    async def end(self, session: str) -> None: ...

    async def end_all(self, user_id: UUID, *, but: str = "") -> None: ...


class Hasher(Protocol):
    async def hash(self, password: str) -> str: ...

    async def verify(self, password_hash: str, password: str) -> bool:
        """An empty hash is never right, and takes as long as a wrong password."""
        ...

    def outdated(self, password_hash: str) -> bool: ...


class Codes(Protocol):
    def secret(self) -> str: ...

    def uri(self, secret: str, username: str) -> str: ...

    def step(self, secret: str, code: str) -> int | None:
        """Which time step the code belongs to, if it is right now."""
        ...


@dataclass(frozen=True)
class Issued:
    """What a login gives."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime
    user_id: UUID
    name: str
    org_id: UUID
    org_path: str
    roles: Sequence[str]
    password_change_required: bool


class Tokens(Protocol):
    async def issue(self, account: Account, *, session: str, turn: int, amr: Sequence[str]) -> Issued: ...

    def read_refresh(self, token: str) -> tuple[str, int] | None:
        """Session and turn, if the token is one of ours."""
        ...


class Owners(Protocol):
    """The services that own timers."""

    async def sweep(self, root: str, offset_seconds: int, at: datetime) -> None: ...
