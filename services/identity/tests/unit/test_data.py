import csv
import json
from collections import Counter
from importlib import import_module, resources
from pathlib import Path

import pytest
from anzhi.policy.v1 import policy_pb2
from identity.domain.org import shipped_id
from identity.domain.partner import SCOPES
from identity.domain.user import POSTS

DATA = resources.files("identity") / "data"
PROTOS = Path(__file__).parents[4] / "protos" / "anzhi"


def rows(name):
    return list(csv.DictReader((DATA / name).read_text("utf-8").splitlines()))


def permissions_of_policies():
    """Every permission that an RPC of any service asks for."""
    found = set()
    for proto in sorted(PROTOS.glob("*/v1/*.proto")):
        module = import_module(f"anzhi.{proto.parts[-3]}.v1.{proto.stem}_pb2")
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                found.add(method.GetOptions().Extensions[policy_pb2.policy].permission)
    return found - {""}


def matrix():
    return json.loads((DATA / "roles.json").read_text("utf-8"))


def test_every_permission_of_a_policy_is_some_roles_and_no_other_stands_there():
    given = {permission for role in matrix() for permission in role["permissions"]} | {f"partner.{scope}" for scope in SCOPES}

    assert permissions_of_policies() - given == set(), "an RPC that nobody may call: add its permission to roles.json"
    assert given - permissions_of_policies() == set(), "a permission that no RPC asks for"


def test_no_post_opens_a_door_of_partners():
    assert not {permission for role in matrix() for permission in role["permissions"] if permission.startswith("partner.")}


def test_every_post_has_its_row_and_both_names():
    assert {role["role"] for role in matrix()} == POSTS
    assert all(role["name_zh"] and role["name_en"] for role in matrix())


@pytest.mark.parametrize("role", ["ADMIN", "AUDITOR"])
def test_keepers_of_accounts_and_audit_change_nothing_of_a_case(role):
    held = next(row["permissions"] for row in matrix() if row["role"] == role)

    cases = {permission for permission in held if permission.split(".")[0] in {"inspections", "penalties", "evidence", "documents"}}
    assert {permission.split(".")[1] for permission in cases} <= ({"read"} if role == "AUDITOR" else set())


def test_the_province_has_21_cities_and_202_county_level_bodies():
    levels = Counter(row["level"] for row in rows("bodies.csv"))

    assert levels["PROVINCE"] == 1
    assert levels["CITY"] == 21
    assert levels["COUNTY"] == 122
    assert levels["TOWN"] == 36 + 23
    assert levels["COUNTY"] + levels["TOWN"] + levels["FUNCTIONAL_AREA"] == 202


def test_every_county_and_every_town_of_dongguan_and_zhongshan_has_its_body():
    divisions = rows("divisions.csv")
    bodies = {row["region_code"] for row in rows("bodies.csv")}

    without_level = {"441900", "442000"}
    counties = {row["code"] for row in divisions if row["level"] == "county"} - without_level
    towns = {row["code"] for row in divisions if row["parent_code"] in without_level}
    assert len(divisions) == 1903
    assert counties | towns <= bodies


def test_paths_and_abbreviations_are_unique_and_parents_exist():
    bodies = rows("bodies.csv")
    paths = [row["path"] for row in bodies]

    assert len(set(paths)) == len({shipped_id(path) for path in paths}) == len(paths)
    abbreviations = [row["doc_abbr"] for row in bodies if row["doc_abbr"]]
    assert len(set(abbreviations)) == len(abbreviations)
    assert all(row["authority_basis"] == "ENTRUSTED" or row["doc_abbr"] for row in bodies)
    for path in paths:
        above = path[: path.rstrip("/").rfind("/") + 1]
        assert above == "/" or above in paths
    assert {row["path"] for row in rows("counterparts.csv")} <= set(paths)
