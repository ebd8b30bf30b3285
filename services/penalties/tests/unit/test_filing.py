"""PC01–PC04: who may file, on what, and when a clue may be dropped."""

from datetime import date

import pytest
from kernel.guards import (
    CertificateNotValid,
    CertificateOfOtherRegion,
    EntrustmentOver,
    OfficerInConflict,
    PlaceNotCompetent,
)
from kernel.moves import RoleForbidsMove, SameOfficerTwice, SecondOfficerMissing
from penalties.domain.case import State
from penalties.domain.crime_screen import CrimeFacts, ScreenResult
from penalties.domain.file import DateInvalid, ReasonMissing
from penalties.domain.filing import (
    EnterpriseMissing,
    FactsMissing,
    FilingAlreadyReviewed,
    FilingNotReviewed,
    KnownActMayNotBeDropped,
    LimitationNotPassed,
    OfficersMissing,
    OverdueNotProved,
    OverdueProofMissing,
)
from penalties.domain.guards import AnotherAuthority, ApproverOfOtherBody, InvestigatorMayNotDecide, LimitationPassed
from penalties.domain.law import PartyKind
from penalties.domain.papers import DocumentNotReady
from penalties.domain.records import RefusalGround

from .story import (
    A14,
    BODY,
    DEP,
    OFFICE,
    STRANGER,
    WU,
    ZHENG,
    ZHOU,
    a_case,
    a_clue,
    a_person,
    an_officer,
    at,
    checked,
    facts,
)


def file_facts(case, by=ZHOU, second=WU, **known):
    return facts(by, at(8, 18, 9), second=second, case=case, forms="F01", **known)


@pytest.mark.row("PC01")
def test_a_clue_keeps_the_derivation_of_its_limitation_period():
    case = a_case(State.CLUE)

    timer = case.timer("D50")
    assert timer.legal_expiry == "2024-08-16"
    assert timer.stopped_at is not None
    assert case.deadlines == [timer]


@pytest.mark.refuses("PC01")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"officer_ids": ["zhou"]}, OfficersMissing),
        ({"lead_id": "somebody"}, OfficersMissing),
        ({"enterprise_id": ""}, EnterpriseMissing),
        ({"party_kind": PartyKind.PERSON}, EnterpriseMissing),
        ({"branch": "OVERDUE"}, OverdueProofMissing),
        ({"branch": "OVERDUE", "overdue_proof": "order-2"}, OverdueNotProved),
        ({"act_on": "16.8.2022"}, DateInvalid),
    ],
)
def test_a_clue_without_what_it_needs_is_not_opened(changes, reason):
    with pytest.raises(reason):
        a_clue(**changes).open(facts=facts(ZHOU, at(8, 18)))


@pytest.mark.refuses("PC01")
def test_a_clue_is_opened_by_an_officer():
    with pytest.raises(RoleForbidsMove):
        a_clue(lead_id="x").open(facts=facts(DEP, at(8, 18)))


@pytest.mark.row("PC02")
def test_two_officers_propose_the_filing():
    case = a_case(State.FILING)

    assert case.prepared_by == ["wu", "zhou"]


@pytest.mark.refuses("PC02")
@pytest.mark.parametrize(
    ("by", "second", "reason"),
    [(ZHOU, None, SecondOfficerMissing), (ZHOU, ZHOU, SameOfficerTwice), (ZHOU, STRANGER, RoleForbidsMove), (ZHENG, WU, RoleForbidsMove)],
)
def test_a_filing_needs_two_officers_of_the_case(by, second, reason):
    case = a_case(State.CLUE)

    with pytest.raises(reason):
        case.propose_filing("f01", facts=file_facts(case, by, second))


@pytest.mark.refuses("PC02")
@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"officers": [an_officer("zhou"), an_officer("wu", valid_to=date(2022, 8, 17))]}, CertificateNotValid),
        ({"officers": [an_officer("zhou"), an_officer("wu", region_codes=("440400",))]}, CertificateOfOtherRegion),
        ({"body": BODY.__class__(OFFICE.__class__("b", "STATUTORY", ("440402",)), "b", "COUNTY", "440402")}, PlaceNotCompetent),
        (
            {
                "body": BODY.__class__(
                    OFFICE.__class__("b", "ENTRUSTED", ("4419",), None, date(2020, 1, 1), date(2021, 1, 1)), "c", "CITY", ""
                )
            },
            EntrustmentOver,
        ),
        ({"act": A14.__class__("A53", "阻碍", "", "", (), competent_authority="POLICE")}, AnotherAuthority),
        ({"checked": {}}, DocumentNotReady),
    ],
)
def test_a_filing_is_refused_with_its_reason(known, reason):
    case = a_case(State.CLUE)

    with pytest.raises(reason):
        case.propose_filing("f01", facts=file_facts(case, **known))


@pytest.mark.refuses("PC02")
def test_an_act_discovered_after_two_years_is_not_filed():
    case = a_case(State.CLUE, act_on="2020-08-15", discovered_on="2022-08-16")

    with pytest.raises(LimitationPassed):
        case.propose_filing("f01", facts=file_facts(case))


@pytest.mark.row("PC02")
def test_a_lasting_act_runs_from_its_end():
    case = a_case(State.CLUE, act_on="2020-08-15", act_ended_on="2022-08-15", discovered_on="2022-08-16")

    case.propose_filing("f01", facts=file_facts(case))

    assert case.state is State.FILING


@pytest.mark.refuses("PC02")
def test_a_clue_without_facts_is_not_filed():
    case = a_case(State.CLUE, summary=" ")

    with pytest.raises(FactsMissing):
        case.propose_filing("f01", facts=file_facts(case))


@pytest.mark.refuses("PC02")
def test_an_officer_whose_recusal_was_accepted_is_out():
    case = a_case(State.CLUE)
    case.raise_recusal("wu", "亲属", True, facts=facts(ZHOU, at(8, 18, 8)))
    case.decide_recusal(case.recusals[0].id, True, "属实", facts=facts(a_person("chen", *{"CHIEF"}), at(8, 18, 8)))

    with pytest.raises(OfficerInConflict):
        case.propose_filing("f01", facts=file_facts(case))


@pytest.mark.row("PC03")
def test_the_approved_filing_runs_the_limit_of_pb_and_the_screen():
    case = a_case(State.FILED)

    assert case.filed
    assert case.timer("D12").legal_expiry == "2022-09-19"
    assert case.screens[-1].point == "FILING"


@pytest.mark.row("PC03")
def test_a_suspected_crime_is_filed_all_the_same():
    case = a_case(State.FILING)
    case.record_crime_facts(CrimeFacts(accident="YES", dead=1), facts=facts(ZHOU, at(8, 18, 9)))
    case.review_filing("f01", "同意", facts=facts(ZHENG, at(8, 18, 10), case=case, forms="F01"))

    case.file("f01", facts=facts(DEP, at(8, 18, 11), case=case, forms="F01"))

    assert case.screens[-1].result is ScreenResult.MUST_TRANSFER


@pytest.mark.refuses("PC03")
def test_a_filing_that_the_unit_has_not_reviewed_is_not_approved():
    case = a_case(State.FILING)

    with pytest.raises(FilingNotReviewed):
        case.file("f01", facts=facts(DEP, at(8, 18), case=case, forms="F01"))


@pytest.mark.refuses("PC03")
def test_a_filing_is_reviewed_once_and_not_by_its_officers():
    case = a_case(State.FILING)
    unit_and_officer = a_person("wu", "UNIT", "OFF")
    with pytest.raises(InvestigatorMayNotDecide):
        case.review_filing("f01", "同意", facts=facts(unit_and_officer, at(8, 18), case=case, forms="F01"))
    case.review_filing("f01", "同意", facts=facts(ZHENG, at(8, 18), case=case, forms="F01"))

    with pytest.raises(FilingAlreadyReviewed):
        case.review_filing("f01", "同意", facts=facts(ZHENG, at(8, 18), case=case, forms="F01"))


@pytest.mark.refuses("PC03")
def test_a_deputy_of_another_body_does_not_approve():
    case = a_case(State.FILING)
    case.review_filing("f01", "同意", facts=facts(ZHENG, at(8, 18), case=case, forms="F01"))
    other = DEP.__class__("dai", "province", "/44/", DEP.roles)

    with pytest.raises(ApproverOfOtherBody):
        case.file("f01", facts=facts(other, at(8, 18), case=case, forms="F01"))


@pytest.mark.refuses("PC03")
def test_a_form_of_another_case_does_not_carry_the_filing():
    case = a_case(State.FILING)
    case.review_filing("f01", "同意", facts=facts(ZHENG, at(8, 18), case=case, forms="F01"))

    with pytest.raises(Exception, match="belongs to another object"):
        case.file("f01", facts=facts(DEP, at(8, 18), checked=checked(case, "F01", object_id="other")))


@pytest.mark.row("PC04")
@pytest.mark.parametrize("state", [State.CLUE, State.FILING])
def test_a_clue_is_dropped_with_a_ground_and_reasons(state):
    case = a_case(state)

    case.refuse_filing(RefusalGround.NOT_COMPETENT, "属海事部门", "", facts=facts(DEP, at(8, 19)))

    assert case.state is State.NOT_FILED
    assert case.refusal_ground is RefusalGround.NOT_COMPETENT


@pytest.mark.refuses("PC04")
@pytest.mark.parametrize(
    ("ground", "reason", "refused"),
    [
        (RefusalGround.NOT_COMPETENT, " ", ReasonMissing),
        (RefusalGround.NO_VIOLATION, "没有违法", KnownActMayNotBeDropped),
        (RefusalGround.LIMITATION_PASSED, "过期", LimitationNotPassed),
    ],
)
def test_a_known_act_is_not_dropped(ground, reason, refused):
    case = a_case(State.FILING)

    with pytest.raises(refused):
        case.refuse_filing(ground, reason, "", facts=facts(DEP, at(8, 19)))


@pytest.mark.refuses("PC04")
def test_a_filed_case_is_not_dropped():
    case = a_case(State.INVESTIGATING)

    with pytest.raises(KnownActMayNotBeDropped):
        case.refuse_filing(RefusalGround.NO_PENALTY, "轻微", "", facts=facts(DEP, at(8, 24)))
