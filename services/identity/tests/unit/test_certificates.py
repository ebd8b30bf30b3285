"""Certificates: what they are worth at an instant, and the rows OC01-OC06."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from identity.domain import certificate as c
from identity.domain.kept import PeriodReversed
from kernel.codes import InvalidRegionCode
from kernel.moves import SYSTEM, Facts, Person, Role, RoleForbidsMove, StateForbidsTransition
from kernel.parameters import LawParameters

NOW = datetime(2022, 8, 16, 2, tzinfo=UTC)


def facts(*roles: Role, now: datetime = NOW) -> Facts:
    person = SYSTEM if not roles else Person("admin", "", "/44/4419/", frozenset(roles))
    return Facts(by=person, now=now, law=LawParameters.shipped())


def a_certificate(by: Facts | None = None, **changes) -> c.OfficerCertificate:
    given = {
        "user_id": uuid4(),
        "org_path": "/44/4419/",
        "number": "441900110001",
        "issuer": "广东省人民政府",
        "categories": ["WORK_SAFETY"],
        "region_codes": ["4419"],
        "valid_from_on": date(2021, 1, 1),
        "valid_to_on": date(2025, 12, 31),
    }
    return c.OfficerCertificate.issue(**{**given, **changes}, facts=by or facts())[0]


def noon(*day: int) -> datetime:
    return datetime(*day, 4, tzinfo=UTC)


@pytest.mark.row("OC01")
@pytest.mark.parametrize(
    ("at", "status"),
    [
        (datetime(2020, 12, 31, 15, 59, tzinfo=UTC), c.Status.NOT_YET_VALID),
        (datetime(2020, 12, 31, 16, 0, tzinfo=UTC), c.Status.VALID),
        (noon(2025, 11, 1), c.Status.EXPIRING),
        (noon(2025, 10, 31), c.Status.VALID),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), c.Status.EXPIRING),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), c.Status.EXPIRED),
    ],
)
def test_the_day_in_shanghai_decides_what_a_certificate_is_worth(at, status):
    assert a_certificate().status(at) is status


@pytest.mark.row("OC02")
@pytest.mark.row("OC03")
def test_a_suspension_counts_for_its_time_only():
    held = a_certificate()
    held.suspend(reason="年审", facts=facts(now=noon(2022, 3, 1)))
    during = held.status(noon(2022, 3, 2))
    held.resume(reason="", facts=facts(now=noon(2022, 4, 1)))

    assert during is c.Status.SUSPENDED
    assert [held.status(at) for at in (noon(2022, 2, 28), noon(2022, 3, 15), noon(2022, 4, 2))] == [
        c.Status.VALID,
        c.Status.SUSPENDED,
        c.Status.VALID,
    ]


@pytest.mark.row("OC04")
def test_a_revoked_certificate_was_valid_before():
    held = a_certificate()
    held.revoke(reason="", facts=facts(now=noon(2022, 5, 1)))

    assert held.status(noon(2022, 4, 30)) is c.Status.VALID
    assert held.status(noon(2022, 5, 2)) is c.Status.REVOKED
    assert held.state is c.State.REVOKED


@pytest.mark.refuses("OC02")
@pytest.mark.refuses("OC03")
@pytest.mark.refuses("OC04")
@pytest.mark.refuses("OC05")
@pytest.mark.refuses("OC06")
def test_moves_of_a_certificate_from_other_states_are_refused():
    held = a_certificate()
    with pytest.raises(StateForbidsTransition):
        held.resume(reason="", facts=facts())
    held.suspend(reason="", facts=facts())
    with pytest.raises(StateForbidsTransition):
        held.suspend(reason="", facts=facts())
    held.revoke(reason="", facts=facts())
    for move in (held.suspend, held.resume, held.revoke):
        with pytest.raises(StateForbidsTransition):
            move(reason="", facts=facts())
    for name in ("near_end", "expire"):
        with pytest.raises(StateForbidsTransition):
            held._move(name, facts())


@pytest.mark.refuses("OC02")
@pytest.mark.refuses("OC03")
@pytest.mark.refuses("OC04")
def test_only_a_keeper_of_accounts_moves_a_certificate():
    for role in (Role.CHIEF, Role.PLAN):
        for move in ("suspend", "revoke"):
            with pytest.raises(RoleForbidsMove):
                getattr(a_certificate(), move)(reason="", facts=facts(role))
        held = a_certificate()
        held.suspend(reason="", facts=facts())
        with pytest.raises(RoleForbidsMove):
            held.resume(reason="", facts=facts(role))


@pytest.mark.row("OC01")
@pytest.mark.refuses("OC01")
def test_the_plan_clerk_enters_a_certificate_and_an_officer_does_not():
    assert a_certificate(by=facts(Role.PLAN)).state is c.State.VALID
    with pytest.raises(RoleForbidsMove):
        a_certificate(by=facts(Role.OFF))


@pytest.mark.row("OC05")
@pytest.mark.row("OC06")
def test_a_certificate_nears_its_end_and_passes_it():
    held = a_certificate()

    told = [[event.change for event in held.age(facts(now=at))] for at in (noon(2025, 10, 31), noon(2025, 11, 1), noon(2025, 12, 31))]
    states = [held.state]
    told.append([event.change for event in held.age(facts(now=noon(2026, 1, 1)))])

    assert told == [[], ["near_end"], [], ["expire"]]
    assert states == [c.State.EXPIRING]
    assert held.state is c.State.EXPIRED
    assert [line.row for line in held.take_transitions()][-2:] == ["OC05", "OC06"]


@pytest.mark.row("OC05")
@pytest.mark.row("OC06")
def test_one_that_was_not_looked_at_for_long_passes_both_at_once():
    held = a_certificate()

    assert [event.change for event in held.age(facts(now=noon(2026, 1, 1)))] == ["near_end", "expire"]


@pytest.mark.row("OC02")
@pytest.mark.row("OC03")
@pytest.mark.row("OC04")
def test_one_near_its_end_is_suspended_given_back_as_such_and_revoked():
    held = a_certificate()
    held.age(facts(now=noon(2025, 11, 1)))
    held.suspend(reason="", facts=facts(now=noon(2025, 11, 2)))
    held.resume(reason="", facts=facts(now=noon(2025, 11, 3)))
    given_back = held.state
    held.revoke(reason="", facts=facts(now=noon(2025, 11, 4)))

    assert given_back is c.State.EXPIRING
    assert held.state is c.State.REVOKED


@pytest.mark.refuses("OC05")
@pytest.mark.refuses("OC06")
def test_before_its_day_and_by_a_person_a_certificate_does_not_age():
    held = a_certificate()
    with pytest.raises(c.TermNotNearEnd):
        held._move("near_end", facts(now=noon(2025, 10, 31)))
    with pytest.raises(RoleForbidsMove):
        held._move("near_end", facts(Role.ADMIN, now=noon(2025, 11, 1)))
    held.age(facts(now=noon(2025, 11, 1)))
    with pytest.raises(c.TermNotOver):
        held._move("expire", facts(now=noon(2025, 12, 31)))
    with pytest.raises(RoleForbidsMove):
        held._move("expire", facts(Role.ADMIN, now=noon(2026, 1, 1)))


def test_a_renewal_is_a_certificate_of_its_own():
    held = a_certificate()

    renewed, happened = held.renew(number="441900110001", valid_from_on=date(2026, 1, 1), valid_to_on=date(2030, 12, 31), facts=facts())

    assert renewed.id != held.id
    assert renewed.renews_id == held.id
    assert renewed.categories == held.categories
    assert held.valid_to_on == date(2025, 12, 31)
    assert happened.certificate_id == renewed.id


@pytest.mark.refuses("OC01")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"number": " "}, c.CertificateIncomplete),
        ({"categories": []}, c.CertificateIncomplete),
        ({"region_codes": []}, c.CertificateIncomplete),
        ({"valid_to_on": None}, c.CertificateIncomplete),
        ({"categories": ["TAX"]}, c.UnknownCategory),
        ({"valid_to_on": date(2020, 1, 1)}, PeriodReversed),
        ({"region_codes": ["44x"]}, InvalidRegionCode),
    ],
)
def test_an_incomplete_certificate_is_refused(changes, refusal):
    with pytest.raises(refusal):
        a_certificate(**changes)
