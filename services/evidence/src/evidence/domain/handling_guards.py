"""Why an object that is evidence may not be preserved, sampled, tested, given back or confiscated now."""

from typing import TYPE_CHECKING

from kernel.days import legal_day
from kernel.errors import DomainError, Invalid, Precondition
from kernel.moves import Facts

from evidence.domain.records import Choice, Commission, Disposal, GivenBack, HandOver, Opinion, Registration, Sample, TakenBack
from evidence.domain.states import Option

if TYPE_CHECKING:
    from evidence.domain.item import EvidenceItem


class PaperNotReady(Precondition):
    """The document that carries the move is another one, or not complete."""


class PreservationNotApproved(Precondition):
    """The head has not approved the advance registration beforehand (F19)."""


class PreservationIncomplete(Invalid):
    """An advance registration says why the evidence may be lost, where it stays and who keeps it."""


class OptionMissing(Invalid):
    """One of the options of the law is chosen, with the reason."""


class SeizureMissing(Precondition):
    """No coercive measure holds the item yet: seal or seize it first."""


class SampleNotSplit(Invalid):
    """A sample is split: one part is tested, the other kept, each under a seal of its own."""


class PartyAbsent(Invalid):
    """The party is present when a sample is taken."""


class AppraiserNotQualified(Precondition):
    """The body or the person that gives the opinion is not qualified."""


class RecusalNotTold(Precondition):
    """The party was not told that it may ask for the recusal of the appraisers."""


class CommissionIncomplete(Invalid):
    """A commission names the body, the questions and the day on which the opinion is due."""


class OpinionNotTold(Precondition):
    """The party was not told the result."""


class OpinionMissing(Invalid):
    """The opinion is captured and belongs to the same matter."""


class HandOverNotSigned(Precondition):
    """Both sides sign the list of a hand-over."""


class NotOfThisTransfer(Precondition):
    """The item did not go to the police with this transfer."""


class ReceiptNotSigned(Invalid):
    """Who takes an object signs a receipt for it."""


class ItemHeldByMeasure(Precondition):
    """A coercive measure holds the item: it is given back by lifting that."""


class DecisionNotEffective(Precondition):
    """No decision that confiscates goods was served in this case."""


class RemedyPending(Precondition):
    """A remedy is pending: what is neither perishable nor dangerous waits."""


class DisposalIncomplete(Invalid):
    """A disposal says how, and who watched."""


def papers_ready(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """The documents of the row hang on the item, are complete and signed. Law: WSL forms; 4.4 of the law brief."""
    if facts.input is None:
        return None
    wanted, papers = facts.known["forms"], facts.known["papers"]
    for paper in papers:
        if paper.form not in wanted or paper.object_id != facts.known["paper_of"] or paper.problems:
            return PaperNotReady(
                "no complete document of this item", document=paper.document_id, form=paper.form, problems="; ".join(paper.problems)
            )
    lacking = sorted(set(wanted) - {paper.form for paper in papers})
    return PaperNotReady("a document is missing", document="", form=",".join(lacking), problems="") if lacking else None


def approved_beforehand(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """The head approved F19 before the evidence is registered in advance (V03). Law: APL 56."""
    if item.preservation is not None and not item.preservation.option:
        return None
    return PreservationNotApproved("the head approves the advance registration beforehand", evidence=str(item.id), form="F19")


def may_be_lost(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """Only evidence that may be lost or be hard to get later; it stays where it is kept (V03). Law: APL 56."""
    given: Registration | None = facts.input
    if given is None:
        return None
    missing = [name for name in ("reason", "storage_place", "keeper") if not getattr(given, name).strip()]
    return PreservationIncomplete("say why, where and with whom", missing=",".join(missing)) if missing else None


def one_option(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """One option of the law, and what that option needs (V04). Law: APL 56; 8.4 of the law brief."""
    given: Choice | None = facts.input
    if given is None:
        return None
    if given.option is None or not given.reason.strip():
        return OptionMissing("choose one of the options and say why", options=",".join(Option))
    if given.option is Option.SEIZE and not item.measure_id:
        return SeizureMissing("seal or seize the item by a coercive measure first", evidence=str(item.id))
    if given.option is Option.CONFISCATE:
        return decision_effective(item, facts)
    return _commissioned(given.commission, facts) if given.option is Option.APPRAISE else None


def party_present(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """A sample is taken before the party (V06). Law: APL 56; split [K]."""
    given: Sample | None = facts.input
    if given is None or given.party_present.strip():
        return None
    return PartyAbsent("a sample is taken before the party", evidence=str(item.id))


def split_and_sealed(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """One part for the test, one that is kept, each sealed (V06). [K]"""
    given: Sample | None = facts.input
    if given is None:
        return None
    seals = {given.test_seal_no.strip(), given.retained_seal_no.strip()}
    if "" in seals or len(seals) < 2:
        return SampleNotSplit("a sample has two parts, each under its own seal", evidence=str(item.id))
    return None


def qualified_body(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """A qualified body; the party may ask for the recusal of appraisers (V07). Law: AEV 14; APL 43."""
    given: Commission | None = facts.input
    return None if given is None else _commissioned(given, facts)


def _commissioned(given: Commission | None, facts: Facts) -> DomainError | None:
    if given is None or not given.body.strip() or not given.questions.strip() or given.due_on is None:
        return CommissionIncomplete("name the body, the questions and the day on which the opinion is due")
    if not given.qualification_no.strip() or given.qualified_until_on is None or given.qualified_until_on < legal_day(facts.now):
        until = given.qualified_until_on.isoformat() if given.qualified_until_on else ""
        return AppraiserNotQualified("the qualification of the body is not in force", body=given.body, until=until)
    if not given.party_told:
        return RecusalNotTold("tell the party first that it may ask for the recusal of appraisers")
    return None


def opinion_told(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """A qualified person signed it, the party was told the result (V08). Law: AEV 14; AEL 25(4)."""
    given: Opinion | None = facts.input
    if given is None:
        return None
    if facts.known["opinion"] is None or not given.conclusion.strip():
        return OpinionMissing("name the captured opinion of this matter and what it concludes", evidence=given.opinion_evidence_id)
    if not given.appraiser.strip() or not given.appraiser_qualification_no.strip():
        return AppraiserNotQualified("name who signed the opinion and his qualification", body=given.appraiser, until="")
    if given.told_on is None:
        return OpinionNotTold("tell the party the result first", evidence=str(item.id))
    return None


def both_signed(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """The list is checked face to face and signed by both sides (V15). Law: TRR 12."""
    given: HandOver | None = facts.input
    if given is None or (given.handed_by and given.received_by):
        return None
    return HandOverNotSigned("both sides sign the list of a hand-over", transfer=given.transfer_id, evidence=str(item.id))


def checked_against_list(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """What comes back is what went (V16)."""
    given: TakenBack | None = facts.input
    if given is None:
        return None
    if given.transfer_id != item.transfer_id:
        return NotOfThisTransfer("the item went to the police with another transfer", evidence=str(item.id), transfer=item.transfer_id)
    if not given.police_name.strip() or not given.receipt_evidence_id.strip():
        return HandOverNotSigned("the police sign for what they give back", transfer=given.transfer_id, evidence=str(item.id))
    return None


def receipt_signed(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """The owner signs for it (V17); where the measure was lifted, its own receipt counts (Q11)."""
    given: GivenBack | None = facts.input
    if given is None or (given.owner.strip() and given.receipt_evidence_id.strip()):
        return None
    return ReceiptNotSigned("the owner signs a receipt", evidence=str(item.id))


def not_held(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """An object under seal or seizure goes back by Q11 (V17). Law: AEL 28."""
    if not item.measure_id:
        return None
    return ItemHeldByMeasure("a coercive measure holds the item: lift it first", evidence=str(item.id), measure=item.measure_id)


def decision_effective(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """A served decision of the case confiscates goods (V18). Law: APL 9, 61, 74."""
    if facts.input is None:
        return None
    ruling = facts.known.get("ruling")
    if ruling is None or not ruling.confiscates or not ruling.served or ruling.revoked:
        return DecisionNotEffective("no decision that confiscates goods was served", evidence=str(item.id))
    return None


def no_remedy_pending(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """What is neither perishable nor dangerous waits for the end of a remedy (V18). Law: APL 73, 74; AEL 27."""
    given: Disposal | None = facts.input
    ruling = facts.known.get("ruling")
    if given is None or ruling is None or not ruling.pending or given.perishable_or_dangerous.strip():
        return None
    return RemedyPending("a remedy is pending", evidence=str(item.id), remedy=",".join(ruling.pending))


def disposal_whole(item: "EvidenceItem", facts: Facts) -> DomainError | None:
    """How it was disposed of, and before whom (V18). Law: APL 74."""
    given: Disposal | None = facts.input
    if given is None or (given.method is not None and given.witness.strip()):
        return None
    return DisposalIncomplete("say how the object is disposed of and who watches", evidence=str(item.id))
