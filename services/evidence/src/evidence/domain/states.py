"""Where an item of evidence may stand, and the eight kinds."""

from enum import StrEnum


class State(StrEnum):
    CAPTURED = "CAPTURED"
    REGISTERED = "REGISTERED"
    PRESERVED = "PRESERVED"
    SAMPLED = "SAMPLED"
    AT_APPRAISAL = "AT_APPRAISAL"
    IN_STORE = "IN_STORE"
    UNDER_REVIEW = "UNDER_REVIEW"
    ADMITTED = "ADMITTED"
    EXCLUDED = "EXCLUDED"
    CHALLENGED = "CHALLENGED"
    HANDED_TO_POLICE = "HANDED_TO_POLICE"
    RETURNED = "RETURNED"
    CONFISCATED = "CONFISCATED"
    DISPOSED = "DISPOSED"
    ARCHIVED = "ARCHIVED"


# V19: an item that is still under review, challenged or in store does not go.
ARCHIVABLE = frozenset({State.REGISTERED, State.ADMITTED, State.EXCLUDED, State.RETURNED, State.DISPOSED, State.HANDED_TO_POLICE})

# V15: REGISTERED … CHALLENGED in the order of the States line.
TRANSFERABLE = frozenset(
    {
        State.REGISTERED,
        State.PRESERVED,
        State.SAMPLED,
        State.AT_APPRAISAL,
        State.IN_STORE,
        State.UNDER_REVIEW,
        State.ADMITTED,
        State.EXCLUDED,
        State.CHALLENGED,
    }
)

# V17.
RETURNABLE = frozenset({State.IN_STORE, State.UNDER_REVIEW, State.ADMITTED, State.EXCLUDED})


class Kind(StrEnum):
    """The eight kinds of evidence. Law: APL 46."""

    E1 = "E1"
    E2 = "E2"
    E3 = "E3"
    E4 = "E4"
    E5 = "E5"
    E6 = "E6"
    E7 = "E7"
    E8 = "E8"


# An electronic item: what is kept is the evidence itself, so its hash is its integrity (8.5).
ELECTRONIC = frozenset({Kind.E3, Kind.E4})


class Option(StrEnum):
    """What may be decided on evidence that was registered in advance (8.4)."""

    SAMPLE = "SAMPLE"
    APPRAISE = "APPRAISE"
    RECORD_AND_RETURN = "RECORD_AND_RETURN"
    SEIZE = "SEIZE"
    CONFISCATE = "CONFISCATE"
    RELEASE = "RELEASE"


LEADS_TO = {
    Option.SAMPLE: State.SAMPLED,
    Option.APPRAISE: State.AT_APPRAISAL,
    Option.RECORD_AND_RETURN: State.RETURNED,
    Option.SEIZE: State.IN_STORE,
    Option.CONFISCATE: State.CONFISCATED,
    Option.RELEASE: State.RETURNED,
}


class Method(StrEnum):
    """How a confiscated object is disposed of. Law: APL 74."""

    DESTROY = "DESTROY"
    AUCTION = "AUCTION"
    TRANSFER_TO_TREASURY = "TRANSFER_TO_TREASURY"
    HARMLESS_TREATMENT = "HARMLESS_TREATMENT"
