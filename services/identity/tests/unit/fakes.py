"""Stand-ins for what a login needs: as the real ones answer (test_login.py on real parts), without their cost."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from identity.application.ports import Account, Challenged, Issued, Rotated


def an_account(**changes) -> Account:
    given = {
        "id": uuid4(),
        "username": "zhou",
        "name": "周正明",
        "org_id": uuid4(),
        "org_path": "/44/4419/dalingshan/",
        "root": "/44/",
        "active": True,
        "roles": frozenset({"OFF"}),
        "permissions": frozenset({"identity.self"}),
        "delegations": {},
        "needs_second_factor": False,
        "enrolled": False,
        "password_hash": "hash of Right-Password-1",
        "must_change": False,
        "totp_secret": "",
        "totp_pending": "",
    }
    return Account(**{**given, **changes})


@dataclass
class FakeAccounts:
    known: dict[UUID, Account] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def put(self, account: Account) -> Account:
        self.known[account.id] = account
        return account

    async def named(self, username):
        return next((account for account in self.known.values() if account.username == username), None)

    async def get(self, user_id):
        return self.known.get(user_id)

    async def note(self, outcome, *, username, account, client):
        self.notes.append(outcome)

    async def set_password(self, account, password_hash, *, must_change, outcome, client, by=""):
        self.put(replace(account, password_hash=password_hash, must_change=must_change))
        self.notes.append(outcome)

    async def begin_totp(self, account, secret):
        self.put(replace(account, totp_pending=secret))

    async def confirm_totp(self, account, *, client):
        self.put(replace(account, totp_secret=account.totp_pending, totp_pending="", enrolled=True))
        self.notes.append("SECOND_FACTOR_ENROLLED")


@dataclass
class FakeSessions:
    waits: int = 0
    tries: int = 0
    challenges: dict[str, Challenged] = field(default_factory=dict)
    sessions: dict[str, list] = field(default_factory=dict)
    used: set[tuple[UUID, int]] = field(default_factory=set)

    async def attempt(self, username):
        self.tries += 1
        return self.waits

    async def challenge(self, username, user_id, *, enrol):
        id = uuid4().hex
        self.challenges[id] = Challenged(user_id, enrol)
        return id, datetime.now(UTC) + timedelta(minutes=5)

    async def challenged(self, challenge, *, count):
        return self.challenges.get(challenge)

    async def use_code(self, user_id, step):
        fresh = (user_id, step) not in self.used
        self.used.add((user_id, step))
        return fresh

    async def open(self, username, user_id, amr, *, challenge=""):
        self.challenges.pop(challenge, None)
        session = uuid4().hex
        self.sessions[session] = [user_id, 1, tuple(amr)]
        self.tries = 0
        return session

    async def owner(self, session):
        return self.sessions[session][0] if session in self.sessions else None

    async def rotate(self, session, turn, attempt):
        if session not in self.sessions:
            return Rotated("GONE")
        held = self.sessions[session]
        if turn != held[1]:
            del self.sessions[session]
            return Rotated("REUSED")
        held[1] += 1
        return Rotated("OK", held[1], held[2])

    async def end(self, session):
        self.sessions.pop(session, None)

    async def end_all(self, user_id, *, but=""):
        self.sessions = {id: held for id, held in self.sessions.items() if held[0] != user_id or id == but}


@dataclass
class FakeHasher:
    verified: list[str] = field(default_factory=list)
    old: bool = False

    async def hash(self, password):
        return f"hash of {password}"

    async def verify(self, password_hash, password):
        self.verified.append(password_hash)
        return password_hash == f"hash of {password}"

    def outdated(self, password_hash):
        return self.old


class FakeCodes:
    """The code of step 7 of a secret is `7 <secret>`."""

    def secret(self):
        return uuid4().hex

    def uri(self, secret, username):
        return f"otpauth://totp/{username}?secret={secret}"

    def step(self, secret, code):
        number, _, of = code.partition(" ")
        return int(number) if of == secret else None


class FakeTokens:
    async def issue(self, account, *, session, turn, amr):
        ends = datetime.now(UTC)
        return Issued(
            ",".join(amr),
            ends,
            f"{session}.{turn}",
            ends,
            account.id,
            account.name,
            account.org_id,
            account.org_path,
            (),
            account.must_change,
        )

    def read_refresh(self, token):
        session, _, turn = token.partition(".")
        return (session, int(turn)) if turn.isdigit() else None
