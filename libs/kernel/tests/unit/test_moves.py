"""Machines: who may move what, when, and what a move leaves behind."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel.days import SHANGHAI, day_begins, day_ends, legal_day
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Precondition
from kernel.moves import (
    SYS,
    SYSTEM,
    AnyOf,
    Both,
    Delegated,
    Entered,
    Facts,
    LeadOfficerMissing,
    Machine,
    Move,
    Person,
    Role,
    RoleForbidsMove,
    SameOfficerTwice,
    SecondOfficerMissing,
    StateForbidsTransition,
    TwoOfficers,
    When,
)
from kernel.parameters import LawParameters
from kernel.timers import Clocked, Timer, TimerNotRunning, TimerState

LAW = LawParameters.shipped()
NOW = datetime(2022, 9, 9, 7, tzinfo=UTC)


class State(StrEnum):
    OPEN = "OPEN"
    HEARD = "HEARD"
    DONE = "DONE"
    DROPPED = "DROPPED"


ENDS = frozenset({State.DONE, State.DROPPED})


class TooEarly(Precondition):
    """A day is missing."""


def g_late_enough(case: "Case", facts: Facts) -> DomainError | None:
    return TooEarly("come back later", now=facts.now.isoformat()) if facts.now < NOW else None


@dataclass(eq=False)
class Case(Clocked):
    MACHINE: ClassVar[str] = "case"
    MOVES: ClassVar[tuple[Move, ...]] = (
        Move("T01", "begin", {None}, State.OPEN, by=AnyOf(Role.OFF), starts=("D08", When("D09", form="F26"))),
        Move("T02", "hear", {State.OPEN}, State.HEARD, by=Entered(), guards=(g_late_enough,), stops=("D08",)),
        Move(
            "T03",
            "end",
            {State.OPEN, State.HEARD},
            frozenset({State.DONE, State.DROPPED}),
            by=AnyOf(Role.CHIEF, Delegated(Role.DEP, "end")),
        ),
        Move("T04", "note", {State.OPEN}, None, by=TwoOfficers(lead=True)),
        Move("T05", "note", {State.HEARD}, None, by=TwoOfficers()),
        Move("T06", "lapse", {State.OPEN}, State.DROPPED, by=SYS, stops=("D08", "D09")),
        Move("T07", "old", {State.OPEN}, None, by=SYS, starts=("D14",)),
        Move("T08", "review", {State.OPEN}, None, by=Both(AnyOf(Role.UNIT), AnyOf(Role.LEGAL))),
    )

    id: UUID = field(default_factory=uuid4)
    state: Any = None
    org_path: str = "/44/4419/"
    timers: list[Timer] = field(default_factory=list)
    lead: str = "zhou"

    def roles_of(self, person: Person) -> frozenset[Role]:
        return person.roles | ({Role.LEAD} if person.id == self.lead else set())


def a_person(name: str, *roles: Role, delegations: dict[str, int | None] | None = None) -> Person:
    return Person(name, "dg", "/44/4419/", frozenset(roles), delegations or {})


ZHOU, WU, CHIEF = a_person("zhou", Role.OFF), a_person("wu", Role.OFF), a_person("lin", Role.CHIEF)


def facts(by: Person = ZHOU, second: Person | None = None, now: datetime = NOW, **more: Any) -> Facts:
    return Facts(by=by, second=second, now=now, law=LAW, **more)


def a_case(state: State = State.OPEN) -> Case:
    case = Case()
    case._begin("begin", facts())
    case.take_transitions()
    case.state = state
    return case


def test_a_new_object_begins_by_its_first_row_and_starts_its_timers() -> None:
    case = Case()

    case._begin("begin", facts(known={"forms": ("F26",)}), documents=["doc"], reason="seen")

    (begun,) = case.take_transitions()
    assert (case.state, begun.source, begun.target, begun.row, begun.actors) == (State.OPEN, "", "OPEN", "T01", ("zhou",))
    assert begun.deadlines == ("D08 starts: 2022-09-19", "D09 starts: 2022-09-19")
    assert (begun.documents, begun.reason) == (("doc",), "seen")
    assert case.take_transitions() == []


def test_a_timer_that_hangs_on_a_form_starts_with_it_only() -> None:
    case = a_case()

    assert [timer.timer for timer in case.timers] == ["D08"]
    assert str(When("D09", form="F26")) == "D09 (with F26)"


def test_beginning_asks_who_begins() -> None:
    with pytest.raises(RoleForbidsMove):
        Case()._begin("begin", facts(by=CHIEF))


def test_a_move_checks_actor_and_guard_changes_state_and_stops_timers() -> None:
    case = a_case()

    move = case._move("hear", facts(cause="event 7"))

    (heard,) = case.take_transitions()
    assert (move.row, case.state) == ("T02", State.HEARD)
    assert (heard.guards, heard.deadlines, heard.cause) == (("g_late_enough",), ("D08 stops",), "event 7")
    assert case.timers[0].state is TimerState.STOPPED


def test_a_guard_refuses_and_nothing_has_moved() -> None:
    case = a_case()

    with pytest.raises(TooEarly) as refused:
        case._move("hear", facts(now=NOW - timedelta(days=1)))

    assert (case.state, case.take_transitions(), refused.value.reason) == (State.OPEN, [], "TOO_EARLY")


def test_a_move_from_another_state_names_the_states_it_needs() -> None:
    with pytest.raises(StateForbidsTransition) as refused:
        a_case(State.DONE)._move("end", facts(by=CHIEF), target=State.DONE)

    assert refused.value.facts == {"move": "end", "state": "DONE", "allowed": "HEARD,OPEN"}


def test_a_row_with_several_ends_takes_one_of_them() -> None:
    case = a_case()

    with pytest.raises(ValueError, match="ends in one of"):
        case._move("end", facts(by=CHIEF), target=State.HEARD)
    case._move("end", facts(by=CHIEF), target=State.DROPPED)

    assert case.state is State.DROPPED


def test_a_delegation_of_the_act_stands_for_the_role() -> None:
    end = next(move for move in Case.MOVES if move.row == "T03")

    deputy = a_person("he", Role.DEP, delegations={"end": None})
    assert end.by.refuse(a_case(), facts(by=deputy)) is None
    assert isinstance(end.by.refuse(a_case(), facts(by=a_person("he", Role.DEP))), RoleForbidsMove)
    assert isinstance(end.by.refuse(a_case(), facts(by=ZHOU)), RoleForbidsMove)
    assert str(end.by) == "CHIEF/DEP(delegated)"


@pytest.mark.parametrize(
    ("by", "second", "error"),
    [
        (ZHOU, WU, None),
        (WU, ZHOU, None),
        (ZHOU, None, SecondOfficerMissing),
        (ZHOU, ZHOU, SameOfficerTwice),
        (ZHOU, CHIEF, RoleForbidsMove),
        (CHIEF, ZHOU, RoleForbidsMove),
        (WU, a_person("zheng", Role.OFF), LeadOfficerMissing),
    ],
)
def test_two_officers_each_with_his_own_token_one_of_them_leading(
    by: Person, second: Person | None, error: type[DomainError] | None
) -> None:
    refused = TwoOfficers(lead=True).refuse(a_case(), facts(by=by, second=second))

    assert (type(refused) if refused else None) is error


def test_two_officers_without_a_lead_and_what_they_are_called() -> None:
    case = a_case(State.HEARD)

    move = case._move("note", facts(by=WU, second=a_person("zheng", Role.OFF)))

    assert (move.row, case.state) == ("T05", State.HEARD)
    assert case.take_transitions()[0].actors == ("wu", "zheng")
    assert (str(TwoOfficers()), str(TwoOfficers(lead=True)), str(Entered())) == ("2 OFF", "LEAD+OFF", "ENT")


def test_permission_is_asked_without_a_second_person() -> None:
    assert TwoOfficers().refuse(a_case(), facts(permission_only=True)) is None
    assert Both(AnyOf(Role.OFF), AnyOf(Role.CHIEF)).refuse(a_case(), facts(permission_only=True)) is None


@pytest.mark.parametrize(
    ("by", "second", "error"),
    [
        (Role.UNIT, Role.LEGAL, None),
        (Role.UNIT, None, SecondOfficerMissing),
        (Role.LEGAL, Role.UNIT, RoleForbidsMove),
        (Role.UNIT, Role.UNIT, RoleForbidsMove),
    ],
)
def test_two_persons_of_different_posts(by: Role, second: Role | None, error: type[DomainError] | None) -> None:
    both = Both(AnyOf(Role.UNIT), AnyOf(Role.LEGAL))

    refused = both.refuse(a_case(), facts(by=a_person("a", by), second=a_person("b", second) if second else None))

    assert (type(refused) if refused else None) is error
    assert str(both) == "UNIT+LEGAL"


def test_two_persons_are_two() -> None:
    person = a_person("a", Role.UNIT, Role.LEGAL)

    refused = Both(AnyOf(Role.UNIT), AnyOf(Role.LEGAL)).refuse(a_case(), facts(by=person, second=person))

    assert isinstance(refused, SameOfficerTwice)


def test_a_move_of_the_party_is_entered_by_an_officer_or_the_system() -> None:
    assert Entered().refuse(a_case(), facts(by=SYSTEM)) is None
    assert isinstance(Entered().refuse(a_case(), facts(by=CHIEF)), RoleForbidsMove)


def test_every_row_says_whether_it_could_be_made_now_and_why_not() -> None:
    answers = {one.move.row: one.refusal for one in a_case().permitted(facts(permission_only=True))}

    assert list(answers) == ["T02", "T03", "T04", "T05", "T06", "T07", "T08"]
    assert answers["T02"] is None
    assert answers["T04"] is None
    assert isinstance(answers["T03"], RoleForbidsMove)
    assert isinstance(answers["T05"], StateForbidsTransition)


@given(
    st.lists(st.sampled_from([move.name for move in Case.MOVES if None not in move.sources]), max_size=8),
    st.sampled_from([ZHOU, WU, CHIEF, SYSTEM]),
)
def test_random_moves_never_leave_the_table(names: list[str], by: Person) -> None:
    case = a_case()

    for name in names:
        was = case.state
        try:
            move = case._move(name, facts(by=by, second=WU), target=State.DONE)
        except DomainError:
            assert case.state == was
        else:
            assert was in move.sources
            assert case.state == was or case.state in (move.target if isinstance(move.target, frozenset) else {move.target})


def test_a_machine_without_timers_says_so() -> None:
    class Bare(Machine):
        MACHINE = "bare"

    with pytest.raises(NotImplementedError, match="starts D01"):
        Bare().start_timer("D01", facts())
    with pytest.raises(NotImplementedError, match="stops D01"):
        Bare().stop_timer("D01", facts())
    assert Bare().roles_of(CHIEF) == {Role.CHIEF}


def test_a_timer_that_the_law_of_the_day_does_not_know_is_not_started() -> None:
    case = a_case()

    case._move("old", facts(by=SYSTEM, now=datetime(2021, 8, 31, tzinfo=UTC)))

    assert [timer.timer for timer in case.timers] == ["D08"]
    assert "D14 did not exist on 31 August 2021" in case.take_transitions()[0].deadlines[0]


def test_the_latest_timer_of_an_id_counts_and_a_stopped_one_does_not_run() -> None:
    case = a_case()
    case.start_timer("D08", facts(now=NOW + timedelta(days=3)))

    assert case.running("D08").starts_at == NOW + timedelta(days=3)
    case.stop_timer("D08", facts())
    assert case.stop_timer("D08", facts()) == ""
    assert case.stop_timer("D12", facts()) == ""
    with pytest.raises(TimerNotRunning):
        case.running("D08")
    with pytest.raises(TimerNotRunning):
        case.running("D12")


def a_timer(**changes: Any) -> Timer:
    fields: dict[str, Any] = {
        "timer": "D12",
        "object_kind": "case",
        "object_id": uuid4(),
        "org_path": "/44/4419/",
        "starts_at": datetime(2022, 8, 18, 2, tzinfo=UTC),
        "events": [],
        "params": {"policy": "PB"},
    }
    return Timer(**(fields | changes))


def test_a_timer_keeps_its_deadline_and_what_it_rests_on() -> None:
    timer = a_timer()

    timer.recompute(LAW)

    assert (timer.raw, timer.legal_expiry, timer.internal_due) == ("2022-09-17", "2022-09-19", "2022-09-16")
    assert timer.expires_at == datetime(2022, 9, 19, 16, tzinfo=UTC)
    assert (timer.law, timer.law_version, timer.provisional) == ("PB", LAW.version, False)
    assert timer.derivation
    assert timer.earlier == []


def test_an_event_derives_anew_and_keeps_the_date_before_it() -> None:
    timer = a_timer()
    timer.recompute(LAW)

    deadline = timer.add({"at": "2022-09-15T09:00:00+08:00", "kind": "extend", "days": 60, "by": "head"}, LAW, why="extension approved")

    assert deadline.accepted == (True,)
    assert timer.legal_expiry == "2022-11-16"
    assert [(before["legal_expiry"], before["why"]) for before in timer.earlier] == [("2022-09-19", "extension approved")]
    timer.recompute(LAW)
    assert len(timer.earlier) == 1


def test_a_timer_is_read_by_the_law_of_its_office() -> None:
    law = LAW.override({"calendar": {"days": [{"date": "2022-09-19", "kind": "off", "source": "typhoon", "org": "/44/4419/"}]}})
    here, elsewhere = a_timer(), a_timer(org_path="/44/4404/")

    here.recompute(law)
    elsewhere.recompute(law)

    assert (here.legal_expiry, elsewhere.legal_expiry) == ("2022-09-20", "2022-09-19")


def test_a_breach_stays_whatever_comes_later() -> None:
    timer = a_timer()

    timer.breach(NOW)
    timer.stop(NOW + timedelta(days=1))

    assert (timer.state, timer.breached_at, timer.stopped_at) == (TimerState.BREACHED, NOW, NOW + timedelta(days=1))


@pytest.mark.parametrize("kind", [NotFound, Invalid, Forbidden, Precondition, Conflict])
def test_an_error_has_a_reason_made_of_its_name_and_its_facts(kind: type[DomainError]) -> None:
    class DeadlinePassed(kind):  # type: ignore[valid-type, misc]
        """A test error."""

    error = DeadlinePassed("too late", last_day="2022-09-19")

    assert (error.reason, error.text, error.facts, str(error)) == (
        "DEADLINE_PASSED",
        "too late",
        {"last_day": "2022-09-19"},
        "too late",
    )


def test_a_day_of_the_law_is_a_day_in_shanghai() -> None:
    late = datetime(2022, 9, 9, 16, tzinfo=UTC)

    assert legal_day(late).isoformat() == "2022-09-10"
    assert legal_day(late - timedelta(seconds=1)).isoformat() == "2022-09-09"
    assert day_begins(legal_day(late)) == late
    assert day_ends(legal_day(late)) == late + timedelta(days=1)
    assert late.astimezone(SHANGHAI).utcoffset() == timedelta(hours=8)
