from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from documents.domain import guards
from documents.domain.delivery import Delivery, DeliveryModeCannotBeRefused, DeliveryProofMissing, Mode, Outcome, PublicNoticeOnlyLast
from documents.domain.document import BodyChanged, Document, DraftNotOpen, File, LinkKind, NotOpenForSignature
from documents.domain.numbering import Number
from documents.domain.rows import MOVES, State
from documents.domain.signature import (
    Capacity,
    Method,
    SignatureMethodForbidden,
    SignatureNotYours,
    SignatureProofMissing,
    SignedAlready,
)
from kernel.errors import DomainError
from kernel.guards import CertificateNotValid, SeparationViolated, TooFewOfficers
from kernel.moves import Role, RoleForbidsMove, SameOfficerTwice, SecondOfficerMissing, StateForbidsTransition

from ..samples import SIGNERS, WITH_TEMPLATE, a_document, a_signature, signed  # noqa: TID252
from .fakes import NOW, SYS, OwnerAnswer, facts, person

FILE = File("2022/x.pdf", "v1", "ab" * 32, "cd" * 32, 1000, 1, date(2036, 1, 1))
KNOWN = {"approval": True, "predecessor": True}


def number_for(document: Document) -> Number | None:
    if not document.spec.numbered:
        return None
    return Number("4419", document.spec.code, 2022, 7, f"（莞）应急{document.spec.code}〔2022〕7号", document.id, document.org_path, NOW)


def at(form_id: str, state: State) -> Document:
    """A document walked to this state by its own moves."""
    document = signed(a_document(form_id))
    by_system = facts(SYS, known=KNOWN)
    if document.spec.reviewed:
        document.submit(facts())
    if state in (State.DRAFT, State.IN_REVIEW):
        return document
    document.approve(by_system)
    if state is State.APPROVED:
        return document
    document.take_number(by_system, number_for(document))
    if state is State.NUMBERED:
        return document
    document.close_signatures(by_system)
    if state is State.SIGNED:
        return document
    document.seal(by_system, FILE)
    if state in (State.SEALED, State.EFFECTIVE):
        return document
    document.serve(facts(), Delivery(Mode.DIRECT, "恒筑", NOW))
    if state is State.SERVING:
        return document
    document.deliver(facts(), delivered())
    return document


def delivered(mode: Mode = Mode.DIRECT, **given: object) -> Delivery:
    values = {
        "outcome": Outcome.DELIVERED,
        "receiver": "陈伯安",
        "delivered_at": NOW,
        "proof_evidence_ids": ("scan",),
        "server_ids": ("zhou", "wu"),
    }
    return Delivery(mode, "恒筑", NOW, **{**values, **given})


@pytest.mark.row("W01")
def test_an_officer_draws_up_a_draft():
    event = a_document("F05").begin(facts(known={"may_draft": OwnerAnswer(True)}))

    assert event.form == "F05"


@pytest.mark.refuses("W01")
def test_the_owner_of_the_matter_decides_whether_a_form_may_be_drawn_up():
    answer = OwnerAnswer(False, "RECORD_MISSING", "the record is not signed")

    with pytest.raises(guards.OwnerForbidsDraft) as refused:
        a_document("F05").begin(facts(known={"may_draft": answer}))

    assert refused.value.facts["owner_reason"] == "RECORD_MISSING"


@pytest.mark.refuses("W01")
def test_a_legal_opinion_is_drawn_up_by_legal_alone():
    with pytest.raises(guards.DrafterNotOfForm):
        a_document("ws10059").begin(facts())

    a_document("ws10059").begin(facts(person("luo", Role.LEGAL)))


@pytest.mark.row("W02")
def test_a_form_with_a_flow_is_submitted_and_its_body_frozen():
    document = a_document("F01")

    document.submit(facts())

    assert document.state is State.IN_REVIEW
    assert len(document.body_digest) == 64


@pytest.mark.refuses("W02")
def test_a_blank_mandatory_field_stops_the_submission():
    document = a_document("F01", content={"cause": "焊接"})

    with pytest.raises(guards.FieldsMissing) as refused:
        document.submit(facts())

    assert "party_name" in refused.value.facts["fields"]


@pytest.mark.refuses("W02")
def test_a_character_without_glyph_is_named_by_its_code_point():
    with pytest.raises(guards.CharactersMissing) as refused:
        a_document("F01").submit(facts(known={"missing_characters": ("𠮷",)}))

    assert refused.value.facts["code_points"] == "U+20BB7"


@pytest.mark.refuses("W02")
def test_a_form_without_flow_is_not_submitted():
    with pytest.raises(guards.FormHasNoFlow):
        a_document("F05").submit(facts())


@pytest.mark.row("W03")
def test_a_returned_document_is_open_again_and_both_steps_are_logged():
    document = at("F01", State.IN_REVIEW)
    document.take_transitions()

    document.send_back(facts(person("zheng", Role.UNIT)), "事实不清")

    assert document.state is State.DRAFT
    assert document.body_digest == ""
    assert [line.target for line in document.take_transitions()] == ["RETURNED", "DRAFT"]


@pytest.mark.refuses("W03")
def test_a_return_has_a_reason_and_is_not_made_by_the_officer():
    document = at("F01", State.IN_REVIEW)

    with pytest.raises(guards.ReasonMissing):
        document.send_back(facts(person("zheng", Role.UNIT)), " ")
    with pytest.raises(RoleForbidsMove):
        document.send_back(facts(), "no")


@pytest.mark.row("W04")
def test_a_form_with_a_flow_is_approved_by_the_release():
    assert at("F01", State.APPROVED).state is State.APPROVED


@pytest.mark.refuses("W04")
def test_who_prepared_may_not_have_reviewed():
    document = signed(a_document("F01"))
    document.signatures[2].signer_id = "zhou"
    document.state = State.IN_REVIEW

    with pytest.raises(SeparationViolated):
        document.approve(facts(SYS, known=KNOWN))


@pytest.mark.refuses("W04")
def test_nobody_but_the_release_approves():
    with pytest.raises(RoleForbidsMove):
        at("F01", State.IN_REVIEW).approve(facts(person("he", Role.DEP)))


@pytest.mark.row("W05")
def test_a_form_without_flow_is_released():
    assert at("F05", State.APPROVED).state is State.APPROVED


@pytest.mark.row("W05")
def test_the_approval_of_an_urgent_seal_follows_its_decision():
    """AEL 19: within 24 hours, which the owner of the measure counts."""
    document = signed(a_document("F08"))
    document.content["urgent"] = True

    document.approve(facts(SYS, known={**KNOWN, "approval": False}))

    assert document.state is State.APPROVED


@pytest.mark.refuses("W05")
@pytest.mark.parametrize(
    ("form_id", "known", "error"),
    [
        ("F24", {"approval": False}, guards.ApprovalMissing),
        ("F34", {"approval": False}, guards.ApprovalMissing),
        ("F08", {"approval": False}, guards.ApprovalMissing),
        ("F08", {"approval": True, "predecessor": False}, guards.RecordMissing),
        ("F05", {"predecessor": False}, guards.RecordMissing),
        ("F04", {"predecessor": False}, guards.RecordMissing),
    ],
)
def test_a_release_needs_what_goes_before(form_id, known, error):
    document = signed(a_document(form_id))

    with pytest.raises(error):
        document.approve(facts(SYS, known=known))


@pytest.mark.refuses("W05")
def test_an_open_body_is_not_released():
    with pytest.raises(guards.BodyOpen):
        a_document("F03").approve(facts(SYS, known=KNOWN))


@pytest.mark.row("W06")
def test_a_document_bears_the_number_and_the_day_on_which_it_was_taken():
    document = at("F34", State.NUMBERED)

    assert document.number == "（莞）应急罚〔2022〕7号"
    assert document.dated_on == date(2022, 8, 16)


@pytest.mark.row("W06")
def test_a_form_without_number_passes_and_the_step_is_logged():
    document = at("F16", State.NUMBERED)

    assert document.number == ""
    assert [line.row for line in document.take_transitions()][-1] == "W06"


@pytest.mark.refuses("W06")
def test_a_draft_takes_no_number():
    with pytest.raises(StateForbidsTransition):
        a_document("F05").take_number(facts(SYS), None)


@pytest.mark.row("W07")
def test_signatures_are_logged_from_those_on_the_present_body():
    assert at("F03", State.SIGNED).state is State.SIGNED


@pytest.mark.refuses("W07")
def test_a_signature_on_another_body_does_not_count():
    document = at("F03", State.NUMBERED)
    document.signatures[0].body_digest = "0" * 64

    with pytest.raises(guards.SignaturesMissing) as refused:
        document.close_signatures(facts(SYS))

    assert refused.value.facts["missing"] == "OFFICER"


@pytest.mark.refuses("W07")
def test_one_officer_who_signs_twice_is_one():
    document = at("F03", State.NUMBERED)
    document.signatures[1].signer_id = "zhou"

    with pytest.raises(guards.SignaturesMissing):
        document.close_signatures(facts(SYS))
    assert isinstance(guards.g01(document, facts()), TooFewOfficers)


@pytest.mark.refuses("W07")
def test_a_certificate_that_ended_before_that_day_does_not_sign():
    document = at("F03", State.NUMBERED)
    document.signatures[0].certificate_valid_to_on = date(2022, 8, 15)

    with pytest.raises(CertificateNotValid):
        document.close_signatures(facts(SYS))


@pytest.mark.row("W07")
def test_a_noted_refusal_counts_as_the_signature_of_the_enterprise():
    document = signed(a_document("F03"))
    document.signatures[2].method = Method.REFUSED

    assert guards.signatures_complete(document, facts()) is None


@pytest.mark.row("W08")
@pytest.mark.parametrize("form_id", WITH_TEMPLATE)
def test_every_form_goes_to_its_sealed_state(form_id):
    document = at(form_id, State.SEALED)

    assert document.sha256 == "ab" * 32
    assert document.state is (State.SEALED if document.spec.served else State.EFFECTIVE)


@pytest.mark.refuses("W08")
def test_a_seal_goes_on_what_is_signed():
    with pytest.raises(StateForbidsTransition):
        at("F05", State.NUMBERED).seal(facts(SYS), FILE)


@pytest.mark.row("W12")
def test_an_internal_form_takes_effect_when_sealed():
    document = at("F30", State.EFFECTIVE)

    assert document.state is State.EFFECTIVE
    assert document.effective_at == NOW


@pytest.mark.refuses("W12")
def test_a_served_form_takes_no_effect_before_service():
    document = at("F34", State.SEALED)

    with pytest.raises(guards.FormIsServed):
        document._move("take_effect", facts(SYS))


@pytest.mark.row("W09")
def test_service_starts_with_a_recipient():
    assert at("F34", State.SERVING).current_delivery.recipient == "恒筑"


@pytest.mark.refuses("W09")
@pytest.mark.parametrize(
    ("delivery", "known", "error"),
    [
        (Delivery(Mode.DIRECT, " ", NOW), {}, guards.RecipientMissing),
        (Delivery(Mode.PUBLIC_NOTICE, "恒筑", NOW), {}, PublicNoticeOnlyLast),
        (Delivery(Mode.LEAVE, "恒筑", NOW), {}, DeliveryModeCannotBeRefused),
        (Delivery(Mode.DIRECT, "恒筑", NOW), {"may_serve": OwnerAnswer(False, "STATE", "not issued")}, guards.OwnerForbidsService),
    ],
)
def test_service_is_refused(delivery, known, error):
    with pytest.raises(error):
        at("F34", State.SEALED).serve(facts(known=known), delivery)


@pytest.mark.refuses("W09")
def test_an_internal_form_is_not_served():
    document = at("F30", State.EFFECTIVE)
    document.state = State.SEALED

    with pytest.raises(guards.FormNotServed):
        document.serve(facts(), Delivery(Mode.DIRECT, "恒筑", NOW))


@pytest.mark.row("W10")
@pytest.mark.row("W13")
def test_a_direct_delivery_counts_from_its_day():
    document = at("F34", State.SERVED)

    served, _ = document.take_effect_by_service(facts(SYS), uuid4())

    assert document.state is State.EFFECTIVE
    assert (served.served_on, served.deemed_on, served.mode) == (date(2022, 8, 16), date(2022, 8, 16), "DIRECT")


@pytest.mark.refuses("W10")
@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"receiver": ""}, DeliveryProofMissing),
        ({"proof_evidence_ids": ()}, DeliveryProofMissing),
        ({"server_ids": ("zhou",)}, guards.SecondServerMissing),
        ({"delivered_at": NOW + timedelta(hours=1)}, DomainError),
    ],
)
def test_a_delivery_without_proof_is_refused(given, error):
    with pytest.raises(error):
        at("F34", State.SERVING).deliver(facts(), delivered(**given))


@pytest.mark.row("W18")
@pytest.mark.row("W13")
def test_public_notice_comes_last_and_counts_after_thirty_days():
    document = at("F34", State.SERVING)
    document.fail_delivery(facts(), "查无下落", Delivery(Mode.PUBLIC_NOTICE, "恒筑", NOW))

    document.deliver(facts(), delivered(Mode.PUBLIC_NOTICE, receiver=""))

    assert document.deemed_on == date(2022, 9, 15)
    assert not document.deemed_reached(NOW + timedelta(days=29))
    later = facts(SYS, now=document.timer("D13").expires_at)
    document.take_effect_by_service(later, uuid4())
    assert document.state is State.EFFECTIVE


@pytest.mark.refuses("W13")
def test_a_notice_does_not_count_early():
    document = at("F34", State.SERVING)
    document.fail_delivery(facts(), "查无下落", Delivery(Mode.PUBLIC_NOTICE, "恒筑", NOW))
    document.deliver(facts(), delivered(Mode.PUBLIC_NOTICE, receiver=""))

    with pytest.raises(guards.DeemedDateNotReached):
        document.take_effect_by_service(facts(SYS, now=NOW + timedelta(days=20)), uuid4())


@pytest.mark.refuses("W18")
def test_a_failure_has_a_reason():
    with pytest.raises(guards.ReasonMissing):
        at("F34", State.SERVING).fail_delivery(facts(), "", Delivery(Mode.MAIL, "恒筑", NOW))


@pytest.mark.row("W11")
def test_a_refused_document_is_left_and_served():
    document = at("F34", State.SERVING)
    document.take_transitions()
    left = delivered(Mode.LEAVE, outcome=Outcome.REFUSED, receiver="", reason="拒绝签收", witness="居委会 梁某")

    document.note_refusal(facts(), left)

    assert document.state is State.SERVED
    assert document.deemed_on == date(2022, 8, 16)
    assert [line.target for line in document.take_transitions()] == ["REFUSED_NOTED", "SERVED"]


@pytest.mark.refuses("W11")
@pytest.mark.parametrize(
    ("given", "error"), [({"reason": ""}, guards.ReasonMissing), ({"witness": "", "proof_evidence_ids": ()}, DomainError)]
)
def test_a_refusal_has_circumstances_and_a_witness_or_film(given, error):
    left = delivered(Mode.LEAVE, outcome=Outcome.REFUSED, receiver="", reason="拒绝签收", witness="梁某")

    with pytest.raises(error):
        at("F34", State.SERVING).note_refusal(facts(), replace(left, **given))


@pytest.mark.refuses("W11")
def test_a_letter_in_the_mail_is_not_refused_in_person():
    document = at("F34", State.SERVING)
    document.fail_delivery(facts(), "当事人不在", Delivery(Mode.MAIL, "恒筑", NOW))
    left = delivered(Mode.LEAVE, outcome=Outcome.REFUSED, receiver="", reason="拒收", witness="梁某")

    with pytest.raises(DeliveryModeCannotBeRefused):
        document.note_refusal(facts(), left)


@pytest.mark.row("W16")
@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED, State.NUMBERED, State.SIGNED])
def test_lead_and_unit_void_what_is_not_sealed(state):
    document = at("F05", state)

    document.void(facts(person(), second=person("zheng", Role.UNIT)), "笔误")

    assert document.state is State.VOID
    assert document.void_reason == "笔误"


@pytest.mark.row("W16")
def test_the_head_voids_a_sealed_document_and_its_number_stays():
    document = at("F05", State.SEALED)

    event = document.void(facts(person("zhao", Role.CHIEF)), "笔误")

    assert event.number == document.number != ""


@pytest.mark.refuses("W16")
def test_a_void_is_refused_to_one_alone_and_after_service():
    with pytest.raises(SecondOfficerMissing):
        at("F05", State.DRAFT).void(facts(), "笔误")
    with pytest.raises(SameOfficerTwice):
        at("F05", State.DRAFT).void(facts(person("zhou", Role.LEAD), second=person("zhou", Role.UNIT)), "笔误")
    with pytest.raises(RoleForbidsMove):
        at("F05", State.SEALED).void(facts(person("he", Role.DEP)), "笔误")
    with pytest.raises(StateForbidsTransition):
        at("F05", State.SERVING).void(facts(person("zhao", Role.CHIEF)), "笔误")
    with pytest.raises(guards.ReasonMissing):
        at("F05", State.SEALED).void(facts(person("zhao", Role.CHIEF)), "")


@pytest.mark.row("W16")
def test_a_deputy_with_a_delegation_stands_for_the_head():
    document = at("F05", State.SEALED)

    document.void(facts(person("he", Role.DEP, delegations={"document_void": None})), "笔误")

    assert document.state is State.VOID


@pytest.mark.row("W17")
def test_what_is_in_force_goes_into_the_file():
    document = at("F30", State.EFFECTIVE)

    document.archive(facts(person("han", Role.ARCHIVE)))

    assert document.state is State.ARCHIVED


@pytest.mark.refuses("W17")
def test_a_draft_is_not_archived():
    with pytest.raises(StateForbidsTransition):
        a_document("F30").archive(facts(person("han", Role.ARCHIVE)))


def test_from_sealed_on_content_is_immutable():
    with pytest.raises(DraftNotOpen):
        at("F05", State.SEALED).write({"unit": "另一家"})


def test_a_changed_draft_thaws_and_its_signatures_count_no_more():
    document = signed(a_document("F05"))
    before = document.body_digest

    document.write({"item_numbers": "1"})
    document.freeze(facts())

    assert document.body_digest != before
    assert document.counting == []


def test_the_same_content_in_two_documents_has_two_digests():
    first, second = signed(a_document("F05")), signed(a_document("F05", id=uuid4()))

    assert first.body_digest != second.body_digest


@pytest.mark.parametrize(
    ("capacity", "signer", "roles", "given", "error"),
    [
        (Capacity.OFFICER, "zhou", {Role.UNIT}, {}, SignatureNotYours),
        (Capacity.APPROVER, "he", {Role.UNIT}, {}, SignatureNotYours),
        (Capacity.OFFICER, "zhou", {Role.OFF}, {"body_digest": "0" * 64}, BodyChanged),
        (Capacity.OFFICER, "zhou", {Role.OFF}, {"method": Method.REFUSED}, SignatureMethodForbidden),
        (Capacity.OFFICER, "zhou", {Role.OFF}, {"method": Method.GLASS}, SignatureProofMissing),
        (Capacity.ENTERPRISE, "", {Role.UNIT}, {}, SignatureNotYours),
        (Capacity.ENTERPRISE, "", {Role.OFF}, {"stroke_evidence_id": ""}, SignatureProofMissing),
        (Capacity.ENTERPRISE, "", {Role.OFF}, {"signer_name": ""}, SignatureProofMissing),
        (Capacity.ENTERPRISE, "", {Role.OFF}, {"method": Method.CERTIFICATE}, SignatureMethodForbidden),
        (Capacity.ENTERPRISE, "", {Role.OFF}, {"method": Method.REFUSED, "opinion": ""}, SignatureProofMissing),
        (Capacity.WITNESS, "", {Role.OFF}, {"method": Method.REFUSED, "opinion": "x"}, SignatureMethodForbidden),
    ],
)
def test_a_signature_is_refused(capacity, signer, roles, given, error):
    document = a_document("F03")
    document.freeze(facts())
    signature = a_signature(document, capacity, (signer, "周明远", ""), **given)

    with pytest.raises(error):
        document.check_signature(signature, roles)


def test_nobody_signs_twice_or_in_two_posts_or_an_open_body():
    document = a_document("F01")
    signature = a_signature(document, Capacity.OFFICER, SIGNERS[Capacity.OFFICER][0])
    with pytest.raises(NotOpenForSignature):
        document.check_signature(signature, {Role.OFF})
    document.submit(facts())
    signature.body_digest = document.body_digest
    document.signatures.append(signature)

    with pytest.raises(SignedAlready):
        document.check_signature(signature, {Role.OFF})
    with pytest.raises(SeparationViolated):
        document.check_signature(a_signature(document, Capacity.REVIEWER, ("zhou", "周明远", "")), {Role.OFF, Role.UNIT})


def test_a_body_is_frozen_in_a_draft_without_flow_alone():
    with pytest.raises(DraftNotOpen):
        at("F05", State.SEALED).freeze(facts())
    with pytest.raises(guards.FormHasFlow):
        a_document("F01").freeze(facts())


def test_what_may_happen_is_told_without_input():
    document = at("F34", State.SERVING)

    may = {answer.move.name: answer.refusal for answer in document.permitted(facts(permission_only=True))}

    assert may["deliver"] is None
    assert may["note_refusal"] is None
    assert may["fail_delivery"] is None
    assert may["serve"] is not None
    assert not document.deemed_reached(NOW)


def test_a_link_is_kept_once():
    document, other = a_document("F24"), uuid4()

    document.link(LinkKind.APPROVED_BY, other)
    document.link(LinkKind.APPROVED_BY, other)

    assert document.linked(LinkKind.APPROVED_BY) == [other]


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.row}-{move.name}")
@pytest.mark.parametrize("state", list(State))
def test_a_move_from_any_other_state_is_refused_by_name(move, state):
    document = a_document("F05", state=state)

    if None in move.sources or state in move.sources:
        return
    with pytest.raises(StateForbidsTransition) as refused:
        document.row(move.name)
    assert refused.value.facts["move"] == move.name


def in_force(form_id: str = "F34") -> Document:
    document = at(form_id, State.SERVED)
    document.take_effect_by_service(facts(SYS), uuid4())
    return document


@pytest.mark.row("W14")
def test_the_head_puts_a_corrected_document_in_the_place_of_another():
    document, corrected = in_force(), in_force()
    corrected.id, corrected.matter_id = uuid4(), document.matter_id

    event = document.supersede(corrected, "笔误更正", facts(person("zhao", Role.CHIEF)))

    assert (document.state, event.by_document_id) == (State.SUPERSEDED, corrected.id)
    assert document.linked(LinkKind.SUPERSEDED_BY) == [corrected.id]


@pytest.mark.refuses("W14")
def test_only_a_later_document_of_the_same_kind_that_is_served_takes_the_place():
    document = in_force()
    same, draft, other = in_force(), at("F34", State.SEALED), in_force("F24")
    same.id, draft.id, other.id = uuid4(), uuid4(), uuid4()
    for by in (document, draft, other):
        with pytest.raises(guards.NotItsCorrection):
            document.supersede(by, "更正", facts(person("zhao", Role.CHIEF)))
    earlier = in_force()
    earlier.id, earlier.dated_on = uuid4(), document.dated_on - timedelta(days=1)
    with pytest.raises(guards.NotItsCorrection):
        document.supersede(earlier, "更正", facts(person("zhao", Role.CHIEF)))
    with pytest.raises(guards.ReasonMissing):
        document.supersede(same, " ", facts(person("zhao", Role.CHIEF)))
    with pytest.raises(RoleForbidsMove):
        document.supersede(same, "更正", facts())
    with pytest.raises(StateForbidsTransition):
        at("F34", State.SEALED).supersede(same, "更正", facts(person("zhao", Role.CHIEF)))


@pytest.mark.row("W15")
def test_a_decision_is_revoked_by_a_body_or_by_the_own_paper_that_is_served():
    by_court, by_self = in_force(), in_force()
    assert by_court.revoke(None, facts(SYS)).document_id == by_court.id

    by_self.revoke(in_force("X7D"), facts(SYS))

    assert (by_court.state, by_self.state) == (State.REVOKED, State.REVOKED)


@pytest.mark.refuses("W15")
def test_a_decision_is_not_revoked_by_hand_nor_before_its_withdrawal_is_served():
    document = in_force()
    with pytest.raises(RoleForbidsMove):
        document.revoke(None, facts(person("zhao", Role.CHIEF)))
    with pytest.raises(guards.WithdrawalNotServed):
        document.revoke(at("X7D", State.SEALED), facts(SYS))
    with pytest.raises(StateForbidsTransition):
        at("F34", State.SEALED).revoke(None, facts(SYS))
