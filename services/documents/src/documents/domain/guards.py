"""What the rows of 11.6 ask of a document: pure functions, each answers a refusal or nothing."""

from typing import TYPE_CHECKING

from kernel.days import legal_day
from kernel.errors import DomainError, Invalid, Precondition
from kernel.guards import CertificateNotValid, TooFewOfficers
from kernel.moves import Facts

from documents.domain import delivery as service
from documents.domain.body import missing_fields
from documents.domain.signature import Capacity, missing_signatures, separation

if TYPE_CHECKING:
    from documents.domain.document import Document


class DrafterNotOfForm(Precondition):
    """The form is drawn up by another post."""


class OwnerForbidsDraft(Precondition):
    """The matter is not in a state in which this form is drawn up (3.1, 11.x)."""


class OwnerForbidsService(Precondition):
    """The matter is not in a state in which this document is served."""


class FieldsMissing(Precondition):
    """Mandatory fields of the form are blank (4.2, 4.4)."""


class CharactersMissing(Precondition):
    """The typeface has no glyph for some character; it would print as an empty box."""


class BodyOpen(Precondition):
    """The body is not frozen, so nobody can have seen and signed it."""


class FormHasNoFlow(Precondition):
    """The form has no internal flow: it is frozen, signed and released."""


class FormHasFlow(Precondition):
    """The form has an internal flow: it is submitted and approved."""


class NotItsCorrection(Precondition):
    """A document is superseded by a later one of the same form and matter that is served and in force."""


class WithdrawalNotServed(Precondition):
    """The paper that revokes the document is not served."""


class ReasonMissing(Invalid):
    """A reason is needed."""


class SignaturesMissing(Precondition):
    """Not everybody whom the form names has signed the present body."""


class ApprovalMissing(Precondition):
    """The approving form (1.8) is not in force."""


class RecordMissing(Precondition):
    """No signed on-site record of the same matter (INV-02)."""


class FormNotServed(Precondition):
    """An internal form is not served."""


class FormIsServed(Precondition):
    """The form takes effect by service."""


class RecipientMissing(Invalid):
    """Service has a recipient."""


class DeemedDateNotReached(Precondition):
    """Service does not count as done yet (5.7)."""


class SecondServerMissing(Invalid):
    """Two officers serve (F40)."""


def drafted_by_post(document: "Document", facts: Facts) -> DomainError | None:
    drafters = document.spec.drafters
    if drafters & document.roles_of(facts.by):
        return None
    return DrafterNotOfForm("another post draws up this form", form=document.form, needed=",".join(sorted(drafters)))


def owner_allows_draft(document: "Document", facts: Facts) -> DomainError | None:
    """W01: parent object in an allowed state, as its owner answered."""
    answer = facts.known.get("may_draft")
    if answer is None or answer.allowed:
        return None
    return OwnerForbidsDraft(answer.detail or "the form may not be drawn up now", form=document.form, owner_reason=answer.reason)


def fields_complete(document: "Document", facts: Facts) -> DomainError | None:
    """W02, 4.4: sealing is blocked as long as a mandatory field is blank."""
    missing = missing_fields(document.spec, document.content)
    if not missing:
        return None
    names = "、".join(document.spec.fields[name].zh for name in missing)
    return FieldsMissing(f"{names} missing", form=document.form, fields=",".join(missing))


def characters_there(document: "Document", facts: Facts) -> DomainError | None:
    missing = facts.known.get("missing_characters", ())
    if not missing:
        return None
    points = ",".join(f"U+{ord(letter):04X}" for letter in missing)
    return CharactersMissing(f"the typeface has no glyph for {points}", code_points=points)


def has_flow(document: "Document", facts: Facts) -> DomainError | None:
    return None if document.spec.reviewed else FormHasNoFlow("this form is frozen, signed and released", form=document.form)


def has_no_flow(document: "Document", facts: Facts) -> DomainError | None:
    return FormHasFlow("this form is submitted and approved", form=document.form) if document.spec.reviewed else None


def body_frozen(document: "Document", facts: Facts) -> DomainError | None:
    return None if document.body_digest else BodyOpen("the body is not frozen", form=document.form)


def reason_given(document: "Document", facts: Facts) -> DomainError | None:
    if facts.input is None or facts.input.get("reason", "").strip():
        return None
    return ReasonMissing("a reason is needed", field="reason")


def g03(document: "Document", facts: Facts) -> DomainError | None:
    """Preparer, reviewer and approver are three persons, as far as the document itself shows. Law: APL 58, 64."""
    return separation(document.counting)


def g01(document: "Document", facts: Facts) -> DomainError | None:
    """Where two officers sign: two distinct ones, each with a certificate that holds that day. Law: APL 42, 55."""
    if document.spec.sign.count(Capacity.OFFICER) < 2:
        return None
    officers = {signature.signer_id: signature for signature in document.counting if signature.capacity is Capacity.OFFICER}
    if len(officers) < 2:
        return TooFewOfficers("two officers sign this form", given=len(officers), needed=2)
    for signature in officers.values():
        last = signature.certificate_valid_to_on
        if last is None or last < legal_day(facts.now):
            return CertificateNotValid(
                "the certificate of an officer has expired",
                officer=signature.signer_id,
                number=signature.certificate_number,
                on=legal_day(facts.now).isoformat(),
            )
    return None


def signatures_complete(document: "Document", facts: Facts) -> DomainError | None:
    missing = missing_signatures(document.wanted_signatures(), document.counting)
    if not missing:
        return None
    return SignaturesMissing("not all signatures are there", form=document.form, missing=",".join(missing))


def approved_first(document: "Document", facts: Facts) -> DomainError | None:
    """W05: the approving form of 1.8 is EFFECTIVE and linked; of an urgent measure it follows (AEL 19), as its owner saw to."""
    wanted = document.spec.approved_by
    follows = document.spec.approval_may_follow and document.content.get(document.spec.approval_may_follow)
    if not wanted or follows or facts.known.get("approval"):
        return None
    return ApprovalMissing("the approving form is not in force", form=document.form, needed=",".join(wanted))


def record_first(document: "Document", facts: Facts) -> DomainError | None:
    """INV-02: no F04, F05 or F08 without a signed (or refusal-noted) on-site record of the same matter."""
    if not document.spec.after or facts.known.get("predecessor"):
        return None
    return RecordMissing("the on-site record is not signed and sealed yet", form=document.form, needed=",".join(document.spec.after))


def is_served_form(document: "Document", facts: Facts) -> DomainError | None:
    return None if document.spec.served else FormNotServed("this form is internal", form=document.form)


def is_internal_form(document: "Document", facts: Facts) -> DomainError | None:
    return FormIsServed("this form takes effect by service", form=document.form) if document.spec.served else None


def owner_allows_service(document: "Document", facts: Facts) -> DomainError | None:
    """W09: the owner of the matter ran the guards of the row that this service makes (design 3.9)."""
    answer = facts.known.get("may_serve")
    if answer is None or answer.allowed:
        return None
    return OwnerForbidsService(answer.detail or "the document may not be served now", form=document.form, owner_reason=answer.reason)


def recipient_named(document: "Document", facts: Facts) -> DomainError | None:
    if facts.input is None or facts.input["delivery"].recipient.strip():
        return None
    return RecipientMissing("service has a recipient", field="recipient")


def mode_in_order(document: "Document", facts: Facts) -> DomainError | None:
    if facts.input is None:
        return None
    return service.next_mode_refusal(facts.input["delivery"].mode, document.attempts_after_failure(facts.input))


def proof_there(document: "Document", facts: Facts) -> DomainError | None:
    if facts.input is None:
        return None
    delivery = facts.input["delivery"]
    return service.proof_refusal(delivery) or service.time_refusal(delivery, facts.now)


def two_servers(document: "Document", facts: Facts) -> DomainError | None:
    """F40 names two officers who served."""
    if facts.input is None or len(set(facts.input["delivery"].server_ids)) >= 2:
        return None
    return SecondServerMissing("a second officer serves with you", field="second_server_id")


def refusable(document: "Document", facts: Facts) -> DomainError | None:
    current = document.current_delivery
    if current is None or current.mode.in_person or current.mode is service.Mode.LEAVE:
        return None
    return service.DeliveryModeCannotBeRefused("a refusal happens in person", mode=str(current.mode))


def deemed_reached(document: "Document", facts: Facts) -> DomainError | None:
    if document.deemed_on is not None and document.deemed_reached(facts.now):
        return None
    deemed = document.deemed_on.isoformat() if document.deemed_on else ""
    return DeemedDateNotReached("service does not count as done yet", deemed_on=deemed)


def corrected_by_same_kind(document: "Document", facts: Facts) -> DomainError | None:
    """The corrected document is of the same kind and matter, later, and served. Law: 11.6 W14."""
    by: Document | None = facts.input.get("by") if facts.input else None
    if by is None:
        return None
    same = by.form == document.form and by.matter_id == document.matter_id and by.id != document.id
    later = by.dated_on is not None and document.dated_on is not None and by.dated_on >= document.dated_on
    if same and later and str(by.state) == "EFFECTIVE":
        return None
    return NotItsCorrection("not a later document of this form and matter that is in force", by=str(by.id), state=str(by.state))


def withdrawal_served(document: "Document", facts: Facts) -> DomainError | None:
    """What revokes it is served: the paper of a body or a court, or the own decision. Law: 11.6 W15; APL 75."""
    by: Document | None = facts.input.get("by") if facts.input else None
    if by is None or str(by.state) == "EFFECTIVE":
        return None
    return WithdrawalNotServed("the paper that revokes the document is not served", by=str(by.id), state=str(by.state))
