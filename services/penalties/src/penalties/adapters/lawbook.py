"""The lawbook behind its port: messages read into the words of the domain."""

from collections.abc import Iterable
from typing import Any

import grpc
from anzhi.lawbook.v1 import lawbook_pb2 as pb
from anzhi.lawbook.v1.lawbook_pb2_grpc import LawbookServiceStub
from servicekit import wire

from penalties.domain.law import Act, Branch, CrimeStandard, Element, Op, PartyKind, Range, Scale, Shift, Thresholds, Tier

TIMEOUT = 2.0


class LawbookClient:
    def __init__(self, opened: grpc.aio.Channel) -> None:
        self.stub = LawbookServiceStub(opened)

    async def act(self, id: str, on: str) -> Act:
        found = await self.stub.GetAct(pb.GetActRequest(id=id, on=on), timeout=TIMEOUT)
        return Act(
            id=found.id,
            name=found.name,
            violated_text=found.violated_text,
            basis_text=found.basis_text,
            branches=tuple(_branch(branch) for branch in found.branches),
            competent_authority=found.competent_authority or "EMERGENCY",
            correct_order=found.correct_order,
            valid_from_on=found.valid_from_on,
            verified=found.verified,
        )

    async def scale(self, act: Act, branch: str, on: str) -> Scale | None:
        """None for a branch without a range of money: such a branch has nothing to be scaled."""
        known = act.branch(branch)
        if known is None or (known.unit is None and known.persons is None):
            return None
        found = await self.stub.GetScale(pb.GetScaleRequest(act_id=act.id, branch=branch, on=on), timeout=TIMEOUT)
        return Scale(
            id=found.id,
            act_id=found.act_id,
            branch=found.branch,
            doc=found.doc,
            doc_no=found.doc_no,
            valid_from_on=found.valid_from_on,
            verified=found.verified,
            official=found.official,
            metric=found.metric,
            tiers=tuple(Tier(tier.level, tier.min_n, tier.max_n, _range(tier.range)) for tier in found.tiers),
            shares=tuple(found.shares) or (0, 30, 70, 100),
            adjust=tuple((a.circumstance, Shift(wire.word(pb.Adjust.Shift, a.shift))) for a in found.adjust),
        )

    async def thresholds(self, region_code: str, on: str) -> Thresholds:
        found = await self.stub.GetThresholds(pb.GetThresholdsRequest(region_code=region_code, on=on), timeout=TIMEOUT)
        return Thresholds(
            version=found.version,
            hearing={PartyKind(line.party_kind): line.amount_fen for line in found.hearing},
            hearing_kinds=frozenset(found.hearing_kinds),
            collective_fine=found.collective.fine_fen or None,
            collective_confiscation=found.collective.confiscation_fen or None,
            collective_kinds=frozenset(found.collective.kinds),
            review_all=found.legal_review.all,
            review_fine=found.legal_review.fine_fen or None,
            upward={line.level: line.fine_fen for line in found.upward_filing},
            crime_standards=tuple(_standard(standard) for standard in found.crime_standards),
            min_attendees=found.collective.min_attendees or Thresholds.min_attendees,
            simple={PartyKind(line.party_kind): line.fine_fen for line in found.simple_procedure},
        )


def _range(found: Any) -> Range:
    return Range(found.min_fen, found.max_fen, found.min_inclusive, found.max_inclusive)


def _branch(found: Any) -> Branch:
    return Branch(
        id=found.id,
        unit=_range(found.unit) if found.HasField("unit") else None,
        persons=_range(found.persons) if found.HasField("persons") else None,
        person_roles=tuple(found.person_roles),
        suspend=found.suspend,
        suspend_text=found.suspend_text,
        revoke=found.revoke,
        confiscate_income=found.confiscate_income,
        confiscate_goods=found.confiscate_goods,
        warning=found.warning,
        employment_bar=found.employment_bar,
        computable=found.computable,
    )


def _standard(found: Any) -> CrimeStandard:
    return CrimeStandard(
        offence=found.offence,
        name=found.name,
        required=_elements(found.required),
        any_of=_elements(found.any_of),
        consult_any_of=_elements(found.consult_any_of),
    )


def _elements(found: Iterable[Any]) -> tuple[Element, ...]:
    return tuple(Element(e.id, e.text, e.fact, Op(wire.word(pb.Element.Op, e.op)), e.value, tuple(e.acts)) for e in found)
