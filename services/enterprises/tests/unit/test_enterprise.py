from datetime import UTC, date, datetime

import pytest
from enterprises.domain.enterprise import (
    CodeCheckFailed,
    Enterprise,
    EnterpriseNameMissing,
    LicencePeriodReversed,
    State,
    UnknownGrade,
    UnknownRegion,
    name_tokens,
)
from enterprises.domain.industry import supervision_class
from kernel.moves import Facts, Person, Role, RoleForbidsMove, StateForbidsTransition
from kernel.parameters import LawParameters


def facts(*roles: Role) -> Facts:
    person = Person(id="wu", org_id="o", org_path="/44/4419/dalingshan/", roles=frozenset(roles or {Role.OFF}))
    return Facts(by=person, now=datetime(2022, 8, 15, 1, tzinfo=UTC), law=LawParameters.shipped())


def an_enterprise(*, by: Facts | None = None, **changes: object) -> Enterprise:
    given = {
        "code": "91441900MA4W12346U",
        "name": "东莞市穗岭机械有限公司",
        "region_code": "441900118",
        "address": "东莞市大岭山镇",
        "legal_representative": "何某",
        "phone": "0769-12345678",
        "industry_code": "C3421",
        "grade": "GENERAL",
        "org_path": "/44/4419/dalingshan/",
        "confirm_code": False,
        **changes,
    }
    return Enterprise.register(facts=by or facts(), **given)[0]


def test_registering_makes_an_active_entity_with_its_supervision_class():
    entity = an_enterprise()

    assert entity.state is State.ACTIVE
    assert entity.supervision_class == "MACHINERY"
    assert [transition.name for transition in entity.take_transitions()] == ["register"]


def test_a_wrong_check_character_has_to_be_confirmed():
    with pytest.raises(CodeCheckFailed):
        an_enterprise(code="91441900MA4W12346X")
    assert not an_enterprise(code="91441900MA4W12346X", confirm_code=True).code_checked


def test_a_name_is_needed():
    with pytest.raises(EnterpriseNameMissing):
        an_enterprise(name=" ")


def test_a_place_outside_the_province_is_refused():
    with pytest.raises(UnknownRegion):
        an_enterprise(region_code="350100")


def test_the_grade_is_key_or_general():
    with pytest.raises(UnknownGrade):
        an_enterprise(grade="RED")


def test_a_reviewer_may_not_register():
    with pytest.raises(RoleForbidsMove):
        an_enterprise(by=facts(Role.LEGAL))


def test_amending_leaves_out_what_is_empty():
    entity = an_enterprise()

    entity.amend(name="", address="新址", legal_representative="", phone="", industry_code="", grade="KEY", facts=facts())

    assert (entity.name, entity.address, entity.grade) == ("东莞市穗岭机械有限公司", "新址", "KEY")


def test_a_new_name_is_found_by_its_own_parts():
    entity = an_enterprise()

    entity.amend(name="东莞市穗丰机械有限公司", address="", legal_representative="", phone="", industry_code="", grade="", facts=facts())

    assert "穗丰" in entity.name_tokens
    assert "穗岭" not in entity.name_tokens


def test_a_ceased_entity_stays_as_it_is():
    entity = an_enterprise()
    entity.cease(reason="deregistered", facts=facts())

    with pytest.raises(StateForbidsTransition):
        entity.cease(reason="again", facts=facts())


def test_a_licence_ends_after_it_begins():
    entity = an_enterprise()

    with pytest.raises(LicencePeriodReversed):
        entity.add_licence(
            kind="HAZCHEM_TRADE",
            number="1",
            issuer="x",
            scope=["甲醇"],
            valid_from_on=date(2022, 1, 2),
            valid_to_on=date(2022, 1, 1),
            facts=facts(),
        )


def test_a_licence_counts_on_both_its_ends():
    licence, _ = an_enterprise().add_licence(
        kind="HAZCHEM_TRADE",
        number="1",
        issuer="x",
        scope=["甲醇"],
        valid_from_on=date(2022, 1, 1),
        valid_to_on=date(2022, 1, 2),
        facts=facts(),
    )

    assert [licence.in_force(date(2022, 1, day)) for day in (1, 2, 3)] == [True, True, False]


def test_name_tokens_are_pairs_of_characters():
    assert name_tokens("穗岭 机械") == sorted({"穗岭", "岭机", "机械"})


@pytest.mark.parametrize(
    ("code", "expected"), [("C2614", "CHEMICAL"), ("C2672", "FIREWORKS"), ("B0610", "COAL_MINE"), ("Q8411", "OTHER"), ("", "OTHER")]
)
def test_supervision_classes_follow_the_industry(code: str, expected: str):
    assert supervision_class(code) == expected
