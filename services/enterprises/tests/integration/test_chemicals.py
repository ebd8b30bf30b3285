"""The catalogue in its tables, and the answer with what it rests on."""

import grpc
import pytest
import pytest_asyncio
from anzhi.enterprises.v1 import chemicals_pb2 as pb
from anzhi.enterprises.v1 import enterprises_pb2
from anzhi.enterprises.v1.chemicals_pb2_grpc import ChemicalsServiceStub
from anzhi.enterprises.v1.enterprises_pb2_grpc import EnterprisesServiceStub
from enterprises.adapters.reference import load_reference
from enterprises.adapters.store import Store
from servicekit.db import transaction
from testkit.asking import refusal, request_id
from testkit.users import a_user

from .test_api import PERMISSIONS, a_code, registering

ADMIN = ("enterprises.import", *PERMISSIONS)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def loaded(enterprises):
    """The catalogue that ships, loaded twice: the second time changes nothing."""
    for _ in range(2):
        async with transaction(enterprises.service.sessions, Store, jobs=True) as uow:
            await load_reference(uow)
    return enterprises


async def test_a_product_is_answered_with_licence_line_and_catalogue_row(loaded, world):
    user = a_user(org_path=world.a_root(), permissions=PERMISSIONS)
    entities = await loaded.stub(EnterprisesServiceStub, user)
    made = await entities.RegisterEnterprise(registering(code=a_code(41)), timeout=5)
    licence = await entities.AddLicence(
        enterprises_pb2.AddLicenceRequest(
            request_id=request_id(),
            enterprise_id=made.id,
            kind="危险化学品经营许可证",
            number=f"粤珠香危化经字〔2021〕{made.id[:4]}号",
            issuer="珠海市应急管理局",
            scope=["甲醇", "盐酸"],
            lines=[pb.ScopeLine(name="甲醇", cas="67-56-1"), pb.ScopeLine(name="盐酸")],
            valid_from_on="2021-06-01",
            valid_to_on="2024-05-31",
        ),
        timeout=5,
    )
    stub = await loaded.stub(ChemicalsServiceStub, user)

    answer = await stub.CheckLicenceScope(
        pb.CheckLicenceScopeRequest(
            enterprise_id=made.id,
            on="2022-06-14",
            products=[pb.Product(name="木醇"), pb.Product(name="丁酸", cas="107-92-6"), pb.Product(name="甘油"), pb.Product(name="稀释剂")],
        ),
        timeout=5,
    )

    words = [pb.ScopeResult.Answer.Name(result.answer) for result in answer.results]
    assert words == ["ANSWER_IN_SCOPE", "ANSWER_OUT_OF_SCOPE", "ANSWER_NOT_HAZARDOUS", "ANSWER_UNSURE"]
    first = answer.results[0]
    assert (first.licence_id, first.licence_line, first.catalogue_row.cas) == (licence.id, "甲醇", "67-56-1")
    assert (answer.catalogue.rows, answer.catalogue.complete, answer.catalogue.valid_from_on) == (95, False, "2015-05-01")
    assert await loaded.sql("SELECT count(*) AS n FROM catalogues WHERE source LIKE 'hazardous-chemicals%'") != []


async def test_an_imported_version_is_in_force_from_its_day_and_never_changed(loaded, world):
    admin = await loaded.stub(ChemicalsServiceStub, a_user(org_path=world.a_root(), roles=("ADMIN",), permissions=ADMIN))
    request = pb.ImportChemicalsRequest(
        request_id=request_id(),
        source="危险化学品目录（2099版）",
        valid_from_on="2099-01-01",
        complete=True,
        chemicals=[pb.Chemical(name="丙酮", cas="67-64-1", hazardous=True)],
    )

    made = await admin.ImportChemicals(request, timeout=5)
    again = await admin.ImportChemicals(request, timeout=5)
    before = await admin.ListChemicals(pb.ListChemicalsRequest(q="丙酮", on="2022-06-14"), timeout=5)
    after = await admin.ListChemicals(pb.ListChemicalsRequest(on="2099-01-01"), timeout=5)

    assert made == again
    assert before.catalogue.version < made.version == after.catalogue.version
    assert [chemical.name for chemical in after.chemicals] == ["丙酮"]
    for role in ("serve", "jobs"):
        with pytest.raises(Exception, match="permission denied"):
            await loaded.sql("UPDATE chemicals SET hazardous = false", role=role)


async def test_a_page_follows_the_other(loaded, world):
    stub = await loaded.stub(ChemicalsServiceStub, a_user(org_path=world.a_root(), permissions=PERMISSIONS))

    first = await stub.ListChemicals(pb.ListChemicalsRequest(on="2022-06-14", page_size=60), timeout=5)
    second = await stub.ListChemicals(pb.ListChemicalsRequest(on="2022-06-14", page_size=60, page_token=first.next_page_token), timeout=5)

    assert [chemical.row for chemical in (*first.chemicals, *second.chemicals)] == list(range(1, 96))


async def test_who_may_not_import_and_what_may_not_be_asked(loaded, world):
    user = a_user(org_path=world.a_root(), permissions=PERMISSIONS)
    stub = await loaded.stub(ChemicalsServiceStub, user)
    made = await (await loaded.stub(EnterprisesServiceStub, user)).RegisterEnterprise(registering(code=a_code(42)), timeout=5)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.ImportChemicals(pb.ImportChemicalsRequest(request_id=request_id()), timeout=5)
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
    empty = pb.CheckLicenceScopeRequest(enterprise_id=made.id)
    assert await refusal(stub.CheckLicenceScope(empty, timeout=5)) == "PRODUCTS_MISSING"
    wrong = pb.Product(name="稀释剂", mixture=[pb.MixturePart(name="甲苯", percent=101)])
    asked = pb.CheckLicenceScopeRequest(enterprise_id=made.id, products=[wrong])
    assert await refusal(stub.CheckLicenceScope(asked, timeout=5)) == "PERCENT_WRONG"
    elsewhere = await loaded.stub(ChemicalsServiceStub, a_user(org_path=world.a_root(), permissions=PERMISSIONS))
    asked = pb.CheckLicenceScopeRequest(enterprise_id=made.id, products=[pb.Product(name="甲苯")])
    assert await refusal(elsewhere.CheckLicenceScope(asked, timeout=5)) == "ENTERPRISE_NOT_FOUND"
