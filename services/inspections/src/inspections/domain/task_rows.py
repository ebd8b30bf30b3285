"""The rows of the table of a task: law brief 11.2. Every legal move, and nothing else."""

from enum import StrEnum

from kernel.moves import SYS, AnyOf, Move, Role, TwoOfficers

from inspections.domain import guards, task_guards


class State(StrEnum):
    DRAFT = "DRAFT"
    PLANNED = "PLANNED"
    DRAWN = "DRAWN"
    ASSIGNED = "ASSIGNED"
    SCHEME_REVIEW = "SCHEME_REVIEW"
    READY = "READY"
    ON_SITE = "ON_SITE"
    OBSTRUCTED = "OBSTRUCTED"
    RECORDED = "RECORDED"
    ISSUES_OPEN = "ISSUES_OPEN"
    REFERRED = "REFERRED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


ENDED = frozenset({State.CLOSED, State.CANCELLED})
ON_SITE = frozenset({State.ON_SITE, State.OBSTRUCTED})
AFTER_ARRIVAL = frozenset({State.ON_SITE, State.OBSTRUCTED, State.RECORDED, State.ISSUES_OPEN})
BEFORE_ARRIVAL = frozenset({State.DRAFT, State.PLANNED, State.DRAWN, State.ASSIGNED, State.SCHEME_REVIEW, State.READY})

MOVES = (
    Move(
        "I01",
        "create",
        {None},
        State.DRAFT,
        by=AnyOf(Role.PLAN, Role.OFF, Role.LEAD),
        guards=(task_guards.source_recorded, guards.g05, guards.g06),
        law=("WSL 62(2)", "WSL 73"),
    ),
    Move(
        "I04",
        "assign",
        {State.DRAFT, State.PLANNED, State.DRAWN},
        State.ASSIGNED,
        by=AnyOf(Role.UNIT),
        guards=(guards.g01, guards.g02),
        law=("APL 42",),
    ),
    Move(
        "I05",
        "replace_officer",
        {State.ASSIGNED, State.SCHEME_REVIEW, State.READY},
        State.ASSIGNED,
        by=AnyOf(Role.UNIT),
        guards=(task_guards.replacement_ground, guards.g01, guards.g02),
        law=("APL 43",),
    ),
    Move(
        "I05",
        "replace_officer",
        {State.ON_SITE},
        State.ON_SITE,
        by=AnyOf(Role.UNIT),
        guards=(task_guards.replacement_ground, guards.g01, guards.g02, task_guards.elsewhere),
        law=("APL 43",),
    ),
    Move(
        "I06",
        "submit_scheme",
        {State.ASSIGNED},
        State.SCHEME_REVIEW,
        by=AnyOf(Role.LEAD),
        guards=(task_guards.scheme_complete,),
        law=("SZR 19",),
    ),
    Move("I07", "return_scheme", {State.SCHEME_REVIEW}, State.ASSIGNED, by=AnyOf(Role.UNIT, Role.DEP), guards=(guards.reason_given,)),
    Move(
        "I08",
        "approve_scheme",
        {State.SCHEME_REVIEW},
        State.READY,
        by=AnyOf(Role.DEP),
        guards=(guards.g03, task_guards.scheme_form),
        law=("SZR 19",),
        form="F02",
    ),
    Move(
        "I09",
        "arrive_urgently",
        {State.ASSIGNED},
        State.ON_SITE,
        by=AnyOf(Role.LEAD),
        guards=(guards.g01, guards.g02, task_guards.urgency, guards.g07, task_guards.elsewhere),
        law=("WSL 65",),
        starts=("GEN",),
    ),
    Move(
        "I09",
        "submit_scheme",
        AFTER_ARRIVAL,
        None,
        by=AnyOf(Role.LEAD),
        guards=(task_guards.scheme_outstanding, task_guards.scheme_complete),
    ),
    Move(
        "I09",
        "approve_scheme",
        AFTER_ARRIVAL,
        None,
        by=AnyOf(Role.DEP),
        guards=(task_guards.scheme_outstanding, guards.g03, task_guards.scheme_form),
        stops=("GEN",),
        form="F02",
    ),
    Move(
        "I10",
        "arrive",
        {State.READY},
        State.ON_SITE,
        by=TwoOfficers(lead=True),
        guards=(
            guards.g01,
            guards.g02,
            guards.g07,
            task_guards.certificates_shown,
            task_guards.scheme_window,
            task_guards.covert,
            task_guards.elsewhere,
        ),
        law=("WSL 67", "APL 42", "APL 55"),
    ),
    Move(
        "I11",
        "obstruct",
        {State.ON_SITE},
        State.OBSTRUCTED,
        by=AnyOf(Role.OFF),
        guards=(guards.reason_given, task_guards.filmed, task_guards.warned),
        law=("WSL 108",),
        form="F03",
    ),
    Move("I12", "give_access", {State.OBSTRUCTED}, State.ON_SITE, by=AnyOf(Role.OFF)),
    Move(
        "I13",
        "persist",
        {State.OBSTRUCTED},
        State.ISSUES_OPEN,
        by=AnyOf(Role.LEAD),
        guards=(task_guards.refusal_recorded, task_guards.order_served),
        law=("WSL 108",),
        starts=("D25",),
        form="F05",
    ),
    Move("I14", "answer_item", ON_SITE, None, by=AnyOf(Role.OFF), law=("WSL 68",)),
    Move(
        "I14",
        "sign_record",
        {State.ON_SITE},
        State.RECORDED,
        by=TwoOfficers(lead=True),
        guards=(guards.g01, guards.g02, task_guards.something_answered, task_guards.findings_complete, guards.g04("F03", after=("F02",))),
        law=("WSL 68",),
        starts=("D32",),
        form="F03",
    ),
    Move(
        "I15",
        "close_without_findings",
        {State.RECORDED},
        State.CLOSED,
        by=AnyOf(Role.LEAD),
        guards=(task_guards.no_findings, task_guards.all_answered, task_guards.publicity_created),
    ),
    Move(
        "I16", "open_issues", {State.RECORDED}, State.ISSUES_OPEN, by=SYS, guards=(task_guards.some_finding, task_guards.findings_complete)
    ),
    Move(
        "I17",
        "refer",
        {State.RECORDED, State.ISSUES_OPEN},
        State.REFERRED,
        by=AnyOf(Role.UNIT),
        guards=(task_guards.only_other_matters, guards.g04("ws10054")),
        law=("WSL 69",),
        form="ws10054",
    ),
    Move(
        "I18",
        "close",
        {State.ISSUES_OPEN},
        State.CLOSED,
        by=AnyOf(Role.LEAD),
        guards=(task_guards.findings_ended, task_guards.orders_ended, task_guards.acts_followed_up, task_guards.publicity_created),
    ),
    Move("I19", "cancel", BEFORE_ARRIVAL, State.CANCELLED, by=AnyOf(Role.UNIT, Role.DEP), guards=(guards.reason_given,)),
    Move(
        "I20",
        "supplement_record",
        {State.RECORDED},
        State.RECORDED,
        by=TwoOfficers(lead=True),
        guards=(guards.g01, guards.g04("F03", after=("F03",))),
        law=("WSL 68",),
        form="F03",
    ),
    Move(
        "I21", "accept_referral", {State.REFERRED}, State.CLOSED, by=AnyOf(Role.UNIT), guards=(task_guards.receipt_stored,), law=("WSL 69",)
    ),
)
