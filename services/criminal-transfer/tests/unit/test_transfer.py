"""Each row of 11.8 walks from where it should, by whom it should, and nowhere else."""

from datetime import timedelta

import pytest
from criminal_transfer.domain.records import State
from criminal_transfer.domain.transfer import MOVES
from kernel.errors import DomainError
from kernel.moves import SYSTEM, Facts, RoleForbidsMove, SameOfficerTwice, SecondOfficerMissing, StateForbidsTransition, TwoOfficers, When

from .scene import HUANG, LAW, LIANG, PEOPLE, SONG, STEPS, STRANGER, a_suspicion, a_transfer, at, do, facts, known

# Moves behind one door: the state says which row it is.
SAME_DOOR = ({"file", "file_supervised"}, {"report_silence", "report_refusal", "suggest_supervision"})


def marked(mark):
    return [
        pytest.param(move, source, id=f"{move.row}-{move.name}-{source}", marks=mark(move.row))
        for move in MOVES
        for source in sorted(move.sources, key=str)
        if source is not None
    ]


def due(move, transfer, now):
    """C18 waits for the end of D36 and for a reminder."""
    if move.row != "C18":
        return now
    later = now + timedelta(days=5)
    if move.name == "report_silence":
        do(transfer, "remind", later)
    return later + timedelta(hours=1)


@pytest.mark.row("C01")
def test_a_suspicion_is_recorded():
    made = a_suspicion()

    event = do(made, "open", at(7))

    assert (made.state, event.offences, event.suspects, event.org_path) == (State.SUSPECTED, ("225",), ("enterprise-1",), made.org_path)
    assert made.running("GEN").legal_expiry == at(8).isoformat()


@pytest.mark.parametrize(("move", "source"), marked(pytest.mark.row))
def test_a_row_walks(move, source):
    transfer = a_transfer(source)
    now = due(move, transfer, at(12, 11))
    transfer.take_transitions()
    if move.row == "C05":
        transfer.screen_result = "WATCH"
    if move.name == "sign_materials":
        do(transfer, "prepare_materials", now)
        transfer.take_transitions()

    do(transfer, move.name, now)

    targets = move.target if isinstance(move.target, frozenset) else {source if move.target is None else move.target}
    assert transfer.state in targets
    line = transfer.take_transitions()[-1]
    assert (line.row, line.name, line.source) == (move.row, move.name, str(source))
    for start in move.starts:
        name = start.timer if isinstance(start, When) else start
        assert transfer.timer(name).starts_at <= now
    for stop in move.stops:
        timer = transfer.timer(stop)
        assert timer is None or timer.stopped_at is not None or stop in move.starts


@pytest.mark.parametrize(("move", "source"), marked(pytest.mark.refuses))
def test_a_row_is_refused_from_every_other_state(move, source):
    names = next((names for names in SAME_DOOR if move.name in names), {move.name})
    others = [state for state in State if not any(state in one.sources for one in MOVES if one.name in names)]
    for state in others:
        transfer = a_transfer(state)
        with pytest.raises(DomainError) as refused:
            do(transfer, move.name, at(12, 12))
        assert transfer.state is state
        assert refused.value.reason in {"STATE_FORBIDS_TRANSITION", "ROLE_FORBIDS_MOVE"}


@pytest.mark.parametrize(("move", "source"), marked(pytest.mark.refuses))
def test_a_row_is_refused_to_every_other_role(move, source):
    transfer = a_transfer(source)
    now = due(move, transfer, at(12, 11))
    allowed = {person.id for person in PEOPLE if move.by.refuse(transfer, Facts(person, now, LAW, permission_only=True)) is None}
    for person in PEOPLE:
        if person.id in allowed:
            continue
        with pytest.raises(RoleForbidsMove):
            do(transfer, move.name, now, by=person)
    assert transfer.state is source
    assert allowed


@pytest.mark.refuses("C01")
def test_a_suspicion_names_facts_and_an_offence_and_is_entered_by_an_officer():
    for changes in ({"offences": []}, {"facts": " "}):
        with pytest.raises(DomainError) as refused:
            do(a_suspicion(**changes), "open", at(7))
        assert refused.value.reason == "SUSPICION_MISSING"
    with pytest.raises(DomainError) as refused:
        do(a_suspicion(case_id="", inspection_id=""), "open", at(7))
    assert refused.value.reason == "MATTER_MISSING"
    with pytest.raises(RoleForbidsMove):
        do(a_suspicion(), "open", at(7), by=HUANG)


@pytest.mark.parametrize("move", [move for move in MOVES if isinstance(move.by, TwoOfficers)], ids=lambda move: move.row)
def test_two_of_the_task_force_act_each_with_a_token_of_his_own(move):
    source = next(iter(move.sources))
    with pytest.raises(SecondOfficerMissing):
        do(a_transfer(source), move.name, at(12, 11), second=None)
    with pytest.raises(SameOfficerTwice):
        do(a_transfer(source), move.name, at(12, 11), second=LIANG)
    with pytest.raises(RoleForbidsMove):
        do(a_transfer(source), move.name, at(12, 11), second=STRANGER)


def test_every_state_is_reached_and_left():
    targets = {target for move in MOVES for target in (move.target if isinstance(move.target, frozenset) else {move.target})}
    sources = {source for move in MOVES for source in move.sources}

    assert set(State) <= targets
    assert set(State) - sources == {State.CLOSED}


@pytest.mark.parametrize("state", list(State))
def test_every_row_answers_in_every_state_whatever_is_known(state):
    transfer = a_transfer(state)
    for person in PEOPLE:
        answers = transfer.permitted(Facts(person, at(12, 12), LAW, permission_only=True))
        assert len(answers) == len(MOVES) - 1
        assert all(answer.refusal is None or answer.refusal.reason for answer in answers)


def test_an_officer_outside_the_task_force_is_no_officer_of_the_matter():
    transfer = a_transfer("TASK_FORCE")

    with pytest.raises(RoleForbidsMove):
        do(transfer, "start_verification", at(12), by=STRANGER)
    assert do(transfer, "start_verification", at(12), by=SONG)


def test_a_wrong_state_is_told_as_such():
    with pytest.raises(StateForbidsTransition):
        a_transfer("CLOSED").start_verification("", facts=facts(LIANG, at(12), **known(a_transfer(), LIANG)))
    assert SYSTEM.id == "system" and STEPS
