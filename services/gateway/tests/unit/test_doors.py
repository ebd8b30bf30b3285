import pytest
from gateway.doors import House, doors


@pytest.fixture(scope="module")
def house() -> House:
    return House(doors())


def found(house: House, method: str, path: str) -> tuple[str, dict[str, str]]:
    return next((door.name, values) for door, values in house.at(path) if door.method == method)


def test_each_door_fits_its_request_and_no_two_share_a_path():
    assert len(doors()) > 50


def test_a_verb_after_a_colon_is_another_door(house: House):
    assert found(house, "GET", "/v1/enterprises/abc") == ("GetEnterprise", {"id": "abc"})
    assert found(house, "POST", "/v1/enterprises/abc:amend") == ("AmendEnterprise", {"id": "abc"})


def test_a_verb_without_an_id_is_not_taken_for_an_id(house: House):
    assert found(house, "GET", "/v1/laws:search")[0] == "SearchArticles"


def test_a_path_parameter_is_decoded_once_and_may_hold_a_slash_or_a_colon(house: House):
    assert found(house, "GET", "/v1/enterprises/a%2Fb%3Ac%2520") == ("GetEnterprise", {"id": "a/b:c%20"})


def test_an_unknown_path_has_no_door(house: House):
    assert house.at("/v1/nothing") == []
    assert house.at("/v1/enterprises/abc:unknown") == []
    assert house.at("/v1/enterprises/") == []


def test_a_write_takes_its_request_id_and_version_from_headers():
    amend = next(door for door in doors() if door.name == "AmendEnterprise")

    assert amend.write
    assert amend.versioned
    assert {field.name for field in amend.body}.isdisjoint({"request_id", "version", "id"})


def test_a_read_has_neither():
    search = next(door for door in doors() if door.name == "SearchEnterprises")

    assert not search.write
    assert {field.name for field in search.query} == {"q", "region_code", "page_size", "page_token"}
    assert search.body == ()
