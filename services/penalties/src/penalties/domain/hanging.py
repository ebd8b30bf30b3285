"""A small machine that hangs on a case (11.9): its timers run on the case, so that a case shows all of its deadlines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kernel.errors import DomainError
from kernel.moves import Facts, Machine, Person, Role


class Hanging(Machine):
    """Starts and stops timers of the case, and knows who leads it. What the row of the case has started is not started twice."""

    case: Any

    def roles_of(self, person: Person) -> frozenset[Role]:
        return self.case.roles_of(person) if self.case is not None else person.roles

    def start_timer(self, timer: str, facts: Facts) -> str:
        return str(self.case.start_timer(timer, facts)) if self.case is not None else ""

    def stop_timer(self, timer: str, facts: Facts) -> str:
        return str(self.case.stop_timer(timer, facts)) if self.case is not None else ""


def hang(things: list[Any], thing: Any, case: Any) -> Any:
    """Onto the list of its case, which it knows from now on: the mapping tells it so, or we do."""
    things.append(thing)
    if thing.case is None:
        thing.case = case
    return thing


@contextmanager
def tried(things: list[Any], thing: Any) -> Iterator[None]:
    """What is refused does not stay on the list of its case."""
    try:
        yield
    except DomainError:
        if any(known is thing for known in things):
            things.remove(thing)
        raise
