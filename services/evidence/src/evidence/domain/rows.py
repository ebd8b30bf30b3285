"""The moves of an item of evidence: rows V01 to V19 of the law."""

from kernel.moves import SYS, AnyOf, Both, Delegated, Entered, Move, Role

from evidence.domain import handling_guards as h
from evidence.domain.guards import described, device_time, g01, hashes_verified, reasoned
from evidence.domain.states import ARCHIVABLE, RETURNABLE, TRANSFERABLE, State

OFFICER = AnyOf(Role.OFF)
# Who admits or excludes: the legal reviewer, else the head on F30.
JUDGES = AnyOf(Role.LEGAL, Role.CHIEF, Delegated(Role.DEP, "penalty_decision"))
# 1.8 «head» for advance registration.
HEAD = AnyOf(Role.CHIEF, Delegated(Role.DEP, "advance_registration"))
FINANCE_AND_CUSTODIAN = Both(AnyOf(Role.FIN), AnyOf(Role.EVID))

MOVES = (
    Move("V01", "capture", {None}, State.CAPTURED, by=OFFICER, guards=(g01, device_time), law=("APL 42, 46", "ESL 7-8")),
    Move("V02", "register", {State.CAPTURED}, State.REGISTERED, by=OFFICER, guards=(described,), law=("APL 46", "AEV 10-15")),
    Move("V03", "approve_preservation", {State.REGISTERED}, None, by=HEAD, guards=(h.papers_ready,), law=("APL 56",), form="F19"),
    Move(
        "V03",
        "preserve",
        {State.REGISTERED},
        State.PRESERVED,
        by=OFFICER,
        guards=(h.approved_beforehand, h.may_be_lost, h.papers_ready),
        law=("APL 56",),
        starts=("D03",),
        form="F20",
    ),
    Move(
        "V04",
        "decide_preserved",
        {State.PRESERVED},
        frozenset({State.SAMPLED, State.AT_APPRAISAL, State.RETURNED, State.IN_STORE, State.CONFISCATED}),
        by=HEAD,
        guards=(h.one_option, h.papers_ready),
        law=("APL 56, 85",),
        stops=("D03",),
        form="F22",
    ),
    Move("V05", "lapse", {State.PRESERVED}, State.RETURNED, by=SYS, law=("APL 56",)),
    Move(
        "V06",
        "sample",
        {State.REGISTERED},
        State.SAMPLED,
        by=OFFICER,
        guards=(h.party_present, h.split_and_sealed, h.papers_ready),
        law=("APL 56",),
        form="F18",
    ),
    Move(
        "V07",
        "send_to_appraisal",
        {State.SAMPLED, State.REGISTERED},
        State.AT_APPRAISAL,
        by=AnyOf(Role.LEAD),
        guards=(h.qualified_body, h.papers_ready),
        law=("APL 43", "AEV 14"),
        form="F23",
    ),
    Move(
        "V08",
        "record_opinion",
        {State.AT_APPRAISAL},
        frozenset({State.IN_STORE, State.DISPOSED}),
        by=Entered(),
        guards=(h.opinion_told,),
        law=("AEV 14", "AEL 25"),
    ),
    Move("V09", "store", {State.REGISTERED}, State.IN_STORE, by=AnyOf(Role.EVID)),
    Move("V10", "challenge", set(State) - {State.ARCHIVED}, State.CHALLENGED, by=Entered(), guards=(reasoned,), law=("APL 46",)),
    Move("V11", "explain", {State.CHALLENGED}, State.UNDER_REVIEW, by=AnyOf(Role.LEAD), guards=(reasoned,)),
    Move("V12", "review", {State.REGISTERED, State.SAMPLED, State.IN_STORE}, State.UNDER_REVIEW, by=SYS),
    Move("V13", "admit", {State.UNDER_REVIEW}, State.ADMITTED, by=JUDGES, guards=(hashes_verified,), law=("APL 46",)),
    Move("V14", "exclude", {State.UNDER_REVIEW}, State.EXCLUDED, by=JUDGES, guards=(reasoned,), law=("APL 46",)),
    # D43 is the transfer's; D03 ends here because the registration does.
    Move("V15", "hand_over", TRANSFERABLE, State.HANDED_TO_POLICE, by=SYS, guards=(h.both_signed,), law=("TRR 12",), stops=("D03",)),
    Move(
        "V16",
        "take_back",
        {State.HANDED_TO_POLICE},
        frozenset({State.IN_STORE, State.REGISTERED}),
        by=AnyOf(Role.EVID),
        guards=(h.checked_against_list, hashes_verified),
    ),
    Move(
        "V17",
        "give_back",
        RETURNABLE,
        State.RETURNED,
        by=AnyOf(Role.EVID, Role.SYS),
        guards=(h.receipt_signed, h.not_held),
        law=("AEL 28",),
    ),
    Move(
        "V18",
        "confiscate",
        {State.IN_STORE, State.ADMITTED},
        State.CONFISCATED,
        by=FINANCE_AND_CUSTODIAN,
        guards=(h.decision_effective, h.papers_ready),
        law=("APL 9, 74",),
        form="X6A",
    ),
    Move(
        "V18",
        "dispose",
        {State.CONFISCATED},
        State.DISPOSED,
        by=FINANCE_AND_CUSTODIAN,
        guards=(h.no_remedy_pending, h.disposal_whole, h.papers_ready),
        law=("APL 73, 74",),
        form="X6B",
    ),
    Move("V19", "archive", ARCHIVABLE, State.ARCHIVED, by=SYS, guards=(hashes_verified,), law=("ARC 37",)),
)
