"""Which form may be drawn up in which state of a transfer, and what the transfer fills in. Law: TRR 5-7, 9."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import DomainError
from kernel.moves import Facts

from criminal_transfer.application.commands import evidence_of
from criminal_transfer.application.ports import Ports, Uow
from criminal_transfer.domain.offence import spoken
from criminal_transfer.domain.records import State
from criminal_transfer.domain.refusals import FormNotDueNow, FormNotOfTransfer
from criminal_transfer.domain.transfer import Transfer

DUE: Mapping[str, frozenset[State]] = {
    "X3A": frozenset({State.VERIFYING}),
    "F43": frozenset({State.REPORTED, State.LEGAL_REVIEWED, State.PRINCIPAL}),
    "X3E": frozenset({State.PRINCIPAL}),
    "F44": frozenset({State.PRINCIPAL, State.APPROVED}),
    "X3B": frozenset({State.VERIFYING, State.PRINCIPAL, State.APPROVED}),
    "X3C": frozenset({State.PRINCIPAL, State.APPROVED, State.SUPPLEMENT}),
    "X3D": frozenset({State.APPROVED, State.DELIVERED}),
    "X4A": frozenset({State.NOT_FILED}),
    "X4B": frozenset({State.DELIVERED, State.POLICE_REVIEW, State.NOT_FILED, State.RECON_UPHELD}),
}


# The papers that stand at the head of the list of materials (TRR 6).
PAPERS = ("案件移送书", "涉嫌犯罪案件调查报告", "涉案物品清单")


@dataclass(frozen=True)
class MayDraft:
    allowed: bool
    reason: str = ""
    detail: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    org_id: str = ""
    org_path: str = ""
    matter_id: str = ""


@dataclass(frozen=True)
class MayServe:
    allowed: bool
    reason: str = ""
    detail: str = ""


async def may_draft(ports: Ports, uow: Uow, *, facts: Facts, form: str, object_id: UUID) -> MayDraft:
    """W01."""
    transfer = await uow.transfer(object_id)
    refused = refusal(transfer, form)
    if refused is not None:
        return MayDraft(False, refused.reason, refused.text)
    return MayDraft(
        True, fields=await known(ports, transfer, facts), org_id=transfer.org_id, org_path=transfer.org_path, matter_id=str(transfer.id)
    )


async def may_serve(uow: Uow, *, form: str, document_id: str, object_id: UUID) -> MayServe:
    """W09. Only the letter goes out by service; the police sign it by their receipt (C11)."""
    transfer = await uow.transfer(object_id)
    if form not in {"F44", "X4A", "X4B"}:
        return MayServe(False, FormNotOfTransfer.reason, "this form is not served")
    if transfer.decision is None or not transfer.decision.approved:
        return MayServe(False, FormNotDueNow.reason, "the principal head has not approved")
    return MayServe(True)


def refusal(transfer: Transfer, form: str) -> DomainError | None:
    if form not in DUE:
        return FormNotOfTransfer("this form is none of a transfer", form=form)
    if transfer.state not in DUE[form]:
        return FormNotDueNow("the form is not drawn up in this state", form=form, state=str(transfer.state))
    return None


async def known(ports: Ports, transfer: Transfer, facts: Facts) -> dict[str, Any]:
    """What the transfer knows of the content of its papers, under the field names of the forms."""
    today = legal_day(facts.now)
    body = await ports.identity.body(transfer.org_id, today)
    officers = await ports.identity.officers(transfer.officer_ids, facts.now)
    found: dict[str, Any] = {
        **{name: value for name, value in body.printed.items() if value},
        "police_name": body.police,
        "procuratorate_name": body.procuratorate,
        "receiver": body.police,
        "offences_text": "、".join(spoken(one) for one in transfer.offences),
        "facts": transfer.facts,
        "officers": [
            {"id": one.id, "name": one.name, "certificate": one.certificates[0].number if one.certificates else ""} for one in officers
        ],
    }
    matter = await (ports.matters.case(transfer.case_id) if transfer.case_id else ports.matters.inspection(transfer.inspection_id))
    party = matter.party
    found |= {"case_name": matter.name, "party_name": party.name, "party_uscc": party.code, "party_address": party.address}
    found |= {"legal_representative": party.legal_representative, "party_phone": party.phone}
    items = [item for item in await evidence_of(ports, transfer) if item.state != "EXCLUDED"]
    found["evidence_list"] = [item.title or item.id for item in items]
    found["transfer_materials"] = [*PAPERS, *found["evidence_list"]]
    found["transfer_objects"] = [vars(one) for one in await ports.matters.held(transfer.case_id, transfer.inspection_id)] or [
        {"name": item.title or item.id} for item in items if not item.electronic
    ]
    found["transfer_objects"] = found["transfer_objects"] or ["无"]
    found["report_text"] = f"{matter.party.name}的行为涉嫌构成{found['offences_text']}规定的犯罪，建议移送{body.police}依法处理。"
    if transfer.opinions:
        found["legal_opinion_text"] = transfer.opinions[-1].text
    if transfer.report is not None:
        found["report_text"] = transfer.report.text
        found["elements"] = [
            {"offence": one.offence, "text": one.text, "met": "符合" if one.met else "不符合", "evidence": "、".join(one.evidence_ids)}
            for one in transfer.report.elements
        ]
    refusal_letter = next((one for one in reversed(transfer.letters) if one.kind == "NON_FILING_NOTICE"), None)
    if refusal_letter is not None:
        found |= {"notice_number": refusal_letter.number, "notice_reason": refusal_letter.text}
    return {name: value for name, value in found.items() if value}
