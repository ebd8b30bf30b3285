"""A market entity, its licences, and how it is found by a part of its name."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from kernel.codes import RegionCode, SocialCreditCode
from kernel.errors import Conflict, Invalid
from kernel.moves import AnyOf, Facts, Machine, Move, Role

from enterprises.domain.events import EnterpriseAmended, EnterpriseCeased, EnterpriseRegistered, LicenceAdded
from enterprises.domain.industry import supervision_class

REGISTRARS = AnyOf(Role.OFF, Role.PLAN, Role.SYS)
BUSINESS_REGISTRATIONS = frozenset({"营业执照", "BUSINESS_REGISTRATION"})
PHONE_LENGTHS = range(5, 21)


class State(StrEnum):
    ACTIVE = "ACTIVE"
    CEASED = "CEASED"


class EnterpriseNameMissing(Invalid):
    """An entity has a name."""


class CodeCheckFailed(Invalid):
    """The check character is wrong; early registrations have such codes, so the registrar confirms it."""


class UnknownRegion(Invalid):
    """The place is no division of the province."""


class UnknownGrade(Invalid):
    """The class of graded enforcement is KEY or GENERAL."""


class EnterpriseAlreadyRegistered(Conflict):
    """Another entity has this code."""


class LicencePeriodReversed(Invalid):
    """A licence ends before it begins."""


@dataclass(frozen=True)
class ScopeLine:
    """Goods that a licence lists."""

    name: str
    cas: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(eq=False)
class Licence:
    """A licence and the goods or activities that it covers. Dates are days in Asia/Shanghai, both included."""

    enterprise_id: UUID
    org_path: str
    kind: str
    number: str
    issuer: str
    scope: list[str]
    valid_from_on: date
    valid_to_on: date
    lines: list[ScopeLine] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        if self.valid_to_on < self.valid_from_on:
            raise LicencePeriodReversed("a licence ends before it begins", valid_from=self.valid_from_on, valid_to=self.valid_to_on)

    @property
    def licenses_goods(self) -> bool:
        """The registration of a business names its trade and permits no goods. Law: HCR 33."""
        return self.kind not in BUSINESS_REGISTRATIONS

    def in_force(self, on: date) -> bool:
        return self.valid_from_on <= on <= self.valid_to_on


@dataclass(eq=False)
class Enterprise(Machine):
    """`code_checked` is False where a wrong check character was confirmed against the registry (GB 32100 notes)."""

    MACHINE = "enterprise"

    code: str
    name: str
    region_code: str
    address: str
    legal_representative: str
    phone: str
    industry_code: str
    grade: str
    org_path: str
    registered_at: datetime
    code_checked: bool = True
    name_tokens: list[str] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @classmethod
    def register(
        cls,
        *,
        code: str,
        name: str,
        region_code: str,
        address: str,
        legal_representative: str,
        phone: str,
        industry_code: str,
        grade: str,
        org_path: str,
        confirm_code: bool,
        facts: Facts,
    ) -> tuple["Enterprise", EnterpriseRegistered]:
        """Raises: CodeCheckFailed (unless confirmed), InvalidSocialCreditCode for a wrong form, UnknownRegion, UnknownGrade."""
        checked = SocialCreditCode.parse(code)
        if not checked.check_ok and not confirm_code:
            raise CodeCheckFailed("the check character is wrong; confirm it against the registry", code=checked.text)
        entity = cls(
            code=checked.text,
            name=_name(name),
            region_code=_region(region_code),
            address=address.strip(),
            legal_representative=legal_representative.strip(),
            phone=phone.strip(),
            industry_code=industry_code.strip(),
            grade=_grade(grade),
            org_path=org_path,
            registered_at=facts.now,
            code_checked=checked.check_ok,
        )
        entity.name_tokens = name_tokens(entity.name)
        entity._begin("register", facts)
        return entity, EnterpriseRegistered(entity.id, entity.code, entity.region_code, entity.supervision_class, facts.now)

    @property
    def supervision_class(self) -> str:
        return supervision_class(self.industry_code)

    def amend(
        self, *, name: str, address: str, legal_representative: str, phone: str, industry_code: str, grade: str, facts: Facts
    ) -> EnterpriseAmended:
        """An empty field stays as it is."""
        self._move("amend", facts)
        if name.strip():
            self.name = _name(name)
            self.name_tokens = name_tokens(self.name)
        self.address = address.strip() or self.address
        self.legal_representative = legal_representative.strip() or self.legal_representative
        self.phone = phone.strip() or self.phone
        self.industry_code = industry_code.strip() or self.industry_code
        self.grade = _grade(grade) or self.grade
        return EnterpriseAmended(self.id, facts.now)

    def cease(self, *, reason: str, facts: Facts) -> EnterpriseCeased:
        self._move("cease", facts, reason=reason)
        return EnterpriseCeased(self.id, facts.now)

    def add_licence(
        self,
        *,
        kind: str,
        number: str,
        issuer: str,
        scope: Sequence[str],
        valid_from_on: date,
        valid_to_on: date,
        facts: Facts,
        lines: Sequence[ScopeLine] = (),
    ) -> tuple[Licence, LicenceAdded]:
        """Each entry of the scope is a line where none is given. Raises: LicencePeriodReversed."""
        self._move("add_licence", facts)
        listed = list(lines) or [ScopeLine(entry.strip()) for entry in scope if entry.strip()]
        licence = Licence(self.id, self.org_path, kind, number, issuer, list(scope), valid_from_on, valid_to_on, listed)
        return licence, LicenceAdded(self.id, licence.id, kind)

    MOVES = (
        Move("EN01", "register", {None}, State.ACTIVE, by=REGISTRARS),
        Move("EN02", "amend", {State.ACTIVE}, State.ACTIVE, by=REGISTRARS),
        Move("EN03", "add_licence", {State.ACTIVE}, State.ACTIVE, by=REGISTRARS),
        Move("EN04", "cease", {State.ACTIVE}, State.CEASED, by=REGISTRARS),
    )


def name_tokens(name: str) -> list[str]:
    """The two-character tokens of a name, for a search by any part of two characters or more."""
    letters = [letter for letter in name.upper() if not letter.isspace()]
    return sorted({first + second for first, second in itertools.pairwise(letters)})


def _name(text: str) -> str:
    if not text.strip():
        raise EnterpriseNameMissing("an entity has a name")
    return text.strip()


def _region(code: str) -> str:
    region = RegionCode.parse(code)
    if not region.text.startswith("44"):
        raise UnknownRegion("the place is no division of the province", region_code=code)
    return region.text


def _grade(grade: str) -> str:
    if grade not in {"", "KEY", "GENERAL"}:
        raise UnknownGrade("the class of graded enforcement is KEY or GENERAL", grade=grade)
    return grade
