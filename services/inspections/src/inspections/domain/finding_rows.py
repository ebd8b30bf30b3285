"""The rows of the table of a finding: law brief 11.3. Every legal move, and nothing else."""

from enum import StrEnum

from kernel.moves import SYS, AnyOf, Both, Entered, Move, Role, TwoOfficers

from inspections.domain import finding_guards as must
from inspections.domain.guards import g01, g04, reason_given


class State(StrEnum):
    FOUND = "FOUND"
    GENERAL = "GENERAL"
    MAJOR = "MAJOR"
    ON_SPOT_CLOSED = "ON_SPOT_CLOSED"
    MEASURE_IN_FORCE = "MEASURE_IN_FORCE"
    RECTIFYING = "RECTIFYING"
    EXT_PENDING = "EXT_PENDING"
    RECHECK_DUE = "RECHECK_DUE"
    VERIFIED_CLOSED = "VERIFIED_CLOSED"
    NOT_RECTIFIED = "NOT_RECTIFIED"
    RESUME_REVIEW = "RESUME_REVIEW"
    HANDED_OVER = "HANDED_OVER"
    VOID = "VOID"


ENDED = frozenset({State.ON_SPOT_CLOSED, State.VERIFIED_CLOSED, State.HANDED_OVER, State.VOID})
OPEN = frozenset(State) - ENDED
CLASSIFIED = frozenset({State.GENERAL, State.MAJOR})
LATER = OPEN - {State.FOUND} - CLASSIFIED
ALL_TIMERS = ("D25", "D26", "D27", "D28", "D29", "D31")
LEAD, UNIT, DEP, OFF = AnyOf(Role.LEAD), AnyOf(Role.UNIT), AnyOf(Role.DEP), AnyOf(Role.OFF)
LEAD_AND_OFF = TwoOfficers(lead=True)

MOVES = (
    Move("HD01", "record", {None}, State.FOUND, by=OFF, guards=(must.on_site, must.wording_place_photo), law=("WSL 68",)),
    Move("HD01", "amend", {State.FOUND, *CLASSIFIED}, None, by=OFF, guards=(must.record_open,)),
    Move("HD02", "classify_general", {State.FOUND}, State.GENERAL, by=LEAD),
    Move("HD02", "choose_handling", {State.FOUND, *CLASSIFIED}, None, by=OFF, guards=(must.record_open, must.handling_possible)),
    Move("HD03", "classify_major", {State.FOUND, State.GENERAL}, State.MAJOR, by=Both(LEAD, UNIT), guards=(must.g20,), law=("WSL 118",)),
    Move("HD03", "classify_major", LATER, None, by=Both(LEAD, UNIT), guards=(must.g20,), law=("WSL 118",)),
    Move("HD04", "downgrade", {State.MAJOR}, State.GENERAL, by=Both(UNIT, DEP), guards=(must.downgrade_grounds,)),
    Move("HD04", "downgrade", LATER, None, by=Both(UNIT, DEP), guards=(must.severity_major, must.downgrade_grounds)),
    Move("HD05", "close_on_spot", {State.GENERAL}, State.ON_SPOT_CLOSED, by=OFF, guards=(must.before_leaving,), law=("WSL 65(1)(2)",)),
    Move(
        "HD06",
        "apply_measures",
        CLASSIFIED,
        State.MEASURE_IN_FORCE,
        by=LEAD_AND_OFF,
        guards=(g01, must.measure_trigger, g04("F04", after=("F03",))),
        law=("WSL 65(1)(3)", "HCR 7(3)"),
        starts=("D29",),
        form="F04",
    ),
    Move(
        "HD06",
        "come_under_seal",
        CLASSIFIED,
        State.MEASURE_IN_FORCE,
        by=SYS,
        guards=(must.g18, must.g19),
        law=("WSL 65(1)(4)", "AEL 18"),
        starts=("D02",),
        form="F08",
    ),
    Move(
        "HD07",
        "begin_rectifying",
        {*CLASSIFIED, State.MEASURE_IN_FORCE},
        State.RECTIFYING,
        by=SYS,
        guards=(must.item_deadline,),
        law=("WSL 65(1)(2)",),
        starts=("D25",),
        form="F05",
    ),
    Move(
        "HD08",
        "supervise",
        OPEN,
        None,
        by=AnyOf(Role.GOV, Role.CHIEF),
        guards=(must.severity_major, must.notice_published),
        starts=("D25",),
    ),
    Move(
        "HD09",
        "request_extension",
        {State.RECTIFYING},
        State.EXT_PENDING,
        by=Entered(),
        guards=(must.written_reasons, must.in_time),
        law=("PB 17",),
        starts=("D27",),
        stops=("D26",),
    ),
    Move("HD10", "grant_extension", {State.EXT_PENDING}, State.RECTIFYING, by=DEP, guards=(must.new_day,), stops=("D27",), form="ws10055"),
    Move(
        "HD11",
        "refuse_extension",
        {State.EXT_PENDING},
        State.RECTIFYING,
        by=AnyOf(Role.DEP, Role.SYS),
        guards=(reason_given,),
        stops=("D27",),
        form="ws10055",
    ),
    Move("HD12", "report_done", {State.RECTIFYING}, State.RECHECK_DUE, by=Entered(), guards=(must.document_given,), starts=("D28",)),
    Move("HD12", "fall_due", {State.RECTIFYING}, State.RECHECK_DUE, by=SYS, starts=("D28",)),
    Move(
        "HD13",
        "verify",
        {State.RECHECK_DUE},
        State.VERIFIED_CLOSED,
        by=LEAD_AND_OFF,
        guards=(g01, must.no_stop_measure, must.photo_after),
        law=("PB 18",),
        stops=("D28", "D25"),
        form="F06",
    ),
    Move(
        "HD14",
        "pass_under_measure",
        {State.RECHECK_DUE},
        State.RESUME_REVIEW,
        by=LEAD_AND_OFF,
        guards=(g01, must.stop_measure),
        law=("WSL 65(1)(3)",),
        stops=("D28",),
        form="F06",
    ),
    Move(
        "HD15",
        "consent_resume",
        {State.RESUME_REVIEW},
        State.VERIFIED_CLOSED,
        by=AnyOf(Role.DEP, Role.CHIEF),
        guards=(must.chief_if_supervised, must.document_given),
        law=("WSL 65(1)(3)",),
        stops=("D25", "D29", "D31"),
    ),
    Move(
        "HD16",
        "refuse_resume",
        {State.RESUME_REVIEW},
        State.RECTIFYING,
        by=DEP,
        guards=(reason_given, must.item_deadline),
        starts=("D25",),
        form="F05",
    ),
    Move(
        "HD17", "fail", {State.RECHECK_DUE}, State.NOT_RECTIFIED, by=LEAD_AND_OFF, guards=(g01,), law=("PB 18",), stops=("D28",), form="F06"
    ),
    Move(
        "HD18",
        "begin_rectifying",
        {State.NOT_RECTIFIED},
        State.RECTIFYING,
        by=AnyOf(Role.LEAD, Role.SYS),
        guards=(must.item_deadline,),
        starts=("D25",),
        form="F05",
    ),
    Move(
        "HD19",
        "apply_measures",
        {State.NOT_RECTIFIED},
        State.MEASURE_IN_FORCE,
        by=LEAD_AND_OFF,
        guards=(g01, must.stop_only_major, must.measure_trigger, g04("F04", after=("F03",))),
        law=("WSL 65(1)(3)",),
        starts=("D29",),
        form="F04",
    ),
    Move(
        "HD19",
        "come_under_seal",
        {State.NOT_RECTIFIED},
        State.MEASURE_IN_FORCE,
        by=SYS,
        guards=(must.g18, must.g19),
        law=("WSL 65(1)(4)", "AEL 18"),
        starts=("D02",),
        form="F08",
    ),
    Move(
        "HD19",
        "come_under_cut",
        {State.NOT_RECTIFIED},
        State.MEASURE_IN_FORCE,
        by=SYS,
        guards=(must.cut_conditions, must.g19),
        law=("WSL 70",),
        starts=("D30",),
        form="F12",
    ),
    Move(
        "HD20",
        "apply_for_review",
        {State.MEASURE_IN_FORCE},
        State.RECHECK_DUE,
        by=Entered(),
        guards=(must.no_order_in_force, must.document_given),
        starts=("D28",),
    ),
    Move(
        "HD20", "review_falls_due", {State.MEASURE_IN_FORCE}, State.RECHECK_DUE, by=SYS, guards=(must.no_order_in_force,), starts=("D28",)
    ),
    Move(
        "HD21",
        "hand_over",
        OPEN,
        State.HANDED_OVER,
        by=UNIT,
        guards=(must.department_named, g04("ws10054")),
        law=("WSL 69",),
        stops=ALL_TIMERS,
        form="ws10054",
    ),
    Move("HD22", "object", OPEN, None, by=Entered(), guards=(must.document_given,)),
    Move("HD23", "uphold_objection", OPEN, State.VOID, by=Both(UNIT, DEP), guards=(must.disputed, reason_given), stops=ALL_TIMERS),
    Move("HD23", "reject_objection", OPEN, None, by=Both(UNIT, DEP), guards=(must.disputed, reason_given)),
    Move("HD24", "void", {State.FOUND}, State.VOID, by=OFF, guards=(must.record_open, reason_given)),
    Move(
        "HD25",
        "apply_delisting",
        {State.RECTIFYING, State.MEASURE_IN_FORCE},
        State.RECHECK_DUE,
        by=Entered(),
        guards=(must.supervised, must.document_given),
        starts=("D28", "D31"),
    ),
    Move(
        "HD26",
        "end_for_closed_unit",
        OPEN,
        State.VERIFIED_CLOSED,
        by=DEP,
        guards=(must.closure_recorded, must.record_of_officers),
        stops=ALL_TIMERS,
    ),
    Move("HD27", "miss_reply", {State.EXT_PENDING}, State.RECHECK_DUE, by=SYS, starts=("D28",)),
    # Steps beside the table: a new order over a finding that rectifies already, and the link to the case that follows it up.
    Move("R04", "rectify_anew", {State.RECTIFYING}, None, by=SYS, guards=(must.item_deadline,), starts=("D25",), form="F05"),
    Move("I18", "link_case", frozenset(State), None, by=SYS),
)
