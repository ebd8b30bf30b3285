import grpc
import pytest
from anzhi.enterprises.v1 import enterprises_pb2 as pb
from anzhi.enterprises.v1.enterprises_pb2_grpc import EnterprisesServiceStub
from testkit.asking import refusal, request_id
from testkit.polling import poll
from testkit.users import a_user

CODE = "91441900MA4W12346U"
PERMISSIONS = ("enterprises.register", "enterprises.read")


def a_code(number: int) -> str:
    """A made-up code that was confirmed against the registry, whatever its check character."""
    return f"91441900MA4W{number:05d}U"


def registering(**changes: object) -> pb.RegisterEnterpriseRequest:
    given = {
        "request_id": request_id(),
        "code": CODE,
        "name": "东莞市穗岭机械有限公司",
        "region_code": "441900118",
        "address": "东莞市大岭山镇",
        "industry_code": "C3421",
        "grade": "GENERAL",
        "confirm_code": True,
        **changes,
    }
    return pb.RegisterEnterpriseRequest(**given)


async def test_an_entity_is_found_by_a_part_of_its_name(enterprises, world):
    root = world.a_root()
    stub = await enterprises.stub(EnterprisesServiceStub, a_user(org_path=root, permissions=PERMISSIONS))

    made = await stub.RegisterEnterprise(registering(code=a_code(1), name="东莞市岭南焊接设备有限公司"), timeout=5)
    found = await stub.SearchEnterprises(pb.SearchEnterprisesRequest(q="焊接"), timeout=5)

    assert [entity.id for entity in found.enterprises] == [made.id]
    assert made.supervision_class == "MACHINERY"
    assert made.state == pb.Enterprise.STATE_ACTIVE
    assert made.version == 1


async def test_another_jurisdiction_sees_nothing_but_the_code_is_taken(enterprises, world):
    here, there = world.a_root(), world.a_root()
    ours = await enterprises.stub(EnterprisesServiceStub, a_user(org_path=here, permissions=PERMISSIONS))
    theirs = await enterprises.stub(EnterprisesServiceStub, a_user(org_path=there, permissions=PERMISSIONS))
    made = await ours.RegisterEnterprise(registering(code=a_code(2)), timeout=5)

    assert await refusal(theirs.GetEnterprise(pb.GetEnterpriseRequest(id=made.id), timeout=5)) == "ENTERPRISE_NOT_FOUND"
    assert await refusal(theirs.RegisterEnterprise(registering(code=a_code(2)), timeout=5)) == "ENTERPRISE_ALREADY_REGISTERED"


async def test_a_stale_version_changes_nothing(enterprises, world):
    stub = await enterprises.stub(EnterprisesServiceStub, a_user(org_path=world.a_root(), permissions=PERMISSIONS))
    made = await stub.RegisterEnterprise(registering(code=a_code(3)), timeout=5)
    await stub.AmendEnterprise(pb.AmendEnterpriseRequest(request_id=request_id(), id=made.id, version=1, phone="0769-1"), timeout=5)

    stale = pb.AmendEnterpriseRequest(request_id=request_id(), id=made.id, version=1, phone="0769-2")

    assert await refusal(stub.AmendEnterprise(stale, timeout=5)) == "ENTERPRISE_CHANGED"
    assert (await stub.GetEnterprise(pb.GetEnterpriseRequest(id=made.id), timeout=5)).phone == "0769-1"


async def test_registering_twice_with_one_request_id_is_done_once(enterprises, world):
    stub = await enterprises.stub(EnterprisesServiceStub, a_user(org_path=world.a_root(), permissions=PERMISSIONS))
    request = registering(code=a_code(4))

    assert await stub.RegisterEnterprise(request, timeout=5) == await stub.RegisterEnterprise(request, timeout=5)


async def test_who_lacks_the_permission_is_refused(enterprises, world):
    stub = await enterprises.stub(EnterprisesServiceStub, a_user(org_path=world.a_root(), permissions=("enterprises.read",)))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.RegisterEnterprise(registering(code=a_code(5)), timeout=5)
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED


async def test_an_expired_certificate_is_found_and_does_not_qualify(enterprises, world):
    stub = await enterprises.stub(EnterprisesServiceStub, a_user(org_path=world.a_root(), permissions=PERMISSIONS))
    await stub.RegisterCertificate(
        pb.RegisterCertificateRequest(
            request_id=request_id(),
            number="T11010519491231002X",
            holder_name="李某",
            holder_id_number="11010519491231002X",
            item="2.1",
            valid_from_on="2016-05-01",
            valid_to_on="2022-04-30",
            review_due_on="2022-04-30",
            issuer="省局",
        ),
        timeout=5,
    )

    asked = pb.FindSpecialOperationCertificatesRequest(holder_id_number="11010519491231002X", item="2.1", on="2022-08-16")
    answer = await stub.FindSpecialOperationCertificates(asked, timeout=5)

    assert (answer.found, answer.qualified) == (True, False)
    assert answer.certificates[0].status == pb.Certificate.STATUS_EXPIRED
    assert answer.certificates[0].holder_id_number == "110***********002X"


async def test_nothing_in_the_register_is_an_answer(enterprises, world):
    stub = await enterprises.stub(EnterprisesServiceStub, a_user(org_path=world.a_root(), permissions=PERMISSIONS))

    asked = pb.FindSpecialOperationCertificatesRequest(holder_id_number="440106199001011234", item="2.1", on="2022-08-16")

    assert not (await stub.FindSpecialOperationCertificates(asked, timeout=5)).found


async def test_registering_is_told_to_others(enterprises, world):
    stub = await enterprises.stub(EnterprisesServiceStub, a_user(org_path=world.a_root(), permissions=PERMISSIONS))
    made = await stub.RegisterEnterprise(registering(code=a_code(6)), timeout=5)

    async def told() -> bool:
        return any(made.id.encode() in (record.key or b"") for record in await world.records("enterprises.enterprise.v1"))

    await poll(told, deadline=10)
