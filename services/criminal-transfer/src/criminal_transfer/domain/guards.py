"""The guards of the rows of a transfer, each with its law. What they need from elsewhere stands in `facts.known`."""

from typing import Any

from kernel.days import legal_day
from kernel.errors import DomainError
from kernel.guards import no_conflict, separate, two_certified_officers
from kernel.moves import Facts
from kernel.timers import TimerState

from criminal_transfer.domain import refusals as no
from criminal_transfer.domain.records import RecusalState

OTP = "otp"


def given(facts: Facts, name: str) -> Any:
    """A datum that the move brings."""
    return facts.input[name]


def late(transfer: Any, timer: str, facts: Facts) -> bool:
    """The period of the timer is over without what should have stopped it."""
    found = transfer.timer(timer)
    if found is None or found.stopped_at is not None:
        return False
    return found.state is TimerState.BREACHED or (found.expires_at is not None and found.expires_at <= facts.now)


def g01(transfer: Any, facts: Facts) -> DomainError | None:
    """At least two officers with certificates for this place and field. Law: APL 42, 55; TRR 5."""
    if facts.input is None:
        return None
    return two_certified_officers(facts.known["officers"], facts.now, transfer.region_code, transfer.category)


def g02(transfer: Any, facts: Facts) -> DomainError | None:
    """Nobody acts or is named whose recusal was accepted. Law: APL 43."""
    recused = [one.officer_id for one in transfer.recusals if one.state is RecusalState.ACCEPTED]
    named = given(facts, "officer_ids") if facts.input is not None and "officer_ids" in facts.input else ()
    acting = [person.id for person in (facts.by, facts.second) if person is not None]
    return no_conflict([*acting, *named], recused=recused)


def g03_review(transfer: Any, facts: Facts) -> DomainError | None:
    """Who is in the task force, or entered the suspicion, does not review. Law: APL 58; rest [P]."""
    return separate(facts.by.id, "legal reviewer", {"task force": [*transfer.officer_ids, transfer.opened_by]})


def g03_decide(transfer: Any, facts: Facts) -> DomainError | None:
    """Who is in the task force, or reviewed, does not decide. Law: APL 58; TRR 5; rest [P]."""
    reviewers = [opinion.reviewer_id for opinion in transfer.opinions]
    return separate(facts.by.id, "principal head", {"task force": [*transfer.officer_ids, transfer.opened_by], "legal reviewer": reviewers})


def suspicion_stated(transfer: Any, facts: Facts) -> DomainError | None:
    """What suggests a crime, and which. Law: TRR 3."""
    if not transfer.case_id and not transfer.inspection_id:
        return no.MatterMissing("a case or an inspection is named")
    if not transfer.offences or not transfer.facts.strip():
        return no.SuspicionMissing("facts and at least one offence are named")
    return None


def lead_named(transfer: Any, facts: Facts) -> DomainError | None:
    """The lead is one of the task force. Law: TRR 5."""
    if facts.input is None or given(facts, "lead_id") in given(facts, "officer_ids"):
        return None
    return no.LeadNotInTaskForce("the lead is one of the officers named", lead=given(facts, "lead_id"))


def reasoned(transfer: Any, facts: Facts) -> DomainError | None:
    """The reasons are written down. Law: TRR 5, 8, 9, 10."""
    if facts.input is None or str(given(facts, "reason")).strip():
        return None
    return no.ReasonMissing("a reason is needed")


def elements_table(transfer: Any, facts: Facts) -> DomainError | None:
    """The report has its text, and each element of each offence its answer and, where it is met, its evidence. Law: TRR 5."""
    if facts.input is None:
        return None
    report = given(facts, "report")
    missing = sorted(set(transfer.offences) - {element.offence for element in report.elements})
    bare = [element.text for element in report.elements if not element.text.strip() or (element.met and not element.evidence_ids)]
    if not report.text.strip() or missing or bare:
        return no.ReportIncomplete(
            "the report answers every offence, and names the evidence of each element that is met",
            missing=",".join(missing),
            without_evidence=";".join(bare),
        )
    return None


def screen_allows(transfer: Any, facts: Facts) -> DomainError | None:
    """Not while the screen says MUST_TRANSFER or CONSULT: then C04, and the principal decides. Law: TRR 3, 5."""
    if transfer.screen_result in {"NONE", "WATCH", ""}:
        return None
    return no.ScreenStillDemandsTransfer("the crime screen still demands a decision of the principal", result=transfer.screen_result)


def gaps_listed(transfer: Any, facts: Facts) -> DomainError | None:
    """Each gap is named. Law brief C31."""
    if facts.input is None or any(gap.strip() for gap in given(facts, "gaps")):
        return None
    return no.GapsMissing("what is missing is listed")


def receipt_named(transfer: Any, facts: Facts) -> DomainError | None:
    """Who took it is on the receipt. Law: TRR 5, 7, 12."""
    if facts.input is None or str(given(facts, "received_by")).strip():
        return None
    return no.FieldMissing("who took it is named", field="received_by")


def second_factor(transfer: Any, facts: Facts) -> DomainError | None:
    """The principal head himself, with a second factor. Law: TRR 5 (正职负责人); section 12."""
    if facts.input is None or OTP in facts.known.get("amr", ()):
        return None
    return no.SecondFactorMissing("the login has no second factor")


def in_time_or_reasoned(*timers: str) -> Any:
    """After the period it is still done, with the reasons for the delay. Law: TRR 5, 9; lateness [P]."""

    def guard(transfer: Any, facts: Facts) -> DomainError | None:
        over = [timer for timer in timers if late(transfer, timer, facts)]
        if facts.input is None or not over or str(given(facts, "late_reason")).strip():
            return None
        ended = transfer.timer(over[0])
        return no.LateReasonMissing("the period is over, so the delay is explained", timer=over[0], legal_expiry=ended.legal_expiry)

    guard.__name__ = "in_time_or_reasoned"
    return guard


def paper_ready(transfer: Any, facts: Facts) -> DomainError | None:
    """The document is of the form of the row, of this transfer, complete and signed. Law: 4.4."""
    if facts.input is None:
        return None
    wanted = facts.known["form"]
    for paper in facts.known["checked"]:
        if paper.form not in wanted or paper.object_id != str(transfer.id) or paper.problems:
            return no.PaperNotReady(
                "not a complete document of this transfer", document=paper.document_id, form=paper.form, problems="; ".join(paper.problems)
            )
    lacking = sorted(set(wanted) - {paper.form for paper in facts.known["checked"]})
    return no.PaperNotReady("a document is missing", document="", form=",".join(lacking), problems="") if lacking else None


def principal_signed(transfer: Any, facts: Facts) -> DomainError | None:
    """The principal head himself signed the approval or the record of the refusal. Law: TRR 5."""
    if facts.input is None:
        return None
    for paper in facts.known["checked"]:
        if facts.by.id not in paper.signers.get("APPROVER", ()):
            return no.PaperNotReady("who decides signs it", document=paper.document_id, form=paper.form, problems="APPROVER")
    return None


SEALED = frozenset({"SEALED", "EFFECTIVE", "SERVED", "ARCHIVED"})


def approval_sealed(transfer: Any, facts: Facts) -> DomainError | None:
    """The approval F43 is sealed before the letter that it approves. Law: TRR 5; 1.8."""
    if facts.input is None or any(line.form == "F43" and line.state in SEALED for line in facts.known["papers"]):
        return None
    return no.PaperNotSealed("the approval is sealed first", forms="F43")


PACKAGE_FORMS = ("F44", "X3A", "X3B", "X3C")


def package_complete(transfer: Any, facts: Facts) -> DomainError | None:
    """Letter, report, list of objects and of materials sealed; opinions if testing was commissioned. Law: TRR 6; L54 8 [K]."""
    if facts.input is None:
        return None
    sealed = {line.form for line in facts.known["papers"] if line.state in SEALED}
    missing = [form for form in PACKAGE_FORMS if form not in sealed]
    if missing:
        return no.PaperNotSealed("the papers of the package are sealed first", forms=",".join(missing))
    package = given(facts, "package")
    if package.appraisal_commissioned and not package.opinion_evidence_ids:
        return no.PackageIncomplete("testing was commissioned, so its report goes with the package", missing="opinion")
    if any(not one.what.strip() or not one.why.strip() for one in package.withheld):
        return no.PackageIncomplete("what is kept back is named, with the reason", missing="withheld")
    known = facts.known["evidence"]
    unknown = [one for one in (*package.opinion_evidence_ids, *package.evidence_ids) if one not in known]
    if unknown:
        return no.PackageIncomplete("an item is not among the evidence of the matter", missing=",".join(unknown))
    return None


def items_hashed(transfer: Any, facts: Facts) -> DomainError | None:
    """Every electronic item has its hash, and the statement where the originals are. Law: TRR 6; law brief 7.3, 8.5."""
    if facts.input is None:
        return None
    package, known = given(facts, "package"), facts.known["evidence"]
    chosen = [known[one] for one in (*package.opinion_evidence_ids, *package.evidence_ids) if one in known]
    bare = [item.id for item in chosen if item.electronic and not item.sha256]
    if bare:
        return no.EvidenceWithoutHash("an electronic item has no hash", evidence=",".join(bare))
    if any(item.electronic for item in chosen) and not package.original_media.strip():
        return no.OriginalMediaMissing("where the originals of electronic items are kept is stated")
    return None


def same_level_bodies(transfer: Any, facts: Facts) -> DomainError | None:
    """To the police of the same level, with a copy to the procuratorate. Law: TRR 5; L54 7-8 [K]."""
    if facts.input is None:
        return None
    if not facts.known["police"]:
        return no.PoliceUnknown("the police organ of the same level is not known", org=transfer.org_id)
    if not facts.known["procuratorate"]:
        return no.ProcuratorateUnknown("the procuratorate of the same level is not known", org=transfer.org_id)
    return None


def numbered(transfer: Any, facts: Facts) -> DomainError | None:
    """The paper has its number, and its day is not in the future. Law: TRR 7, 8; MPS 180."""
    if facts.input is None:
        return None
    if not str(given(facts, "number")).strip():
        return no.NumberMissing("the number of the paper is needed")
    day = str(facts.input.get("dated_on") or "")
    if day and day > legal_day(facts.now).isoformat():
        return no.DayInTheFuture("the day lies in the future", on=day)
    return None


def file_returned(transfer: Any, facts: Facts) -> DomainError | None:
    """Who does not file gives the file back. Law: TRR 8; MPS 180."""
    if facts.input is None or given(facts, "file_returned"):
        return None
    return no.FileNotReturned("the file comes back with the notice")


def police_silent(transfer: Any, facts: Facts) -> DomainError | None:
    """D36, as extended, is over without notice. Law: TRR 8, 17; PPR 562."""
    return None if late(transfer, "D36", facts) else no.PolicePeriodRunning("the police still have time", timer="D36")


def reminded(transfer: Any, facts: Facts) -> DomainError | None:
    """The police were reminded after the end of D36. Law: TRR 17; SPP 13."""
    timer = transfer.timer("D36")
    since = timer.expires_at if timer is not None else None
    for letter in transfer.letters:
        if letter.kind == "REMINDER" and (since is None or letter.at >= since):
            return None
    return no.ReminderMissing("the police are reminded first")


def refusal_recorded(transfer: Any, facts: Facts) -> DomainError | None:
    """The refusal is on record; superior and government are told. Law: TRR 17; SPP 13."""
    if facts.input is None:
        return None
    if not str(given(facts, "refusal")).strip():
        return no.ReceiptNotRefused("who refused the file or the receipt, when and why is recorded")
    return None if given(facts, "superior_told") else no.SuperiorNotTold("superior and government are told of the refusal")


def something_named(transfer: Any, facts: Facts) -> DomainError | None:
    """At least one thing goes over. Law: TRR 12."""
    if facts.input is None or given(facts, "evidence_ids") or given(facts, "measure_ids"):
        return None
    return no.NothingToHandOver("an item of evidence or a measure is named")


def party_told(transfer: Any, facts: Facts) -> DomainError | None:
    """The party is told in writing. Law: AEL 21."""
    if facts.input is None or given(facts, "party_told"):
        return None
    return no.PartyNotTold("the party is told in writing that the objects go to the police")


def prepared(transfer: Any, facts: Facts) -> DomainError | None:
    """What is signed for was prepared by keeper and lead. Law: TRR 12."""
    return None if transfer.materials is not None else no.NothingPrepared("nothing is prepared for the hand-over")


def own_result(transfer: Any, facts: Facts) -> DomainError | None:
    """The police withdraw their case, the procuratorate prosecutes or does not. Law: CPL 166, 177; MPS 189."""
    if facts.input is None or given(facts, "role") in transfer.roles_of(facts.by):
        return None
    return no.NotYourResult("this result is another body's", needed=str(given(facts, "role")))


def final_and_reported(transfer: Any, facts: Facts) -> DomainError | None:
    """The administrative result is final and reported; an opinion of the procuratorate is answered. Law: CPL 177; PPR 373; TRR 13."""
    if facts.input is None:
        return None
    if not str(given(facts, "admin_result")).strip():
        return no.ResultMissing("the administrative result and to whom it was reported is stated")
    timer = transfer.timer("D44")
    if timer is not None and timer.stopped_at is None and not (given(facts, "reply_number") and given(facts, "reply_text")):
        return no.ReplyMissing("the opinion of the procuratorate is answered in writing", timer="D44", legal_expiry=timer.legal_expiry)
    return None
