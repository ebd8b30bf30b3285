"""What a coercive measure (11.4) does to a finding: HD06, HD19 and HD20 with M7 and M8."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kernel.moves import Facts
from kernel.timers import Clocked

from inspections.domain.finding_rows import ENDED, State
from inspections.domain.measure_terms import Kind
from inspections.domain.terms import Measure

if TYPE_CHECKING:
    from inspections.domain.events import RecheckDue

SEALABLE = frozenset({State.GENERAL, State.MAJOR, State.NOT_RECTIFIED})


class Coerced(Clocked):
    """Mixed into Finding."""

    in_force: list[str]

    def come_under(self, measure: Any, *, facts: Facts) -> None:
        """HD06, HD19. A finding that rectifies or waits stays where it is; the measure is in force all the same."""
        if self.state in ENDED:
            return
        cut = measure.kind is Kind.POWER
        if self.state is State.NOT_RECTIFIED or (self.state in SEALABLE and not cut):
            given = replace(facts, known={**facts.known, "measure": measure})
            self._move("come_under_cut" if cut else "come_under_seal", given, documents=tuple(measure.documents.values()))
        code = Measure.M8 if cut else Measure.M7
        self.in_force = list(dict.fromkeys([*self.in_force, str(code)]))

    def come_free(self, measure: Any, *, review: bool, facts: Facts) -> "RecheckDue | None":
        """HD20 where the measure ended by Q11 to Q14 (`review`) and nothing else is in force over the finding."""
        code = str(Measure.M8 if measure.kind is Kind.POWER else Measure.M7)
        self.in_force = [one for one in self.in_force if one != code]
        if not review or self.state is not State.MEASURE_IN_FORCE or self.in_force:
            return None
        return self.pass_over("review_falls_due", facts=facts)

    def pass_over(self, move: str, *, facts: Facts) -> "RecheckDue":
        raise NotImplementedError
