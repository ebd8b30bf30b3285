"""Rules of logging in: what a password must be like, how long wrong ones pause, who may enrol a second factor."""

from kernel.errors import Forbidden, Invalid, Precondition

PASSWORD_MIN, PASSWORD_MAX = 10, 128
KINDS_NEEDED = 3


class LoginRefused(Forbidden):
    """Name or password is wrong, or the account is disabled: which of them is not told."""


class LoginPaused(Precondition):
    """Too many wrong passwords; the next may be tried after `retry_after` seconds."""


class CodeRefused(Forbidden):
    """The code is wrong, too old, or was used before."""


class ChallengeEnded(Forbidden):
    """The challenge is unknown, too old, or had too many wrong codes: log in anew."""


class RefreshTokenInvalid(Forbidden):
    """The refresh token is none, or its session has ended: log in anew."""


class RefreshTokenReused(Forbidden):
    """The refresh token was used before, so someone else may have it: the session is ended."""


class PasswordTooWeak(Invalid):
    """A password has 10 to 128 characters of three kinds, and not the user name in it."""


class PasswordUnchanged(Invalid):
    """The new password is the old one."""


class SecondFactorEnrolled(Precondition):
    """There is a second factor already; whoever lost it has it reset by the administrator."""


class NothingToEnrol(Precondition):
    """No enrolment was begun."""


def check_password(password: str, username: str) -> None:
    """Raises: PasswordTooWeak."""
    kinds = [
        any(letter.islower() for letter in password),
        any(letter.isupper() for letter in password),
        any(letter.isdigit() for letter in password),
        any(not letter.isalnum() for letter in password),
    ]
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise PasswordTooWeak("a password has 10 to 128 characters", length=len(password))
    if sum(kinds) < KINDS_NEEDED:
        raise PasswordTooWeak("three of: small letters, capitals, digits, other characters", kinds=sum(kinds))
    if username.lower() in password.lower():
        raise PasswordTooWeak("the user name is not part of the password")
