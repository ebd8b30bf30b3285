import asyncio

import grpc
import jwt
import pyotp
from anzhi.identity.v1 import identity_pb2 as pb
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from testkit.asking import refusal, request_id
from testkit.polling import poll

WRONG = "Certainly-Wrong-1"


def credentials(identity, username):
    return pb.LoginRequest(username=username, password=identity.accounts[username]["password"])


async def test_a_login_gives_a_token_that_says_who_where_and_what(identity):
    tokens = await identity.login("zhou")

    claims = jwt.decode(tokens.access_token, options={"verify_signature": False})
    assert claims["path"] == "/44/4419/dalingshan/"
    assert claims["root"] == "/44/"
    assert claims["roles"] == ["LEAD", "OFF"]
    assert "inspections.inspect" in claims["permissions"]
    assert "penalties.decide" not in claims["permissions"]
    assert claims["amr"] == ["pwd"]
    assert claims["exp"] - claims["iat"] == 600
    assert tokens.org_path == claims["path"]


async def test_a_wrong_password_and_an_unknown_name_are_refused_alike(identity):
    stub = await identity.nobody()

    assert await refusal(stub.Login(pb.LoginRequest(username="wu", password=WRONG))) == "LOGIN_REFUSED"
    assert await refusal(stub.Login(pb.LoginRequest(username="nobody-here", password=WRONG))) == "LOGIN_REFUSED"


async def test_the_record_of_logins_names_what_happened(identity):
    await identity.login("qin")
    await refusal((await identity.nobody()).Login(pb.LoginRequest(username="qin", password=WRONG)))

    auditor = await identity.by("lu")
    answer = await auditor.ListLogins(pb.ListLoginsRequest(user_id=identity.accounts["qin"]["user_id"], page_size=2))

    assert [entry.outcome for entry in answer.logins] == ["REFUSED", "LOGGED_IN"]
    assert answer.next_page_token


async def test_only_an_auditor_reads_the_record_of_logins(identity):
    assert await refusal((await identity.by("wu")).ListLogins(pb.ListLoginsRequest())) == "PERMISSION_MISSING"


async def test_many_wrong_passwords_pause_the_name_and_growing_longer(identity):
    stub = await identity.nobody()
    for _ in range(5):
        assert await refusal(stub.Login(pb.LoginRequest(username="song", password=WRONG))) == "LOGIN_REFUSED"

    assert await refusal(stub.Login(credentials(identity, "song"))) == "LOGIN_PAUSED"

    async def in_again():
        reason = await refusal(stub.Login(pb.LoginRequest(username="song", password=WRONG)))
        return reason == "LOGIN_REFUSED"

    await poll(in_again)
    ended = asyncio.get_running_loop().time()

    async def entered():
        try:
            return (await stub.Login(credentials(identity, "song"))).tokens.access_token
        except grpc.aio.AioRpcError:
            return ""

    await poll(entered)
    assert asyncio.get_running_loop().time() - ended > 1.5


async def test_an_unknown_name_pauses_like_a_known_one(identity):
    stub = await identity.nobody()

    reasons = [await refusal(stub.Login(pb.LoginRequest(username="ghost", password=WRONG))) for _ in range(6)]

    assert reasons == ["LOGIN_REFUSED"] * 5 + ["LOGIN_PAUSED"]


async def test_guesses_at_once_do_not_slip_past_the_pause(identity):
    stub = await identity.nobody()

    guesses = [refusal(stub.Login(pb.LoginRequest(username="many-at-once", password=WRONG))) for _ in range(20)]
    began = asyncio.get_running_loop().time()
    reasons = await asyncio.gather(*guesses)
    took = asyncio.get_running_loop().time() - began

    # Five are free; each pause (of 1, 2, 4 … seconds) that ended meanwhile lets one more through.
    ended = sum(took >= 2**number - 1 for number in range(1, 8))
    assert 5 <= reasons.count("LOGIN_REFUSED") <= 5 + ended


async def test_the_principal_head_shows_a_second_factor(identity):
    stub = await identity.nobody()
    answer = await stub.Login(credentials(identity, "zhao"))
    challenge = answer.challenge.id

    assert not answer.HasField("tokens")
    assert not answer.challenge.enrol
    assert await refusal(stub.VerifySecondFactor(pb.VerifySecondFactorRequest(challenge=challenge, code="000000"))) == "CODE_REFUSED"
    code = identity.code("zhao")
    tokens = await stub.VerifySecondFactor(pb.VerifySecondFactorRequest(challenge=challenge, code=code))
    claims = jwt.decode(tokens.access_token, options={"verify_signature": False})
    assert claims["amr"] == ["pwd", "otp"]
    assert "penalties.decide" in claims["permissions"]
    identity._tokens["zhao"] = tokens.access_token

    again = await stub.Login(credentials(identity, "zhao"))
    replayed = pb.VerifySecondFactorRequest(challenge=again.challenge.id, code=code)
    assert await refusal(stub.VerifySecondFactor(replayed)) == "CODE_REFUSED"


async def test_a_challenge_ends_after_five_wrong_codes(identity):
    stub = await identity.nobody()
    challenge = (await stub.Login(credentials(identity, "zhao"))).challenge.id

    wrong = pb.VerifySecondFactorRequest(challenge=challenge, code="123")
    reasons = [await refusal(stub.VerifySecondFactor(wrong)) for _ in range(6)]

    assert reasons == ["CODE_REFUSED"] * 5 + ["CHALLENGE_ENDED"]


async def test_the_first_administrator_enrols_a_factor_and_changes_his_password(identity):
    stub = await identity.nobody()
    login = pb.LoginRequest(username="first", password=identity.root_password)
    challenge = (await stub.Login(login)).challenge
    assert challenge.enrol

    begun = await stub.BeginTotp(pb.BeginTotpRequest(challenge=challenge.id))
    code = pyotp.TOTP(begun.secret).now()
    tokens = (await stub.ConfirmTotp(pb.ConfirmTotpRequest(challenge=challenge.id, code=code))).tokens
    assert tokens.password_change_required
    own = await identity.run.stub(IdentityServiceStub, token=tokens.access_token)
    assert await refusal(own.ListUsers(pb.ListUsersRequest())) == "PERMISSION_MISSING"
    change = pb.ChangePasswordRequest(current_password=identity.root_password, new_password="Changed-At-Once-2")
    await own.ChangePassword(change)
    fresh = await stub.RefreshToken(pb.RefreshTokenRequest(refresh_token=tokens.refresh_token))

    assert not fresh.password_change_required
    admin = await identity.run.stub(IdentityServiceStub, token=fresh.access_token)
    assert (await admin.ListUsers(pb.ListUsersRequest())).users
    me = await admin.GetMe(pb.GetMeRequest())
    assert me.user.second_factor_enrolled
    assert await refusal(stub.Login(login)) == "LOGIN_REFUSED"
    assert await refusal(admin.BeginTotp(pb.BeginTotpRequest(challenge=challenge.id))) == "CHALLENGE_ENDED"


async def test_a_weak_password_is_refused_and_the_old_one_stays(identity):
    own = await identity.by("yang")
    account = identity.accounts["yang"]

    weak = pb.ChangePasswordRequest(current_password=account["password"], new_password="short")
    assert await refusal(own.ChangePassword(weak)) == "PASSWORD_TOO_WEAK"
    named = pb.ChangePasswordRequest(current_password=account["password"], new_password="Yang-is-my-name-1")
    assert await refusal(own.ChangePassword(named)) == "PASSWORD_TOO_WEAK"

    assert (await identity.login("yang")).access_token


async def test_a_refresh_token_is_good_once_and_its_second_use_ends_the_session(identity):
    stub, tokens = await identity.nobody(), await identity.login("xu")

    second = await stub.RefreshToken(pb.RefreshTokenRequest(refresh_token=tokens.refresh_token))
    assert second.refresh_token != tokens.refresh_token
    stolen = pb.RefreshTokenRequest(refresh_token=tokens.refresh_token)
    assert await refusal(stub.RefreshToken(stolen)) == "REFRESH_TOKEN_REUSED"

    honest = pb.RefreshTokenRequest(refresh_token=second.refresh_token)
    assert await refusal(stub.RefreshToken(honest)) == "REFRESH_TOKEN_INVALID"


async def test_a_lost_answer_is_asked_again_with_the_same_attempt(identity):
    stub, tokens = await identity.nobody(), await identity.login("xu")
    asked = pb.RefreshTokenRequest(refresh_token=tokens.refresh_token, attempt=request_id())

    first = await stub.RefreshToken(asked)
    second = await stub.RefreshToken(asked)

    assert first.refresh_token == second.refresh_token
    assert (await stub.RefreshToken(pb.RefreshTokenRequest(refresh_token=second.refresh_token))).access_token


async def test_of_two_refreshes_at_once_one_wins_and_the_session_ends(identity):
    stub, tokens = await identity.nobody(), await identity.login("xu")
    asked = pb.RefreshTokenRequest(refresh_token=tokens.refresh_token)

    answers = await asyncio.gather(*(stub.RefreshToken(asked) for _ in range(8)), return_exceptions=True)

    won = [answer for answer in answers if isinstance(answer, pb.Tokens)]
    assert len(won) == 1
    assert await refusal(stub.RefreshToken(pb.RefreshTokenRequest(refresh_token=won[0].refresh_token))) == "REFRESH_TOKEN_INVALID"


async def test_a_made_up_refresh_token_is_refused_and_ends_nothing(identity):
    stub, tokens = await identity.nobody(), await identity.login("xu")
    session = tokens.refresh_token.split(".")[0]

    for made_up in ("", "x", f"{session}.1.{'0' * 64}", f"{session}.²."):
        assert await refusal(stub.RefreshToken(pb.RefreshTokenRequest(refresh_token=made_up))) == "REFRESH_TOKEN_INVALID"

    assert (await stub.RefreshToken(pb.RefreshTokenRequest(refresh_token=tokens.refresh_token))).access_token


async def test_after_logout_the_refresh_token_is_nothing(identity):
    stub, tokens = await identity.nobody(), await identity.login("xu")

    await stub.Logout(pb.LogoutRequest(refresh_token=tokens.refresh_token))
    await stub.Logout(pb.LogoutRequest(refresh_token=tokens.refresh_token))

    assert await refusal(stub.RefreshToken(pb.RefreshTokenRequest(refresh_token=tokens.refresh_token))) == "REFRESH_TOKEN_INVALID"


async def test_secrets_of_the_second_factor_do_not_stand_in_the_database(identity):
    rows = await identity.run.sql("SELECT totp_secret, password_hash FROM credentials WHERE totp_secret IS NOT NULL")

    secret = identity.accounts["zhao"]["totp_secret"].encode()
    assert rows
    assert all(secret not in row["totp_secret"] for row in rows)
    assert all(row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$") for row in rows)
