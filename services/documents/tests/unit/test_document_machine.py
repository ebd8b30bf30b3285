"""Any order of moves on any form: nothing goes round the table, what is sealed stays, a number is taken once and kept."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from documents.domain.delivery import Delivery, Mode, Outcome
from documents.domain.document import Document
from documents.domain.rows import MOVES, State
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from kernel.errors import DomainError
from kernel.moves import Role

from .fakes import NOW, SYS, facts, person
from .test_document import FILE, KNOWN, at, delivered, number_for

BY_SYSTEM = facts(SYS, known=KNOWN)
HEAD = facts(person("zhao", Role.CHIEF))
LEFT = delivered(Mode.LEAVE, outcome=Outcome.REFUSED, receiver="", reason="拒绝签收", witness="居委会 梁某")
MOVES_OF = {(str(source), str(end)) for move in MOVES for source in move.sources for end in (move.target,)}
SEALED = frozenset(
    {State.SEALED, State.SERVING, State.REFUSED_NOTED, State.SERVED, State.EFFECTIVE, State.SUPERSEDED, State.REVOKED, State.ARCHIVED}
)
ON_THE_WAY = (State.DRAFT, State.APPROVED, State.NUMBERED, State.SIGNED, State.SEALED)
# Served and internal forms, with and without a flow: a walk from the draft alone would hardly ever get far.
STARTS = [(form, state) for form in ("F05", "F34") for state in (*ON_THE_WAY, State.SERVING, State.SERVED)]
STARTS += [(form, state) for form in ("F01", "F30") for state in (State.IN_REVIEW, *ON_THE_WAY[1:])]
TRIES: dict[str, Callable[[Document], Any]] = {
    "submit": lambda d: d.submit(facts()),
    "return": lambda d: d.send_back(facts(person("zheng", Role.UNIT)), "事实不清"),
    "approve": lambda d: d.approve(BY_SYSTEM),
    "number": lambda d: d.take_number(BY_SYSTEM, number_for(d)),
    "sign": lambda d: d.close_signatures(BY_SYSTEM),
    "seal": lambda d: d.seal(BY_SYSTEM, FILE),
    "serve": lambda d: d.serve(facts(), Delivery(Mode.DIRECT, "恒筑", NOW)),
    "deliver": lambda d: d.deliver(facts(), delivered()),
    "refusal": lambda d: d.note_refusal(facts(), LEFT),
    "fail": lambda d: d.fail_delivery(facts(), "当事人不在", Delivery(Mode.MAIL, "恒筑", NOW)),
    "in force": lambda d: d.take_effect_by_service(BY_SYSTEM, uuid4()),
    "void": lambda d: d.void(facts(person(), second=person("zheng", Role.UNIT)), "笔误"),
    "void sealed": lambda d: d.void(HEAD, "笔误"),
    "archive": lambda d: d.archive(facts(person("han", Role.ARCHIVE))),
    "a stranger seals": lambda d: d.seal(facts(person("wei", Role.FIN)), FILE),
}


class DocumentMachine(RuleBasedStateMachine):
    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: tuple[str, State]) -> None:
        self.document = at(*start)
        self.document.take_transitions()
        self.number, self.body = self.document.number, self.document.body_digest

    @rule(name=st.sampled_from(sorted(TRIES)))
    def try_a_move(self, name: str) -> None:
        before = self.document.state
        try:
            TRIES[name](self.document)
        except DomainError:
            # What is refused leaves nothing behind, also where two rows go in one step.
            assert self.document.state is before
            self.document.take_transitions()
            return
        assert name != "a stranger seals"
        told = [(line.source, line.target) for line in self.document.take_transitions()]
        assert told[0][0] == str(before)
        assert told[-1][1] == str(self.document.state)
        assert all(pair in MOVES_OF for pair in told)

    @invariant()
    def what_is_sealed_is_kept(self) -> None:
        document = self.document
        if document.state in SEALED:
            assert document.sha256 == FILE.sha256
            assert document.body_digest == self.body
        if self.number:
            assert document.number == self.number
        self.number = document.number


DocumentMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=12, deadline=None)
TestDocumentMachine = DocumentMachine.TestCase
