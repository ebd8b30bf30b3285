"""On whose desk a matter lies."""

from kernel.moves import Person, Role
from worklist.domain.lines import Actor, OpenMove
from worklist.domain.seats import keys_of, places, seats_of, seats_of_moves

TOWN = "/44/4419/dalingshan/"


def a_person(*roles: Role, place: str = TOWN, delegations: dict[str, int | None] | None = None) -> Person:
    return Person("zhou", "org", place, frozenset(roles), delegations or {})


def test_a_body_stands_below_all_that_are_above_it():
    assert places(TOWN) == ["/44/", "/44/4419/", TOWN]
    assert places("/") == []


def test_officers_of_the_matter_are_named_everybody_else_sits_by_his_post():
    seats = seats_of([Actor("OFF"), Actor("UNIT")], ["zhou", "wu"], "zhou", "/44/4419/")

    assert seats == {"zhou", "wu", "UNIT@/44/", "UNIT@/44/4419/"}


def test_a_move_of_the_lead_is_the_leads():
    assert seats_of([Actor("LEAD")], ["zhou", "wu"], "zhou", TOWN) == {"zhou"}
    assert seats_of([Actor("LEAD")], ["zhou", "wu"], "", TOWN) == {"zhou", "wu"}


def test_without_officers_whoever_holds_the_post_may_act():
    assert seats_of([Actor("OFF")], [], "", "/44/") == {"OFF@/44/"}


def test_a_delegated_act_has_a_seat_of_its_own():
    assert seats_of([Actor("DEP", "fine")], [], "", "/44/") == {"DEP:fine@/44/"}
    assert "DEP:fine@/44/" in keys_of(a_person(Role.DEP, place="/44/", delegations={"fine": None}))
    assert "DEP:fine@/44/" not in keys_of(a_person(Role.DEP, place="/44/"))


def test_a_person_sits_on_his_own_seat_and_those_of_his_posts():
    assert keys_of(a_person(Role.OFF, Role.UNIT)) == ["zhou", f"OFF@{TOWN}", f"UNIT@{TOWN}"]


def test_all_moves_together():
    moves = [OpenMove("PC14", "report", "LEAD", (Actor("LEAD"),)), OpenMove("PC15", "review", "LEGAL", (Actor("LEGAL"),))]

    assert seats_of_moves(moves, ["zhou"], "zhou", "/44/") == {"zhou", "LEGAL@/44/"}


def test_what_the_collective_decides_lies_on_the_desks_of_the_leaders():
    assert seats_of([Actor("COLL")], [], "", "/44/") == {"COLL@/44/", "CHIEF@/44/", "DEP@/44/"}
    assert seats_of([Actor("COLL"), Actor("CHIEF")], [], "", "/44/") == {"COLL@/44/", "CHIEF@/44/"}
