"""The rows of the table of a coercive measure: law brief 11.4 (Q01–Q22). Every legal move, and nothing else."""

from enum import StrEnum

from kernel.moves import SYS, AnyOf, Both, Delegated, Entered, Move, Role, TwoOfficers

from inspections.domain import measure_guards as must
from inspections.domain.guards import g01, g03, reason_given


class State(StrEnum):
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    NOTICED = "NOTICED"
    URGENT_APPLIED = "URGENT_APPLIED"
    IN_FORCE = "IN_FORCE"
    APPRAISAL = "APPRAISAL"
    EXTENDED = "EXTENDED"
    DECIDED = "DECIDED"
    LIFTED = "LIFTED"
    CONFISCATED = "CONFISCATED"
    DESTROYED = "DESTROYED"
    HANDED_TO_POLICE = "HANDED_TO_POLICE"
    LIFT_OVERDUE = "LIFT_OVERDUE"
    REJECTED = "REJECTED"


ENDED = frozenset({State.LIFTED, State.CONFISCATED, State.DESTROYED, State.HANDED_TO_POLICE, State.REJECTED})
HELD = frozenset({State.IN_FORCE, State.EXTENDED})
# The objects, or the power, are in the hands of the authority.
ON_HAND = frozenset({State.URGENT_APPLIED, *HELD, State.APPRAISAL, State.DECIDED, State.LIFT_OVERDUE})
# Row 1.8: the deputy only inside a delegation. Law: AEL 18(1), 25.
HEAD = AnyOf(Role.CHIEF, Delegated(Role.DEP, "seal_or_seize"))
CHIEF = AnyOf(Role.CHIEF)
LEAD_AND_OFF = TwoOfficers(lead=True)
LIFT = "X7L"

MOVES = (
    Move(
        "Q01",
        "propose",
        {None},
        State.PROPOSED,
        by=TwoOfficers(),
        guards=(g01, must.g19, must.g05, must.grounds_recorded, must.objects_listed),
        law=("WSL 65(1)(4)", "WSL 70", "AEL 17", "AEL 23"),
        form="F07",
    ),
    Move(
        "Q02",
        "approve",
        {State.PROPOSED},
        State.APPROVED,
        by=HEAD,
        guards=(must.of_goods, must.chief_for_chemicals, must.single_form("F07"), g03),
        law=("AEL 18(1)", "HCR 7(4)"),
        form="F07",
    ),
    Move(
        "Q03",
        "release_application",
        {State.APPROVED},
        None,
        by=LEAD_AND_OFF,
        guards=(must.of_goods, g01, must.g18, must.g07, must.papers_given("F08", "F09", record=True)),
        law=("AEL 18", "AEL 24"),
        form="F08",
    ),
    Move(
        "Q03",
        "apply",
        {State.APPROVED},
        State.IN_FORCE,
        by=SYS,
        guards=(must.of_goods, must.g18, must.released("F08", "F09")),
        law=("AEL 24", "AEL 25"),
        starts=("D02",),
        form="F08",
    ),
    Move(
        "Q04",
        "apply_urgently",
        {None},
        State.URGENT_APPLIED,
        by=LEAD_AND_OFF,
        guards=(
            must.of_goods,
            must.urgency_recorded,
            g01,
            must.g19,
            must.g05,
            must.g18,
            must.g07,
            must.same_visit,
            must.grounds_recorded,
            must.objects_listed,
        ),
        law=("AEL 19",),
        starts=("D01", "D02"),
        form="F08",
    ),
    Move(
        "Q04",
        "hand_over_decision",
        {State.URGENT_APPLIED},
        None,
        by=LEAD_AND_OFF,
        guards=(must.of_goods, g01, must.same_visit, must.papers_given("F08", "F09", record=True)),
        law=("AEL 24",),
        form="F08",
    ),
    Move(
        "Q05",
        "confirm_urgent",
        {State.URGENT_APPLIED},
        State.IN_FORCE,
        by=HEAD,
        guards=(must.of_goods, must.chief_for_chemicals, must.single_form("F07"), g03),
        law=("AEL 19", "HCR 7(4)"),
        stops=("D01",),
        form="F07",
    ),
    Move(
        "Q06",
        "refuse_urgent",
        {State.URGENT_APPLIED},
        State.LIFTED,
        by=HEAD,
        guards=(must.of_goods, must.single_form(LIFT)),
        law=("AEL 19",),
        stops=("D01", "D02"),
        form="X7",
    ),
    Move(
        "Q07",
        "send_to_appraisal",
        HELD,
        State.APPRAISAL,
        by=AnyOf(Role.LEAD),
        guards=(must.of_goods, must.before_end, must.period_stated),
        law=("AEL 25(3)",),
        form="F23",
    ),
    Move("Q08", "end_appraisal", {State.APPRAISAL}, HELD, by=SYS, guards=(must.of_goods,), law=("AEL 25(3)",)),
    Move(
        "Q09",
        "extend",
        {State.IN_FORCE},
        State.EXTENDED,
        by=HEAD,
        guards=(must.of_goods, must.chief_for_chemicals, must.before_end, must.extension_possible, must.single_form("F10")),
        law=("AEL 25(1)", "AEL 25(2)"),
        form="F10",
    ),
    Move(
        "Q10",
        "decide",
        HELD,
        State.DECIDED,
        by=HEAD,
        guards=(must.of_goods, must.before_end, must.handling_chosen, must.single_form("F11")),
        law=("AEL 27", "AEL 28"),
        stops=("D02",),
        form="F11",
    ),
    Move(
        "Q11",
        "give_back",
        {State.DECIDED},
        State.LIFTED,
        by=AnyOf(Role.OFF),
        guards=(must.of_goods, must.to_be_returned, must.receipt_signed),
        law=("AEL 28(2)",),
        form="F11",
    ),
    Move(
        "Q12",
        "confiscate",
        {State.DECIDED},
        State.CONFISCATED,
        by=AnyOf(Role.CHIEF, Delegated(Role.DEP, "penalty_decision"), Role.COLL, Role.SYS),
        guards=(must.of_goods, must.penalty_confiscates),
        law=("APL 9", "AEL 27"),
        form="F34",
    ),
    Move(
        "Q13",
        "destroy",
        {State.DECIDED, State.CONFISCATED},
        State.DESTROYED,
        by=Both(AnyOf(Role.FIN), AnyOf(Role.EVID)),
        guards=(must.of_goods, must.to_be_destroyed, must.disposal_proven),
        law=("AEL 27", "FWR 43"),
        form="X6",
    ),
    Move(
        "Q14",
        "hand_to_police",
        {*HELD, State.APPRAISAL},
        State.HANDED_TO_POLICE,
        by=SYS,
        guards=(must.of_goods, must.signed_by_both),
        law=("AEL 21",),
        stops=("D02", "D43"),
    ),
    # An urgent measure that nobody approved ends with D02 all the same (INV-23).
    Move(
        "Q15",
        "fall_overdue",
        {*HELD, State.URGENT_APPLIED},
        State.LIFT_OVERDUE,
        by=SYS,
        guards=(must.of_goods, must.period_over),
        law=("AEL 28(1)(4)", "AEL 62(3)"),
    ),
    Move(
        "Q16",
        "lift_overdue",
        {State.LIFT_OVERDUE},
        State.LIFTED,
        by=HEAD,
        guards=(must.of_goods, must.single_form(LIFT)),
        law=("AEL 28",),
        form="X7",
    ),
    Move(
        "Q17",
        "approve_power_cut",
        {State.PROPOSED},
        State.APPROVED,
        by=CHIEF,
        guards=(must.of_power, must.g19, g03, must.power_conditions, must.single_form("F07")),
        law=("WSL 70(1)",),
        form="F07",
    ),
    Move(
        "Q18",
        "release_notice",
        {State.APPROVED},
        None,
        by=AnyOf(Role.OFF),
        guards=(must.of_power, must.papers_given("F13", "F12")),
        law=("WSL 70(2)",),
        form="F13",
    ),
    Move(
        "Q18",
        "notice",
        {State.APPROVED},
        State.NOTICED,
        by=SYS,
        guards=(must.of_power, must.released("F13", "F12")),
        law=("WSL 70(2)",),
        starts=("D30",),
        form="F13",
    ),
    Move(
        "Q19",
        "cut",
        {State.NOTICED},
        State.IN_FORCE,
        by=Entered(),
        guards=(must.of_power, must.not_for_residents, must.still_refused, must.lead_time, must.by_day),
        law=("WSL 70", "AEL 43"),
        stops=("D30",),
        form="F12",
    ),
    Move(
        "Q20",
        "resume",
        {State.NOTICED, State.IN_FORCE},
        State.LIFTED,
        by=CHIEF,
        guards=(must.of_power, must.complied, must.single_form("F14")),
        law=("WSL 70(2)",),
        stops=("D30",),
        form="F14",
    ),
    Move("Q21", "reject", {State.PROPOSED, State.APPROVED}, State.REJECTED, by=HEAD, guards=(reason_given,), form="F07"),
    Move(
        "Q22",
        "miss_approval",
        {State.URGENT_APPLIED},
        State.URGENT_APPLIED,
        by=SYS,
        guards=(must.of_goods, must.approval_overdue),
        law=("AEL 19",),
    ),
    # Steps beside the table: what the case says of goods that are held for it.
    Move("Q12", "link_case", frozenset(State) - ENDED, None, by=SYS),
    Move("Q12", "note_penalty", frozenset(State) - ENDED, None, by=SYS),
)
