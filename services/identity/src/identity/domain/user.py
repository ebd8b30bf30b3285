"""People with accounts, and the roles that they hold for a time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from kernel.days import legal_day
from kernel.errors import Conflict, Forbidden, Invalid, Precondition
from kernel.moves import Facts, Move, Role

from identity.domain.events import UserChanged
from identity.domain.kept import KEEPER, Kept, PeriodReversed
from identity.domain.org import OrgUnit

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
# Roles that people hold by their post. The others belong to one matter (COLL, HEAR), to parties, or to services.
POSTS = frozenset(
    {"OFF", "LEAD", "UNIT", "LEGAL", "DEP", "CHIEF", "PLAN", "EVID", "HEAR", "FIN", "SEAL", "ARCHIVE", "ADMIN", "AUDITOR", "CLERK"}
)
# What one person may not be at once: who keeps accounts or audits handles no case (section 12).
APART = (frozenset({"ADMIN"}), frozenset({"AUDITOR"}))
# Who always shows a second factor; others where their account says so.
ALWAYS_TWO_FACTORS = frozenset({Role.CHIEF})


class State(StrEnum):
    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class UsernameInvalid(Invalid):
    """A user name is small letters, digits, dots and hyphens, 2 to 32, beginning with a letter."""


class UsernameTaken(Conflict):
    """Another account has this name."""


class PersonNameMissing(Invalid):
    """An account is of a person with a name."""


class UnknownRole(Invalid):
    """No post gives this role."""


class RoleHeldAlready(Precondition):
    """The person holds the role on these days."""


class RoleNotHeld(Precondition):
    """The person does not hold the role."""


class RolesApart(Precondition):
    """Keeping accounts, auditing and handling cases are different people's work."""


class OwnRoles(Forbidden):
    """Nobody changes his own roles."""


class AccountDisabled(Precondition):
    """The account is disabled."""


@dataclass(frozen=True)
class RoleGrant:
    """ISO dates, both ends included; an empty end lasts."""

    role: str
    valid_from_on: str
    valid_to_on: str = ""
    granted_by: str = ""

    def holds(self, on: date) -> bool:
        day = on.isoformat()
        return self.valid_from_on <= day and (not self.valid_to_on or day <= self.valid_to_on)


@dataclass(eq=False)
class User(Kept):
    MACHINE = "user"

    username: str
    name: str
    org_id: UUID
    org_path: str
    post: str
    phone: str
    legal_qualification: str
    second_factor_required: bool
    created_at: datetime
    grants: list[RoleGrant] = field(default_factory=list)
    second_factor_enrolled: bool = False
    disabled_at: datetime | None = None
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @classmethod
    def create(
        cls,
        org: OrgUnit,
        *,
        username: str,
        name: str,
        post: str,
        phone: str,
        legal_qualification: str,
        second_factor_required: bool,
        facts: Facts,
        id: UUID | None = None,
    ) -> tuple["User", UserChanged]:
        """Raises: UsernameInvalid, PersonNameMissing."""
        username = normal(username)
        if not _USERNAME.fullmatch(username):
            raise UsernameInvalid("2 to 32 small letters, digits, dots and hyphens", username=username[:64])
        if not name.strip():
            raise PersonNameMissing("an account is of a person with a name")
        user = cls(
            username=username,
            name=name.strip(),
            org_id=org.id,
            org_path=org.path,
            post=post.strip(),
            phone=phone.strip(),
            legal_qualification=legal_qualification.strip(),
            second_factor_required=second_factor_required,
            created_at=facts.now,
            id=id or uuid4(),
        )
        user._begin("create", facts)
        return user, user.changed("create", facts)

    @property
    def legal_qualified(self) -> bool:
        """May review for the first time. Law: APL 58(2)."""
        return bool(self.legal_qualification)

    def roles_on(self, on: date) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants if grant.holds(on))

    def needs_second_factor(self, on: date) -> bool:
        return self.second_factor_required or self.second_factor_enrolled or bool(ALWAYS_TWO_FACTORS & self.roles_on(on))

    def active_at(self, at: datetime) -> bool:
        return self.disabled_at is None or at < self.disabled_at

    def amend(
        self, *, name: str, post: str, phone: str, legal_qualification: str, second_factor_required: bool, facts: Facts
    ) -> UserChanged:
        """Raises: PersonNameMissing."""
        if not name.strip():
            raise PersonNameMissing("an account is of a person with a name")
        given: Mapping[str, object] = {
            "name": name.strip(),
            "post": post.strip(),
            "phone": phone.strip(),
            "legal_qualification": legal_qualification.strip(),
            "second_factor_required": second_factor_required,
        }
        changed = [key for key, value in given.items() if value != getattr(self, key)]
        for key in changed:
            setattr(self, key, given[key])
        self._record("amend", facts, details=changed)
        return self.changed("amend", facts)

    def disable(self, *, reason: str, facts: Facts) -> UserChanged:
        self._move("disable", facts, reason=reason)
        self.disabled_at = facts.now
        return self.changed("disable", facts)

    def enable(self, *, reason: str, facts: Facts) -> UserChanged:
        self._move("enable", facts, reason=reason)
        self.disabled_at = None
        return self.changed("enable", facts)

    def grant(self, role: str, *, valid_from_on: date | None, valid_to_on: date | None, facts: Facts) -> UserChanged:
        """Raises: UnknownRole, PeriodReversed, RoleHeldAlready, RolesApart, OwnRoles."""
        self._of_another(facts)
        if role not in POSTS:
            raise UnknownRole("no post gives this role", role=role)
        first = valid_from_on or legal_day(facts.now)
        if valid_to_on is not None and valid_to_on < first:
            raise PeriodReversed("it ends before it begins", valid_from=first, valid_to=valid_to_on)
        new = RoleGrant(role, first.isoformat(), valid_to_on.isoformat() if valid_to_on else "", facts.by.id)
        for known in self.grants:
            if not _overlap(known, new):
                continue
            if known.role == role:
                raise RoleHeldAlready("the person holds the role on these days", role=role, until=known.valid_to_on)
            if any((known.role in apart) != (role in apart) for apart in APART):
                raise RolesApart("one person may not hold both", role=role, held=known.role)
        self.grants = [*self.grants, new]
        self._record("grant_role", facts, details=[f"{role} {new.valid_from_on}/{new.valid_to_on}"])
        return self.changed("grant_role", facts)

    def withdraw(self, role: str, *, reason: str, facts: Facts) -> UserChanged:
        """It holds to the end of the day; a grant that has not begun goes. Raises: RoleNotHeld, OwnRoles."""
        self._of_another(facts)
        today = legal_day(facts.now)
        held = [known for known in self.grants if known.role == role and (not known.valid_to_on or known.valid_to_on > today.isoformat())]
        if not held:
            raise RoleNotHeld("the person does not hold the role", role=role)
        kept = [known for known in self.grants if known not in held]
        kept += [replace(known, valid_to_on=today.isoformat()) for known in held if known.valid_from_on <= today.isoformat()]
        self.grants = kept
        self._record("withdraw_role", facts, reason=reason, details=[role])
        return self.changed("withdraw_role", facts)

    def enrol_second_factor(self, facts: Facts) -> None:
        self.second_factor_enrolled = True
        self._record("enrol_second_factor", facts)

    def reset_second_factor(self, *, reason: str, facts: Facts) -> UserChanged:
        self.second_factor_enrolled = False
        self._record("reset_second_factor", facts, reason=reason)
        return self.changed("reset_second_factor", facts)

    def changed(self, change: str, facts: Facts) -> UserChanged:
        roles = tuple(sorted(self.roles_on(legal_day(facts.now))))
        return UserChanged(self.id, self.org_id, self.org_path, self.state is State.ACTIVE, roles, change, facts.now)

    def _of_another(self, facts: Facts) -> None:
        if facts.by.id == str(self.id):
            raise OwnRoles("nobody changes his own roles")

    MOVES = (
        Move("US01", "create", {None}, State.ACTIVE, by=KEEPER),
        Move("US02", "disable", {State.ACTIVE}, State.DISABLED, by=KEEPER),
        Move("US03", "enable", {State.DISABLED}, State.ACTIVE, by=KEEPER),
    )


def normal(username: str) -> str:
    """As it is stored and looked for."""
    return username.strip().lower()


def _overlap(one: RoleGrant, other: RoleGrant) -> bool:
    ends = (one.valid_to_on or "9999-12-31", other.valid_to_on or "9999-12-31")
    return one.valid_from_on <= ends[1] and other.valid_from_on <= ends[0]
