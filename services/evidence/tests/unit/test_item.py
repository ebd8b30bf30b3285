"""Every move of an item, and why it is refused."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from evidence.domain.custody import intact
from evidence.domain.events import EvidenceCaptured
from evidence.domain.guards import CopyNotChecked, DescriptionMissing, DeviceClockWrong, HashNotVerified, ReasonMissing
from evidence.domain.item import Description, EvidenceChanged, EvidenceItem, Matter, Origin, Stored
from evidence.domain.states import Kind, State
from kernel.guards import Certificate, CertificateNotValid, Officer, TooFewOfficers
from kernel.moves import SYSTEM, Facts, Person, Role, RoleForbidsMove, StateForbidsTransition
from kernel.parameters import LawParameters

from .fakes import NOW, UNTIL, digest

MATTER = Matter("inspection", UUID(int=7), "/44/4419/dalingshan/", "441900118", "WORK_SAFETY", "zhou", ("zhou", "wu"))
STORED = Stored("key", "v1", 10, "ab" * 32, "cd" * 32, "COMPLIANCE", UNTIL)
DESCRIPTION = Description(Kind.E3, "现场拍摄", "焊接车间", "东莞市穗岭机械有限公司", "两人正在焊接", False, "")
ALL = frozenset(State)


def an_officer(id_: str, *, valid_to: date = date(2025, 1, 1)) -> Officer:
    certificate = Certificate(f"44-{id_}", frozenset({"WORK_SAFETY"}), ("4419",), date(2020, 1, 1), valid_to)
    return Officer(id=id_, certificates=(certificate,))


TWO = (an_officer("zhou"), an_officer("wu"))


def facts(by: str = "zhou", *roles: Role, **known: object) -> Facts:
    person = SYSTEM if by == "system" else Person(by, "o", "/44/4419/dalingshan/", frozenset(roles or {Role.OFF}))
    return Facts(by=person, now=NOW, law=LawParameters.shipped(), known={"matter": MATTER, "officers": TWO, **known})


def an_item(state: State = State.CAPTURED, by: Facts | None = None) -> EvidenceItem:
    item, _ = EvidenceItem.capture(
        item_id=uuid4(),
        matter=MATTER,
        title="焊接作业照片",
        origin=Origin.UPLOAD,
        media_type="image/jpeg",
        captured_at=NOW,
        place="焊接车间",
        device_id="pad-1",
        stored=STORED,
        digest=digest,
        facts=by or facts(),
    )
    item.take_transitions()
    item.state = state
    return item


def moved(item: EvidenceItem, move: str, given: Facts) -> object:
    """Make the move of this name with sound input."""
    return {
        "register": lambda: item.register(DESCRIPTION, facts=replace(given, input=DESCRIPTION)),
        "store": lambda: item.store(seal_no="封1", place="物证室", digest=digest, facts=given),
        "challenge": lambda: item.challenge(reason="异议", facts=replace(given, input="异议")),
        "explain": lambda: item.explain(reason="补正说明", facts=replace(given, input="补正说明")),
        "review": lambda: item.review(facts=given),
        "admit": lambda: item.admit(opinion="真实、合法、关联", facts=replace(given, known={"verified": True})),
        "exclude": lambda: item.exclude(reason="无法核实", facts=replace(given, input="无法核实")),
        "archive": lambda: item.archive(facts=replace(given, known={"verified": True})),
    }[move]()


ACTORS = {
    "register": facts("wu"),
    "store": facts("evid", Role.EVID),
    "challenge": facts("wu"),
    "explain": facts("zhou"),
    "review": facts("system"),
    "admit": facts("he", Role.LEGAL),
    "exclude": facts("he", Role.LEGAL),
    "archive": facts("system"),
}
TARGETS = {
    "register": State.REGISTERED,
    "store": State.IN_STORE,
    "challenge": State.CHALLENGED,
    "explain": State.UNDER_REVIEW,
    "review": State.UNDER_REVIEW,
    "admit": State.ADMITTED,
    "exclude": State.EXCLUDED,
    "archive": State.ARCHIVED,
}
ROWS = {move.name: move for move in EvidenceItem.MOVES if move.name in ACTORS}
MARKS = {name: move.row for name, move in ROWS.items()}


def rows(kind: str) -> list[object]:
    return [pytest.param(name, marks=getattr(pytest.mark, kind)(MARKS[name])) for name in ROWS]


@pytest.mark.row("V01")
def test_capturing_notes_custody_and_tells_it():
    item, event = EvidenceItem.capture(
        item_id=UUID(int=1),
        matter=MATTER,
        title="照片",
        origin=Origin.UPLOAD,
        media_type="image/jpeg",
        captured_at=NOW,
        place="车间",
        device_id="pad-1",
        stored=STORED,
        digest=digest,
        facts=facts(),
    )

    assert item.state is State.CAPTURED
    assert event == EvidenceCaptured(UUID(int=1), "inspection", UUID(int=7), "UPLOAD", STORED.sha256, NOW)
    assert [(entry.type, entry.hash_after) for entry in item.custody] == [("COLLECT", STORED.sha256)]
    assert intact(item.custody, digest)


@pytest.mark.refuses("V01")
@pytest.mark.parametrize(
    ("given", "error"),
    [
        (facts(officers=(TWO[0],)), TooFewOfficers),
        (facts(officers=(TWO[0], an_officer("wu", valid_to=date(2022, 8, 15)))), CertificateNotValid),
        (facts(device_clock_offset_ms=60_001), DeviceClockWrong),
        (facts("stranger"), RoleForbidsMove),
    ],
)
def test_a_capture_is_refused(given: Facts, error: type[Exception]):
    with pytest.raises(error):
        an_item(by=given)


@pytest.mark.parametrize("name", rows("row"))
def test_every_move_goes_from_each_of_its_states(name: str):
    for state in ROWS[name].sources:
        item = an_item(state)

        moved(item, name, ACTORS[name])

        assert item.state is TARGETS[name]
        assert [(line.row, line.source) for line in item.take_transitions()] == [(MARKS[name], str(state))]


@pytest.mark.parametrize("name", rows("refuses"))
def test_no_move_goes_from_another_state(name: str):
    for state in ALL - ROWS[name].sources:
        item = an_item(state)

        with pytest.raises(StateForbidsTransition) as refused:
            moved(item, name, ACTORS[name])

        assert refused.value.facts["state"] == str(state)
        assert item.state is state


@pytest.mark.parametrize(
    ("name", "by"),
    [
        pytest.param("register", facts("stranger"), marks=pytest.mark.refuses("V02")),
        pytest.param("store", facts("zhou"), marks=pytest.mark.refuses("V09")),
        pytest.param("challenge", facts("stranger"), marks=pytest.mark.refuses("V10")),
        pytest.param("explain", facts("wu"), marks=pytest.mark.refuses("V11")),
        pytest.param("review", facts("zhou"), marks=pytest.mark.refuses("V12")),
        pytest.param("admit", facts("zhou"), marks=pytest.mark.refuses("V13")),
        pytest.param("exclude", facts("deputy", Role.DEP), marks=pytest.mark.refuses("V14")),
        pytest.param("archive", facts("archivist", Role.ARCHIVE), marks=pytest.mark.refuses("V19")),
    ],
)
def test_who_may_not_is_refused(name: str, by: Facts):
    item = an_item(next(iter(ROWS[name].sources)))

    with pytest.raises(RoleForbidsMove):
        moved(item, name, by)


@pytest.mark.refuses("V02")
@pytest.mark.parametrize(
    ("description", "error"),
    [
        (replace(DESCRIPTION, kind=None), DescriptionMissing),
        (replace(DESCRIPTION, fact=""), DescriptionMissing),
        (replace(DESCRIPTION, is_copy=True), CopyNotChecked),
    ],
)
def test_an_item_is_described_whole(description: Description, error: type[Exception]):
    with pytest.raises(error):
        an_item().register(description, facts=replace(facts(), input=description))


@pytest.mark.refuses("V13")
@pytest.mark.refuses("V19")
@pytest.mark.parametrize(("name", "state"), [("admit", State.UNDER_REVIEW), ("archive", State.ADMITTED)])
def test_a_file_that_changed_is_neither_admitted_nor_archived(name: str, state: State):
    item = an_item(state)

    with pytest.raises(HashNotVerified):
        if name == "admit":
            item.admit(opinion="", facts=replace(facts("he", Role.LEGAL), known={"verified": False}))
        else:
            item.archive(facts=replace(facts("system"), known={"verified": False}))


@pytest.mark.refuses("V10")
@pytest.mark.refuses("V11")
@pytest.mark.refuses("V14")
@pytest.mark.parametrize(("name", "state"), [("challenge", State.CAPTURED), ("explain", State.CHALLENGED), ("exclude", State.UNDER_REVIEW)])
def test_a_reason_is_needed(name: str, state: State):
    with pytest.raises(ReasonMissing):
        getattr(an_item(state), name)(reason=" ", facts=replace(ACTORS[name], input=" "))


def test_what_may_happen_is_told_with_the_reasons_of_the_rest():
    permitted = {entry.move.name: entry.refusal for entry in an_item().permitted(replace(facts("wu"), permission_only=True))}

    assert permitted["register"] is None
    assert permitted["challenge"] is None
    assert permitted["admit"].reason == "STATE_FORBIDS_TRANSITION"


def test_storing_goes_on_with_the_chain():
    item = an_item(State.REGISTERED)

    item.store(seal_no="封1", place="物证室", digest=digest, facts=facts("evid", Role.EVID))

    assert [entry.type for entry in item.custody] == ["COLLECT", "STORE"]
    assert intact(item.custody, digest)


def test_a_stale_version_is_told():
    with pytest.raises(EvidenceChanged):
        an_item().expect(2)
