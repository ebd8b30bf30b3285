"""The words of an inspection: sources, answers, handling, measures, severity. Law brief 2.4, 3.2–3.4."""

from enum import StrEnum


class Source(StrEnum):
    """Where a task came from (2.4)."""

    PLAN_KEY = "PLAN_KEY"
    PLAN_GENERAL = "PLAN_GENERAL"
    SPECIAL = "SPECIAL"
    COMPLAINT = "COMPLAINT"
    HANDOVER = "HANDOVER"
    ALERT = "ALERT"
    RECHECK = "RECHECK"
    ACCIDENT = "ACCIDENT"
    COVERT = "COVERT"


# Checks by the authority's own choice count against the frequency cap; a complaint, hand-over, alert, re-inspection or accident
# is a clue of its own.
ROUTINE = frozenset({Source.PLAN_KEY, Source.PLAN_GENERAL, Source.SPECIAL, Source.COVERT})


class Answer(StrEnum):
    """符合, 不符合, 不涉及."""

    CONFORM = "CONFORM"
    NOT_CONFORM = "NOT_CONFORM"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Handling(StrEnum):
    """How a finding is handled, printed in the record."""

    ON_SPOT = "ON_SPOT"
    MEASURE = "MEASURE"
    ORDER = "ORDER"
    HAND_OVER = "HAND_OVER"


class Measure(StrEnum):
    """The closed list of on-site measures (3.3). Law: WSL 65(1)(2)–(4), 70; HCR 7(3)."""

    M1 = "M1"
    M2 = "M2"
    M3 = "M3"
    M4 = "M4"
    M5 = "M5"
    M6 = "M6"
    M7 = "M7"
    M8 = "M8"


# Measures of F04. M1 is a correction on the spot (HD05), M6 an order (F05).
BY_DECISION = frozenset({Measure.M2, Measure.M3, Measure.M4, Measure.M5})
# Coercive measures (11.4): sealing and seizing, cutting power.
COERCIVE = frozenset({Measure.M7, Measure.M8})
# Until consent these keep production stopped. Law: WSL 65(1)(3).
STOP = frozenset({Measure.M3, Measure.M4, Measure.M5})
# These run six months at most (D29).
SUSPENSION = frozenset({Measure.M4, Measure.M5})


class Severity(StrEnum):
    GENERAL = "GENERAL"
    MAJOR = "MAJOR"


class RecheckResult(StrEnum):
    """Result of a re-inspection for one finding. PARTIAL counts as FAIL (14.4)."""

    PASS = "PASS"  # noqa: S105 - a result, no password
    PARTIAL = "PARTIAL"
    FAIL = "FAIL"
