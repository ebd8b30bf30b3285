"""Whose desk a matter lies on. A seat is the id of an officer, or a role at a body: `UNIT@/44/4419/dalingshan/`.

Who holds a post at a body holds it over all bodies below: a matter has a seat at each body from its own up to the root.
"""

from collections.abc import Collection, Iterable

from kernel.moves import Person, Role

from worklist.domain.lines import Actor, OpenMove

# The collective of a body are its leaders (1.7); nobody holds COLL as a post.
LEADERS = (str(Role.CHIEF), str(Role.DEP))
OFFICERS = frozenset({str(Role.OFF), str(Role.LEAD)})


def places(org_path: str) -> list[str]:
    """`/44/4419/` -> [`/44/`, `/44/4419/`]."""
    found, path = [], "/"
    for part in org_path.strip("/").split("/"):
        if part:
            path += f"{part}/"
            found.append(path)
    return found


def seat(role: str, place: str, delegated: str = "") -> str:
    return f"{role}:{delegated}@{place}" if delegated else f"{role}@{place}"


def keys_of(person: Person) -> list[str]:
    """Every seat that he sits on."""
    roles = sorted(str(role) for role in person.roles)
    posts = [seat(role, person.org_path) for role in roles]
    delegated = [seat(role, person.org_path, act) for role in roles for act in sorted(person.delegations)]
    return [person.id, *posts, *delegated]


def officers_of(role: str, officer_ids: Collection[str], lead_id: str) -> list[str]:
    """The officers named by the matter who have this role in it."""
    if role == Role.LEAD and lead_id:
        return [lead_id]
    return list(officer_ids) if role in OFFICERS else []


def seats_of(actors: Iterable[Actor], officer_ids: Collection[str], lead_id: str, org_path: str) -> set[str]:
    """The seats of who may act: officers by name, where the matter names them; everybody else by his post."""
    found: set[str] = set()
    actors = list(actors)
    if {actor.role for actor in actors} == {str(Role.COLL)}:
        actors += [Actor(role) for role in LEADERS]
    for actor in actors:
        named = officers_of(actor.role, officer_ids, lead_id)
        found |= set(named) if named else {seat(actor.role, place, actor.delegated) for place in places(org_path)}
    return found


def seats_of_moves(moves: Iterable[OpenMove], officer_ids: Collection[str], lead_id: str, org_path: str) -> set[str]:
    return {seat for move in moves for seat in seats_of(move.actors, officer_ids, lead_id, org_path)}
