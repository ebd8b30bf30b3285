from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from identity.domain import delegation as d
from identity.domain import entrustment as e
from identity.domain import org as o
from identity.domain import user as u
from identity.domain.clock import ClockMovesForwardOnly, RootInvalid, check_root, offset_to
from identity.domain.kept import PeriodReversed
from kernel.money import Money
from kernel.moves import SYSTEM, Facts, Person, Role, RoleForbidsMove, StateForbidsTransition
from kernel.parameters import LawParameters

NOW = datetime(2022, 8, 16, 2, tzinfo=UTC)
TODAY = date(2022, 8, 16)


def facts(*roles: Role, id: str = "admin", org_id: str = "", now: datetime = NOW) -> Facts:
    person = SYSTEM if not roles else Person(id, org_id, "/44/4419/", frozenset(roles))
    return Facts(by=person, now=now, law=LawParameters.shipped())


def a_body(**changes) -> o.OrgUnit:
    given = {
        "parent_id": None,
        "path": "/44/4419/",
        "name": "东莞市应急管理局",
        "level": o.Level.CITY,
        "authority_basis": o.Basis.STATUTORY,
        "region_code": "441900",
        "state": o.State.OPEN,
    }
    return o.OrgUnit(**{**given, **changes})


def a_branch(**changes) -> o.OrgUnit:
    return a_body(path="/44/4419/dalingshan/", level=o.Level.TOWN, authority_basis=o.Basis.ENTRUSTED, region_code="441900118", **changes)


def a_user(org: o.OrgUnit | None = None, *roles: str, username: str = "zhou") -> u.User:
    user, _ = u.User.create(
        org or a_body(),
        username=username,
        name="周正明",
        post="",
        phone="",
        legal_qualification="",
        second_factor_required=False,
        facts=facts(),
    )
    for role in roles:
        user.grant(role, valid_from_on=date(2020, 1, 1), valid_to_on=None, facts=facts())
    user.take_transitions()
    return user


# People and roles.


def test_roles_hold_on_their_days_and_to_the_end_of_the_day_of_withdrawal():
    user = a_user(None, "OFF")
    user.grant("SEAL", valid_from_on=date(2022, 9, 1), valid_to_on=date(2022, 9, 30), facts=facts())

    assert user.roles_on(date(2019, 12, 31)) == frozenset()
    assert user.roles_on(date(2022, 9, 30)) == {"OFF", "SEAL"}
    user.withdraw("OFF", reason="调岗", facts=facts())
    assert user.roles_on(TODAY) == {"OFF"}
    assert user.roles_on(TODAY + timedelta(days=1)) == frozenset()
    user.withdraw("SEAL", reason="", facts=facts())
    assert user.roles_on(date(2022, 9, 1)) == frozenset()
    assert [line.name for line in user.take_transitions()] == ["grant_role", "withdraw_role", "withdraw_role"]


@pytest.mark.parametrize("role", ["POL", "SYS", "WIZARD"])
def test_no_post_gives_the_roles_of_parties_and_services(role):
    with pytest.raises(u.UnknownRole):
        a_user().grant(role, valid_from_on=None, valid_to_on=None, facts=facts())


def test_keeping_accounts_and_handling_cases_are_different_peoples_work():
    for held, wanted in (("OFF", "ADMIN"), ("ADMIN", "OFF"), ("AUDITOR", "ADMIN"), ("CHIEF", "AUDITOR")):
        with pytest.raises(u.RolesApart):
            a_user(None, held).grant(wanted, valid_from_on=None, valid_to_on=None, facts=facts())


def test_refusals_of_roles():
    user = a_user(None, "OFF")
    with pytest.raises(u.RoleHeldAlready):
        user.grant("OFF", valid_from_on=None, valid_to_on=None, facts=facts())
    with pytest.raises(PeriodReversed):
        user.grant("SEAL", valid_from_on=TODAY, valid_to_on=TODAY - timedelta(days=1), facts=facts())
    with pytest.raises(u.RoleNotHeld):
        user.withdraw("SEAL", reason="", facts=facts())
    for change in (user.grant, user.withdraw):
        with pytest.raises(u.OwnRoles):
            arguments = {"valid_from_on": None, "valid_to_on": None} if change == user.grant else {"reason": ""}
            change("OFF", **arguments, facts=facts(Role.ADMIN, id=str(user.id)))


def test_the_head_always_needs_a_second_factor():
    assert a_user(None, "CHIEF").needs_second_factor(TODAY)
    assert not a_user(None, "DEP").needs_second_factor(TODAY)
    enrolled = a_user()
    enrolled.enrol_second_factor(facts())
    assert enrolled.needs_second_factor(TODAY)
    enrolled.reset_second_factor(reason="手机遗失", facts=facts())
    assert not enrolled.needs_second_factor(TODAY)


@pytest.mark.row("US01")
@pytest.mark.row("US02")
@pytest.mark.row("US03")
def test_an_account_is_made_disabled_and_enabled():
    user = a_user()
    told = user.disable(reason="调离", facts=facts())
    assert not told.active
    assert not user.active_at(NOW)
    assert user.active_at(NOW - timedelta(seconds=1))
    user.enable(reason="", facts=facts())
    assert user.active_at(NOW)


@pytest.mark.refuses("US01")
@pytest.mark.refuses("US02")
@pytest.mark.refuses("US03")
def test_moves_of_an_account_that_are_refused():
    user = a_user()
    with pytest.raises(StateForbidsTransition):
        user.enable(reason="", facts=facts())
    with pytest.raises(RoleForbidsMove):
        user.disable(reason="", facts=facts(Role.CHIEF))
    user.disable(reason="", facts=facts())
    with pytest.raises(StateForbidsTransition):
        user.disable(reason="", facts=facts())
    for name in ("x", "9zhou", "zhou!", "z" * 33, "周正明"):
        with pytest.raises(u.UsernameInvalid):
            a_user(username=name)


def test_particulars_are_amended_and_the_history_names_the_fields_only():
    user = a_user()
    same = {"name": user.name, "post": "", "legal_qualification": "", "second_factor_required": False}

    user.amend(**{**same, "post": "队长"}, phone="13800000000", facts=facts())

    [line] = user.take_transitions()
    assert line.reason == "post; phone"
    with pytest.raises(u.PersonNameMissing):
        user.amend(**{**same, "name": " "}, phone="", facts=facts())


# Delegations.


def delegating(deputy, **changes):
    given = {"act": "penalty_decision", "max_amount": Money.yuan(20_000), "valid_from_on": TODAY, "valid_to_on": date(2022, 12, 31)}
    who = changes.pop("by", facts(Role.CHIEF, org_id=str(deputy.org_id)))
    return d.Delegation.delegate(deputy, **{**given, **changes}, facts=who)[0]


@pytest.mark.row("DL01")
@pytest.mark.row("DL02")
def test_a_delegation_holds_on_its_days_and_to_the_end_of_the_day_it_is_taken_back():
    made = delegating(a_user(None, "DEP"))
    assert made.holds(TODAY)
    assert not made.holds(date(2023, 1, 1))
    made.end(reason="", facts=facts(Role.CHIEF))
    assert made.holds(TODAY)
    assert not made.holds(TODAY + timedelta(days=1))


@pytest.mark.refuses("DL01")
@pytest.mark.refuses("DL02")
def test_delegations_that_are_refused():
    deputy = a_user(None, "DEP")
    for changes, refusal in (
        ({"act": "criminal_transfer"}, d.ActNotDelegable),
        ({"valid_to_on": None}, PeriodReversed),
        ({"valid_to_on": TODAY - timedelta(days=1)}, PeriodReversed),
        ({"max_amount": Money(0)}, d.AmountInvalid),
        ({"by": facts(Role.CHIEF, org_id="another body")}, d.DeputyIsNone),
        ({"by": facts(Role.DEP, org_id=str(deputy.org_id))}, RoleForbidsMove),
    ):
        with pytest.raises(refusal):
            delegating(deputy, **changes)
    with pytest.raises(d.DeputyIsNone):
        delegating(a_user(None, "UNIT"))
    made = delegating(deputy)
    made.end(reason="", facts=facts(Role.CHIEF))
    with pytest.raises(StateForbidsTransition):
        made.end(reason="", facts=facts(Role.CHIEF))


# Entrustments and bodies.


def entrusting(grantor=None, grantee=None, **changes):
    given = {
        "matter": "大岭山镇安全生产监督检查",
        "powers": ["INSPECTION", "PENALTY"],
        "basis": "行政处罚法第二十条",
        "published_in": "门户网站",
        "published_on": date(2020, 1, 10),
        "valid_from_on": date(2020, 1, 15),
        "valid_to_on": date(2025, 1, 14),
    }
    return e.Entrustment.entrust(grantor or a_body(), grantee or a_branch(), **{**given, **changes}, facts=facts())[0]


@pytest.mark.row("OE01")
def test_an_entrusted_branch_acts_in_the_grantors_name():
    city, branch = a_body(), a_branch()
    held = entrusting(city, branch)

    body = e.acting_body(branch, [held], {city.id: city}, TODAY)

    assert (body.issuer, body.entrustment, body.region_code) == (city, held, "441900118")


def test_other_bodies_act_in_their_own_name():
    city, street = a_body(), a_body(level=o.Level.TOWN, authority_basis=o.Basis.TRANSFERRED)

    assert e.acting_body(city, [], {}, TODAY).issuer is city
    assert e.acting_body(street, [], {}, TODAY).issuer is street


@pytest.mark.row("OE02")
@pytest.mark.refuses("OE02")
def test_an_entrustment_ends_once_and_within_its_term():
    branch = a_branch()
    held = entrusting(grantee=branch)
    with pytest.raises(PeriodReversed):
        held.end(on=date(2026, 1, 1), reason="", grantee=branch, facts=facts())
    held.end(on=None, reason="调整", grantee=branch, facts=facts())
    assert held.holds(TODAY)
    assert not held.holds(TODAY + timedelta(days=1))
    with pytest.raises(StateForbidsTransition):
        held.end(on=TODAY, reason="", grantee=branch, facts=facts())


def test_no_entrustment_in_force_no_acting_body():
    city, branch = a_body(), a_branch()
    later = entrusting(city, branch, published_on=date(2022, 8, 17))

    for held in ([], [later]):
        with pytest.raises(e.EntrustmentMissing):
            e.acting_body(branch, held, {city.id: city}, TODAY)


@pytest.mark.refuses("OE01")
@pytest.mark.parametrize("missing", ["matter", "powers", "basis", "published_in", "published_on", "valid_to_on"])
def test_an_entrustment_without_a_part_that_the_law_asks_is_refused(missing):
    with pytest.raises(e.EntrustmentIncomplete) as refused:
        entrusting(**{missing: None if missing.endswith("_on") else ""})

    assert refused.value.facts == {"missing": missing}


def test_coercion_is_never_entrusted_and_nobody_entrusts_on():
    with pytest.raises(e.CoercivePowerEntrusted):
        entrusting(powers=["INSPECTION", "SEAL_OR_SEIZE"])
    with pytest.raises(e.SubEntrustment):
        entrusting(grantor=a_branch())
    with pytest.raises(e.GranteeActsByOwnRight):
        entrusting(grantee=a_body())
    with pytest.raises(PeriodReversed):
        entrusting(valid_to_on=date(2019, 1, 1))


def creating(parent=None, **changes):
    given = {
        "slug": "dalingshan",
        "name": "分局",
        "level": o.Level.TOWN,
        "authority_basis": o.Basis.ENTRUSTED,
        "valid_from_on": None,
        **dict.fromkeys(("region_code", "uscc", "doc_abbr", "address", "postcode", "phone"), ""),
    }
    return o.OrgUnit.create(parent or a_body(), **{**given, **changes}, facts=facts())[0]


@pytest.mark.row("OU01")
@pytest.mark.row("OU02")
def test_a_body_is_made_below_its_parent_and_closed():
    made = creating()
    assert (made.path, made.org_path, made.seal_name) == ("/44/4419/dalingshan/", "/44/4419/dalingshan/", "")
    made.close(valid_to_on=date(2023, 1, 1), reason="", facts=facts())
    assert made.acts_on(date(2023, 1, 1))
    assert not made.acts_on(date(2023, 1, 2))
    with pytest.raises(e.BodyDoesNotAct):
        e.acting_body(a_body(valid_to_on=date(2022, 1, 1)), [], {}, TODAY)


@pytest.mark.refuses("OU01")
@pytest.mark.refuses("OU02")
def test_bodies_that_are_refused():
    for changes, refusal in (
        ({"slug": "Da Ling"}, o.SlugInvalid),
        ({"slug": "a/b"}, o.SlugInvalid),
        ({"name": " "}, o.OrgUnitNameMissing),
        ({"level": o.Level.PROVINCE}, o.LevelForbidsParent),
        ({"authority_basis": o.Basis.STATUTORY}, o.BasisForbidsLevel),
        ({"level": o.Level.COUNTY, "authority_basis": o.Basis.TRANSFERRED}, o.BasisForbidsLevel),
    ):
        with pytest.raises(refusal):
            creating(**changes)
    made = creating(valid_from_on=TODAY)
    with pytest.raises(PeriodReversed):
        made.close(valid_to_on=TODAY - timedelta(days=1), reason="", facts=facts())
    made.close(valid_to_on=TODAY, reason="", facts=facts())
    with pytest.raises(StateForbidsTransition):
        made.close(valid_to_on=TODAY, reason="", facts=facts())


def named(body, kind, name, first, last=None):
    body.set_counterpart(kind, name=name, address="", org_id="", valid_from_on=first, valid_to_on=last, facts=facts())


def test_a_new_court_ends_the_old_one_the_day_before():
    body, court = a_body(), o.CounterpartKind.COURT
    named(body, court, "第一人民法院", date(2020, 1, 1))
    named(body, court, "第二人民法院", date(2022, 1, 1))

    def on(day):
        return [one.name for one in body.counterparts_on(court, day)]

    assert (on(date(2021, 12, 31)), on(date(2022, 1, 1)), on(date(2019, 1, 1))) == (["第一人民法院"], ["第二人民法院"], [])
    named(body, court, "第三人民法院", date(2022, 1, 1))
    assert on(date(2022, 1, 1)) == ["第三人民法院"]
    with pytest.raises(PeriodReversed):
        named(body, court, "x", TODAY, TODAY - timedelta(days=1))
    with pytest.raises(o.OrgUnitNameMissing):
        named(body, court, " ", TODAY)


def test_there_may_be_two_bodies_for_reconsideration():
    body, kind = a_body(), o.CounterpartKind.RECONSIDERATION
    named(body, kind, "市人民政府", date(2020, 1, 1))
    named(body, kind, "省应急管理厅", date(2020, 1, 1), date(2023, 12, 31))

    assert len(body.counterparts_on(kind, date(2023, 12, 31))) == 2
    assert [one.name for one in body.counterparts_on(kind, date(2024, 1, 1))] == ["市人民政府"]


def test_an_empty_particular_leaves_what_stands():
    body = a_body(phone="0769-1")
    given = dict.fromkeys(("name", "uscc", "doc_abbr", "postcode", "phone", "seal_name"), "")

    body.amend(**given, address="鸿福路", payment=None, min_attendees=0, facts=facts())

    assert (body.phone, body.address, body.min_attendees) == ("0769-1", "鸿福路", 3)


# The legal clock.


def test_the_clock_moves_forward_only_once_it_is_set():
    past = NOW - timedelta(days=1500)
    first = offset_to(past, real=NOW, offset=None)

    assert first == -1500 * 86400
    later = offset_to(past + timedelta(days=1), real=NOW, offset=first)
    assert later == first + 86400
    with pytest.raises(ClockMovesForwardOnly):
        offset_to(past, real=NOW, offset=later)


def test_whole_seconds_do_not_fall_short_of_the_instant():
    offset = offset_to(NOW + timedelta(milliseconds=1), real=NOW, offset=0)

    assert NOW + timedelta(seconds=offset) >= NOW + timedelta(milliseconds=1)


@pytest.mark.parametrize("root", ["", "/", "//", "44", "/44", "44/", "/44/4419/"])
def test_a_root_is_the_first_part_of_a_path(root):
    with pytest.raises(RootInvalid):
        check_root(root)


def test_the_seen_is_the_thing_with_something_computed():
    from identity.application.queries import Seen

    seen = Seen(SimpleNamespace(a=1, b=2), b=3)

    assert (seen.a, seen.b) == (1, 3)
