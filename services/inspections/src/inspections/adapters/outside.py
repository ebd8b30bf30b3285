"""What the servicers share: the calls and the ports."""

from dataclasses import dataclass
from functools import partial

from servicekit.calls import Calls, Command

from inspections.application import commands, finding_commands, order_commands
from inspections.application.kept_evidence import resting_on
from inspections.application.ports import Documents, Enterprises, Evidence, Identity, Lawbook
from inspections.domain.limits import Limits


@dataclass(frozen=True)
class Outside:
    """The services that commands ask."""

    identity: Identity
    lawbook: Lawbook
    enterprises: Enterprises
    documents: Documents
    evidence: Evidence


class Ports:
    """`confirmed`: the moves of two persons and the commands that a confirmation runs."""

    def __init__(self, calls: Calls, outside: Outside, limits: Limits) -> None:
        self.calls, self.limits = calls, limits
        self.identity, self.lawbook = outside.identity, outside.lawbook
        self.enterprises, self.documents = outside.enterprises, outside.documents
        evidence = outside.evidence
        self.answer_item = resting_on(evidence, commands.answer_item, "photo_ids")
        self.obstruct = resting_on(evidence, commands.obstruct, "evidence_ids")
        self.accept_referral = resting_on(evidence, commands.accept_referral, "receipt_evidence_id")
        self.amend = resting_on(evidence, finding_commands.amend, "photo_ids")
        self.classify_major = resting_on(evidence, finding_commands.classify_major, "opinion_evidence_id")
        self.downgrade = resting_on(evidence, finding_commands.downgrade, "evidence_ids")
        self.close_on_spot = resting_on(evidence, finding_commands.close_on_spot, "photo_before_ids", "photo_after_ids")
        self.consent_resume = resting_on(evidence, finding_commands.consent_resume, "review_evidence_id")
        self.apply_for_review = resting_on(evidence, finding_commands.apply_for_review, "evidence_id")
        self.apply_delisting = resting_on(evidence, finding_commands.apply_delisting, "evidence_id")
        self.object_to = resting_on(evidence, finding_commands.object_to, "evidence_id")
        self.end_for_closed_unit = resting_on(evidence, finding_commands.end_for_closed_unit, "closure_evidence_id")
        self.recheck_measures = resting_on(evidence, finding_commands.recheck_measures, "results")
        self.report_done = resting_on(evidence, order_commands.report_done, "evidence_id")
        self.request_extension = resting_on(evidence, order_commands.request_extension, "evidence_id")
        self.recheck = resting_on(evidence, order_commands.recheck, "results")
        self.arrive = partial(commands.arrive, identity=self.identity)
        self.confirmed: dict[str, Command] = {
            "arrive": self.arrive,
            "classify_major": self.classify_major,
            "downgrade": self.downgrade,
            "uphold_objection": finding_commands.decide_objection,
            "reject_objection": finding_commands.decide_objection,
        }
