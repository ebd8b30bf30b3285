"""What has to be settled before a case is closed (PC42) and archived (PC43)."""

from collections.abc import Sequence

from kernel.errors import DomainError, Precondition
from kernel.moves import Facts

from penalties.domain.account import AccountState
from penalties.domain.file import CaseFile, known
from penalties.domain.papers import carries
from penalties.domain.publicity import PublicityState, UpwardState
from penalties.domain.records import ISSUED


class NotPublished(Precondition):
    """The penalty has to be published before the case is closed (WSL 78)."""


class NotFiledUpward(Precondition):
    """The penalty has to be filed with the superior department (D51)."""


class FindingsWithoutOrder(Precondition):
    """A finding of the case is open and no order to rectify runs (PC42)."""


class DocumentsUnfinished(Precondition):
    """A document of the case is drafted and neither sealed nor voided (PC42)."""


class HashMismatch(Precondition):
    """An item of the file does not match its stored hash (PC43)."""


class GoodsStillHeld(Precondition):
    """Goods are still under seal or seizure (PC42)."""


class RefundOpen(Precondition):
    """Money has to go back to the party (FA08)."""


def goods_settled(case: CaseFile, facts: Facts) -> DomainError | None:
    """Nothing is under seal or seizure any more. Law: 11.5 PC42; AEL 27, 28."""
    left = [goods for goods in case.goods if not goods.settled]
    if left:
        return GoodsStillHeld("goods are still under seal or seizure", measures=",".join(f"{goods.id}:{goods.state}" for goods in left))
    return None


def money_settled(case: CaseFile, facts: Facts) -> DomainError | None:
    """What has to go back to the party went back. Law: 11.5 PC42; APL 75."""
    owed = [account for account in case.accounts if account.state is AccountState.REFUND_DUE]
    return RefundOpen("money has to go back to the party", amount=owed[0].refund.fen) if owed else None


def published_if_due(case: CaseFile, facts: Facts) -> DomainError | None:
    """Publicity PUBLISHED where an item is due. Law: WSL 78."""
    if case.publicity is not None and case.publicity.state is PublicityState.DUE:
        return NotPublished("the penalty is not published")
    return None


def filed_up_if_due(case: CaseFile, facts: Facts) -> DomainError | None:
    """Filed with the superior where D51 runs. Law: PB 62–64."""
    if case.upward_filing is not None and case.upward_filing.state is UpwardState.DUE:
        return NotFiledUpward("the penalty is not filed with the superior")
    return None


def findings_settled(case: CaseFile, facts: Facts) -> DomainError | None:
    """Open findings have a running order. Law: 11.5 PC42."""
    bare: Sequence[str] | None = known(facts, "findings_without_order")
    if bare:
        return FindingsWithoutOrder("findings are open and no order to rectify runs", findings=",".join(bare))
    return None


def documents_finished(case: CaseFile, facts: Facts) -> DomainError | None:
    """G04: nothing that was drafted is left behind; F46 itself is sealed by this move."""
    carried = {document.document_id for document in (known(facts, "checked") or {}).values()}
    left = [d for d in case.documents if d.state not in ISSUED | {"VOID", "SUPERSEDED", "REVOKED"} and d.document_id not in carried]
    if left:
        return DocumentsUnfinished(
            "drafted documents are neither sealed nor voided", documents=",".join(f"{d.form}:{d.document_id}" for d in left)
        )
    return None


def hashes_match(case: CaseFile, facts: Facts) -> DomainError | None:
    """Every item of evidence matches its stored hash at the end. Law: 11.5 PC43; ESL 13."""
    wrong: Sequence[str] | None = known(facts, "hash_mismatches")
    if wrong:
        return HashMismatch("items of the file do not match their stored hash", items=",".join(wrong))
    return None


def catalogue_if_filed(case: CaseFile, facts: Facts) -> DomainError | None:
    """G04: F47 and F48 complete; an unfiled clue is archived with them as well."""
    refused: DomainError | None = carries(F47=(), F48=())(case, facts)
    return refused
