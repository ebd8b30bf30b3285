"""The walk of the three welders and each refusal by state."""

import pytest
from kernel.money import Money
from kernel.moves import StateForbidsTransition
from kernel.timers import TimerState
from penalties.domain.case import MOVES, State
from penalties.domain.crime_screen import ScreenResult

from .story import PATH, a_case, at, facts

WALK = [
    "PC01",
    "PC02",
    "PC03",
    "PC03",
    "PC07",
    "PC10",
    "PC12",
    "PC14",
    "PC16",
    "PC16",
    "PC50",
    "PC17",
    "PC26",
    "PC27",
    "PC29",
    "PC30",
    "PC34",
    "PC42",
    "PC43",
]
ASIDE = [
    "PC04",
    "PC11",
    "PC13",
    "PC15",
    "PC33",
    "PC59",
    "PC60",
]


def rows(*ids):
    """A test that walks several rows is marked with each."""

    def mark(test):
        for id in dict.fromkeys(ids):
            test = pytest.mark.row(id)(test)
        return test

    return mark


@rows(*WALK)
def test_the_welders_walk_from_the_clue_to_the_archive():
    case = a_case(State.ARCHIVED)

    walked = [line.row for line in case.take_transitions() if line.row.startswith("PC")]
    assert walked == WALK
    assert case.fine == Money.yuan(49_000)
    assert not case.late


def test_the_dates_of_the_welders_are_those_of_the_brief():
    case = a_case(State.ARCHIVED)

    expiry = {name: case.timer(name).legal_expiry for name in ("D08", "D12", "D14", "D16", "D19", "D20")}
    assert expiry == {
        "D08": "2022-09-19",
        "D12": "2022-11-16",
        "D14": "2022-09-29",
        "D16": "2022-10-08",
        "D19": "2022-11-21",
        "D20": "2023-03-20",
    }
    assert case.timer("D12").earlier[0]["legal_expiry"] == "2022-09-19"


def test_the_trace_of_49000_stands_at_0_475_of_the_default_interval():
    case = a_case(State.REPORTED)

    trace = case.proposal.discretion
    assert (trace.min, trace.max, trace.position) == (Money.yuan(30_000), Money.yuan(70_000), 0.475)
    assert not trace.official


def test_the_welders_have_neither_hearing_nor_collective_discussion_nor_crime():
    case = a_case(State.DECIDED)

    assert case.proposal.hearing_grounds == ()
    assert case.proposal.collective_grounds == ()
    assert {screen.result for screen in case.screens} == {ScreenResult.NONE}
    assert [screen.point for screen in case.screens] == ["FILING", "REQUEST", "REPORT", "DECISION"]


def test_preparer_reviewer_and_decider_keep_their_names():
    case = a_case(State.DECIDED)

    assert case.prepared_by == ["wu", "zhou"]
    assert (case.filing_reviewed_by, case.filing_approved_by) == ("zheng", "dai")
    assert (case.decision_reviewed_by, case.reviews[-1].reviewer_id, case.decided_by) == ("zheng", "luo", "chen")


WRONG = [
    pytest.param(move, state, id=f"{move.row}-{move.name}-{state}", marks=pytest.mark.refuses(move.row))
    for move in MOVES
    if None not in move.sources
    for state in State
    if state not in move.sources
]


@pytest.mark.parametrize(("move", "state"), WRONG)
def test_a_move_from_a_state_that_its_row_does_not_list_names_its_reason(move, state):
    case = a_case(state)

    with pytest.raises(StateForbidsTransition) as refused:
        case._move(move.name, facts(None, at(9, 20)))

    assert refused.value.facts["state"] == state
    assert case.state is state


def test_every_row_that_is_due_now_stands_in_the_table():
    assert {move.row for move in MOVES} == {f"PC{number:02}" for number in range(1, 64)}


def test_every_state_of_the_path_is_one_of_the_table():
    assert set(PATH) <= set(State)


def test_a_case_that_is_archived_runs_no_timer_of_the_department():
    case = a_case(State.ARCHIVED)

    running = {timer.timer for timer in case.timers if timer.state is TimerState.RUNNING and timer.stopped_at is None}
    assert running == {"D19", "D20"}
