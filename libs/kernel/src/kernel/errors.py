"""The errors that the domain raises.

DomainError
├── NotFound            the thing does not exist (or is not yours to see)
├── Invalid             the request can never succeed as it stands
├── Forbidden           this officer may not do this
├── Precondition        not now: the state, a deadline or a missing step forbids it
└── Conflict            someone else changed it first

An error is a class with a reason and facts. The reason is the class name in UPPER_SNAKE; every variable in the text
is also a fact. Transports map the five kinds, never single classes.
"""

import re
from typing import ClassVar

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class DomainError(Exception):
    """A refusal. `facts` values are plain strings, numbers, booleans or ISO dates."""

    reason: ClassVar[str] = "DOMAIN_ERROR"

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.reason = _WORD.sub("_", cls.__name__).upper()

    def __init__(self, text: str, /, **facts: object) -> None:
        super().__init__(text)
        self.text = text
        self.facts = facts


class NotFound(DomainError):
    """The thing does not exist, or is not yours to see."""


class Invalid(DomainError):
    """The request can never succeed as it stands."""


class Forbidden(DomainError):
    """This officer may not do this."""


class Precondition(DomainError):
    """Not now: the state, a deadline or a missing step forbids it."""


class Conflict(DomainError):
    """Someone else changed it first."""
