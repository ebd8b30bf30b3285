"""Rows V03 to V08 and V15 to V18: what happens to an object that is evidence, and why it may not."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from evidence.domain import handling_guards as refusals
from evidence.domain.custody import intact
from evidence.domain.guards import HashNotVerified
from evidence.domain.item import EvidenceItem
from evidence.domain.records import (
    Appraisal,
    Choice,
    Commission,
    Confiscation,
    Disposal,
    GivenBack,
    HandOver,
    Opinion,
    Paper,
    Preservation,
    Registration,
    Ruling,
    Sample,
    TakenBack,
)
from evidence.domain.states import LEADS_TO, Kind, Method, Option, State
from kernel.moves import Facts, Person, Role, RoleForbidsMove, SecondOfficerMissing, StateForbidsTransition

from .fakes import NOW, digest
from .test_item import an_item as any_item
from .test_item import facts

CASE, TRANSFER, MEASURE = str(UUID(int=9)), str(UUID(int=11)), str(UUID(int=12))
COMMISSION = Commission("广东省质检院", "粤检鉴〔2020〕7号", date(2025, 1, 1), "是否为甲醇", date(2022, 9, 1), True)
REGISTRATION = Registration("F20", "企业仓库", "李某", "货物可能被转移")
SAMPLE = Sample("F18", "李某", "封11", "封12", "仓库")
OPINION = Opinion(str(UUID(int=13)), "系甲醇", "张工", "粤鉴001", date(2022, 8, 16), False)
HAND_OVER = HandOver(TRANSFER, CASE, ("luo", "liang"), ("警号01",), NOW)
TAKEN_BACK = TakenBack(TRANSFER, "警号01", "receipt", "封21", "物证室")
GIVEN_BACK = GivenBack("李某", "receipt", "仓库")
DISPOSAL = Disposal("X6B", Method.HARMLESS_TREATMENT, "", "见证人王某")
EFFECTIVE = Ruling(UUID(CASE), True, True, (), False)


def choice(option: Option | None, **changes: Any) -> Choice:
    commission = COMMISSION if option is Option.APPRAISE else None
    return replace(Choice(option, "F21", "F22", "现场清点完毕", commission), **changes)


INPUTS: dict[str, Any] = {
    "approve_preservation": "F19",
    "preserve": REGISTRATION,
    "decide_preserved": choice(Option.RELEASE),
    "lapse": None,
    "sample": SAMPLE,
    "send_to_appraisal": COMMISSION,
    "record_opinion": OPINION,
    "hand_over": HAND_OVER,
    "take_back": TAKEN_BACK,
    "give_back": GIVEN_BACK,
    "confiscate": Confiscation(CASE, "X6A"),
    "dispose": DISPOSAL,
}
FORMS = {
    "approve_preservation": ("F19",),
    "preserve": ("F20",),
    "decide_preserved": ("F21", "F22"),
    "sample": ("F18",),
    "send_to_appraisal": ("F23",),
    "confiscate": ("X6A",),
    "dispose": ("X6B",),
}
CHIEF = Person("huang", "o", "/44/4419/", frozenset({Role.CHIEF}))
EVID = Person("luo", "o", "/44/4419/", frozenset({Role.EVID}))
FIN = Person("gao", "o", "/44/4419/", frozenset({Role.FIN}))
BY: dict[str, Any] = {
    "approve_preservation": facts("huang", Role.CHIEF),
    "preserve": facts("wu"),
    "decide_preserved": facts("huang", Role.CHIEF),
    "lapse": facts("system"),
    "sample": facts("wu"),
    "send_to_appraisal": facts("zhou"),
    "record_opinion": facts("wu"),
    "hand_over": facts("system"),
    "take_back": facts("luo", Role.EVID),
    "give_back": facts("luo", Role.EVID),
    "confiscate": replace(facts("gao", Role.FIN), second=EVID),
    "dispose": replace(facts("gao", Role.FIN), second=EVID),
}
ROWS = {move.name: move for move in EvidenceItem.MOVES if move.name in INPUTS}


def an_object(state: State = State.REGISTERED, **changes: Any) -> EvidenceItem:
    """An item in this state, with the past that it needs for its next move."""
    item = any_item(State.REGISTERED)
    item.kind, item.transfer_id = Kind.E2, TRANSFER if state is State.HANDED_TO_POLICE else ""
    item.preservation = Preservation("F19", "huang", NOW)
    item.appraisal = Appraisal("F23", "广东省质检院", "粤检鉴〔2020〕7号", "是否为甲醇", date(2022, 9, 1), NOW)
    if state is State.PRESERVED:
        item.preserve(REGISTRATION, digest=digest, facts=knowing("preserve", item))
    item.state = state
    for name, value in changes.items():
        setattr(item, name, value)
    item.take_transitions()
    return item


def knowing(name: str, item: EvidenceItem, by: Facts | None = None, given: Any = ..., **known: Any) -> Facts:
    """The facts that the command of this move would bring in, all sound."""
    forms = FORMS.get(name, ())
    sound = {
        "forms": forms,
        "papers": [Paper(form, form, str(item.id), ()) for form in forms],
        "paper_of": str(item.id),
        "ruling": EFFECTIVE,
        "opinion": any_item(),
        "verified": True,
        **known,
    }
    who = by or BY[name]
    return replace(who, input=INPUTS[name] if given is ... else given, known={**who.known, **sound})


def moved(item: EvidenceItem, name: str, facts_: Facts) -> Any:
    given = facts_.input
    if name == "approve_preservation":
        return item.approve_preservation(document_id="F19", facts=facts_)
    if name == "lapse":
        return item.lapse(digest=digest, facts=facts_)
    if name == "decide_preserved":
        return item.decide_preserved(given, digest=digest, facts=facts_)
    if name == "send_to_appraisal":
        return item.send_to_appraisal(given, document_id="F23", digest=digest, facts=facts_)
    return getattr(item, name)(given, digest=digest, facts=facts_)


def targets(name: str) -> set[State]:
    target = ROWS[name].target
    return set(target) if isinstance(target, frozenset) else {target}


def rows(kind: str) -> list[Any]:
    return [pytest.param(name, marks=getattr(pytest.mark, kind)(move.row)) for name, move in ROWS.items()]


@pytest.mark.parametrize("name", rows("row"))
def test_every_move_goes_from_each_of_its_states(name: str):
    for state in ROWS[name].sources:
        item = an_object(state)

        moved(item, name, knowing(name, item))

        assert item.state in targets(name) | ({state} if name == "approve_preservation" else set())
        assert [(line.row, line.source) for line in item.take_transitions()] == [(ROWS[name].row, str(state))]
        assert intact(item.custody, digest)


@pytest.mark.parametrize("name", rows("refuses"))
def test_no_move_goes_from_another_state(name: str):
    for state in set(State) - ROWS[name].sources:
        item = an_object(state)
        if name == "lapse" and state is not State.PRESERVED:
            item.timers = an_object(State.PRESERVED).timers

        with pytest.raises(StateForbidsTransition):
            moved(item, name, knowing(name, item))

        assert item.state is state


STRANGERS = {
    "approve_preservation": facts("deputy", Role.DEP),
    "preserve": facts("stranger"),
    "decide_preserved": facts("zhou"),
    "lapse": facts("huang", Role.CHIEF),
    "sample": facts("stranger"),
    "send_to_appraisal": facts("wu"),
    "record_opinion": facts("luo", Role.EVID),
    "hand_over": facts("luo", Role.EVID),
    "take_back": facts("wu"),
    "give_back": facts("wu"),
    "confiscate": replace(facts("luo", Role.EVID), second=FIN),
    "dispose": replace(facts("wu"), second=EVID),
}


@pytest.mark.parametrize("name", rows("refuses"))
def test_who_may_not_is_refused(name: str):
    item = an_object(next(iter(ROWS[name].sources)))

    with pytest.raises(RoleForbidsMove):
        moved(item, name, knowing(name, item, by=STRANGERS[name]))


def without(name: str, item: EvidenceItem, **changes: Any) -> Facts:
    return knowing(name, item, given=replace(INPUTS[name], **changes))


@pytest.mark.parametrize(
    ("name", "changes", "error"),
    [
        pytest.param("preserve", {"reason": " "}, refusals.PreservationIncomplete, marks=pytest.mark.refuses("V03")),
        pytest.param("preserve", {"keeper": ""}, refusals.PreservationIncomplete, marks=pytest.mark.refuses("V03")),
        pytest.param("decide_preserved", {"option": None}, refusals.OptionMissing, marks=pytest.mark.refuses("V04")),
        pytest.param("decide_preserved", {"reason": ""}, refusals.OptionMissing, marks=pytest.mark.refuses("V04")),
        pytest.param("decide_preserved", {"option": Option.SEIZE}, refusals.SeizureMissing, marks=pytest.mark.refuses("V04")),
        pytest.param("decide_preserved", {"option": Option.APPRAISE}, refusals.CommissionIncomplete, marks=pytest.mark.refuses("V04")),
        pytest.param("sample", {"party_present": ""}, refusals.PartyAbsent, marks=pytest.mark.refuses("V06")),
        pytest.param("sample", {"retained_seal_no": "封11"}, refusals.SampleNotSplit, marks=pytest.mark.refuses("V06")),
        pytest.param("sample", {"test_seal_no": ""}, refusals.SampleNotSplit, marks=pytest.mark.refuses("V06")),
        pytest.param("send_to_appraisal", {"questions": ""}, refusals.CommissionIncomplete, marks=pytest.mark.refuses("V07")),
        pytest.param("send_to_appraisal", {"qualification_no": ""}, refusals.AppraiserNotQualified, marks=pytest.mark.refuses("V07")),
        pytest.param(
            "send_to_appraisal", {"qualified_until_on": date(2022, 8, 15)}, refusals.AppraiserNotQualified, marks=pytest.mark.refuses("V07")
        ),
        pytest.param("send_to_appraisal", {"party_told": False}, refusals.RecusalNotTold, marks=pytest.mark.refuses("V07")),
        pytest.param("record_opinion", {"conclusion": ""}, refusals.OpinionMissing, marks=pytest.mark.refuses("V08")),
        pytest.param(
            "record_opinion", {"appraiser_qualification_no": ""}, refusals.AppraiserNotQualified, marks=pytest.mark.refuses("V08")
        ),
        pytest.param("record_opinion", {"told_on": None}, refusals.OpinionNotTold, marks=pytest.mark.refuses("V08")),
        pytest.param("hand_over", {"received_by": ()}, refusals.HandOverNotSigned, marks=pytest.mark.refuses("V15")),
        pytest.param("hand_over", {"handed_by": ()}, refusals.HandOverNotSigned, marks=pytest.mark.refuses("V15")),
        pytest.param("take_back", {"transfer_id": "other"}, refusals.NotOfThisTransfer, marks=pytest.mark.refuses("V16")),
        pytest.param("take_back", {"police_name": ""}, refusals.HandOverNotSigned, marks=pytest.mark.refuses("V16")),
        pytest.param("give_back", {"owner": ""}, refusals.ReceiptNotSigned, marks=pytest.mark.refuses("V17")),
        pytest.param("dispose", {"method": None}, refusals.DisposalIncomplete, marks=pytest.mark.refuses("V18")),
        pytest.param("dispose", {"witness": ""}, refusals.DisposalIncomplete, marks=pytest.mark.refuses("V18")),
    ],
)
def test_what_a_move_needs_is_asked_for(name: str, changes: dict[str, Any], error: type[Exception]):
    item = an_object(sorted(ROWS[name].sources)[0])

    with pytest.raises(error):
        moved(item, name, without(name, item, **changes))


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.refuses(ROWS[name].row)) for name in FORMS])
@pytest.mark.parametrize("fault", ["missing", "incomplete", "of another item", "of another form"])
def test_a_move_rests_on_the_papers_of_its_row(name: str, fault: str):
    item = an_object(next(iter(ROWS[name].sources)))
    sound = [Paper(form, form, str(item.id), ()) for form in FORMS[name]]
    papers = {
        "missing": sound[:-1],
        "incomplete": [*sound[:-1], replace(sound[-1], problems=("SIGNATURE_MISSING APPROVER",))],
        "of another item": [*sound[:-1], replace(sound[-1], object_id=str(uuid4()))],
        "of another form": [*sound[:-1], replace(sound[-1], form="F01")],
    }[fault]

    with pytest.raises(refusals.PaperNotReady):
        moved(item, name, knowing(name, item, papers=papers))


@pytest.mark.refuses("V03")
@pytest.mark.parametrize("before", [None, Preservation("F19", "huang", NOW, option="RELEASE")])
def test_the_head_approves_before_the_registration(before: Preservation | None):
    item = an_object(preservation=before)

    with pytest.raises(refusals.PreservationNotApproved):
        moved(item, "preserve", knowing("preserve", item))


@pytest.mark.row("V03")
def test_seven_working_days_run_from_the_registration():
    """2022-08-16 is a Tuesday: 17, 18, 19, 22, 23, 24, 25."""
    item = an_object(State.PRESERVED)

    (timer,) = item.deadlines

    assert (timer.timer, timer.legal_expiry) == ("D03", "2022-08-25")


@pytest.mark.row("V04")
@pytest.mark.parametrize("option", list(Option))
def test_each_option_of_the_law_leads_where_it_says_and_ends_the_period(option: Option):
    item = an_object(State.PRESERVED, measure_id=MEASURE if option is Option.SEIZE else "")

    happened = moved(item, "decide_preserved", knowing("decide_preserved", item, given=choice(option)))

    assert item.state is LEADS_TO[option]
    assert item.timer("D03").stopped_at == NOW
    assert happened[0].option == option
    assert [type(event).__name__ for event in happened[1:]] == (["EvidenceAtAppraisal"] if option is Option.APPRAISE else [])


@pytest.mark.refuses("V04")
@pytest.mark.parametrize("ruling", [None, replace(EFFECTIVE, confiscates=False), replace(EFFECTIVE, served=False)])
def test_what_is_registered_is_confiscated_by_a_decision_in_force_alone(ruling: Ruling | None):
    item = an_object(State.PRESERVED)

    with pytest.raises(refusals.DecisionNotEffective):
        moved(item, "decide_preserved", knowing("decide_preserved", item, given=choice(Option.CONFISCATE), ruling=ruling))


@pytest.mark.row("V05")
def test_a_registration_that_nobody_decided_on_ends_by_itself():
    item = an_object(State.PRESERVED)

    lapsed = item.lapse(digest=digest, facts=BY["lapse"])

    assert (item.state, item.preservation.option, lapsed.legal_expiry) == (State.RETURNED, "LAPSED", "2022-08-25")
    assert item.timer("D03").stopped_at is None


@pytest.mark.refuses("V08")
def test_an_opinion_is_an_item_of_this_matter():
    item = an_object(State.AT_APPRAISAL)

    with pytest.raises(refusals.OpinionMissing):
        moved(item, "record_opinion", knowing("record_opinion", item, opinion=None))


@pytest.mark.row("V08")
def test_what_the_test_used_up_is_gone():
    item = an_object(State.AT_APPRAISAL, measure_id=MEASURE)

    told = moved(item, "record_opinion", without("record_opinion", item, used_up=True))

    assert item.state is State.DISPOSED
    assert (told.measure_id, told.used_up) == (MEASURE, True)


@pytest.mark.row("V15")
def test_what_goes_to_the_police_leaves_measure_and_period_behind():
    item = an_object(State.PRESERVED, measure_id=MEASURE)

    moved(item, "hand_over", knowing("hand_over", item))

    assert (item.state, item.transfer_id, item.measure_id) == (State.HANDED_TO_POLICE, TRANSFER, "")
    assert item.timer("D03").stopped_at == NOW


@pytest.mark.row("V16")
@pytest.mark.parametrize(("kind", "state"), [(Kind.E2, State.IN_STORE), (Kind.E1, State.REGISTERED), (Kind.E4, State.REGISTERED)])
def test_objects_come_back_to_the_store_and_documents_to_the_file(kind: Kind, state: State):
    item = an_object(State.HANDED_TO_POLICE, kind=kind)

    moved(item, "take_back", knowing("take_back", item))

    assert (item.state, item.transfer_id) == (state, "")


@pytest.mark.refuses("V16")
def test_what_comes_back_changed_is_not_taken():
    item = an_object(State.HANDED_TO_POLICE)

    with pytest.raises(HashNotVerified):
        moved(item, "take_back", knowing("take_back", item, verified=False))


@pytest.mark.refuses("V17")
def test_what_a_measure_holds_goes_back_by_lifting_it():
    item = an_object(State.IN_STORE, measure_id=MEASURE)

    with pytest.raises(refusals.ItemHeldByMeasure):
        moved(item, "give_back", knowing("give_back", item))
    item.loosen("another measure")
    assert item.measure_id == MEASURE


@pytest.mark.refuses("V18")
@pytest.mark.parametrize(
    "ruling",
    [None, replace(EFFECTIVE, confiscates=False), replace(EFFECTIVE, served=False), replace(EFFECTIVE, revoked=True)],
)
def test_only_an_effective_decision_confiscates(ruling: Ruling | None):
    item = an_object(State.IN_STORE)

    with pytest.raises(refusals.DecisionNotEffective):
        moved(item, "confiscate", knowing("confiscate", item, ruling=ruling))


@pytest.mark.refuses("V18")
@pytest.mark.parametrize("name", ["confiscate", "dispose"])
def test_finance_and_custodian_act_together(name: str):
    item = an_object(next(iter(ROWS[name].sources)))

    with pytest.raises(SecondOfficerMissing):
        moved(item, name, knowing(name, item, by=facts("gao", Role.FIN)))


@pytest.mark.refuses("V18")
def test_a_pending_remedy_holds_up_what_can_wait():
    item = an_object(State.CONFISCATED)
    pending = replace(EFFECTIVE, pending=("remedy-1",))

    with pytest.raises(refusals.RemedyPending):
        moved(item, "dispose", knowing("dispose", item, ruling=pending))


@pytest.mark.row("V18")
def test_what_is_dangerous_does_not_wait_for_a_remedy():
    item = an_object(State.CONFISCATED)
    given = replace(DISPOSAL, perishable_or_dangerous="易燃液体，无合格库房")

    moved(item, "dispose", knowing("dispose", item, given=given, ruling=replace(EFFECTIVE, pending=("remedy-1",))))

    assert (item.state, item.disposal_method) == (State.DISPOSED, "HARMLESS_TREATMENT")
