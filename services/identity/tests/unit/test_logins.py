import pytest
from identity.application.login import Bearer, Logins
from identity.domain import login as rules

from .fakes import FakeAccounts, FakeCodes, FakeHasher, FakeSessions, FakeTokens, an_account

RIGHT = "Right-Password-1"


@pytest.fixture
def accounts():
    return FakeAccounts()


@pytest.fixture
def sessions():
    return FakeSessions()


@pytest.fixture
def hasher():
    return FakeHasher()


@pytest.fixture
def logins(accounts, sessions, hasher):
    return Logins(accounts, sessions, hasher, FakeCodes(), FakeTokens())


def bearer(account, *amr, session=""):
    return Bearer(account.id, session, amr or ("pwd",))


async def test_the_right_password_enters(logins, accounts):
    accounts.put(an_account())

    entered = await logins.login(" Zhou ", RIGHT, client="here")

    assert entered.tokens.access_token == "pwd"
    assert entered.challenge is None
    assert accounts.notes == ["LOGGED_IN"]


async def test_an_unknown_name_costs_a_comparison_all_the_same(logins, accounts, hasher):
    with pytest.raises(rules.LoginRefused):
        await logins.login("nobody", RIGHT, client="here")

    assert hasher.verified == [""]
    assert accounts.notes == ["REFUSED"]


async def test_a_disabled_account_is_refused_like_a_wrong_password(logins, accounts):
    accounts.put(an_account(active=False))

    with pytest.raises(rules.LoginRefused, match="name or password is wrong"):
        await logins.login("zhou", RIGHT, client="here")


async def test_a_paused_name_is_not_even_compared(logins, accounts, sessions, hasher):
    accounts.put(an_account())
    sessions.waits = 30

    with pytest.raises(rules.LoginPaused) as refused:
        await logins.login("zhou", RIGHT, client="here")

    assert refused.value.facts == {"retry_after": 30}
    assert hasher.verified == []
    assert accounts.notes == ["PAUSED"]


async def test_an_outdated_hash_is_made_anew(logins, accounts, hasher):
    accounts.put(an_account())
    hasher.old = True

    await logins.login("zhou", RIGHT, client="here")

    assert accounts.notes == ["REHASHED", "LOGGED_IN"]


async def test_who_needs_a_factor_gets_a_challenge_and_the_tries_still_count(logins, accounts, sessions):
    accounts.put(an_account(needs_second_factor=True, enrolled=True, totp_secret="s"))

    challenge = (await logins.login("zhou", RIGHT, client="here")).challenge
    assert not challenge.enrol
    assert sessions.tries == 1

    entered = await logins.verify(challenge.id, "7 s", client="here")
    assert entered.access_token == "pwd,otp"
    assert sessions.tries == 0
    with pytest.raises(rules.ChallengeEnded):
        await logins.verify(challenge.id, "8 s", client="here")


async def test_a_code_is_good_once(logins, accounts):
    accounts.put(an_account(needs_second_factor=True, enrolled=True, totp_secret="s"))
    first = (await logins.login("zhou", RIGHT, client="here")).challenge
    await logins.verify(first.id, "7 s", client="here")
    second = (await logins.login("zhou", RIGHT, client="here")).challenge

    with pytest.raises(rules.CodeRefused):
        await logins.verify(second.id, "7 s", client="here")

    assert accounts.notes[-1] == "CODE_REFUSED"


async def test_who_has_no_factor_enrols_one_by_the_challenge(logins, accounts):
    account = accounts.put(an_account(needs_second_factor=True))
    challenge = (await logins.login("zhou", RIGHT, client="here")).challenge
    assert challenge.enrol
    with pytest.raises(rules.NothingToEnrol):
        await logins.confirm_totp(challenge.id, None, "7 x", client="here")

    begun = await logins.begin_totp(challenge.id, None)
    with pytest.raises(rules.CodeRefused):
        await logins.confirm_totp(challenge.id, None, "7 x", client="here")
    tokens = await logins.confirm_totp(challenge.id, None, f"7 {begun.secret}", client="here")

    assert tokens.access_token == "pwd,otp"
    assert accounts.known[account.id].enrolled


async def test_a_challenge_to_enrol_is_no_challenge_to_verify(logins, accounts):
    accounts.put(an_account(needs_second_factor=True))
    challenge = (await logins.login("zhou", RIGHT, client="here")).challenge

    with pytest.raises(rules.ChallengeEnded):
        await logins.verify(challenge.id, "7 ", client="here")


async def test_a_second_factor_is_replaced_only_by_who_has_just_shown_it(logins, accounts):
    account = accounts.put(an_account(enrolled=True, totp_secret="s"))

    with pytest.raises(rules.SecondFactorEnrolled):
        await logins.begin_totp("", bearer(account))
    begun = await logins.begin_totp("", bearer(account, "pwd", "otp"))
    assert await logins.confirm_totp("", bearer(account, "pwd", "otp"), f"8 {begun.secret}", client="here") is None

    assert accounts.known[account.id].totp_secret == begun.secret
    with pytest.raises(rules.ChallengeEnded):
        await logins.begin_totp("", None)


async def test_a_refresh_token_is_good_once(logins, accounts):
    accounts.put(an_account())
    tokens = (await logins.login("zhou", RIGHT, client="here")).tokens

    fresh = await logins.refresh(tokens.refresh_token, "", client="here")
    with pytest.raises(rules.RefreshTokenReused):
        await logins.refresh(tokens.refresh_token, "", client="here")
    with pytest.raises(rules.RefreshTokenInvalid):
        await logins.refresh(fresh.refresh_token, "", client="here")

    assert accounts.notes[-1] == "REFRESHED_TWICE"


async def test_a_disabled_account_does_not_go_on(logins, accounts, sessions):
    account = accounts.put(an_account())
    tokens = (await logins.login("zhou", RIGHT, client="here")).tokens
    accounts.put(an_account(id=account.id, active=False))

    with pytest.raises(rules.RefreshTokenInvalid):
        await logins.refresh(tokens.refresh_token, "", client="here")

    assert sessions.sessions == {}
    with pytest.raises(rules.RefreshTokenInvalid):
        await logins.refresh("nonsense", "", client="here")


async def test_a_session_that_ended_between_two_looks_is_gone(logins, accounts, sessions):
    account = accounts.put(an_account())
    tokens = (await logins.login("zhou", RIGHT, client="here")).tokens

    async def still(session):
        sessions.sessions.clear()
        return account.id

    sessions.owner = still
    with pytest.raises(rules.RefreshTokenInvalid):
        await logins.refresh(tokens.refresh_token, "", client="here")


async def test_logging_out_twice_is_no_error(logins, accounts):
    accounts.put(an_account())
    tokens = (await logins.login("zhou", RIGHT, client="here")).tokens

    await logins.logout(tokens.refresh_token, client="here")
    await logins.logout(tokens.refresh_token, client="here")
    await logins.logout("nonsense", client="here")

    assert accounts.notes == ["LOGGED_IN", "LOGGED_OUT"]


async def test_a_changed_password_ends_the_other_sessions(logins, accounts, sessions):
    account = accounts.put(an_account())
    for _ in range(2):
        await logins.login("zhou", RIGHT, client="here")
    mine = next(iter(sessions.sessions))

    await logins.change_password(bearer(account, session=mine), RIGHT, "Another-Password-2", client="here")

    assert list(sessions.sessions) == [mine]
    with pytest.raises(rules.LoginRefused):
        await logins.login("zhou", RIGHT, client="here")


async def test_a_password_changes_only_by_the_present_one_and_to_another(logins, accounts):
    account = accounts.put(an_account())

    with pytest.raises(rules.LoginRefused):
        await logins.change_password(bearer(account), "Wrong-Password-1", "Another-Password-2", client="here")
    with pytest.raises(rules.PasswordUnchanged):
        await logins.change_password(bearer(account), RIGHT, RIGHT, client="here")


async def test_a_reset_password_is_to_be_changed_and_ends_every_session(logins, accounts, sessions):
    account = accounts.put(an_account())
    await logins.login("zhou", RIGHT, client="here")

    await logins.reset_password(account.id, "For-Once-Only-3", by="admin", client="here")

    assert sessions.sessions == {}
    assert accounts.known[account.id].must_change
    accounts.put(an_account(id=account.id, active=False))
    with pytest.raises(rules.LoginRefused):
        await logins.reset_password(account.id, "For-Once-Only-3", by="admin", client="here")


@pytest.mark.parametrize(
    ("password", "reason"),
    [("Sh0rt-one", "length"), ("x" * 129, "length"), ("onlysmallletters1", "kinds"), ("My-zhou-is-here-1", None)],
)
def test_a_weak_password_is_refused(password, reason):
    with pytest.raises(rules.PasswordTooWeak) as refused:
        rules.check_password(password, "Zhou")

    assert reason is None or reason in refused.value.facts


@pytest.mark.parametrize("password", ["Long-enough-1", "密码也可以Aa1-长", "lower upper DIGIT 1"])
def test_a_strong_password_is_taken(password):
    rules.check_password(password, "zhou")
