"""What all aggregates here share: a change that is no move of state still leaves its line in the history."""

from collections.abc import Iterable

from kernel.errors import Invalid
from kernel.moves import AnyOf, Facts, Machine, Role, Transition

KEEPER = AnyOf(Role.ADMIN, Role.SYS)
HEAD = AnyOf(Role.CHIEF, Role.SYS)


class PeriodReversed(Invalid):
    """A period ends before it begins."""


class Kept(Machine):
    """An aggregate whose every change is recorded, with who made it and why."""

    def _record(self, name: str, facts: Facts, *, reason: str = "", details: Iterable[str] = ()) -> None:
        self._note(
            Transition(
                machine=self.MACHINE,
                object_id=str(self.id),
                row="",
                name=name,
                source=str(self.state),
                target=str(self.state),
                actors=(facts.by.id,),
                at=facts.now,
                guards=(),
                documents=(),
                deadlines=(),
                reason="; ".join([*details, reason]) if reason else "; ".join(details),
                cause=facts.cause,
            )
        )
