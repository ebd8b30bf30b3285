"""Rows V03 to V08 and V15 to V18 as commands, events and the tick run them."""

import hashlib
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from evidence.application import handling, papers, queries, rulings
from evidence.application.commands import EvidenceOfOtherMatter
from evidence.domain import handling_guards as refusals
from evidence.domain.events import DocumentReleased
from evidence.domain.guards import HashNotVerified
from evidence.domain.item import EvidenceItem
from evidence.domain.records import Paper
from evidence.domain.states import Kind, Option, State

from .fakes import FakeObjects, FakeOutside, FakeUow, digest, outside
from .test_handling import BY, CASE, COMMISSION, GIVEN_BACK, HAND_OVER, MEASURE, OPINION, REGISTRATION, TAKEN_BACK, an_object, choice
from .test_item import MATTER, TWO, an_item, facts


class Store:
    """Items in one unit of work, with the papers that they need."""

    def __init__(self, *items: EvidenceItem) -> None:
        self.uow, self.objects = FakeUow(), FakeObjects()
        self.uow.things += items
        self.fake = FakeOutside(MATTER, TWO)
        self.ports = {"outside": outside(self.fake, self.objects), "digest": digest}

    def papers(self, item: EvidenceItem, *forms: str) -> None:
        self.fake.papers |= {form: Paper(form, form, str(item.id), ()) for form in forms}

    async def stored(self, item: EvidenceItem, content: bytes = b"a photo") -> None:
        item.object_version = await self.objects.put(item.object_key, content, "image/jpeg")
        item.size, item.sha256, item.sm3 = len(content), hashlib.sha256(content).hexdigest(), digest(content)

    def released(self) -> list[tuple[str, ...]]:
        return [event.document_ids for event in self.uow.events if isinstance(event, DocumentReleased)]

    def told(self) -> list[str]:
        return [type(event).__name__ for event in self.uow.events]


def named(item: EvidenceItem, *also: EvidenceItem) -> dict[str, Any]:
    return {"item_id": item.id, "version": item.version, "also_ids": [other.id for other in also]}


@pytest.mark.row("V03")
async def test_two_items_are_preserved_by_one_approval_and_one_notice():
    first, second = an_object(preservation=None), an_object(preservation=None)
    store = Store(first, second)
    store.papers(first, "F19", "F20")

    await handling.approve_preservation(
        store.uow, facts=BY["approve_preservation"], outside=store.ports["outside"], **named(first, second), document_id="F19"
    )
    await handling.preserve(store.uow, facts=BY["preserve"], **store.ports, **named(first, second), given=REGISTRATION)

    assert (first.state, second.state) == (State.PRESERVED, State.PRESERVED)
    assert store.released() == [("F19",), ("F20",)]
    assert store.told().count("EvidencePreserved") == 2


@pytest.mark.refuses("V03")
async def test_items_of_two_matters_share_no_paper():
    first, second = an_object(), an_object(object_id=uuid4())
    store = Store(first, second)
    store.papers(first, "F20")

    with pytest.raises(EvidenceOfOtherMatter):
        await handling.preserve(store.uow, facts=BY["preserve"], **store.ports, **named(first, second), given=REGISTRATION)


@pytest.mark.row("V04")
async def test_the_head_decides_by_both_papers():
    item = an_object(State.PRESERVED)
    store = Store(item)
    store.papers(item, "F21", "F22")

    await handling.decide_preserved(
        store.uow, facts=BY["decide_preserved"], **store.ports, **named(item), choice=choice(Option.RECORD_AND_RETURN)
    )

    assert item.state is State.RETURNED
    assert store.released() == [("F21", "F22")]


@pytest.mark.row("V05")
async def test_the_end_of_d03_ends_what_is_still_preserved():
    item, decided = an_object(State.PRESERVED), an_object(State.PRESERVED)
    decided.state = State.CHALLENGED
    store = Store(item, decided)

    for one in (item, decided):
        await handling.lapse(store.uow, facts=BY["lapse"], digest=digest, timer=one.timer("D03"))

    assert (item.state, decided.state) == (State.RETURNED, State.CHALLENGED)
    assert store.told() == ["PreservationLapsed"]


@pytest.mark.row("V07")
@pytest.mark.row("V08")
async def test_an_opinion_is_registered_as_evidence_of_its_own():
    item, opinion = an_object(), an_item()
    store = Store(item, opinion)
    store.papers(item, "F23")
    await handling.send_to_appraisal(
        store.uow, facts=BY["send_to_appraisal"], **store.ports, **named(item), document_id="F23", commission=COMMISSION
    )

    given = replace(OPINION, opinion_evidence_id=str(opinion.id))
    await handling.record_opinion(store.uow, facts=BY["record_opinion"], digest=digest, **named(item), given=given)

    assert (item.state, opinion.state, opinion.kind) == (State.IN_STORE, State.REGISTERED, Kind.E7)
    assert store.told() == ["EvidenceAtAppraisal", "DocumentReleased", "EvidenceRegistered", "OpinionRecorded"]


@pytest.mark.refuses("V08")
@pytest.mark.parametrize("which", ["none", "of another body", "itself", "no opinion"])
async def test_what_is_no_opinion_ends_no_appraisal(which: str):
    item, other = an_object(State.AT_APPRAISAL), an_object()
    if which == "of another body":
        other.org_path = "/44/4401/"
    store = Store(item, other)
    named_id = {"none": "", "itself": str(item.id)}.get(which, str(other.id))

    with pytest.raises(refusals.OpinionMissing):
        await handling.record_opinion(
            store.uow, facts=BY["record_opinion"], digest=digest, **named(item), given=replace(OPINION, opinion_evidence_id=named_id)
        )
    assert item.state is State.AT_APPRAISAL


@pytest.mark.row("V15")
async def test_the_hand_over_of_a_transfer_takes_its_evidence_once():
    item = an_object(State.IN_STORE)
    store = Store(item)

    for _ in range(2):
        await handling.hand_over(store.uow, facts=BY["hand_over"], digest=digest, item_ids=[item.id], given=HAND_OVER)

    assert item.state is State.HANDED_TO_POLICE
    assert store.told() == ["EvidenceHandedToPolice"]


@pytest.mark.row("V16")
@pytest.mark.refuses("V16")
@pytest.mark.parametrize("changed", [False, True])
async def test_what_comes_back_is_hashed_again(changed: bool):
    item = an_object(State.HANDED_TO_POLICE)
    store = Store(item)
    await store.stored(item)
    if changed:
        store.objects.contents[item.object_key] = [b"another photo"]

    taken = handling.take_back(store.uow, facts=BY["take_back"], **store.ports, **named(item), given=TAKEN_BACK)

    if changed:
        with pytest.raises(HashNotVerified):
            await taken
    else:
        assert (await taken).state is State.IN_STORE


@pytest.mark.row("V17")
async def test_lifting_the_measure_gives_its_objects_back():
    item, other = an_object(State.IN_STORE), an_object(State.IN_STORE)
    store = Store(item, other)
    await handling.hold(store.uow, measure_id=MEASURE, item_ids=[item.id])

    await handling.loosen(store.uow, facts=facts("system"), digest=digest, measure_id=MEASURE, returned=True)

    assert (item.state, item.measure_id, other.state) == (State.RETURNED, "", State.IN_STORE)


@pytest.mark.row("V17")
async def test_an_owner_signs_for_what_he_takes():
    item = an_object(State.EXCLUDED)
    store = Store(item)

    await handling.give_back(store.uow, facts=BY["give_back"], digest=digest, **named(item), given=GIVEN_BACK)

    assert (item.state, item.returned_to) == (State.RETURNED, "李某")


@pytest.mark.row("V18")
@pytest.mark.refuses("V18")
async def test_goods_are_confiscated_by_the_served_decision_and_wait_for_the_remedy():
    item = an_object(State.IN_STORE)
    store = Store(item)
    store.papers(item, "X6A", "X6B")
    case = UUID(CASE)
    store.uow.links[case] = [item.id]
    confiscation = {"item_id": item.id, "version": 1, "case_id": CASE, "document_id": "X6A"}
    disposal = {"item_id": item.id, "version": 1, "document_id": "X6B", "method": "DESTROY", "witness": "王某"}

    await rulings.served(store.uow, case_id=case)
    with pytest.raises(refusals.DecisionNotEffective):
        await handling.confiscate(store.uow, facts=BY["confiscate"], **store.ports, **confiscation)
    await rulings.decided(store.uow, case_id=case, org_path="/44/", confiscates=True)
    with pytest.raises(refusals.DecisionNotEffective):
        await handling.confiscate(store.uow, facts=BY["confiscate"], **store.ports, **confiscation)
    await rulings.served(store.uow, case_id=case)
    await handling.confiscate(store.uow, facts=BY["confiscate"], **store.ports, **confiscation)
    await rulings.remedy(store.uow, case_id=case, remedy_id="r1", pending=True)
    with pytest.raises(refusals.RemedyPending):
        await handling.dispose(store.uow, facts=BY["dispose"], **store.ports, **disposal, perishable_or_dangerous="")
    await rulings.remedy(store.uow, case_id=case, remedy_id="r1", pending=False)
    await handling.dispose(store.uow, facts=BY["dispose"], **store.ports, **disposal, perishable_or_dangerous="")

    assert item.state is State.DISPOSED
    assert store.released() == [("X6A",), ("X6B",)]


@pytest.mark.refuses("V18")
async def test_a_revoked_decision_confiscates_nothing():
    item = an_object(State.IN_STORE, object_kind="case", object_id=UUID(CASE))
    store = Store(item)
    store.papers(item, "X6A")
    await rulings.decided(store.uow, case_id=UUID(CASE), org_path="/44/", confiscates=True)
    await rulings.served(store.uow, case_id=UUID(CASE))
    await rulings.revoked(store.uow, case_id=UUID(CASE))

    with pytest.raises(refusals.DecisionNotEffective):
        await handling.confiscate(
            store.uow, facts=BY["confiscate"], **store.ports, item_id=item.id, version=1, case_id="", document_id="X6A"
        )


async def test_what_was_admitted_is_hashed_when_it_is_read():
    """INV-16."""
    item = an_item(State.ADMITTED)
    store = Store(item)
    await store.stored(item)
    assert (await queries.file(store.uow, outside=store.ports["outside"], item_id=item.id))["sha256"] == item.sha256

    store.objects.contents[item.object_key] = [b"another photo"]

    with pytest.raises(HashNotVerified):
        await queries.file(store.uow, outside=store.ports["outside"], item_id=item.id)


@pytest.mark.parametrize(
    ("form", "state", "allowed"),
    [
        ("F19", State.REGISTERED, True),
        ("F19", State.PRESERVED, False),
        ("F22", State.PRESERVED, True),
        ("F23", State.SAMPLED, True),
        ("X6B", State.CONFISCATED, True),
        ("X6A", State.REGISTERED, False),
        ("F34", State.REGISTERED, False),
    ],
)
async def test_a_paper_is_drawn_up_in_its_state(form: str, state: State, allowed: bool):
    item = an_object(state)
    store = Store(item)

    answer = await papers.may_draft(store.uow, facts=facts(), outside=store.ports["outside"], form=form, object_id=item.id)

    assert answer.allowed is allowed
    assert bool(answer.fields) is allowed
    assert answer.reason in {"", "FORM_NOT_DUE_NOW", "FORM_NOT_OF_EVIDENCE"}


async def test_only_some_papers_are_served():
    item = an_object()

    assert (await papers.may_serve(Store(item).uow, form="F20", object_id=item.id)).allowed
    assert not (await papers.may_serve(Store(item).uow, form="F19", object_id=item.id)).allowed
