"""Requests read into the words of the domain."""

from datetime import datetime

from anzhi.penalties.v1 import endings_pb2, hearings_pb2, simple_pb2
from anzhi.penalties.v1 import penalties_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp
from kernel.errors import Invalid
from servicekit import wire

from penalties.domain.crime_screen import Answer, CrimeFacts
from penalties.domain.discretion import Circumstance
from penalties.domain.no_penalty import NoPenaltyDraft
from penalties.domain.proceedings import Attendant, CashCollection, CashGround, Minutes, NoPenaltyGround
from penalties.domain.proposal import AllegedFact, Draft, IncomeHandling
from penalties.domain.records import PersonParty, StatementPoint


class WordMissing(Invalid):
    """A choice of the request is not made."""


class InstantMissing(Invalid):
    """An instant of the request is not given."""


def chosen(kind: object, number: int, field: str) -> str:
    """The word of an enum value; unspecified is refused."""
    word = wire.word(kind, number)
    if not word:
        raise WordMissing(f"{field} is not chosen", field=field)
    return word


def instant(value: Timestamp, field: str) -> datetime:
    found = wire.instant(value)
    if found is None:
        raise InstantMissing(f"{field} is not given", field=field)
    return found


def answer(number: int) -> Answer:
    return Answer(wire.word(pb.Answer, number) or "UNKNOWN")


def crime_facts(given: pb.CrimeFacts) -> CrimeFacts:
    return CrimeFacts(
        accident=answer(given.accident),
        dead=given.dead,
        seriously_injured=given.seriously_injured,
        minor_injured=given.minor_injured,
        direct_loss=wire.money(given.direct_loss),
        illegal_turnover=wire.money(given.illegal_turnover),
        illegal_income=wire.money(given.illegal_income),
        real_danger=answer(given.real_danger),
        disabled_monitoring=answer(given.disabled_monitoring),
        refused_major_danger_order=answer(given.refused_major_danger_order),
        unlicensed_activity=answer(given.unlicensed_activity),
        obstructed_officers=answer(given.obstructed_officers),
        forged_documents=answer(given.forged_documents),
        false_report=answer(given.false_report),
        forced_risky_work=answer(given.forced_risky_work),
        dangerous_goods=answer(given.dangerous_goods),
        public_event=answer(given.public_event),
        engineering=answer(given.engineering),
        education_facility=answer(given.education_facility),
        facilities_below_standard=answer(given.facilities_below_standard),
        refused_fire_order=answer(given.refused_fire_order),
        false_documents=answer(given.false_documents),
        rescue_prevented=answer(given.rescue_prevented),
        extra_dead=given.extra_dead,
        extra_injured=given.extra_injured,
        extra_loss=wire.money(given.extra_loss),
    )


def person(given: pb.PersonParty) -> PersonParty | None:
    if not given.name:
        return None
    return PersonParty(given.name, given.sex, given.born_on, given.id_number, given.address, given.post, given.phone)


def circumstances(given: object) -> list[Circumstance]:
    return [Circumstance(c.code, c.reason, tuple(c.evidence_ids)) for c in given]  # type: ignore[attr-defined]


def draft(given: pb.ProposePenaltyRequest) -> Draft:
    return Draft(
        facts=tuple(AllegedFact(fact.text, tuple(fact.evidence_ids), tuple(fact.finding_ids)) for fact in given.facts),
        reasons=given.reasons,
        correction_order_ids=tuple(given.correction_order_ids),
        correction_note=given.correction_note,
        illegal_income=wire.money(given.illegal_income),
        income_handling=IncomeHandling(wire.word(pb.IncomeHandling, given.income_handling) or "NONE"),
        income_note=given.income_note,
        goods_value=wire.money(given.goods_value),
        other_reason=given.other_reason,
    )


def minutes(given: hearings_pb2.ConcludeDeliberationRequest) -> Minutes:
    return Minutes(
        starts_at=instant(given.starts_at, "starts_at"),
        ends_at=instant(given.ends_at, "ends_at"),
        place=given.place,
        presider_id=given.presider_id,
        reporter=given.reporter,
        recorder=given.recorder,
        attendants=tuple(Attendant(a.id, a.name, a.post, a.agrees, a.opinion) for a in given.attendants),
        record=given.record,
        conclusion=given.conclusion,
        document_id=wire.needed(given.document_id, "document_id"),
    )


def no_penalty(given: endings_pb2.ProposeNoPenaltyRequest) -> NoPenaltyDraft:
    return NoPenaltyDraft(
        ground=NoPenaltyGround(chosen(endings_pb2.NoPenaltyGround, given.ground, "ground")),
        reasons=given.reasons,
        facts=tuple(AllegedFact(fact.text, tuple(fact.evidence_ids), tuple(fact.finding_ids)) for fact in given.facts),
        disputed=given.disputed,
        correction_order_ids=tuple(given.correction_order_ids),
        correction_note=given.correction_note,
    )


def cash(given: simple_pb2.CollectCashRequest) -> CashCollection:
    return CashCollection(
        amount=wire.money(given.amount),
        ground=CashGround(chosen(pb.CashGround, given.ground, "ground")),
        receipt_number=given.receipt_number,
        collected_by="",
        collected_at=instant(given.collected_at, "collected_at"),
        party_request_id=given.party_request_id,
        landed_at=wire.instant(given.landed_at),
    )


def points(given: object) -> list[StatementPoint]:
    return [StatementPoint(point.text, point.answer, point.adopted) for point in given]  # type: ignore[attr-defined]
