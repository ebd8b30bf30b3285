"""Any order of moves: the chain stays whole, what is held stays held, nothing leaves the archive."""

from dataclasses import replace

import pytest
from evidence.domain.custody import intact
from evidence.domain.item import EvidenceItem
from evidence.domain.states import ARCHIVABLE, State
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from kernel.errors import DomainError
from kernel.moves import Facts
from kernel.timers import TimerState

from . import test_handling as handled
from . import test_item as plain
from .fakes import digest

BY: dict[str, Facts] = {**plain.ACTORS, **handled.BY}
STRANGERS = handled.STRANGERS


class ItemMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.item = plain.an_item()
        self.transitions = 0

    def make(self, name: str, by: Facts) -> None:
        if name in handled.ROWS:
            given = handled.INPUTS[name]
            if name == "take_back":
                given = replace(given, transfer_id=self.item.transfer_id)
            handled.moved(self.item, name, handled.knowing(name, self.item, by=by, given=given))
        else:
            plain.moved(self.item, name, by)

    @rule(name=st.sampled_from(sorted(BY)))
    def try_a_move(self, name: str) -> None:
        before, rows = self.item.state, [move for move in EvidenceItem.MOVES if move.name == name]
        try:
            self.make(name, BY[name])
        except DomainError:
            assert self.item.state is before
            return
        row = next(move for move in rows if before in move.sources)
        ends = row.target if isinstance(row.target, frozenset) else {row.target or before}
        assert self.item.state in ends
        (line,) = self.item.take_transitions()
        assert (line.row, line.source, line.target) == (row.row, str(before), str(self.item.state))

    @rule(name=st.sampled_from(sorted(STRANGERS)))
    def a_stranger_moves_nothing(self, name: str) -> None:
        before = self.item.state
        with pytest.raises(DomainError):
            self.make(name, STRANGERS[name])
        assert self.item.state is before

    @rule(measure=st.sampled_from(["", handled.MEASURE]))
    def a_measure_holds_or_frees(self, measure: str) -> None:
        if measure:
            self.item.hold(measure)
        else:
            self.item.loosen(handled.MEASURE)

    @precondition(lambda self: self.item.state is State.ARCHIVED)
    @rule(name=st.sampled_from(sorted(BY)))
    def nothing_leaves_the_archive(self, name: str) -> None:
        with pytest.raises(DomainError):
            self.make(name, BY[name])

    @invariant()
    def the_chain_is_whole(self) -> None:
        assert intact(self.item.custody, digest)

    @invariant()
    def a_period_runs_exactly_while_it_has_not_ended(self) -> None:
        running = [timer for timer in self.item.timers if timer.state is TimerState.RUNNING]
        if self.item.state is State.PRESERVED:
            assert len(running) >= 1
        assert all(timer.timer == "D03" for timer in self.item.timers)

    @invariant()
    def what_is_with_the_police_names_its_transfer(self) -> None:
        if self.item.state is State.HANDED_TO_POLICE:
            assert self.item.transfer_id == handled.TRANSFER

    @invariant()
    def what_may_be_archived_is_neither_held_nor_open(self) -> None:
        assert self.item.may_be_archived == (self.item.state in ARCHIVABLE)


TestItemMachine = ItemMachine.TestCase
TestItemMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
