"""What a list of work knows of a machine."""

from dataclasses import dataclass, field
from typing import Any

from kernel.matters import actors_of, matter_of
from kernel.moves import AnyOf, Both, Delegated, Entered, Machine, Move, Role, TwoOfficers


@dataclass
class Whole(Machine):
    MACHINE = "whole"
    MOVES: tuple[Move, ...] = ()
    number: str = "1号"
    enterprise_id: str = "e"
    officer_ids: list[str] = field(default_factory=list)
    lead_id: str = ""
    id: str = "1"
    state: str = "OPEN"


@dataclass
class Part(Machine):
    MACHINE = "part"
    MOVES: tuple[Move, ...] = ()
    task: Any = None
    officer_ids: list[str] = field(default_factory=lambda: ["who proposed it"])
    id: str = "2"
    state: str = "OPEN"


def test_the_lead_is_one_of_the_officers():
    assert matter_of(Whole(officer_ids=["wu"], lead_id="zhou")).officer_ids == ("zhou", "wu")


def test_without_a_lead_the_first_officer_leads():
    found = matter_of(Whole(officer_ids=["wu", "zhou"]))

    assert (found.lead_id, found.officer_ids, found.number, found.party_id) == ("wu", ("wu", "zhou"), "1号", "e")


def test_a_part_has_the_officers_of_what_it_hangs_on():
    part = Part(task=Whole(officer_ids=["zhou", "wu"], lead_id="zhou"))

    found = matter_of(part)

    assert (found.officer_ids, found.lead_id, found.number, found.party_id) == (("zhou", "wu"), "zhou", "1号", "e")
    assert (found.whole_kind, found.whole_id) == ("whole", "1")


def test_a_machine_that_names_nobody():
    found = matter_of(Part(officer_ids=[]))

    assert (found.officer_ids, found.lead_id, found.number, found.party_id) == ((), "", "", "")


def test_who_may_make_a_move():
    assert actors_of(AnyOf(Role.SYS)) == ()
    assert actors_of(AnyOf(Role.CHIEF, Delegated(Role.DEP, "fine"), Role.SYS)) == ((Role.CHIEF, ""), (Role.DEP, "fine"))
    assert actors_of(TwoOfficers(lead=True)) == ((Role.LEAD, ""), (Role.OFF, ""))
    assert actors_of(Entered()) == ((Role.OFF, ""), (Role.LEAD, ""))
    assert actors_of(Both(AnyOf(Role.EVID), AnyOf(Role.LEAD))) == ((Role.EVID, ""), (Role.LEAD, ""))


def test_a_paper_is_its_drafters():
    paper = Part(officer_ids=[])
    paper.drafted_by = "zhou"  # type: ignore[attr-defined]

    assert matter_of(paper).officer_ids == ("zhou",)
