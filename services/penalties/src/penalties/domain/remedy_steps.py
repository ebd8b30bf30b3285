"""What happens in a remedy without moving it, and the line that is kept of everything that happens in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Step(StrEnum):
    """What happens while an application is with the body."""

    PASSED_ON = "PASSED_ON"
    TO_COMPLETE = "TO_COMPLETE"
    COMPLETED = "COMPLETED"
    ACCEPTED = "ACCEPTED"
    COPY_RECEIVED = "COPY_RECEIVED"
    ANSWERED = "ANSWERED"
    EXTENDED = "EXTENDED"
    SUSPENDED = "SUSPENDED"
    RESUMED = "RESUMED"
    STAYED = "STAYED"
    STAY_LIFTED = "STAY_LIFTED"


@dataclass(frozen=True)
class RemedyStep:
    what: str
    on: str
    number: str
    text: str
    evidence_id: str
    entered_by: str
    entered_at: datetime
