"""Logging in, staying in, logging out.

Each way counts a try before it compares anything, does the same work for a name that does not exist, and leaves a line in
the login record. What lives in Redis is asked first: without Redis nobody gets in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from identity.application.ports import Account, Accounts, Codes, Hasher, Issued, LiveSessions, Tokens
from identity.domain.login import (
    PASSWORD_MAX,
    ChallengeEnded,
    CodeRefused,
    LoginPaused,
    LoginRefused,
    NothingToEnrol,
    PasswordUnchanged,
    RefreshTokenInvalid,
    RefreshTokenReused,
    SecondFactorEnrolled,
    check_password,
)
from identity.domain.user import normal


@dataclass(frozen=True)
class Challenge:
    id: str
    expires_at: datetime
    enrol: bool


@dataclass(frozen=True)
class LoggedIn:
    """Tokens, or a challenge."""

    tokens: Issued | None = None
    challenge: Challenge | None = None


@dataclass(frozen=True)
class Enrolment:
    secret: str
    uri: str


@dataclass(frozen=True)
class Bearer:
    """Who calls with an access token."""

    user_id: UUID
    session: str
    amr: tuple[str, ...]


class Logins:
    def __init__(self, accounts: Accounts, sessions: LiveSessions, hasher: Hasher, codes: Codes, tokens: Tokens) -> None:
        self.accounts, self.sessions, self.hasher, self.codes, self.tokens = accounts, sessions, hasher, codes, tokens

    async def login(self, username: str, password: str, *, client: str) -> LoggedIn:
        """Raises: LoginPaused, LoginRefused."""
        username = normal(username)[:64]
        await self._count(username, client)
        account = await self.accounts.named(username)
        right = await self.hasher.verify(account.password_hash if account else "", password[: PASSWORD_MAX + 1])
        if account is None or not right or not account.active:
            await self.accounts.note("REFUSED", username=username, account=account, client=client)
            raise LoginRefused("name or password is wrong")
        if self.hasher.outdated(account.password_hash):
            stronger = await self.hasher.hash(password)
            await self.accounts.set_password(account, stronger, must_change=account.must_change, outcome="REHASHED", client=client)
        if account.needs_second_factor:
            id, expires_at = await self.sessions.challenge(username, account.id, enrol=not account.enrolled)
            await self.accounts.note("CHALLENGED", username=username, account=account, client=client)
            return LoggedIn(challenge=Challenge(id, expires_at, not account.enrolled))
        return LoggedIn(tokens=await self._enter(account, ("pwd",), client=client))

    async def verify(self, challenge: str, code: str, *, client: str) -> Issued:
        """Raises: ChallengeEnded, CodeRefused."""
        account = await self._challenged(challenge, enrol=False, count=True)
        await self._check_code(account, account.totp_secret, code, client)
        return await self._enter(account, ("pwd", "otp"), client=client, challenge=challenge)

    async def begin_totp(self, challenge: str, bearer: Bearer | None) -> Enrolment:
        """Raises: ChallengeEnded, SecondFactorEnrolled."""
        account = await self._enrolling(challenge, bearer, count=False)
        secret = self.codes.secret()
        await self.accounts.begin_totp(account, secret)
        return Enrolment(secret, self.codes.uri(secret, account.username))

    async def confirm_totp(self, challenge: str, bearer: Bearer | None, code: str, *, client: str) -> Issued | None:
        """Raises: ChallengeEnded, SecondFactorEnrolled, NothingToEnrol, CodeRefused."""
        account = await self._enrolling(challenge, bearer, count=True)
        if not account.totp_pending:
            raise NothingToEnrol("no enrolment was begun")
        await self._check_code(account, account.totp_pending, code, client)
        await self.accounts.confirm_totp(account, client=client)
        if challenge:
            return await self._enter(account, ("pwd", "otp"), client=client, challenge=challenge)
        return None

    async def refresh(self, refresh_token: str, attempt: str, *, client: str) -> Issued:
        """Raises: RefreshTokenInvalid, RefreshTokenReused."""
        read = self.tokens.read_refresh(refresh_token)
        if read is None:
            raise RefreshTokenInvalid("this is no refresh token")
        session, turn = read
        user_id = await self.sessions.owner(session)
        account = await self.accounts.get(user_id) if user_id else None
        if account is None or not account.active:
            await self.sessions.end(session)
            raise RefreshTokenInvalid("the session has ended")
        rotated = await self.sessions.rotate(session, turn, attempt)
        if rotated.state == "REUSED":
            await self.accounts.note("REFRESHED_TWICE", username=account.username, account=account, client=client)
            raise RefreshTokenReused("the refresh token was used before; the session is ended")
        if rotated.state != "OK":
            raise RefreshTokenInvalid("the session has ended")
        return await self.tokens.issue(account, session=session, turn=rotated.turn, amr=rotated.amr)

    async def logout(self, refresh_token: str, *, client: str) -> None:
        read = self.tokens.read_refresh(refresh_token)
        user_id = await self.sessions.owner(read[0]) if read else None
        if read is None or user_id is None:
            return
        await self.sessions.end(read[0])
        account = await self.accounts.get(user_id)
        if account is not None:
            await self.accounts.note("LOGGED_OUT", username=account.username, account=account, client=client)

    async def change_password(self, bearer: Bearer, current: str, new: str, *, client: str) -> None:
        """Raises: LoginPaused, LoginRefused, PasswordTooWeak, PasswordUnchanged."""
        account = await self._account(bearer.user_id)
        await self._count(account.username, client)
        if not await self.hasher.verify(account.password_hash, current[: PASSWORD_MAX + 1]):
            await self.accounts.note("REFUSED", username=account.username, account=account, client=client)
            raise LoginRefused("the current password is wrong")
        check_password(new, account.username)
        if new == current:
            raise PasswordUnchanged("the new password is the old one")
        hashed = await self.hasher.hash(new)
        await self.accounts.set_password(account, hashed, must_change=False, outcome="PASSWORD_CHANGED", client=client)
        await self.sessions.end_all(account.id, but=bearer.session)

    async def reset_password(self, user_id: UUID, password: str, *, by: str, client: str) -> None:
        """A password for once, made by the caller; every session ends."""
        account = await self._account(user_id)
        hashed = await self.hasher.hash(password)
        await self.accounts.set_password(account, hashed, must_change=True, outcome="PASSWORD_RESET", client=client, by=by)
        await self.sessions.end_all(account.id)

    async def _count(self, username: str, client: str) -> None:
        wait = await self.sessions.attempt(username)
        if wait:
            await self.accounts.note("PAUSED", username=username, account=None, client=client)
            raise LoginPaused(f"too many tries; wait {wait} seconds", retry_after=wait)

    async def _account(self, user_id: UUID) -> Account:
        account = await self.accounts.get(user_id)
        if account is None or not account.active:
            raise LoginRefused("the account is disabled")
        return account

    async def _challenged(self, challenge: str, *, enrol: bool, count: bool) -> Account:
        found = await self.sessions.challenged(challenge, count=count)
        if found is None or found.enrol is not enrol:
            raise ChallengeEnded("log in anew")
        account = await self.accounts.get(found.user_id)
        if account is None or not account.active:
            raise ChallengeEnded("log in anew")
        return account

    async def _enrolling(self, challenge: str, bearer: Bearer | None, *, count: bool) -> Account:
        if challenge:
            account = await self._challenged(challenge, enrol=True, count=count)
        elif bearer is not None:
            account = await self._account(bearer.user_id)
        else:
            raise ChallengeEnded("a challenge or a token is needed")
        # With a factor at hand another is enrolled only by someone who has just shown it.
        if account.enrolled and (bearer is None or challenge or "otp" not in bearer.amr):
            raise SecondFactorEnrolled("there is a second factor already")
        return account

    async def _check_code(self, account: Account, secret: str, code: str, client: str) -> None:
        step = self.codes.step(secret, code) if secret else None
        if step is None or not await self.sessions.use_code(account.id, step):
            await self.accounts.note("CODE_REFUSED", username=account.username, account=account, client=client)
            raise CodeRefused("the code is wrong, too old, or was used before")

    async def _enter(self, account: Account, amr: Sequence[str], *, client: str, challenge: str = "") -> Issued:
        session = await self.sessions.open(account.username, account.id, amr, challenge=challenge)
        await self.accounts.note("LOGGED_IN", username=account.username, account=account, client=client)
        return await self.tokens.issue(account, session=session, turn=1, amr=amr)
