"""A small machine that hangs on a case (11.9): its timers run on the case, so that a case shows all of its deadlines."""

from typing import Any

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
