from datetime import UTC, datetime
from uuid import uuid4

from anzhi.identity.v1 import identity_pb2 as pb
from anzhi.type.v1 import types_pb2
from google.protobuf.timestamp_pb2 import Timestamp
from identity.domain.org import shipped_id
from testkit.asking import refusal, request_id
from testkit.polling import poll

CITY, BRANCH, ROOT = (str(shipped_id(path)) for path in ("/44/4419/", "/44/4419/dalingshan/", "/44/"))


def on(*day: int) -> Timestamp:
    at = Timestamp()
    at.FromDatetime(datetime(*day, 4, tzinfo=UTC))
    return at


async def a_person(identity, admin, **changes):
    given = {"request_id": request_id(), "username": f"p{uuid4().hex[:8]}", "name": "某人", "org_id": BRANCH, **changes}
    return await admin.CreateUser(pb.CreateUserRequest(**given))


async def granted(admin, person, role, **changes):
    return await admin.GrantRole(
        pb.GrantRoleRequest(request_id=request_id(), id=person.id, version=person.version, role=role, valid_from_on="2020-01-01", **changes)
    )


async def test_a_branch_acts_in_the_name_of_the_city_by_entrustment(identity):
    stub = await identity.service("penalties")

    body = await stub.GetActingBody(pb.GetActingBodyRequest(org_id=BRANCH, on="2022-08-16"))

    assert body.basis == pb.OrgUnit.BASIS_ENTRUSTED
    assert body.org.name == "东莞市应急管理局大岭山分局"
    assert (body.issuer.name, body.issuer.doc_abbr, body.issuer.region_code) == ("东莞市应急管理局", "莞", "441900")
    assert body.issuer.uscc.startswith("11441900")
    assert body.region_code == "441900118"
    assert pb.Entrustment.POWER_PENALTY in body.entrustment.powers
    assert body.government.name == "东莞市人民政府"
    assert body.court.name == "东莞市第一人民法院"
    assert body.payment.account_name == "东莞市财政局"
    assert [one.name for one in body.reconsideration_bodies] == ["东莞市人民政府", "广东省应急管理厅"]


async def test_since_2024_reconsideration_is_the_governments_alone(identity):
    stub = await identity.service("penalties")

    body = await stub.GetActingBody(pb.GetActingBodyRequest(org_id=BRANCH, on="2024-01-02"))

    assert [one.name for one in body.reconsideration_bodies] == ["东莞市人民政府"]


async def test_a_branch_without_entrustment_does_not_act(identity):
    stub = await identity.service("penalties")
    changan = str(shipped_id("/44/4419/changan/"))

    assert await refusal(stub.GetActingBody(pb.GetActingBodyRequest(org_id=changan, on="2022-08-16"))) == "ENTRUSTMENT_MISSING"


async def test_a_district_acts_in_its_own_name(identity):
    stub = await identity.by("liang")

    body = await stub.GetActingBody(pb.GetActingBodyRequest(org_id=str(shipped_id("/44/4404/xiangzhou/")), on="2022-06-14"))

    assert body.basis == pb.OrgUnit.BASIS_STATUTORY
    assert body.issuer.id == body.org.id
    assert body.superior.name == "珠海市应急管理局"
    assert not body.HasField("entrustment")


async def test_officers_are_answered_as_they_were_at_the_instant(identity):
    stub = await identity.service("inspections")
    ids = [identity.accounts[name]["user_id"] for name in ("zhou", "wei", "feng")]

    before = await stub.GetOfficers(pb.GetOfficersRequest(ids=[*ids, str(uuid4())], at=on(2022, 6, 15)))
    after = await stub.GetOfficers(pb.GetOfficersRequest(ids=ids, at=on(2022, 8, 16)))

    assert [officer.name for officer in before.officers] == ["周正明", "魏一凡", "冯雅文"]
    state = pb.OfficerCertificate
    assert before.officers[1].certificates[0].state == state.STATE_EXPIRING
    assert after.officers[1].certificates[0].state == state.STATE_EXPIRED
    assert [held.state for held in after.officers[0].certificates] == [state.STATE_NOT_YET_VALID, state.STATE_VALID]
    assert after.officers[0].roles == ["LEAD", "OFF"]
    assert after.officers[0].active
    assert after.officers[2].legal_qualified
    assert not after.officers[0].legal_qualified


async def test_officers_cost_three_statements_however_many(identity, counted):
    stub, ids = await identity.service("inspections"), [account["user_id"] for account in identity.accounts.values()]

    async with counted() as one:
        await stub.GetOfficers(pb.GetOfficersRequest(ids=ids[:1]))
    async with counted() as many:
        await stub.GetOfficers(pb.GetOfficersRequest(ids=ids))

    assert len(one) == len(many) == 4, one


async def test_the_divisions_of_guangdong_are_there(identity):
    stub = await identity.by("zhou")

    cities = await stub.ListDivisions(pb.ListDivisionsRequest(parent_code="44"))
    found = await stub.ListDivisions(pb.ListDivisionsRequest(q="大岭山"))

    assert len(cities.divisions) == 21
    assert "441900118" in [division.code for division in found.divisions]


async def test_bodies_are_found_by_parent_and_name_page_by_page(identity):
    stub = await identity.by("wu")

    zhongshan = str(shipped_id("/44/4420/"))
    first = await stub.ListOrgUnits(pb.ListOrgUnitsRequest(parent_id=zhongshan, page_size=20))
    second = await stub.ListOrgUnits(pb.ListOrgUnitsRequest(parent_id=zhongshan, page_size=20, page_token=first.next_page_token))
    found = await stub.ListOrgUnits(pb.ListOrgUnitsRequest(q="横琴"))

    assert len(first.org_units) + len(second.org_units) == 23
    assert not second.next_page_token
    assert [unit.path for unit in found.org_units] == ["/44/4404/hengqin/"]


async def test_loading_again_leaves_amended_bodies_alone(identity):
    from servicekit.app import load_reference

    await load_reference(identity.run.service)

    body = await (await identity.by("wu")).GetOrgUnit(pb.GetOrgUnitRequest(id=CITY))
    assert body.address
    assert body.version > 1
    assert (await identity.run.sql("SELECT count(*) AS shipped FROM org_units WHERE NOT verified"))[0]["shipped"] == 224


async def test_an_administrator_makes_a_person_who_logs_in_and_acts(identity):
    admin, nobody = await identity.by("he"), await identity.nobody()
    person = await granted(admin, await a_person(identity, admin), "OFF")
    password = (await admin.ResetPassword(pb.ResetPasswordRequest(id=person.id))).password

    tokens = (await nobody.Login(pb.LoginRequest(username=person.username, password=password))).tokens

    assert person.roles == ["OFF"]
    assert tokens.password_change_required
    history = await (await identity.by("lu")).ListHistory(types_pb2.ListHistoryRequest(id=person.id))
    assert [entry.move for entry in history.entries] == ["create", "grant_role"]
    logins = await (await identity.by("lu")).ListLogins(pb.ListLoginsRequest(user_id=person.id))
    assert [entry.outcome for entry in logins.logins] == ["LOGGED_IN", "PASSWORD_RESET"]
    assert logins.logins[1].by == identity.accounts["he"]["user_id"]


async def test_a_person_is_made_once_however_often_it_is_asked(identity):
    admin = await identity.by("he")
    asked = pb.CreateUserRequest(request_id=request_id(), username=f"p{uuid4().hex[:8]}", name="某人", org_id=BRANCH)

    assert await admin.CreateUser(asked) == await admin.CreateUser(asked)
    asked.request_id = request_id()
    assert await refusal(admin.CreateUser(asked)) == "USERNAME_TAKEN"


async def test_who_is_disabled_cannot_log_in_or_go_on(identity):
    admin, nobody = await identity.by("he"), await identity.nobody()
    person = await a_person(identity, admin)
    password = (await admin.ResetPassword(pb.ResetPasswordRequest(id=person.id))).password
    login = pb.LoginRequest(username=person.username, password=password)
    tokens = (await nobody.Login(login)).tokens

    await admin.DisableUser(pb.DisableUserRequest(request_id=request_id(), id=person.id, version=person.version, reason="调离"))

    assert await refusal(nobody.Login(login)) == "LOGIN_REFUSED"
    refresh = pb.RefreshTokenRequest(refresh_token=tokens.refresh_token)
    assert await refusal(nobody.RefreshToken(refresh)) == "REFRESH_TOKEN_INVALID"


async def test_nobody_gives_himself_a_role_and_a_stale_version_changes_nothing(identity):
    admin, own = await identity.by("he"), identity.accounts["he"]["user_id"]
    me = await admin.GetUser(pb.GetUserRequest(id=own))
    person = await granted(admin, await a_person(identity, admin), "OFF")

    assert await refusal(granted(admin, me, "SEAL")) == "OWN_ROLES"
    assert await refusal(granted(admin, person, "OFF")) == "ROLE_HELD_ALREADY"
    assert await refusal(granted(admin, person, "ADMIN")) == "ROLES_APART"
    person.version -= 1
    assert await refusal(granted(admin, person, "SEAL")) == "CHANGED_MEANWHILE"


async def test_an_administrator_of_the_city_does_not_reach_another(identity):
    admin = await identity.by("he")
    foreign = str(shipped_id("/44/4404/xiangzhou/"))

    assert await refusal(a_person(identity, admin, org_id=foreign)) == "ORG_UNIT_NOT_FOUND"
    liang = identity.accounts["liang"]["user_id"]
    assert await refusal(admin.GetUser(pb.GetUserRequest(id=liang))) == "USER_NOT_FOUND"
    assert await refusal(admin.ResetPassword(pb.ResetPasswordRequest(id=liang))) == "USER_NOT_FOUND"
    listed = await admin.ListUsers(pb.ListUsersRequest(page_size=200))
    assert "liang" not in {user.username for user in listed.users}


async def test_a_certificate_is_issued_suspended_resumed_renewed_and_revoked(identity):
    admin = await identity.by("he")
    person = await a_person(identity, admin)
    number = f"4419{uuid4().int % 10**8:08d}"
    issued = await admin.IssueCertificate(
        pb.IssueCertificateRequest(
            request_id=request_id(),
            user_id=person.id,
            number=number,
            issuer="广东省人民政府",
            categories=["WORK_SAFETY"],
            region_codes=["4419"],
            valid_from_on="2026-01-01",
            valid_to_on="2030-12-31",
        )
    )

    def same(kind, held, **more):
        return kind(request_id=request_id(), id=held.id, version=held.version, **more)

    suspended = await admin.SuspendCertificate(same(pb.SuspendCertificateRequest, issued, reason="年审"))
    assert suspended.state == pb.OfficerCertificate.STATE_SUSPENDED
    assert await refusal(admin.SuspendCertificate(same(pb.SuspendCertificateRequest, suspended))) == "STATE_FORBIDS_TRANSITION"
    resumed = await admin.ResumeCertificate(same(pb.ResumeCertificateRequest, suspended))
    assert resumed.state == pb.OfficerCertificate.STATE_VALID
    renewal = {"number": number, "valid_from_on": "2031-01-01", "valid_to_on": "2035-12-31"}
    renewed = await admin.RenewCertificate(same(pb.RenewCertificateRequest, resumed, **renewal))
    assert (renewed.renews_id, renewed.state) == (issued.id, pb.OfficerCertificate.STATE_NOT_YET_VALID)
    again = same(pb.RenewCertificateRequest, resumed, **renewal)
    assert await refusal(admin.RenewCertificate(again)) == "CERTIFICATE_NUMBER_TAKEN"
    revoked = await admin.RevokeCertificate(same(pb.RevokeCertificateRequest, resumed, reason="违法"))
    assert revoked.state == pb.OfficerCertificate.STATE_REVOKED
    held = await admin.ListCertificates(pb.ListCertificatesRequest(user_id=person.id))
    assert len(held.certificates) == 2
    moves = await admin.ListMoves(types_pb2.ListMovesRequest(id=issued.id))
    assert {move.row for move in moves.moves} == {"OC02", "OC03", "OC04", "OC05", "OC06"}
    assert not any(move.permitted for move in moves.moves)


async def test_the_head_delegates_and_the_deputys_next_token_says_so(identity):
    chief, sun = await identity.by("zhao"), identity.accounts["sun"]["user_id"]
    asked = pb.DelegateRequest(
        request_id=request_id(),
        act="penalty_decision",
        max_amount=types_pb2.Money(fen=2_000_000),
        deputy_id=sun,
        valid_from_on="2022-01-01",
        valid_to_on="2099-12-31",
    )
    made = await chief.Delegate(asked)

    me = await (await identity.by("sun")).GetMe(pb.GetMeRequest())
    assert [(held.act, held.max_amount.fen) for held in me.delegations] == [("penalty_decision", 2_000_000)]
    import jwt

    claims = jwt.decode((await identity.login("sun")).access_token, options={"verify_signature": False})
    assert claims["delegations"] == {"penalty_decision": 2_000_000}
    assert await refusal((await identity.by("he")).Delegate(asked)) == "PERMISSION_MISSING"
    asked.request_id, asked.act = request_id(), "criminal_transfer"
    assert await refusal(chief.Delegate(asked)) == "ACT_NOT_DELEGABLE"
    end = pb.EndDelegationRequest(request_id=request_id(), id=made.id, version=made.version, reason="收回")
    assert (await chief.EndDelegation(end)).state == pb.Delegation.STATE_ENDED


async def test_powers_are_entrusted_in_writing_and_never_on(identity):
    admin, humen = await identity.by("he"), str(shipped_id("/44/4419/humen/"))
    asked = pb.EntrustRequest(
        request_id=request_id(),
        grantor_id=CITY,
        grantee_id=humen,
        matter="虎门镇安全生产监督检查",
        powers=[pb.Entrustment.POWER_INSPECTION],
        basis="《中华人民共和国行政处罚法》第二十条",
        published_in="门户网站",
        published_on="2022-01-05",
        valid_from_on="2022-01-10",
        valid_to_on="2027-01-09",
    )
    made = await admin.Entrust(asked)

    body = await admin.GetActingBody(pb.GetActingBodyRequest(org_id=humen, on="2022-02-01"))
    assert body.entrustment.id == made.id
    assert await refusal(admin.GetActingBody(pb.GetActingBodyRequest(org_id=humen, on="2022-01-04"))) == "ENTRUSTMENT_MISSING"
    asked.request_id, asked.grantor_id = request_id(), humen
    assert await refusal(admin.Entrust(asked)) == "SUB_ENTRUSTMENT"
    end = pb.EndEntrustmentRequest(request_id=request_id(), id=made.id, version=made.version, valid_to_on="2022-12-31", reason="调整")
    assert (await admin.EndEntrustment(end)).valid_to_on == "2022-12-31"
    assert await refusal(admin.GetActingBody(pb.GetActingBodyRequest(org_id=humen, on="2023-01-01"))) == "ENTRUSTMENT_MISSING"


async def test_a_body_is_made_amended_and_closed(identity):
    admin = await identity.by("he")
    made = await admin.CreateOrgUnit(
        pb.CreateOrgUnitRequest(
            request_id=request_id(),
            parent_id=CITY,
            slug=f"x{uuid4().hex[:6]}",
            name="东莞市应急管理局水乡分局",
            level=pb.OrgUnit.LEVEL_TOWN,
            authority_basis=pb.OrgUnit.BASIS_TRANSFERRED,
            valid_from_on="2022-01-01",
        )
    )

    amend = pb.AmendOrgUnitRequest(request_id=request_id(), id=made.id, version=made.version, phone="0769-1")
    amended = await admin.AmendOrgUnit(amend)
    counterpart = pb.SetCounterpartRequest(
        request_id=request_id(),
        id=made.id,
        version=amended.version,
        kind=pb.Counterpart.KIND_COURT,
        name="东莞市第二人民法院",
        valid_from_on="2022-01-01",
    )
    named = await admin.SetCounterpart(counterpart)
    assert [(one.name, one.kind) for one in named.counterparts] == [("东莞市第二人民法院", pb.Counterpart.KIND_COURT)]
    close = pb.CloseOrgUnitRequest(request_id=request_id(), id=made.id, version=named.version, valid_to_on="2023-12-31", reason="撤销")
    closed = await admin.CloseOrgUnit(close)
    assert (closed.state, closed.phone) == (pb.OrgUnit.STATE_CLOSED, "0769-1")
    assert await refusal(admin.GetActingBody(pb.GetActingBodyRequest(org_id=made.id, on="2024-01-01"))) == "BODY_DOES_NOT_ACT"


async def test_changes_of_people_are_told_to_others_without_their_names(identity, world):
    admin = await identity.by("he")
    person = await a_person(identity, admin, name="不可外传")

    async def told():
        return [record for record in await world.records("identity.user.v1") if record.key == person.id.encode()]

    records = await poll(told)
    assert dict(records[0].headers)["ce_type"] == b"anzhi.identity.v1.UserChanged"
    assert "不可外传".encode() not in records[0].value
